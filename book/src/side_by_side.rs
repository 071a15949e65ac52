//! Whole programs in columns, aligned item by item and line by line.

use similar::{Algorithm, capture_diff_slices};

use crate::items::Source;
use crate::picture::escape;

const CLOSE_CONTENTS: &str = "<script>\
    document.getElementById('mdbook-sidebar-toggle-anchor').checked = false; \
    document.documentElement.classList.remove('sidebar-visible')</script>";

/// A block that names two or three files, each in a line.
pub(crate) fn side_by_side(body: &[&str], language: &str) -> Result<String, String> {
    if !(2..=3).contains(&body.len()) {
        return Err("two or three files, each in a line, stand side by side".to_owned());
    }
    let sources =
        body.iter().map(|path| Source::read(path)).collect::<Result<Vec<_>, _>>()?;
    let files = sources.iter().map(Source::whole).collect::<Result<Vec<_>, _>>()?;
    let titles: Vec<String> = body.iter().map(|path| escape(&program(path))).collect();

    let mut html = vec![format!("<div class=\"side-by-side columns-{}\">", body.len())];
    // A page as wide as this begins with the table of contents closed.
    html.push(CLOSE_CONTENTS.to_owned());
    for name in names(&files) {
        let columns: Vec<&[&str]> = files
            .iter()
            .map(|file| file.iter().find(|item| item.0 == name))
            .map(|item| item.map_or(&[][..], |(_, lines)| lines))
            .collect();
        let title = match (name, language) {
            ("//!", "ko") => "머리말".to_owned(),
            ("//!", _) => "Header".to_owned(),
            ("use", "ko") => "가져오기".to_owned(),
            ("use", _) => "Imports".to_owned(),
            (name, _) => format!("`{name}`"),
        };
        html.push(format!("\n## {title} {{#{}}}\n\n<div class=\"row\">", id(name)));
        for (column, title) in (1..).zip(&titles) {
            html.push(format!("<span class=\"name column-{column}\">{title}</span>"));
        }
        html.extend(rows(&columns).iter().flat_map(cells));
        html.push("</div>".to_owned());
    }
    html.push("\n</div>\n".to_owned());
    Ok(html.join("\n"))
}

/// What a file is called above its column: the program for its main file.
fn program(path: &str) -> String {
    match path.split('/').collect::<Vec<_>>()[..] {
        [package, "src", "main.rs"] => package.to_owned(),
        [.., file] => file.trim_end_matches(".rs").to_owned(),
        [] => String::new(),
    }
}

/// The fragment that leads to an item: its name, with a hyphen for what no fragment has.
fn id(name: &str) -> String {
    if name == "//!" {
        return "header".to_owned();
    }
    name.replace(|letter: char| !letter.is_alphanumeric() && letter != '_', "-")
}

/// The names of all items, in the order of the first file. One that only a later file
/// has follows the one that it follows there.
fn names<'a>(files: &[Vec<(&'a str, Vec<&'a str>)>]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for file in files {
        let mut place = 0;
        for (name, _) in file {
            let known = names.iter().position(|known| known == name);
            let at = known.unwrap_or(place);
            if known.is_none() {
                names.insert(at, name);
            }
            place = at + 1;
        }
    }
    names
}

/// What stands beside each other: a line of each column, or nothing.
type Row<'a> = Vec<Option<&'a str>>;

/// The lines of all columns, with those that are alike in one row.
fn rows<'a>(columns: &[&[&'a str]]) -> Vec<Row<'a>> {
    let mut rows: Vec<Row> = Vec::new();
    for (column, lines) in columns.iter().enumerate() {
        // How far a line is indented is no difference that anybody reads.
        let known: Vec<&str> = rows
            .iter()
            .map(|row| row.iter().flatten().next().map_or("", |line| line.trim()))
            .collect();
        let new: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
        let mut merged: Vec<Row> = Vec::new();
        for change in capture_diff_slices(Algorithm::Myers, &known, &new) {
            let (_, old, new) = change.as_tag_tuple();
            for index in 0..old.len().max(new.len()) {
                // Where some lines have become others, they stand beside each other as
                // far as they go.
                let mut row = old
                    .clone()
                    .nth(index)
                    .map_or_else(|| vec![None; column], |at| rows[at].clone());
                row.push(new.clone().nth(index).map(|at| lines[at]));
                merged.push(row);
            }
        }
        rows = merged;
    }
    rows
}

