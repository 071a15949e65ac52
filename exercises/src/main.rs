//! Lists the exercises, and checks them by watching them run.
//!
//! ```text
//! $ cargo run -p exercises
//! $ cargo run -p exercises -- ways2
//! ✗ ways2: It had 20 in flight at most, and it should be 5.
//! ```

mod command_line;
mod compile;
mod copy;
mod list;
mod progress;
mod watch;
mod words;

use std::io;
use std::process::{self, ExitCode};

use clap::Parser;
use exercises::exercise::Exercise;
use exercises::program::stop_all;
use exercises::sentence::Language;
use exercises::text::Text;
use flags_common::program;

use self::command_line::{Action, Arguments};
use self::compile::Built;
use self::progress::Progress;
use self::words::Words;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let language = arguments.lang.unwrap_or_else(Language::of_this_computer);
    let listening = program::on_stop(|stop| {
        stop_all();
        process::exit(stop.status().into());
    });
    program::exit_status(listening.and_then(|()| run(&arguments, Words(language))))
}

/// Does what is asked for. Whether it went well.
fn run(arguments: &Arguments, words: Words) -> io::Result<bool> {
    let mut progress = Progress::read()?;
    match (&arguments.action, arguments.exercise) {
        // `ways2 watch` is no less clear than `watch ways2`.
        (Some(Action::Watch { exercise }), other) => {
            let exercise = exercise.or(other).or_else(|| progress.next(None));
            let Some(exercise) = exercise else {
                words.progress(&progress, None)?;
                return Ok(true);
            };
            watch::watch(exercise, &mut progress, words)
        }
        (&Some(Action::Hint { exercise, number }), _) => {
            let text = Text::read(exercise.name, words.0)?;
            words.hint(exercise, number, &text)?;
            Ok(true)
        }
        (&Some(Action::Reset { exercise }), _) => {
            let kept = copy::reset(exercise)?;
            progress.forget(exercise)?;
            words.reset(exercise, kept.as_deref())?;
            Ok(true)
        }
        (None, Some(exercise)) => {
            begin(exercise, words)?;
            check(exercise, &mut progress, words)
        }
        (None, None) => {
            list::list(&progress, words)?;
            Ok(true)
        }
    }
}

/// Puts the exercise where the reader works on it, unless it is there.
fn begin(exercise: &Exercise, words: Words) -> io::Result<()> {
    if copy::put_in_place(exercise)? {
        words.put_in_place(exercise)?;
    }
    Ok(())
}

/// Builds and checks an exercise, and says what was seen. Whether it is solved.
fn check(exercise: &Exercise, progress: &mut Progress, words: Words) -> io::Result<bool> {
    words.begins(exercise);
    let program = match compile::compile(exercise)? {
        Built::Program(program) => program,
        Built::Refused => {
            words.refused(exercise)?;
            return Ok(false);
        }
    };
    let verdict = (exercise.check)(&program);
    match &verdict {
        Ok(seen) => {
            words.solved(exercise, seen)?;
            progress.note(exercise)?;
            words.progress(progress, Some(exercise))?;
        }
        Err(seen) => words.not_solved(exercise, seen)?,
    }
    Ok(verdict.is_ok())
}
