//! Pressing Ctrl-C for a program, on every system.
//!
//! Unix sends it to one process. Windows sends it to all that share a console, and among
//! them would be cargo and the programs of other tests. So there a test that presses it
//! runs itself once more, all alone on a console of its own.

use std::process::Child;

/// Presses Ctrl-C for this program, and on Windows for any other that the test has
/// started.
#[cfg(unix)]
pub(crate) fn press(child: &Child) {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGINT).unwrap();
}

/// Presses Ctrl-C for this program, and on Windows for any other that the test has
/// started.
#[cfg(windows)]
pub(crate) fn press(_: &Child) {
    use std::io;
    use std::sync::Once;

    use send_ctrlc::Interruptible;

    struct AllOfTheConsole;

    // By the number 0, Windows means all that share the console. By the number of one
    // program it means the group that this leads, and ours lead none.
    impl Interruptible for AllOfTheConsole {
        fn pid(&mut self) -> io::Result<Option<u32>> {
            Ok(Some(0))
        }
    }

    // The test is one of them, and has to live on.
    static IS_HEEDED: Once = Once::new();
    IS_HEEDED.call_once(|| ctrlc::set_handler(|| ()).unwrap());
    AllOfTheConsole.interrupt().unwrap();
}

/// Whether this test has passed on a console of its own and is done; if not, it is to go
/// on, because it needs none, or is there.
#[cfg(unix)]
pub(crate) fn has_passed_on_its_own_console(_test: impl Fn()) -> bool {
    false
}

/// Whether this test has passed on a console of its own and is done; if not, it is to go
/// on, because it needs none, or is there.
#[cfg(windows)]
pub(crate) fn has_passed_on_its_own_console<Test: Fn()>(_test: Test) -> bool {
    use std::any::type_name;
    use std::io::Read;
    use std::os::windows::process::CommandExt;
    use std::process::{Command, Stdio};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    // Longer than any limit that the test has itself.
    const LIMIT: Duration = Duration::from_secs(300);
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    const ON_ITS_OWN: &str = "ON_A_CONSOLE_OF_ITS_OWN";
    if std::env::var_os(ON_ITS_OWN).is_some() {
        return false;
    }
    // Only the name of the crate is not part of the test's.
    let (_, test) = type_name::<Test>().split_once("::").unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env(ON_ITS_OWN, "1")
        .creation_flags(CREATE_NO_WINDOW)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let (sender, printed) = mpsc::channel();
    // To read itself knows no limit. The end of what is printed is that of the test.
    thread::spawn(move || {
        let mut printed = Vec::new();
        stdout.read_to_end(&mut printed).unwrap();
        // It fails when nobody waits for it any more.
        let _ = sender.send(String::from_utf8_lossy(&printed).into_owned());
    });
    let Ok(printed) = printed.recv_timeout(LIMIT) else {
        child.kill().unwrap();
        panic!("{test} goes on and on");
    };
    let status = child.wait().unwrap();
    assert!(status.success() && printed.contains("1 passed"), "{printed}");
    true
}
