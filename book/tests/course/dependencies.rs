//! The table in CONTRIBUTING.md has every crate of others that the workspace names, what
//! it is for, and which of our crates use it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::assert_none;
use crate::commands::packages;

/// The folders of our crates that use a crate, for each crate of others.
type Users = BTreeMap<String, BTreeSet<String>>;

#[test]
fn the_table_of_the_dependencies_is_that_of_the_manifests() {
    let read = |path: &str| fs::read_to_string(flags_book::root().join(path)).unwrap();
    let packages = packages().into_values().map(|folder| {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(folder.join("Cargo.toml")).unwrap())
    });
    let users = users(&read("Cargo.toml"), &packages.collect::<Vec<_>>());
    assert!(users.len() > 40, "there are more than these: {users:?}");
    assert_none(&wrong_rows(&read("CONTRIBUTING.md"), &users));
}

/// Who uses what, by the manifests: that of the workspace, and each with its folder.
fn users(workspace: &str, packages: &[(String, String)]) -> Users {
    let mut users = Users::new();
    for line in lines_of_dependencies(workspace) {
        if !line.contains("path = ") {
            users.insert(name(line).to_owned(), BTreeSet::new());
        }
    }
    for (folder, manifest) in packages {
        for line in lines_of_dependencies(manifest) {
            if let Some(users) = users.get_mut(name(line)) {
                users.insert(folder.clone());
            }
        }
    }
    users
}

/// The lines of a manifest that name a dependency, of whatever kind.
fn lines_of_dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let mut is_wanted = false;
    manifest.lines().filter(move |line| {
        if line.starts_with('[') {
            is_wanted = line.ends_with("dependencies]");
        }
        is_wanted && !line.starts_with('#') && line.contains(" = ")
    })
}

fn name(line: &str) -> &str {
    line.split(" = ").next().expect("a text has a first part")
}

/// What is wrong with the table below the heading "Dependencies".
fn wrong_rows(text: &str, users: &Users) -> Vec<String> {
    let section = text.split("\n## ").find(|part| part.starts_with("Dependencies\n"));
    let rows = section.unwrap_or_default().lines();
    let rows = rows.filter(|line| line.starts_with("| `")).collect::<Vec<_>>();
    let mut faults = Vec::new();
    let mut known = Vec::new();
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [crate_, purpose, ours] = cells[..] else {
            faults.push(format!("this is not a crate, its purpose and its users: {row}"));
            continue;
        };
        let crate_ = crate_.trim_matches('`');
        known.push(crate_);
        let in_table: BTreeSet<_> =
            ours.split(", ").map(|name| name.trim_matches('`').to_owned()).collect();
        match users.get(crate_) {
            None => faults.push(format!("the workspace does not name {crate_}")),
            Some(users) if *users != in_table => {
                faults.push(format!("{crate_} is used by {users:?}"));
            }
            Some(_) if purpose.is_empty() => {
                faults.push(format!("what is {crate_} for?"));
            }
            Some(_) => {}
        }
    }
    let missing = users.keys().filter(|name| !known.contains(&name.as_str()));
    faults.extend(missing.map(|name| format!("the table lacks {name}")));
    faults
}

#[test]
fn a_row_that_is_not_so_is_seen() {
    let workspace = "[workspace.dependencies]\nours = { path = \"ours\" }\n\n# Fast.\n\
        axum = \"1\"\nnix = { version = \"1\" }\n\n[profile.dev]\ndebug = false\n";
    let ours = "[package]\nname = \"ours\"\n[dependencies]\naxum = { workspace = true }\n\
        [target.'cfg(unix)'.dev-dependencies]\nnix = { workspace = true }\n";
    let other = "[dependencies]\nours = { path = \"../ours\" }\n\
        axum = { workspace = true, features = [\n    \"a\",\n] }\n";
    let packages = [("ours", ours), ("other", other)];
    let users = users(
        workspace,
        &packages.map(|(name, text)| (name.to_owned(), text.to_owned())),
    );

    let faults = |rows: &str| {
        let table = "# C\n\n## Dependencies\n\n| crate | for | used by |\n| --- |\n";
        wrong_rows(&format!("{table}{rows}\n## Else\n\n| `ours` |\n"), &users)
    };
    let axum = "| `axum` | routes | `other`, `ours` |\n";
    let nix = "| `nix` | signals | `ours` |\n";
    assert_none(&faults(&format!("{axum}{nix}")));
    for (rows, fault) in [
        (axum.to_owned(), "lacks nix"),
        (format!("{axum}{nix}| `url` | links | `ours` |"), "does not name url"),
        (format!("{nix}| `axum` | routes | `ours` |"), "axum is used by"),
        (format!("{axum}| `nix` | | `ours` |"), "what is nix for"),
        (format!("{axum}{nix}| `url` | `ours` |"), "not a crate"),
    ] {
        let faults = faults(&rows);
        let [found] = &faults[..] else { panic!("{faults:?} in\n{rows}") };
        assert!(found.contains(fault), "{found}, and not {fault}, in\n{rows}");
    }
}
