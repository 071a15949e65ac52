//! Every chapter has the same parts in the same order, and begins with its slide.

use flags_book::blocks::{Part, parts};
use flags_book::editions::without_mark;
use pulldown_cmark::{Event, HeadingLevel, Tag};

use crate::edition::Page;
use crate::{assert_none, check_each_page};

/// The sections that a chapter has, in this order, with others before and between them.
const SECTIONS: [&str; 5] = ["predict", "run", "python", "try", "questions"];

#[test]
fn every_chapter_follows_the_plan() {
    check_each_page(against_the_plan);
}

fn against_the_plan(page: &Page) -> Vec<String> {
    let mut faults = ids(page);
    if page.is_numbered {
        faults.extend(slide(page));
        faults.extend(sections(page));
    }
    faults
}

/// Headings have a name of their own, since what mdBook would make of their words is
/// another name in each language.
fn ids(page: &Page) -> Vec<String> {
    let mut faults = Vec::new();
    let mut known: Vec<String> = Vec::new();
    for (event, range) in page.events() {
        let Event::Start(Tag::Heading { level, id, .. }) = event else { continue };
        match id {
            None if level == HeadingLevel::H1 => {}
            None => {
                faults.push(page.fault_at(range.start, "this heading needs a {#name}"));
            }
            Some(id) if known.contains(&id.to_string()) => {
                faults.push(page.fault_at(range.start, &format!("#{id} is there twice")));
            }
            Some(id) => known.push(id.to_string()),
        }
    }
    faults
}

/// The slide is a title, a question, perhaps a picture, and one sentence.
fn slide(page: &Page) -> Option<String> {
    // What is no block is told where the blocks are filled.
    let parts = parts(without_mark(&page.text)).ok()?;
    let is_section =
        |part: &&Part| matches!(part, Part::Line(line) if line.starts_with("## "));
    let slide = parts.iter().take_while(|part| !is_section(part));
    // Its paragraphs, each in one line, with "picture" for a picture.
    let mut paragraphs = vec![String::new()];
    for part in slide {
        match part {
            Part::Line("") => paragraphs.push(String::new()),
            Part::Line(line) => {
                let last = paragraphs.last_mut()?;
                last.push_str(if last.is_empty() { "" } else { " " });
                last.push_str(line);
            }
            Part::Block(block) => paragraphs.push(block.kind.to_owned()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
    let (title, question, sentence) = match paragraphs[..] {
        [title, question, sentence] | [title, question, "picture", sentence] => {
            (title, question, sentence)
        }
        _ => ("", "", ""),
    };
    let is_question = question.starts_with("**") && question.ends_with("?**");
    let is_sentence = sentence.ends_with('.') && !sentence.contains(". ");
    let is_right = title.starts_with("# ") && is_question && is_sentence;
    let what = "a chapter begins with `# Title`, `**A question?**`, perhaps a picture, \
                and one sentence";
    (!is_right).then(|| page.fault(1, what))
}

fn sections(page: &Page) -> Vec<String> {
    let mut places = Vec::new();
    let (mut answers, mut notes) = (Vec::new(), Vec::new());
    for (event, range) in page.events() {
        match event {
            Event::Start(Tag::Heading { id: Some(id), .. }) => {
                let place = SECTIONS.iter().position(|section| **section == *id);
                places.extend(place.map(|place| (place, range.start)));
            }
            Event::Html(html) if html.contains("class=\"answer\"") => {
                answers.push(range.start);
            }
            Event::Html(html) if html.contains("class=\"teacher\"") => {
                notes.push(range.start);
            }
            _ => {}
        }
    }
    let order: Vec<usize> = places.iter().map(|(place, _)| *place).collect();
    let questions = places.last().map_or(0, |(_, start)| *start);
    let mut faults = Vec::new();
    if order != [0, 1, 2, 3, 4] {
        let what = format!("a chapter has the sections {SECTIONS:?}, in this order");
        faults.push(page.fault(1, &what));
    } else if !answers.iter().any(|answer| *answer > questions) {
        faults.push(page.fault_at(questions, "no question has an answer"));
    }
    if notes.len() != 1 || answers.iter().any(|answer| *answer > notes[0]) {
        faults.push(page.fault(1, "a chapter ends with one note for who teaches it"));
    }
    faults
}

const CHAPTER: &str = "# Title

**Why?**

```picture
a.svg
A bar
```

Because of
this.

## Code {#code}

## Predict {#predict}

## Run {#run}

## Python {#python}

## Try {#try}

## Questions {#questions}

<details class=\"answer\">
<summary>Why?</summary>

So.

</details>

<details class=\"teacher\">
<summary>5 minutes</summary>

Say.

</details>
";

#[test]
fn a_chapter_against_the_plan_is_seen() {
    assert_none(&against_the_plan(&Page::of(CHAPTER)));
    let texts = [
        ("**Why?**", "**Why.**", "a chapter begins with"),
        ("**Why?**\n\n", "", "a chapter begins with"),
        ("this.\n", "this. And that.\n", "a chapter begins with"),
        ("this.\n", "this.\n\nAnd that.\n", "a chapter begins with"),
        (" {#code}", "", "sample.md:13: this heading needs a {#name}"),
        ("#code", "#try", "#try is there twice"),
        ("{#predict}", "{#guess}", "a chapter has the sections"),
        ("class=\"answer\"", "", "no question has an answer"),
        ("class=\"teacher\"", "", "a chapter ends with one note"),
    ]
    .map(|(from, to, fault)| (CHAPTER.replacen(from, to, 1), fault));
    for (text, fault) in texts {
        let faults = against_the_plan(&Page::of(&text));
        assert!(faults.iter().any(|found| found.contains(fault)), "{faults:?}: {fault}");
    }
    let appendix = Page { is_numbered: false, ..Page::of("# Names\n\nText. Text.\n") };
    assert_none(&against_the_plan(&appendix));
}
