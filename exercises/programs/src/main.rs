//! Runs one of the exercises, solutions and wrong solutions: the one that the variable
//! `PROGRAM` names, such as `solutions/ways2`.

use std::env;
use std::process::{ExitCode, Termination};

type Run = fn() -> ExitCode;

/// The status with which a program ends that has this `main`.
fn status<T: Termination>(main: fn() -> T) -> ExitCode {
    main().report()
}

include!(concat!(env!("OUT_DIR"), "/programs.rs"));

fn main() -> ExitCode {
    let name = env::var("PROGRAM").unwrap_or_default();
    if let Some((_, run)) = PROGRAMS.iter().find(|(program, _)| *program == name) {
        return run();
    }
    eprintln!("error: PROGRAM names no program: '{name}'");
    ExitCode::from(2)
}
