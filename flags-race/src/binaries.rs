//! Where the programs of the race are, and how they get there.
//!
//! They lie beside this one, where `cargo build` puts them. But `cargo run -p flags-race`
//! builds this one only, so the others may be missing, or be older than their source,
//! and to race an old program unnoticed is worse than to race none. From the dates of
//! the files one cannot tell: a file may be new and made from other source. Cargo can,
//! and needs a moment for it. So whenever cargo has started this program, it is asked to
//! bring the others up to date. Without cargo they are taken as they are.

use std::env::{self, consts::EXE_SUFFIX};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use flags_common::program::note;

/// The packages with the programs of the race, whose names are the same.
const PACKAGES: [&str; 4] =
    ["flags-server", "flags-seq", "flags-threadpool", "flags-async"];

/// The folder with the programs of the race.
#[derive(Debug, Clone)]
pub(crate) struct Binaries {
    pub(crate) folder: PathBuf,
}

/// Why the race has no programs.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BinariesError {
    #[error("cannot find the folder of this program: {0}")]
    NoFolder(io::Error),
    #[error("cargo cannot be started: {0}")]
    NoCargo(io::Error),
    #[error("the programs to race could not be built")]
    NotBuilt,
    #[error("{} is missing; `{build}` builds it", path.display())]
    Missing { path: PathBuf, build: String },
}

impl Binaries {
    /// Finds the programs beside this one, after cargo has built what is not up to date.
    pub(crate) fn find() -> Result<Self, BinariesError> {
        let this = env::current_exe().map_err(BinariesError::NoFolder)?;
        let folder = this.parent().unwrap_or(Path::new("")).to_owned();
        // Cargo may also have started a program that has started this one, from wherever.
        let is_ours =
            env::var_os("CARGO_PKG_NAME").is_some_and(|name| name == "flags-race");
        let cargo = env::var_os("CARGO").zip(env::var_os("CARGO_MANIFEST_DIR"));
        if let Some((cargo, package)) = cargo.filter(|_| is_ours) {
            build(&cargo, Path::new(&package), &folder)?;
        }
        let binaries = Self { folder };
        match PACKAGES.map(|name| binaries.path(name)).into_iter().find(|p| !p.exists()) {
            Some(path) => {
                let build = format!("cargo {}", arguments(&binaries.folder).join(" "));
                Err(BinariesError::Missing { path, build })
            }
            None => Ok(binaries),
        }
    }

    /// The path of a program.
    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.folder.join(format!("{program}{EXE_SUFFIX}"))
    }
}

fn build(cargo: &OsStr, package: &Path, folder: &Path) -> Result<(), BinariesError> {
    let arguments = arguments(folder);
    note(format_args!("Bringing the programs up to date: cargo {}", arguments.join(" ")));
    let mut command = Command::new(cargo);
    command.args(&arguments).arg("--manifest-path").arg(package.join("Cargo.toml"));
    // What cargo has told this program about its own package is not for the others. Some
    // are built anew whenever it changes, which would be each time.
    let is_own = |name: &OsString| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
    };
    for name in env::vars_os().map(|(name, _)| name).filter(is_own) {
        command.env_remove(name);
    }
    // Wherever this program was built to, the others have to be as well.
    if let Some(target) = folder.parent() {
        command.arg("--target-dir").arg(target);
    }
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(BinariesError::NotBuilt),
        Err(cause) => Err(BinariesError::NoCargo(cause)),
    }
}

/// What cargo has to be told to build the programs in the way that this one was built,
/// which the name of its folder tells.
fn arguments(folder: &Path) -> Vec<String> {
    let mut arguments = vec!["build".to_owned()];
    match folder.file_name().and_then(OsStr::to_str) {
        Some("release") => arguments.push("--release".to_owned()),
        Some("debug") | None => {}
        Some(profile) => arguments.extend(["--profile".to_owned(), profile.to_owned()]),
    }
    arguments.extend(PACKAGES.iter().flat_map(|name| ["-p".to_owned(), (*name).into()]));
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_others_are_built_like_this_one() {
        let words = |folder: &str| arguments(&Path::new("target").join(folder)).join(" ");
        let four = "-p flags-server -p flags-seq -p flags-threadpool -p flags-async";
        assert_eq!(words("debug"), format!("build {four}"));
        assert_eq!(words("release"), format!("build --release {four}"));
        assert_eq!(words("profiling"), format!("build --profile profiling {four}"));
    }
}
