//! What future-tour shows, which is the same in every run.

#[path = "../../../flags-common/tests/limit/mod.rs"]
mod limit;

use std::process::{Command, Output};
use std::str;

use self::limit::Limit;

const PROGRAM: &str = env!("CARGO_BIN_EXE_future-tour");

const TOUR: &str = r#"first                             <Future state=running>
first.running()                   true
first.done()                      false
first.cancel()                    false
first.result_timeout(SHORT)       Err(TimedOut)
first.add_done_callback(tell())   ()
called.try_recv()                 Err(Empty)
second                            <Future state=pending>
second.running()                  false
second.add_done_callback(tell())  ()
second.cancel()                   true
called.try_recv()                 Ok("<Future state=cancelled> in main")
second.cancelled()                true
second.done()                     true
second.result()                   Err(Cancelled)
drop(let_go)                      ()
called.recv()                     Ok("<Future state=finished> in worker-1")
first.done()                      true
first.result()                    Ok("BR")
first.add_done_callback(tell())   ()
called.try_recv()                 Ok("<Future state=finished> in main")
third.result()                    Err(Panicked("no red left"))
third                             <Future state=finished panicked>
fourth.result()                   Ok("the worker lives on")
"#;

fn run(command: &mut Command) -> Output {
    let _limit = Limit::start();
    command.output().unwrap()
}

fn texts(output: &Output) -> [&str; 2] {
    [&output.stdout, &output.stderr].map(|bytes| str::from_utf8(bytes).unwrap())
}

#[test]
fn each_act_is_shown_in_the_same_order_every_time() {
    for _ in 0..20 {
        // To look up the lines of a backtrace would take most of the time.
        let output = run(Command::new(PROGRAM).env("RUST_BACKTRACE", "0"));
        let [shown, stderr] = texts(&output);
        assert_eq!(shown, TOUR);
        assert!(stderr.contains("thread 'worker-1' "), "{stderr}");
        assert!(stderr.contains("no red left"), "{stderr}");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_left_ends_it_without_an_error() {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;

    // Whoever writes to it finds, as with a pipe, that nobody reads any more.
    let (reader, writer) = UnixStream::pair().unwrap();
    drop(reader);
    let output = run(Command::new(PROGRAM).stdout(OwnedFd::from(writer)));
    assert_eq!((texts(&output)[1], output.status.code()), ("", Some(0)));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let full = std::fs::File::create("/dev/full").unwrap();
    let output = run(Command::new(PROGRAM).stdout(full));
    let stderr = texts(&output)[1];
    assert!(stderr.starts_with("error: cannot write to standard output: "), "{stderr}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn help_says_what_it_shows_and_an_option_that_is_not_there_is_refused() {
    let output = run(Command::new(PROGRAM).arg("--help"));
    assert!(texts(&output)[0].starts_with("Shows the life of a future"));
    assert_eq!(output.status.code(), Some(0));
    let output = run(Command::new(PROGRAM).arg("--fast"));
    assert!(texts(&output)[1].contains("--fast"));
    assert_eq!((texts(&output)[0], output.status.code()), ("", Some(2)));
}
