//! One edition of the book, as it is written.

use std::fs;
use std::ops::Range;

use flags_book::Chapter;
use flags_book::editions::{LANGUAGES, without_mark};
use pulldown_cmark::{Event, Options, Parser};

/// All pages in one language.
#[derive(Debug)]
pub(crate) struct Edition {
    pub(crate) language: String,
    pub(crate) pages: Vec<Page>,
}

/// A page as it is written, with the comment at its end.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) language: String,
    pub(crate) file: String,
    /// Whether it is a chapter of the course and no appendix.
    pub(crate) is_numbered: bool,
    pub(crate) text: String,
}

impl Edition {
    /// The English and the Korean edition.
    pub(crate) fn both() -> [Self; 2] {
        LANGUAGES.map(Self::read)
    }

    fn read(language: &str) -> Self {
        let folder = flags_book::root().join("book").join(language).join("src");
        let read = |file: &str| {
            let path = folder.join(file);
            let text = fs::read_to_string(&path);
            text.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let pages = listed(&read("SUMMARY.md")).into_iter().map(|(file, is_numbered)| {
            let text = read(&file);
            Page { language: language.to_owned(), file, is_numbered, text }
        });
        Self { language: language.to_owned(), pages: pages.collect() }
    }

    /// The files of the edition that no page is made of, because `SUMMARY.md` has no
    /// link to them.
    pub(crate) fn unlisted(&self) -> Vec<String> {
        let folder = flags_book::root().join("book").join(&self.language).join("src");
        let files = fs::read_dir(folder).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let is_page = |name: &String| self.pages.iter().any(|page| page.file == *name);
        names.filter(|name| name != "SUMMARY.md" && !is_page(name)).collect()
    }
}

/// The files that a summary links, and whether they have numbers.
fn listed(summary: &str) -> Vec<(String, bool)> {
    let link = |line: &str| {
        let (_, file) = line.split_once("](")?;
        // mdBook counts from 1, so that the chapter before has its number in its name.
        let is_numbered =
            line.trim_start().starts_with(['-', '*']) || line.starts_with("[0. ");
        Some((file.split_once(')')?.0.to_owned(), is_numbered))
    };
    summary.lines().filter_map(link).collect()
}

impl Page {
    /// A chapter that a test makes up.
    pub(crate) fn of(text: &str) -> Self {
        let text = text.to_owned();
        Self { language: "en".into(), file: "sample.md".into(), is_numbered: true, text }
    }

    /// What mdBook gets.
    pub(crate) fn fill(&self) -> Result<String, String> {
        let Self { language, file, is_numbered, text } = self;
        Chapter { language, file, is_numbered: *is_numbered, text }.fill()
    }

    /// The parts of its Markdown, and where they are.
    pub(crate) fn events(&self) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
        events(without_mark(&self.text))
    }

    /// Something that is wrong in a line, from 1 on.
    pub(crate) fn fault(&self, line: usize, what: &str) -> String {
        format!("book/{}/src/{}:{line}: {what}", self.language, self.file)
    }

    /// Something that is wrong at a place of the text.
    pub(crate) fn fault_at(&self, place: usize, what: &str) -> String {
        self.fault(self.text[..place].matches('\n').count() + 1, what)
    }
}

/// The parts of a Markdown text, and where they are.
pub(crate) fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_GFM;
    Parser::new_ext(text, options).into_offset_iter()
}

#[test]
fn a_summary_lists_chapters_with_numbers_and_pages_without() {
    let summary =
        "# Contents\n\n[Start](start.md)\n[0. Zero](zero.md)\n\n- [One](one.md)\n";
    let file = |name: &str, is_numbered| (name.to_owned(), is_numbered);
    assert_eq!(
        listed(summary),
        [file("start.md", false), file("zero.md", true), file("one.md", true)]
    );
}
