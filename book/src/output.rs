//! What a command has printed.

use crate::read;

/// A block that names a file of `book/outputs`, and perhaps the lines of it that are
/// shown: `flags-seq.txt`, or `flags-seq.txt: 1-4, 9-`. What is left out becomes `…`.
pub(crate) fn output(body: &[&str]) -> Result<String, String> {
    let [line] = body else {
        return Err("an output is one line, `file` or `file: 1-4, 9-`".to_owned());
    };
    let (name, ranges) = line.split_once(": ").unwrap_or((line, "1-"));
    let text = read(&format!("book/outputs/{name}"))?;
    let shown =
        choose(&lines(&text), ranges).map_err(|error| format!("{name}: {error}"))?;
    Ok(format!("````console\n{}\n````\n", shown.join("\n")))
}

/// The lines of an output that are for the reader. Above the command there may be lines
/// that tell the test how to compare it.
fn lines(text: &str) -> Vec<&str> {
    text.trim_end().lines().skip_while(|line| line.starts_with('#')).collect()
}

fn choose<'a>(lines: &[&'a str], ranges: &str) -> Result<Vec<&'a str>, String> {
    let count = lines.len();
    let mut shown = Vec::new();
    let mut next = 1;
    for range in ranges.split(", ") {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let number = |text: &str| {
            text.parse::<usize>().map_err(|_| format!("`{range}` is no range of lines"))
        };
        let first = number(first)?;
        let last = if last.is_empty() { count } else { number(last)? };
        if first < next || last < first || last > count {
            return Err(format!("it has {count} lines, so {ranges} cannot be shown"));
        }
        if first > next {
            shown.push("…");
        }
        shown.extend(&lines[first - 1..last]);
        next = last + 1;
    }
    if next <= count {
        shown.push("…");
    }
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shown_is_marked() {
        let text = "# any order\n$ command\none\ntwo\nthree\n";
        let lines = lines(text);
        for (ranges, shown) in [
            ("1-", "$ command one two three"),
            ("1-2, 4", "$ command one … three"),
            ("2-3", "… one two …"),
        ] {
            assert_eq!(choose(&lines, ranges).unwrap().join(" "), shown);
        }
    }

    #[test]
    fn lines_that_are_not_there_are_an_error() {
        for ranges in ["0-1", "3-5", "2-1", "2-3, 1", "x", ""] {
            assert!(choose(&["a", "b", "c", "d"], ranges).is_err(), "{ranges}");
        }
    }
}
