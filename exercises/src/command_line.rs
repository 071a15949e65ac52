//! The command line of the runner.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use exercises::catalogue::{exercises, find};
use exercises::exercise::Exercise;
use exercises::sentence::Language;
use flags_common::values::number;

/// Checks what you have written by watching it run
///
/// Without an exercise, it lists them all with what is done and what is next.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 80, disable_help_subcommand = true)]
#[command(override_usage = "exercises [OPTIONS] [EXERCISE]\n       exercises <COMMAND>")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) action: Option<Action>,

    /// The exercise to check
    #[arg(value_parser = exercise(), hide_possible_values = true)]
    pub(crate) exercise: Option<&'static Exercise>,

    /// In which language it speaks: en or ko; unless told, that of this computer
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub(crate) lang: Option<Language>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Check an exercise, or the next one, again whenever it is saved
    Watch {
        /// Which; unless told, the next that is not done
        #[arg(value_parser = exercise(), hide_possible_values = true)]
        exercise: Option<&'static Exercise>,
    },
    /// Show a hint for an exercise
    Hint {
        /// For which
        #[arg(value_parser = exercise(), hide_possible_values = true)]
        exercise: &'static Exercise,
        /// Which: 1 is a nudge, and 3 is nearly the answer
        #[arg(default_value = "1", value_parser = number(1_u8, 3, 2))]
        number: u8,
    },
    /// Put an exercise back as it was given
    Reset {
        /// Which; what you have is kept beside it
        #[arg(value_parser = exercise(), hide_possible_values = true)]
        exercise: &'static Exercise,
    },
}

fn exercise() -> impl TypedValueParser<Value = &'static Exercise> {
    let names = PossibleValuesParser::new(exercises().map(|exercise| exercise.name));
    names.map(|name| find(&name).expect("it is the name of one"))
}
