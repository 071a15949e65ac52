//! Makes a program of the reader's copy of an exercise.

use std::env;
use std::io;
use std::process::{Command, Stdio};

use exercises::exercise::Exercise;
use exercises::files::folder;
use exercises::program::Program;
use serde_json::Value;

/// What the compiler made of an exercise.
pub(crate) enum Built {
    /// A program.
    Program(Program),
    /// Nothing. It has said why.
    Refused,
}

/// Builds the reader's program. What the compiler says goes to standard error.
pub(crate) fn compile(exercise: &Exercise) -> io::Result<Built> {
    // Cargo tells which it is, when this program was started by it.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", "exercises", "--bin", exercise.name]);
    command.arg("--manifest-path").arg(folder().join("Cargo.toml"));
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    // What `cargo run` says about this program would be news to the build scripts of the
    // dependencies, which would run again, and all be built anew.
    for (variable, _) in env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(variable);
        }
    }
    // What it has to say to a program is in lines of JSON on standard output.
    command.arg("--message-format=json-render-diagnostics").stderr(Stdio::inherit());
    let built = command.output().map_err(|error| {
        io::Error::new(error.kind(), format!("cannot start cargo: {error}"))
    })?;
    let messages = built.stdout.split(|&byte| byte == b'\n');
    let mut messages = messages.filter_map(|line| serde_json::from_slice(line).ok());
    if !built.status.success() {
        // Where nothing was built, cargo itself has failed.
        return if messages.any(|message: Value| message["reason"] == "build-finished") {
            Ok(Built::Refused)
        } else {
            Err(io::Error::other(format!(
                "cargo does not get to build {}; it has said why",
                exercise.name
            )))
        };
    }
    let program = messages.find_map(|message| {
        let is_it = message["target"]["name"] == exercise.name;
        message["executable"].as_str().filter(|_| is_it).map(Program::new)
    });
    let program = program.ok_or_else(|| {
        io::Error::other(format!(
            "cargo does not tell which program {} is",
            exercise.name
        ))
    })?;
    Ok(Built::Program(program))
}
