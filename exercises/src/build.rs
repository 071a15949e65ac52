//! The reader's copy of an exercise, and the program that is made of it.

use std::env;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::Command;

use exercises::exercise::Exercise;
use exercises::program::Program;
use exercises::text::{folder, given};

/// What the compiler made of an exercise.
pub(crate) enum Built {
    /// A program.
    Program(Program),
    /// Nothing. It has said why.
    Refused,
}

/// The file on which the reader works.
pub(crate) fn file(exercise: &Exercise) -> PathBuf {
    folder().join("src").join("bin").join(format!("{}.rs", exercise.name))
}

/// The folder of these files, which is made if there is none yet.
pub(crate) fn folder_of_files() -> io::Result<PathBuf> {
    let path = folder().join("src").join("bin");
    fs::create_dir_all(&path).map_err(|error| named("make", &path, &error))?;
    Ok(path)
}

fn named(what: &str, path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot {what} {}: {error}", path.display()))
}

/// Puts the exercise where the reader works on it, unless it is there. Whether it has.
pub(crate) fn put_in_place(exercise: &Exercise) -> io::Result<bool> {
    if file(exercise).try_exists()? {
        return Ok(false);
    }
    reset(exercise)?;
    Ok(true)
}

/// Puts the exercise there as it is given. What the reader has written is kept beside it,
/// also when this is asked for twice.
pub(crate) fn reset(exercise: &Exercise) -> io::Result<()> {
    folder_of_files()?;
    let (given, file) = (given(exercise.name), file(exercise));
    let text = fs::read(&given).map_err(|error| named("read", &given, &error))?;
    if fs::read(&file).is_ok_and(|present| present == text) {
        return Ok(());
    }
    let kept = file.with_extension("rs.old");
    match fs::rename(&file, &kept) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(named("write", &kept, &error));
        }
        _ => {}
    }
    fs::write(&file, text).map_err(|error| named("write", &file, &error))
}

/// Builds the reader's program. What the compiler says goes to standard error.
pub(crate) fn build(exercise: &Exercise) -> io::Result<Built> {
    // Cargo tells which it is, when this program was started by it.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let ours = env::current_exe()?;
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
    let status = command.status().map_err(|error| {
        io::Error::new(error.kind(), format!("cannot start cargo: {error}"))
    })?;
    if !status.success() {
        return Ok(Built::Refused);
    }
    // Cargo puts all programs of a package into one folder.
    let name = format!("{}{}", exercise.name, env::consts::EXE_SUFFIX);
    Ok(Built::Program(Program::new(ours.with_file_name(name))))
}
