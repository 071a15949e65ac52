//! The lessons are read side by side, on one screen: so they are short, and no more of
//! them differs than what is about waiting.

use std::fs;
use std::path::Path;

use similar::{ChangeTag, TextDiff};

/// The most lines of a lesson, and of one that shows its futures as well.
const MOST_LINES: usize = 60;
const MOST_LINES_AS_COMPLETED: usize = 70;
/// The most lines in which a lesson may differ from `flags-seq`, on either side.
const MOST_CHANGES: usize = 25;

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
        ("flags-threadpool/src/bin/flags-threadpool-ac.rs", MOST_LINES_AS_COMPLETED),
        ("flags-async/src/bin/flags-async-ac.rs", MOST_LINES_AS_COMPLETED),
    ] {
        let lines = lesson(path).lines().count();
        assert!(lines <= most, "{path} has {lines} lines, and may have {most}");
    }
}

#[test]
fn side_by_side_only_what_is_about_waiting_differs() {
    let sequential = lesson("flags-seq/src/main.rs");
    for path in ["flags-threadpool/src/main.rs", "flags-async/src/main.rs"] {
        let other = lesson(path);
        let diff = TextDiff::from_lines(&sequential, &other);
        for side in [ChangeTag::Delete, ChangeTag::Insert] {
            let changes = diff.iter_all_changes().filter(|change| change.tag() == side);
            let changes: Vec<_> = changes.map(|change| change.value()).collect();
            assert!(
                changes.len() <= MOST_CHANGES,
                "{path}: {side:?} of {} lines, and {MOST_CHANGES} are allowed:\n{}",
                changes.len(),
                changes.concat(),
            );
        }
    }
}
