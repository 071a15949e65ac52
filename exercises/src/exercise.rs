//! What an exercise is to the runner.

use crate::program::Program;
use crate::sentence::Sentence;

/// What a check has found: what the program did when it did what it should, or else what
/// it did and what it should have done.
pub type Verdict = Result<Sentence, Sentence>;

/// One exercise.
#[derive(Debug, Clone, Copy)]
pub struct Exercise {
    /// What it is called on the command line, and its files: `ways2`.
    pub name: &'static str,
    /// Watches the reader's program, and tells what it saw.
    pub check: fn(&Program) -> Verdict,
    /// Whether the check measures what the cores do, so that nothing else may keep them
    /// busy meanwhile.
    pub is_alone: bool,
}

impl Exercise {
    pub(crate) const fn new(name: &'static str, check: fn(&Program) -> Verdict) -> Self {
        Self { name, check, is_alone: false }
    }

    pub(crate) const fn alone(self) -> Self {
        Self { is_alone: true, ..self }
    }
}
