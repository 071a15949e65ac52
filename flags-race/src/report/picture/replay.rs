//! The picture as it comes about: a cursor goes through it in real time, and what is
//! behind the cursor is seen.
//!
//! What lies before it is under a curtain in the colour of the page. So nothing has to
//! move but that, and it works wherever a page shows a picture, where no script runs.

use std::fmt::Write;

/// How long the whole picture stands before it begins anew, in seconds.
const PAUSE: f64 = 4.0;

/// The rules that let the picture move, where its reader likes that: without them it is
/// whole, which is also how it is printed. The cursor goes `length` pixels in `longest`
/// milliseconds, and each of `ends` is the moment of an end, from which on it is told.
pub(super) fn style(longest: f64, length: f64, ends: &[f64]) -> String {
    let whole = longest / 1000.0 + PAUSE;
    let percent = |milliseconds: f64| milliseconds / (whole * 10.0);
    let mut rules = format!(
        "
.curtain {{ fill: #fff; }}
.curtain, .cursor {{ display: none; }}
@keyframes pass {{ {:.3}%, to {{ transform: translateX({length}px); }} }}
@media (prefers-color-scheme: dark) {{ .curtain {{ fill: #14161a; }} }}
@media screen and (prefers-reduced-motion: no-preference) {{
  .curtain, .cursor {{ display: inline; animation: pass {whole:.3}s linear infinite; }}
",
        percent(longest)
    );
    let mut keyframes = String::new();
    for (number, &end) in ends.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(
            rules,
            "  .told-{number} {{ animation: told-{number} {whole:.3}s linear infinite; }}"
        );
        let _ = writeln!(
            keyframes,
            "@keyframes told-{number} {{ from, {:.3}% {{ opacity: 0; }} \
             {:.3}%, to {{ opacity: 1; }} }}",
            percent(end),
            percent(end) + 0.001
        );
    }
    rules + "}\n" + &keyframes
}
