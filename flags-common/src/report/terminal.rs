//! The terminal that the progress bar is drawn on.

use std::io;

use console::Term;
use indicatif::{ProgressDrawTarget, TermLike};

/// The columns that are left free at the end of a row. A terminal shows Ctrl-C as `^C`,
/// where the cursor is: behind a bar as wide as the row it would begin a new row, and
/// what wipes the bar would wipe that one, and leave the bar.
const FREE: u16 = 3;

/// Standard error, for a bar; nothing where it is no terminal.
pub(crate) fn for_bar() -> ProgressDrawTarget {
    let term = Term::stderr();
    if term.is_term() {
        ProgressDrawTarget::term_like(Box::new(Narrow(term)))
    } else {
        ProgressDrawTarget::hidden()
    }
}

/// A terminal that says it is a little narrower than it is.
#[derive(Debug)]
struct Narrow(Term);

impl TermLike for Narrow {
    fn width(&self) -> u16 {
        self.0.size().1.saturating_sub(FREE).max(1)
    }

    fn move_cursor_up(&self, rows: usize) -> io::Result<()> {
        self.0.move_cursor_up(rows)
    }

    fn move_cursor_down(&self, rows: usize) -> io::Result<()> {
        self.0.move_cursor_down(rows)
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_right(columns)
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_left(columns)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}
