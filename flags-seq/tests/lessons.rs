//! The lessons are read side by side, on one screen: so they are short, and no more of
//! them differs than what is about waiting.

use std::fs;
use std::path::Path;

use similar::{ChangeTag, TextDiff};

/// The most lines of a lesson, and of one that shows its futures as well.
const MOST_LINES: usize = 60;
const MOST_LINES_AS_COMPLETED: usize = 70;
/// The most lines in which a lesson may differ from `flags-seq`, on either side, and the
/// one on the loop made by hand from `flags-async`.
const MOST_CHANGES: usize = 25;
const MOST_CHANGES_BY_HAND: usize = 20;

fn lesson(path: &str) -> String {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = fs::read_to_string(workspace.join(path)).unwrap();
    // How far a line is indented is no difference that anybody reads.
    text.lines().map(|line| line.trim_start().to_owned() + "\n").collect()
}

#[test]
fn each_lesson_fits_on_one_screen() {
    for (path, most) in [
        ("flags-seq/src/main.rs", MOST_LINES),
        ("flags-threadpool/src/main.rs", MOST_LINES),
        ("flags-async/src/main.rs", MOST_LINES),
        ("flags-threadpool/src/bin/flags-scope.rs", MOST_LINES),
        ("flags-threadpool/src/bin/flags-simple-pool.rs", MOST_LINES),
        ("flags-threadpool/src/simple_pool.rs", MOST_LINES),
        ("flags-async/src/bin/flags-async-buffered.rs", MOST_LINES),
        ("event-loop/src/main.rs", MOST_LINES),
        ("flags-threadpool/src/bin/flags-threadpool-ac.rs", MOST_LINES_AS_COMPLETED),
        ("flags-async/src/bin/flags-async-ac.rs", MOST_LINES_AS_COMPLETED),
    ] {
        let lines = lesson(path).lines().count();
        assert!(lines <= most, "{path} has {lines} lines, and may have {most}");
    }
}

#[test]
fn side_by_side_only_what_is_about_waiting_differs() {
    for (one, other, most) in [
        ("flags-seq", "flags-threadpool", MOST_CHANGES),
        ("flags-seq", "flags-async", MOST_CHANGES),
        ("flags-async", "event-loop", MOST_CHANGES_BY_HAND),
    ] {
        let [text, other_text] =
            [one, other].map(|package| lesson(&format!("{package}/src/main.rs")));
        let diff = TextDiff::from_lines(&text, &other_text);
        for side in [ChangeTag::Delete, ChangeTag::Insert] {
            let changes = diff.iter_all_changes().filter(|change| change.tag() == side);
            let changes: Vec<_> = changes.map(|change| change.value()).collect();
            assert!(
                changes.len() <= most,
                "{one} and {other}: {side:?} of {} lines, and {most} are allowed:\n{}",
                changes.len(),
                changes.concat(),
            );
        }
    }
}
