//! What a person sees of a run on a terminal of 80 columns.

#[allow(dead_code, reason = "some of it is for the spinners")]
#[path = "../spinner/terminal.rs"]
mod pty;

use self::pty::Terminal;
use super::downloader::limit;
use super::downloader::site::{Answer, Site};

const COLUMNS: usize = 80;

/// What stands on a terminal after `output`, without the blanks at the end of each row:
/// it obeys what a progress bar writes, which is to go up, and to wipe a row.
fn rows(output: &str) -> Vec<String> {
    let mut rows = vec![Vec::new()];
    let (mut row, mut column) = (0_usize, 0);
    let mut letters = output.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' => column = 0,
            '\n' => row += 1,
            '\u{1b}' => {
                // After a bracket, and perhaps a number, a letter says what to do.
                match letters.find(char::is_ascii_alphabetic) {
                    Some('A') => row = row.saturating_sub(1),
                    Some('K') => rows[row].clear(),
                    _ => {}
                }
            }
            _ => {
                if column == COLUMNS {
                    (row, column) = (row + 1, 0);
                }
                rows.resize(rows.len().max(row + 1), Vec::new());
                let cells: &mut Vec<char> = &mut rows[row];
                cells.resize(cells.len().max(column + 1), ' ');
                cells[column] = letter;
                column += 1;
            }
        }
        rows.resize(rows.len().max(row + 1), Vec::new());
    }
    let text = |cells: Vec<char>| String::from_iter(cells).trim_end().to_owned();
    let is_told = |row: &String| !row.is_empty() && !is_note(row);
    rows.into_iter().map(text).filter(is_told).collect()
}

/// Whether a line says by what the run is known to the site, which each run says.
fn is_note(line: &str) -> bool {
    line.starts_with("note: ")
}

/// A folder of its own, as `--dest` takes it.
fn destination(folder: &tempfile::TempDir) -> String {
    folder.path().join("flags").display().to_string()
}

#[test]
fn ctrl_c_wipes_the_progress_bar() {
    let site = Site::new(&[("af", Answer::Never)]);
    let folder = tempfile::tempdir().unwrap();
    let dest = destination(&folder);
    let arguments =
        ["-s", &site.url, "-a", "--dest", &dest, "--timeout", "60s", "-m", "1"];
    let mut terminal = Terminal::start(&arguments);
    // The first two are there, and the bar stands still until Ctrl-C.
    terminal.read_until(|output| output.contains("2/194"));
    terminal.press_ctrl_c();
    let (output, status) = terminal.read_to_end();
    let rows = rows(&output);
    let [result, saved, end] = &rows[..] else { panic!("{rows:?}\n{output:?}") };
    assert!(result.starts_with("2 flags downloaded in "), "{rows:?}");
    assert!(saved.starts_with("saved in "), "{rows:?}");
    assert_eq!(end, "interrupted before 192 of 194 flags were done");
    assert_eq!(status, 130);
}

#[test]
fn a_terminal_that_cannot_wipe_gets_a_line_now_and_then() {
    let site = Site::new(&[]);
    let folder = tempfile::tempdir().unwrap();
    let dest = destination(&folder);
    let arguments = ["-s", &site.url, "-a", "--dest", &dest, "-l", "100"];
    let (output, status) = Terminal::start_on("dumb", &arguments).read_to_end();
    assert!(!output.contains('\u{1b}'), "{output:?}");
    let lines: Vec<_> = output.lines().filter(|line| !is_note(line)).collect();
    for (line, tenth) in lines.iter().zip(1..10) {
        assert_eq!(*line, format!("{tenth}0 of 100 flags done"), "{output:?}");
    }
    assert!(lines[9].starts_with("100 flags downloaded in "), "{output:?}");
    assert_eq!((lines.len(), status), (11, 0), "and where they are: {output:?}");
}

#[test]
fn what_was_written_is_said_on_a_terminal() {
    let site = Site::new(&[]);
    let folder = tempfile::tempdir().unwrap();
    let dest = destination(&folder);
    let svg = folder.path().join("run.svg").display().to_string();
    let arguments = ["-s", &site.url, "--dest", &dest, "--waterfall", &svg, "br", "us"];
    let (output, status) = Terminal::start(&arguments).read_to_end();
    let said = format!("saved in {dest}, drawn in {svg}");
    let said_at_the_end = output.replace("\r\n", "\n").ends_with(&format!("{said}\n"));
    assert!(said_at_the_end, "{output:?}");
    assert_eq!(status, 0);
}
