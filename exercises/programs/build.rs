//! Gathers all exercises, solutions and wrong solutions into the modules of one program.
//!
//! To link a program for each would take minutes. A module cannot begin as a file of its
//! own does, with a comment for all of it that is included, so that comment becomes one
//! without meaning. Nothing else is changed, and each line keeps its number.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let exercises = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it"));
    let mut modules = String::new();
    let mut table = String::new();
    for folder in ["given", "solutions", "wrong"] {
        println!("cargo::rerun-if-changed={}", exercises.join(folder).display());
        for file in rust_files(&exercises.join(folder))? {
            let path = file.strip_prefix(&exercises).expect("it is in this folder");
            let name = path.with_extension("").to_string_lossy().replace('\\', "/");
            let module = name.replace(['/', '-'], "_");
            let copy = output.join(format!("{module}.rs"));
            let text = fs::read_to_string(&file)?.replace("//!", "//");
            fs::write(&copy, text)?;
            let copy = copy.display().to_string();
            writeln!(
                modules,
                "mod {module} {{\n    include!({copy:?});\n    \
                 pub(crate) fn run() -> std::process::ExitCode {{\n        \
                 super::status(main)\n    }}\n}}"
            )
            .expect("a string takes everything");
            writeln!(table, "    ({name:?}, {module}::run),")
                .expect("a string takes everything");
        }
    }
    let programs = format!("{modules}\nconst PROGRAMS: &[(&str, Run)] = &[\n{table}];\n");
    fs::write(output.join("programs.rs"), programs)
}

/// All files of Rust in a folder and those in it, in the order of their names.
fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
