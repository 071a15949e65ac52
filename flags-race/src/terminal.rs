//! Lines on a terminal that are written again and again in the same place.
//!
//! A progress bar of indicatif could hold them too, but it leaves the cursor at the end
//! of its last line, which it fills. There the terminal writes the `^C` of Ctrl-C, which
//! then begins a line of its own, and whoever wipes the lines is off by one. So here the
//! cursor waits at the beginning of the next line.

use std::io;

use console::Term;

/// Some lines on the terminal of standard error. They are wiped when this is dropped.
#[derive(Debug)]
pub(crate) struct Lines {
    terminal: Term,
    shown: Vec<String>,
}

impl Lines {
    /// No lines yet; `None` when standard error is no terminal.
    pub(crate) fn on_stderr() -> Option<Self> {
        // In one piece, or one could see how the lines are wiped and written again.
        let terminal = Term::buffered_stderr();
        terminal.is_term().then(|| Self { terminal, shown: Vec::new() })
    }

    /// Shows `lines` in the place of those that are shown, as far as they fit.
    pub(crate) fn show(&mut self, lines: &[String]) {
        let (height, width) = self.terminal.size();
        // One line is left for the cursor, and one column, or the cursor goes on to the
        // next line at the end of a full one.
        let (height, width) = (usize::from(height) - 1, usize::from(width) - 1);
        let fitting = lines.iter().take(height);
        let lines: Vec<String> =
            fitting.map(|line| line.chars().take(width).collect()).collect();
        if lines != self.shown {
            // When standard error is closed there is nobody left to see them.
            let _ = self.replace(lines);
        }
    }

    fn replace(&mut self, lines: Vec<String>) -> io::Result<()> {
        self.terminal.move_cursor_up(self.shown.len())?;
        for line in &lines {
            self.terminal.clear_line()?;
            self.terminal.write_line(line)?;
        }
        self.terminal.clear_line()?;
        self.terminal.clear_to_end_of_screen()?;
        self.shown = lines;
        self.terminal.flush()
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        let _ = self.replace(Vec::new());
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::File;
    use std::io::{Read, Seek, Write};

    use super::*;

    /// Lines in a file, which stands for a terminal of 24 lines with 80 columns.
    fn lines_in(file: &File) -> Lines {
        let [input, output] = [(); 2].map(|()| file.try_clone().unwrap());
        let terminal = Term::read_write_pair(input, output);
        Lines { terminal, shown: Vec::new() }
    }

    /// What a terminal shows that was sent what is in `file`.
    fn screen(file: &mut File) -> Vec<String> {
        let mut sent = String::new();
        file.rewind().unwrap();
        file.read_to_string(&mut sent).unwrap();
        let mut rows = vec![String::new()];
        let (mut row, mut column) = (0, 0);
        let mut rest = sent.chars();
        while let Some(letter) = rest.next() {
            match letter {
                '\n' => {
                    (row, column) = (row + 1, 0);
                    rows.resize(rows.len().max(row + 1), String::new());
                }
                '\r' => column = 0,
                '\x1b' => {
                    let end = rest.as_str().find(|letter: char| letter.is_alphabetic());
                    let (sequence, after) = rest.as_str().split_at(end.unwrap() + 1);
                    rest = after.chars();
                    match sequence {
                        "[2K" => rows[row].clear(),
                        "[0J" => {
                            rows[row].truncate(column);
                            rows.truncate(row + 1);
                        }
                        up => {
                            let number = up.strip_prefix('[').unwrap();
                            let number = number.strip_suffix('A').unwrap();
                            row -= number.parse::<usize>().unwrap();
                        }
                    }
                }
                letter => {
                    rows[row].truncate(column);
                    rows[row].push(letter);
                    column += 1;
                }
            }
        }
        rows
    }

    fn texts(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|&line| line.to_owned()).collect()
    }

    #[test]
    fn lines_are_shown_in_the_place_of_those_before() {
        let mut file = tempfile::tempfile().unwrap();
        let mut lines = lines_in(&file);
        lines.show(&texts(&["seq 0.1 s", "async"]));
        lines.show(&texts(&["seq 0.2 s", "async", "more"]));
        lines.show(&texts(&["seq", "async 0.1 s"]));
        assert_eq!(screen(&mut file), ["seq", "async 0.1 s", ""]);
    }

    #[test]
    fn all_is_wiped_in_the_end_with_the_sign_for_ctrl_c() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"2 rounds of 6 runs\n").unwrap();
        let mut lines = lines_in(&file);
        lines.show(&texts(&["head", "seq", "async"]));
        file.write_all(b"^C").unwrap();
        assert_eq!(screen(&mut file)[3..], ["async", "^C"]);
        drop(lines);
        assert_eq!(screen(&mut file), ["2 rounds of 6 runs", ""]);
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let mut file = tempfile::tempfile().unwrap();
        let mut lines = lines_in(&file);
        lines.show(&vec!["x".repeat(100); 50]);
        let screen = screen(&mut file);
        assert_eq!(screen.len(), 24, "the last one is for the cursor");
        assert!(screen.iter().all(|line| line.len() < 80));
    }
}
