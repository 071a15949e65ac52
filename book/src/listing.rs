//! Code of a crate, with numbered call-outs.

use crate::items::{Source, unindented};

/// The numbers of call-outs, in their order.
pub const NUMBERS: [char; 10] = ['❶', '❷', '❸', '❹', '❺', '❻', '❼', '❽', '❾', '❿'];

/// A block whose first line names a file and some of its items. Two lines may follow that
/// show only a part of one long item, `from` a piece of code `to` another. All other
/// lines are a number and a piece of code each: the line that has this piece gets the
/// number. Each of these pieces has to be in exactly one line.
pub(crate) fn listing(body: &[&str]) -> Result<String, String> {
    let first_line = "a listing begins with `file: item, item`";
    let [first, rest @ ..] = body else { return Err(first_line.to_owned()) };
    let (path, names) = first.split_once(": ").ok_or(first_line)?;
    let source = Source::read(path)?;
    let names: Vec<&str> = names.split(", ").map(str::trim).collect();
    let mut lines: Vec<String> = Vec::new();
    for name in &names {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(source.item(name)?.into_iter().map(str::to_owned));
    }
    let mut call_outs = rest;
    if let [from, to, others @ ..] = rest {
        if let (Some(from), Some(to)) =
            (from.strip_prefix("from "), to.strip_prefix("to "))
        {
            lines = part(&lines, from, to)?;
            call_outs = others;
        }
    }
    number(&mut lines, call_outs)?;
    // Four backticks, since code may have three of them in a comment. mdBook would let
    // the reader run it, and test it, if it were not told otherwise.
    Ok(format!(
        "<p class=\"source\"><code>{path}</code></p>\n\n\
         ````rust,noplayground,ignore\n{}\n````\n",
        lines.join("\n")
    ))
}

/// The one line that has a piece of code.
fn line_with(lines: &[String], piece: &str) -> Result<usize, String> {
    let found: Vec<_> =
        (0..lines.len()).filter(|&index| lines[index].contains(piece)).collect();
    if let [index] = found[..] {
        return Ok(index);
    }
    let lines: Vec<&str> = found.iter().map(|&index| lines[index].trim()).collect();
    let those = lines.join("\n    ");
    let those = if those.is_empty() { those } else { format!(":\n    {those}") };
    Err(format!("{} lines have `{piece}`{those}", found.len()))
}

/// The lines from one to another, without what they are all indented by, and with marks
/// for what is left out.
fn part(lines: &[String], from: &str, to: &str) -> Result<Vec<String>, String> {
    let (first, last) = (line_with(lines, from)?, line_with(lines, to)?);
    if last < first {
        return Err(format!("`{to}` is before `{from}`"));
    }
    let shown = unindented(&lines[first..=last]).into_iter().map(str::to_owned);
    let left_out = |is_left_out: bool| is_left_out.then(|| "// …".to_owned());
    let (before, behind) = (left_out(first > 0), left_out(last + 1 < lines.len()));
    Ok(before.into_iter().chain(shown).chain(behind).collect())
}

fn number(lines: &mut [String], call_outs: &[&str]) -> Result<(), String> {
    if call_outs.len() > NUMBERS.len() {
        return Err(format!("a listing has at most {} call-outs", NUMBERS.len()));
    }
    if !call_outs.is_empty() && lines.iter().any(|line| line.contains(NUMBERS)) {
        return Err("the code has numbers of its own, so it can get no call-outs".into());
    }
    let code = lines.to_vec();
    for (call_out, number) in call_outs.iter().zip(NUMBERS) {
        let piece = call_out.strip_prefix(number).map(str::trim);
        let piece = piece.filter(|piece| !piece.is_empty()).ok_or_else(|| {
            format!("`{call_out}` has to be {number} and a piece of the code")
        })?;
        let index = line_with(&code, piece)?;
        let line = &mut lines[index];
        line.push_str(if line.ends_with(NUMBERS) { " " } else { " // " });
        line.push(number);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(code: &str, call_outs: &[&str]) -> Result<String, String> {
        let mut lines: Vec<_> = code.lines().map(str::to_owned).collect();
        number(&mut lines, call_outs).map(|()| lines.join("\n"))
    }

    #[test]
    fn each_call_out_is_at_its_line() {
        let code = "let a = 1;\nlet b = 2;";
        assert_eq!(
            numbered(code, &["❶ b =", "❷ a ="]).unwrap(),
            "let a = 1; // ❷\nlet b = 2; // ❶"
        );
        assert_eq!(
            numbered("a.call()?;", &["❶ call", "❷ ?;"]).unwrap(),
            "a.call()?; // ❶ ❷"
        );
    }

    #[test]
    fn a_call_out_that_is_not_at_exactly_one_line_is_an_error() {
        let code = "let a = 1;\nlet b = 2;";
        for (call_outs, cause) in [
            (&["❶ c ="][..], "0 lines have `c =`"),
            (&["❶ let"], "2 lines have `let`:\n    let a = 1;\n    let b = 2;"),
            (&["❷ a ="], "has to be ❶"),
            (&["❶ a =", "❶ b ="], "has to be ❷"),
            (&["❶"], "a piece of the code"),
            (&["a ="], "has to be ❶"),
        ] {
            let error = numbered(code, call_outs).unwrap_err();
            assert!(error.contains(cause), "{error}");
        }
        let error = numbered("let a = 1; // ❶", &["❶ a ="]).unwrap_err();
        assert!(error.contains("numbers of its own"), "{error}");
    }

    #[test]
    fn a_part_of_an_item_is_marked_as_one() {
        let code = ["fn a() {", "    one();", "", "    two();", "    three();", "}"];
        let code = code.map(str::to_owned);
        assert_eq!(
            part(&code, "one", "two").unwrap(),
            ["// …", "one();", "", "two();", "// …"]
        );
        assert_eq!(part(&code, "fn a", "}").unwrap(), code);
        assert!(part(&code, "two", "one").unwrap_err().contains("before"));
        assert!(part(&code, "();", "}").unwrap_err().starts_with("3 lines have"));
        assert!(part(&code, "one", "four").unwrap_err().starts_with("0 lines have"));
    }
}
