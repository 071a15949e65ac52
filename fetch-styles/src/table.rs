//! What the program prints: a line for each fetch, which says who waited for whom.

use std::io::{self, Write};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use fetch_styles::Answer;
use flags_common::FlagError;

/// What stands above the lines.
pub(crate) const HEADINGS: &str = "
In a bar, # is time that the thread `main` spends in the call, and . is time that it
has for other work until the answer comes.

                                              call   answer  handler
                    main                  returned     came  ran on   result
";

/// The width of a bar.
const CELLS: u32 = 20;

/// An answer that has come into the hands of a handler.
pub(crate) struct Handled {
    answer: Answer,
    time: Instant,
    thread: String,
}

/// What every handler does: it looks at the clock, and at the thread that it runs on.
pub(crate) fn handle(answer: Answer) -> Handled {
    let thread = thread::current().name().unwrap_or("no name").to_owned();
    Handled { answer, time: Instant::now(), thread }
}

/// Starts a fetch that calls a handler, and returns how to wait for that.
pub(crate) fn call_back(fetch: impl FnOnce(Handler)) -> impl FnOnce() -> Handled {
    let (sender, calls) = mpsc::channel();
    fetch(Box::new(move |answer| {
        // `main` waits for the call, so there is always somebody to tell.
        let _ = sender.send(handle(answer));
    }));
    move || calls.recv().unwrap_or_else(|_| handle(Err(FlagError::Abandoned)))
}

pub(crate) type Handler = Box<dyn Fn(Answer) + Send + Sync>;

/// Makes a `call`, then does what the style has `main` do until the answer is `handled`,
/// and writes a line about both. True when nothing failed.
pub(crate) fn show<Call>(
    style: &str,
    call: impl FnOnce() -> Call,
    handled: impl FnOnce(Call) -> Handled,
) -> io::Result<bool> {
    let start = Instant::now();
    let call = call();
    let returned = start.elapsed();
    let Handled { answer, time, thread } = handled(call);
    let came = time - start;

    // A cell shows what `main` did in the middle of the time that the cell stands for.
    let is_in_call = |cell| came * (2 * cell + 1) < returned * (2 * CELLS);
    let cells = (0..CELLS).map(|cell| if is_in_call(cell) { '#' } else { '.' });
    let bar: String = cells.collect();
    let result = match &answer {
        Ok(bytes) => format!("{} bytes", bytes.len()),
        Err(error) => error.to_string(),
    };
    let (returned, came) = (returned.as_millis(), came.as_millis());
    writeln!(
        io::stdout(),
        "{style:<18}  {bar}  {returned:>5} ms {came:>5} ms  {thread:<7}  {result}"
    )?;
    Ok(matches!(answer, Ok(_) | Err(FlagError::NotFound)))
}