/// Which lines of a row are tinted: those that are not what most columns have. Where one
/// column lacks what all others have, its gap is.
fn tinted(row: &Row) -> Vec<bool> {
    let is_rare = |line: &str| {
        let alike = row.iter().flatten().filter(|other| other.trim() == line.trim());
        2 * alike.count() <= row.len()
    };
    let lines: Vec<bool> = row.iter().map(|line| line.is_some_and(is_rare)).collect();
    if lines.contains(&true) {
        return lines;
    }
    row.iter().map(Option::is_none).collect()
}

/// The lines of a row as HTML.
fn cells(row: &Row) -> Vec<String> {
    let cells = (1..).zip(row.iter().copied()).zip(tinted(row));
    let cells = cells.map(|((column, line), is_tinted)| {
        let nothing = if line.is_none() { " nothing" } else { "" };
        let differs = if is_tinted { " differs" } else { "" };
        let class = format!("language-rust column-{column}{nothing}{differs}");
        let line = line.unwrap_or_default();
        // Where the line goes on in the next, that is indented too.
        let indent = line.len() - line.trim_start().len();
        let style = format!("style=\"--indent: {indent}ch\"");
        format!("<code class=\"{class}\" {style}>{}</code>", escape(line))
    });
    cells.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_alike_stand_beside_each_other() {
        let columns = [
            &["fn a() {", "    one();", "    two();", "}"][..],
            &["fn a() {", "    two();", "}"],
            &["fn a() {", "    one();", "    three();", "    two();", "}"],
        ];
        assert_eq!(
            rows(&columns),
            [
                [Some("fn a() {"), Some("fn a() {"), Some("fn a() {")],
                [Some("    one();"), None, Some("    one();")],
                [None, None, Some("    three();")],
                [Some("    two();"), Some("    two();"), Some("    two();")],
                [Some("}"), Some("}"), Some("}")],
            ]
        );
    }

    #[test]
    fn lines_that_have_become_others_stand_beside_them() {
        let columns = [&["a", "old", "z"][..], &["a", "new", "newer", "z"]];
        assert_eq!(
            rows(&columns),
            [
                [Some("a"), Some("a")],
                [Some("old"), Some("new")],
                [None, Some("newer")],
                [Some("z"), Some("z")],
            ]
        );
    }

    #[test]
    fn what_differs_is_tinted() {
        for (row, expected) in [
            (vec![Some("a"), Some("a"), Some("  a")], vec![false, false, false]),
            (vec![Some("a"), Some("b"), Some("a")], vec![false, true, false]),
            (vec![Some("a"), Some("b"), Some("c")], vec![true, true, true]),
            (vec![Some("a"), Some("a"), None], vec![false, false, true]),
            (vec![None, None, Some("a")], vec![false, false, true]),
            (vec![Some("a"), Some("b")], vec![true, true]),
            (vec![Some("a"), None], vec![true, false]),
        ] {
            assert_eq!(tinted(&row), expected, "{row:?}");
        }
    }

    #[test]
    fn items_that_only_one_file_has_are_in_their_place() {
        let file = |names: &[&'static str]| {
            names.iter().map(|name| (*name, Vec::new())).collect::<Vec<_>>()
        };
        let files =
            [file(&["use", "get", "main"]), file(&["use", "Pool", "get", "main"])];
        assert_eq!(names(&files), ["use", "Pool", "get", "main"]);
    }

    #[test]
    fn a_column_has_the_name_of_its_program() {
        assert_eq!(program("flags-seq/src/main.rs"), "flags-seq");
        assert_eq!(
            program("spinner-async/src/bin/spinner-async-blocked.rs"),
            "spinner-async-blocked"
        );
    }

    #[test]
    fn one_file_has_nothing_to_stand_beside() {
        assert!(side_by_side(&["flags-seq/src/main.rs"], "en").is_err());
    }
}
