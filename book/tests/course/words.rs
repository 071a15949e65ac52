//! Words that the book does not use, since they tell a reader who is stuck that it is
//! their own fault, or since the glossary has decided for another one.

use flags_book::blocks::{Part, parts};
use flags_book::editions::without_mark;

use crate::edition::Page;
use crate::{assert_faults, assert_none, check_each_page};

const ENGLISH: [&str; 4] = ["simply", "just", "obviously", "easily"];
const KOREAN: [(&str, &str); 3] = [("차단", "블록"), ("빌림", "대여"), ("오류", "에러")];

#[test]
fn no_page_has_a_word_that_the_book_does_not_use() {
    check_each_page(unwanted);
}

fn unwanted(page: &Page) -> Vec<String> {
    let mut faults = Vec::new();
    let mut number = 1;
    for part in parts(without_mark(&page.text)).unwrap_or_default() {
        match part {
            Part::Line(line) => {
                // What stands between backticks is code.
                let prose: String =
                    line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
                let words = prose.split(|letter: char| !letter.is_alphabetic());
                let unwanted = words.map(str::to_lowercase);
                let unwanted = unwanted.filter(|word| ENGLISH.contains(&word.as_str()));
                faults.extend(
                    unwanted.map(|word| page.fault(number, &format!("no `{word}`"))),
                );
                for (word, better) in KOREAN {
                    if prose.contains(word) {
                        let what = format!("`{word}`: here it is `{better}`");
                        faults.push(page.fault(number, &what));
                    }
                }
                number += 1;
            }
            Part::Block(block) => number += block.body.len() + 2,
        }
    }
    faults
}

#[test]
fn a_word_that_the_book_does_not_use_is_seen() {
    assert_faults(
        unwanted,
        &[
            ("One.\n\nIt is Just so.\n", "sample.md:3: no `just`"),
            ("```output\na.txt\n```\nSimply run it.\n", "sample.md:4: no `simply`"),
            ("오류가 납니다.\n", "`오류`: here it is `에러`"),
            ("스레드를 차단합니다.\n", "`차단`: here it is `블록`"),
        ],
    );
    assert_none(&unwanted(&Page::of("Adjust `just` and 에러.\n")));
}
