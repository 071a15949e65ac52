//! Finding the fenced blocks of a chapter.

/// The kinds of blocks that are filled from the workspace.
pub const FILLED: [&str; 5] =
    ["exercises", "listing", "output", "picture", "side-by-side"];

/// The kinds of blocks whose text stands in the chapter: Python, of which there is none
/// in the workspace, and commands for the reader to type.
pub const BY_HAND: [&str; 2] = ["python", "console"];

/// A part of a chapter.
#[derive(Debug, PartialEq)]
pub enum Part<'a> {
    /// A line outside all blocks.
    Line(&'a str),
    /// A fenced block.
    Block(Block<'a>),
}

/// A fenced block of a chapter.
#[derive(Debug, PartialEq)]
pub struct Block<'a> {
    /// The line with which it begins, from 1 on.
    pub line: usize,
    /// What stands behind the three backticks.
    pub kind: &'a str,
    /// The lines between the fences.
    pub body: Vec<&'a str>,
}

/// What is wrong with a chapter, and in which of its lines, from 1 on.
pub type Wrong = (usize, String);

/// The parts of a chapter, in their order.
///
/// # Errors
///
/// When a block is not closed, has no kind that is known, or does not begin at the left
/// edge: a listing in the middle of a list would break the list.
pub fn parts(text: &str) -> Result<Vec<Part<'_>>, Vec<Wrong>> {
    let mut parts = Vec::new();
    let mut wrong = Vec::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((line, text)) = lines.next() {
        if text.trim_start().starts_with("~~~") {
            wrong.push((line, "a block begins with ``` here, and not with ~~~".into()));
        }
        let Some(kind) = text.trim_start().strip_prefix("```") else {
            parts.push(Part::Line(text));
            continue;
        };
        let mut body = Vec::new();
        let mut closed = false;
        for (_, text) in lines.by_ref() {
            closed = text.trim() == "```";
            // The next block begins before this one has ended.
            if closed || text.trim_start().starts_with("```") {
                break;
            }
            body.push(text);
        }
        if !closed {
            wrong.push((line, "this block is not closed".to_owned()));
        } else if !FILLED.contains(&kind) && !BY_HAND.contains(&kind) {
            let kinds = FILLED.map(str::to_owned).join(", ");
            let by_hand = BY_HAND.join(", ");
            wrong.push((
                line,
                format!("no block is called `{kind}`: there are {kinds}, {by_hand}"),
            ));
        } else if text.starts_with(' ') {
            wrong.push((line, "a block has to begin at the left edge".to_owned()));
        }
        parts.push(Part::Block(Block { line, kind, body }));
    }
    if wrong.is_empty() { Ok(parts) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_a_kind_a_body_and_a_line() {
        let text = "# Title\n\n```listing\na.rs: b\n\n❶ c\n```\nEnd.\n";
        let block =
            Block { line: 3, kind: "listing", body: vec!["a.rs: b", "", "❶ c"] };
        assert_eq!(
            parts(text).unwrap(),
            [
                Part::Line("# Title"),
                Part::Line(""),
                Part::Block(block),
                Part::Line("End.")
            ]
        );
    }

    #[test]
    fn what_is_no_block_of_ours_is_an_error_with_its_line() {
        for (text, line, cause) in [
            ("\n```listing\na.rs: b\n", 2, "not closed"),
            ("```output\na.txt\n\n```output\nb.txt\n```\n", 1, "not closed"),
            ("```listting\n```\n", 1, "no block is called `listting`"),
            ("\n\n```\ntext\n```\n", 3, "no block is called ``"),
            ("- item\n\n  ```output\n  a.txt\n  ```\n", 3, "left edge"),
            ("~~~rust\n~~~\n", 1, "and not with ~~~"),
        ] {
            let wrong = parts(text).unwrap_err();
            assert_eq!(wrong[0].0, line, "{wrong:?}");
            assert!(wrong[0].1.contains(cause), "{wrong:?}");
        }
    }
}
