//! What turns a chapter into a page.

use crate::blocks::{Block, Part, Wrong, parts};
use crate::editions::{other, without_mark};
use crate::exercises::exercises;
use crate::listing::{NUMBERS, listing};
use crate::output::output;
use crate::picture::picture;
use crate::side_by_side::side_by_side;

/// A chapter as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Chapter<'a> {
    /// `en` or `ko`.
    pub language: &'a str,
    /// The name of its file: `one-after-another.md`.
    pub file: &'a str,
    /// Whether it has a number, so that its beginning is a slide. The front page and the
    /// appendices have none.
    pub is_numbered: bool,
    /// What it says.
    pub text: &'a str,
}

impl Chapter<'_> {
    /// The text for mdBook: blocks filled, the beginning of a chapter as its slide, and a
    /// link to the same page in the other language.
    ///
    /// # Errors
    ///
    /// All that is wrong with its blocks, each with its file and line.
    pub fn fill(&self) -> Result<String, String> {
        self.fill_parts().map_err(|wrong| {
            let Self { language, file, .. } = self;
            let lines = wrong.iter().map(|(line, cause)| {
                format!("book/{language}/src/{file}:{line}: {cause}")
            });
            lines.collect::<Vec<_>>().join("\n")
        })
    }

    fn fill_parts(&self) -> Result<String, Vec<Wrong>> {
        let mut page = Page { text: self.switch(), list_of_call_outs: false };
        let mut wrong = Vec::new();
        let mut on_slide = self.is_numbered;
        if on_slide {
            page.line("<div class=\"slide\">\n");
        }
        for part in parts(without_mark(self.text))? {
            match part {
                Part::Line(line) => {
                    if on_slide && line.starts_with("## ") {
                        page.line("</div>\n");
                        on_slide = false;
                    }
                    page.line(line);
                }
                Part::Block(block) => match self.fill_block(&block) {
                    Ok(filled) => page.line(&filled),
                    Err(cause) => wrong.push((block.line, cause)),
                },
            }
        }
        page.end_list();
        if on_slide {
            page.line("\n</div>");
        }
        if wrong.is_empty() { Ok(page.text) } else { Err(wrong) }
    }

    fn fill_block(&self, block: &Block) -> Result<String, String> {
        let body: Vec<&str> = block.body.iter().map(|line| line.trim_end()).collect();
        match block.kind {
            "exercises" => exercises(&body, self.language),
            "listing" => listing(&body),
            "output" => output(&body),
            "picture" => picture(&body),
            "side-by-side" => side_by_side(&body, self.language),
            kind => Ok(format!("```{kind}\n{}\n```\n", body.join("\n"))),
        }
    }

    /// The link to the same page in the other language. A script of the theme adds the
    /// fragment.
    fn switch(&self) -> String {
        let other = other(self.language);
        let name = if other == "ko" { "한국어" } else { "English" };
        let page = self.file.replace("README.md", "index.md").replace(".md", ".html");
        format!(
            "<p class=\"language\"><a lang=\"{other}\" hreflang=\"{other}\" \
             href=\"../{other}/{page}\">{name}</a></p>\n\n"
        )
    }
}

struct Page {
    text: String,
    /// Whether the lines explain call-outs, which stand in place of the bullets.
    list_of_call_outs: bool,
}

impl Page {
    fn line(&mut self, line: &str) {
        let explained = line.strip_prefix("- ").and_then(|text| {
            let number = text.chars().next().filter(|letter| NUMBERS.contains(letter))?;
            Some((number, &text[number.len_utf8()..]))
        });
        let is_in_list = line.is_empty() || line.starts_with([' ', '-']);
        if explained.is_some() && !self.list_of_call_outs {
            self.text += "<div class=\"call-outs\">\n\n";
            self.list_of_call_outs = true;
        } else if self.text.ends_with("\n\n") && !is_in_list {
            self.end_list();
        }
        match explained {
            Some((number, text)) => {
                self.text += "- <span class=\"number\">";
                self.text.push(number);
                self.text += "</span>";
                self.text += text;
            }
            None => self.text += line,
        }
        self.text += "\n";
    }

    fn end_list(&mut self) {
        if self.list_of_call_outs {
            self.text += "\n</div>\n\n";
            self.list_of_call_outs = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapter(text: &str) -> Chapter<'_> {
        Chapter { language: "en", file: "a.md", is_numbered: true, text }
    }

    #[test]
    fn the_beginning_of_a_chapter_is_its_slide() {
        let page =
            chapter("# Title\n\n**Why?**\n\n## Section\n\nText.\n").fill().unwrap();
        assert!(page.starts_with("<p class=\"language\"><a lang=\"ko\""), "{page}");
        let slide =
            "<div class=\"slide\">\n\n# Title\n\n**Why?**\n\n</div>\n\n## Section\n";
        assert!(page.contains(slide), "{page}");
        let front = Chapter { is_numbered: false, ..chapter("# Title\n") };
        assert!(!front.fill().unwrap().contains("slide"));
    }

    #[test]
    fn the_list_of_call_outs_ends_where_the_list_does() {
        let text = "- ❶ One\n  goes on.\n\n- ❷ Two.\n\nText.\n\n- no call-out\n";
        let page = chapter(text).fill().unwrap();
        let list = "<div class=\"call-outs\">\n\n\
                    - <span class=\"number\">❶</span> One\n  goes on.\n\n\
                    - <span class=\"number\">❷</span> Two.\n\n\n\
                    </div>\n\nText.\n\n- no call-out\n";
        assert!(page.contains(list), "{page}");
    }

    #[test]
    fn all_that_is_wrong_is_told_with_its_file_and_line() {
        let text = "# Title\n\n```listing\nflags-seq/src/main.rs: get_flags\n```\n\n\
                    ```output\nno-such-file.txt\n```\n";
        let error = chapter(text).fill().unwrap_err();
        let lines: Vec<&str> = error.lines().collect();
        let [first, second] = lines[..] else { panic!("{error}") };
        assert!(
            first.starts_with(
                "book/en/src/a.md:3: flags-seq/src/main.rs has no `get_flags`"
            ),
            "{first}"
        );
        assert!(
            second.starts_with("book/en/src/a.md:7: book/outputs/no-such-file.txt: "),
            "{second}"
        );
    }
}
