//! All exercises, in the order of the course.

use crate::checks;
use crate::exercise::Exercise;

/// The exercises of one chapter.
#[derive(Debug, Clone, Copy)]
pub struct Chapter {
    /// Its file in either edition, without the ending: `three-ways`.
    pub file: &'static str,
    /// From easy to hard.
    pub exercises: &'static [Exercise],
}

/// All chapters that have exercises, in their order.
pub const CHAPTERS: &[Chapter] = &[
    Chapter { file: "three-ways", exercises: checks::ways::EXERCISES },
    Chapter { file: "one-after-another", exercises: checks::seq::EXERCISES },
    Chapter { file: "threads-and-ownership", exercises: checks::threads::EXERCISES },
    Chapter { file: "the-pool", exercises: checks::pool::EXERCISES },
    Chapter { file: "where-are-the-futures", exercises: checks::futures::EXERCISES },
    Chapter { file: "without-a-gil", exercises: checks::cores::EXERCISES },
    Chapter { file: "two-spinners", exercises: checks::spinner::EXERCISES },
    Chapter { file: "lazy-futures", exercises: checks::lazy::EXERCISES },
    Chapter { file: "six-steps", exercises: checks::steps::EXERCISES },
    Chapter { file: "with-the-loop", exercises: checks::together::EXERCISES },
    Chapter { file: "around-what-blocks", exercises: checks::blocking::EXERCISES },
    Chapter { file: "from-callbacks", exercises: checks::callbacks::EXERCISES },
    Chapter { file: "cancelling", exercises: checks::cancel::EXERCISES },
    Chapter { file: "errors", exercises: checks::errors::EXERCISES },
    Chapter { file: "politeness", exercises: checks::polite::EXERCISES },
    Chapter { file: "what-when", exercises: checks::what::EXERCISES },
];

/// All exercises, in their order.
pub fn exercises() -> impl Iterator<Item = &'static Exercise> {
    CHAPTERS.iter().flat_map(|chapter| chapter.exercises)
}

/// The exercise of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Exercise> {
    exercises().find(|exercise| exercise.name == name)
}
