//! Running the real program on a terminal that is not real.

use std::io::{Read, Write};
use std::process::Child;

use pty_process::Size;
use pty_process::blocking::{Command, Pty};

use super::limit::Limit;

/// Runs a program as a shell does that a person types into. Without the shell, the end of
/// the program would be the end of its terminal, and the system throws away what has not
/// been read from it by then. So the shell says what became of the program and waits.
const SHELL: &str = r#"trap : INT; "$0" "$@"; echo "exit status $?"; read wait"#;

const EXIT_STATUS: &str = "exit status ";

/// A terminal that shows nothing but a program, and keeps what it writes.
pub(super) struct Terminal {
    pty: Pty,
    shell: Child,
    output: String,
    _limit: Limit,
}

impl Terminal {
    pub(super) fn start(arguments: &[&str]) -> Self {
        Self::start_on("xterm", arguments)
    }

    /// A terminal of this kind, which has the usual 80 columns.
    pub(super) fn start_on(kind: &str, arguments: &[&str]) -> Self {
        let (pty, screen) = pty_process::blocking::open().unwrap();
        pty.resize(Size::new(24, 80)).unwrap();
        let command = Command::new("sh").args(["-c", SHELL, crate::PROGRAM]);
        let command = command.env("TERM", kind).env_remove("FLAGS_SERVER");
        let shell = command.args(arguments).spawn(screen).unwrap();
        Self { pty, shell, output: String::new(), _limit: Limit::start() }
    }

    /// Waits until what has been written is `enough`.
    pub(super) fn read_until(&mut self, enough: impl Fn(&str) -> bool) {
        while !enough(&self.output) {
            assert!(!is_over(&self.output), "too little: {:?}", self.output);
            let mut bytes = [0; 4096];
            let size = self.pty.read(&mut bytes).unwrap();
            self.output += std::str::from_utf8(&bytes[..size]).unwrap();
        }
    }

    pub(super) fn press_ctrl_c(&mut self) {
        self.pty.write_all(b"\x03").unwrap();
    }

    /// All that the program has written when it is over, and its exit status.
    pub(super) fn read_to_end(mut self) -> (String, i32) {
        self.read_until(is_over);
        let (output, status) = self.output.split_once(EXIT_STATUS).unwrap();
        let end = (output.to_owned(), status.trim_end().parse().unwrap());
        // A terminal that is gone ends its shell.
        drop(self.pty);
        self.shell.wait().unwrap();
        end
    }
}

/// Whether the shell has said all that it has to say.
fn is_over(output: &str) -> bool {
    output.contains(EXIT_STATUS) && output.ends_with("\r\n")
}

/// The frames in `output`, without their message.
pub(super) fn frames(output: &str) -> Vec<char> {
    let before = |(place, _)| output[..place].chars().last();
    output.match_indices(" thinking!").filter_map(before).collect()
}

/// What a terminal shows after `output`, without the blanks at the end of each row.
pub(super) fn rows(output: &str) -> Vec<String> {
    let row = |text: &str| {
        let (mut cells, mut cursor) = (Vec::new(), 0);
        for character in text.chars() {
            if character == '\r' {
                cursor = 0;
            } else {
                cells.resize(cells.len().max(cursor + 1), ' ');
                cells[cursor] = character;
                cursor += 1;
            }
        }
        String::from_iter(cells).trim_end().to_owned()
    };
    output.split('\n').map(row).collect()
}
