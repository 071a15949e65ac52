//! Every command that a page quotes exists, with its options: those that the `--help` of
//! its program names, which is kept in `book/outputs/help`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use flags_book::blocks::{Part, parts};
use flags_book::editions::without_mark;
use pulldown_cmark::Event;

use crate::command::CargoRun;
use crate::edition::Page;
use crate::{assert_faults, assert_none, check_each_page};

/// The subcommands of cargo that a page may quote besides `run`.
const SUBCOMMANDS: [&str; 6] = ["bench", "build", "check", "clippy", "doc", "test"];

#[test]
fn every_command_exists_with_its_options() {
    let packages = packages();
    check_each_page(|page| wrong_commands(page, &packages));
}

/// The packages of the workspace with their folders.
pub(crate) fn packages() -> BTreeMap<String, PathBuf> {
    let folders = fs::read_dir(flags_book::root()).unwrap();
    let folders = folders.map(|folder| folder.unwrap().path());
    let package = |folder: PathBuf| {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let name = manifest.lines().find_map(|line| line.strip_prefix("name = \""))?;
        Some((name.trim_end_matches('"').to_owned(), folder))
    };
    folders.filter_map(package).collect()
}

fn wrong_commands(page: &Page, packages: &BTreeMap<String, PathBuf>) -> Vec<String> {
    let mut faults = Vec::new();
    for (event, range) in page.events() {
        let Event::Code(code) = event else { continue };
        if code.starts_with("cargo ") {
            let wrong = wrong(&code, packages).err();
            faults.extend(wrong.map(|cause| page.fault_at(range.start, &cause)));
        }
    }
    for part in parts(without_mark(&page.text)).unwrap_or_default() {
        let Part::Block(block) = part else { continue };
        let commands = block.body.iter().filter_map(|line| line.strip_prefix("$ "));
        let cargo = commands.filter(|command| command.starts_with("cargo "));
        let wrong = cargo.filter_map(|command| wrong(command, packages).err());
        faults.extend(wrong.map(|cause| page.fault(block.line, &cause)));
    }
    faults
}

fn wrong(command: &str, packages: &BTreeMap<String, PathBuf>) -> Result<(), String> {
    let folder = |package: &str| {
        packages
            .get(package)
            .ok_or_else(|| format!("`{command}`: no package `{package}`"))
    };
    let words: Vec<&str> = command.split_whitespace().collect();
    if words.get(1).is_some_and(|word| SUBCOMMANDS.contains(word)) {
        let packages = words.windows(2).filter(|pair| pair[0] == "-p");
        return packages.map(|pair| pair[1]).try_for_each(|name| folder(name).map(drop));
    }
    let run = CargoRun::parse(command)?;
    let folder = folder(run.package)?;
    let program = run.program;
    let has_program = if program == run.package {
        folder.join("src/main.rs").exists()
    } else {
        folder.join(format!("src/bin/{program}.rs")).exists()
    };
    if !has_program {
        return Err(format!("`{command}`: {} has no program `{program}`", run.package));
    }
    // What stands behind a hyphen, and is no lone hyphen, which is standard output.
    let options =
        run.arguments.iter().filter(|word| word.len() > 1 && word.starts_with('-'));
    let options: Vec<&str> = options.copied().collect();
    if options.is_empty() || options == ["--help"] {
        return Ok(());
    }
    let path = format!("book/outputs/help/{program}.txt");
    let help = fs::read_to_string(flags_book::root().join(&path)).map_err(|_| {
        format!("`{command}`: {path} is missing, which book/WRITING.md tells how to make")
    })?;
    let is_no_option = |letter: char| !letter.is_ascii_alphanumeric() && letter != '-';
    let known: BTreeSet<&str> = help.split(is_no_option).collect();
    let missing = options.into_iter().find(|option| !known.contains(option));
    missing
        .map_or(Ok(()), |option| Err(format!("`{command}`: there is no option {option}")))
}

#[test]
fn a_command_that_does_not_exist_is_seen() {
    let packages = packages();
    assert_faults(
        |page| wrong_commands(page, &packages),
        &[
            ("`cargo run -p flags-sec`", "no package `flags-sec`"),
            (
                "`cargo run -p flags-async --bin flags-async-ca`",
                "no program `flags-async-ca`",
            ),
            ("`cargo run -p flags-common`", "no program `flags-common`"),
            (
                "a\n\n`cargo run -p flags-seq -- --waterfal`",
                "md:3: `cargo run -p flags-seq",
            ),
            ("`cargo run -p flags-seq -- -z BR`", "no option -z"),
            ("`cargo run -p flags-seq --waterfall`", "not given `--waterfall` here"),
            ("`cargo run flags-seq`", "not given `flags-seq` here"),
            ("`cargo test -p flags-sec`", "no package `flags-sec`"),
            ("`cargo rum -p flags-seq`", "is not `cargo run`"),
            ("```console\n$ cargo run -p flags-sec\n```\n", "no package `flags-sec`"),
        ],
    );
    for right in [
        "`cargo run -p flags-seq -- -l 5 --waterfall BR`",
        "`cargo run -p flags-async --bin flags-async-ac`",
        "`cargo build --workspace`, `cargo test -p flags-seq`",
    ] {
        assert_none(&wrong_commands(&Page::of(right), &packages));
    }
}
