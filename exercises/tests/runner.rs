//! The runner as its user sees it.

use std::fs;
use std::process::{Command, Output};
#[cfg(unix)]
use std::{
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use exercises::catalogue::exercises;
use exercises::files::folder;
use exercises::sentence::Language;

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exercises"));
    let Output { status, stdout, stderr } = command.args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn it_lists_all_exercises_with_their_chapters_and_what_is_next() {
    for (language, chapter, next) in [
        ("en", "Three ways to wait", "done. Next: "),
        ("ko", "세 가지로 기다리기", "다음: "),
    ] {
        let (status, stdout, stderr) = run(&["--lang", language]);
        assert_eq!((status, &*stderr), (Some(0), ""));
        for exercise in exercises() {
            assert!(stdout.contains(&format!(" {} ", exercise.name)), "{stdout}");
        }
        assert!(stdout.starts_with(chapter), "{stdout}");
        assert!(stdout.contains(next) || !stdout.contains('→'), "{stdout}");
    }
}

#[test]
fn it_shows_each_hint_and_names_the_next() {
    // What is to be typed is answered in the same language.
    let [in_english, in_korean] = match Language::of_this_computer() {
        Language::English => ["", " --lang ko"],
        Language::Korean => [" --lang en", ""],
    };
    for (number, next) in [("1", Some("hint lazy2 2")), ("2", Some("3")), ("3", None)] {
        let (status, stdout, _) = run(&["hint", "lazy2", number, "--lang", "en"]);
        assert_eq!(status, Some(0));
        let last = stdout.lines().last().unwrap();
        assert_eq!(last.contains("The next hint: "), next.is_some(), "{stdout}");
        let end = next.map(|next| format!("{next}{in_english}")).unwrap_or_default();
        assert!(last.ends_with(&end), "{stdout}");
    }
    let (_, korean, _) = run(&["hint", "lazy2", "--lang", "ko"]);
    assert!(korean.contains("다음 힌트: "), "{korean}");
    assert!(korean.ends_with(&format!("hint lazy2 2{in_korean}\n")), "{korean}");
}

#[test]
fn what_is_not_there_is_refused() {
    for (arguments, cause) in [
        (&["way2"][..], "a similar value exists: 'ways2'"),
        (&["hint"], "required"),
        (&["hint", "lazy2", "4"], "from 1 to 3"),
        (&["--lang", "fr"], "there are en and ko"),
    ] {
        let (status, stdout, stderr) = run(arguments);
        assert_eq!((status, &*stdout), (Some(2), ""));
        assert!(stderr.contains(cause), "{stderr}");
    }
}

/// In a clean clone only, since it works where the reader does.
#[test]
#[ignore = "builds programs, and needs a clone in which no exercise was begun"]
fn it_builds_checks_and_resets_an_exercise() {
    let file = folder().join("src/bin/lazy2.rs");
    let kept = folder().join("src/bin/lazy2.rs.old");
    let given = fs::read_to_string(folder().join("given/lazy2.rs")).unwrap();
    assert!(!file.exists(), "{} is there already", file.display());

    let (status, stdout, _) = run(&["lazy2", "--lang", "en"]);
    assert_eq!(status, Some(1));
    assert!(stdout.contains("lazy2.rs is yours now"), "{stdout}");
    assert!(stdout.contains("✗ lazy2: The countdown from 3 was"), "{stdout}");
    assert_eq!(fs::read_to_string(&file).unwrap(), given);

    fs::write(&file, "fn main() { oops() }").unwrap();
    let (status, stdout, stderr) = run(&["lazy2", "--lang", "en"]);
    assert_eq!(status, Some(1));
    assert!(stdout.contains("it does not compile yet"), "{stdout}");
    assert!(stderr.contains("cannot find function `oops`"), "{stderr}");

    // In place of cargo is the runner, which takes other arguments.
    let runner = env!("CARGO_BIN_EXE_exercises");
    let mut command = Command::new(runner);
    let output = command.arg("lazy2").env("CARGO", runner).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]));
    assert!(stderr.contains("cargo does not get to build lazy2"), "{stderr}");

    let solution = fs::read(folder().join("solutions/lazy2.rs")).unwrap();
    fs::write(&file, &solution).unwrap();
    let (status, stdout, _) = run(&["lazy2", "--lang", "en"]);
    assert_eq!(status, Some(0), "{stdout}");
    assert!(stdout.starts_with("✓ lazy2: "), "{stdout}");
    assert!(run(&[]).1.contains("✓ lazy2 "));

    let (status, _, _) = run(&["reset", "lazy2"]);
    assert_eq!(status, Some(0));
    assert_eq!(fs::read_to_string(&file).unwrap(), given);
    assert_eq!(fs::read(&kept).unwrap(), solution);
    assert!(!run(&[]).1.contains("✓ lazy2 "));
    fs::remove_file(file).unwrap();
    fs::remove_file(kept).unwrap();
}

/// In a clean clone only, for the same reason.
#[cfg(unix)]
#[test]
#[ignore = "builds programs, and needs a clone in which no exercise was begun"]
fn stopped_it_leaves_neither_a_process_nor_a_file() {
    let file = folder().join("src/bin/lazy3.rs");
    assert!(!file.exists(), "{} is there already", file.display());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let program = r#"//! Starts what does not end, and does not end either.
        fn main() {
            let mut sleep = std::process::Command::new("sleep");
            let mut child = sleep.arg("100").spawn().unwrap();
            let processes = format!("{} {}", std::process::id(), child.id());
            std::fs::write("written", processes).unwrap();
            std::fs::rename("written", "processes").unwrap();
            child.wait().unwrap();
        }"#;
    fs::write(&file, program).unwrap();

    let temporary = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_exercises"));
    command.arg("lazy3").env("TMPDIR", temporary.path());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut runner = command.spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    let processes = loop {
        assert!(Instant::now() < until && runner.try_wait().unwrap().is_none());
        let folders = fs::read_dir(temporary.path()).unwrap();
        let mut paths = folders.map(|one| one.unwrap().path().join("work/processes"));
        if let Some(text) = paths.find_map(|path| fs::read_to_string(path).ok()) {
            break text;
        }
        thread::sleep(Duration::from_millis(10));
    };
    let asked = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    asked("kill", &["-TERM", &runner.id().to_string()]);
    assert_eq!(runner.wait().unwrap().code(), Some(143));
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
    for process in processes.split(' ') {
        // Listed as a zombie it has ended, and nobody has asked yet how.
        let runs = || {
            let state = asked("ps", &["-o", "stat=", "-p", process]);
            !(state.is_empty() || state.starts_with('Z'))
        };
        while runs() {
            assert!(Instant::now() < until, "{process} runs still");
            thread::sleep(Duration::from_millis(10));
        }
    }
    fs::remove_file(file).unwrap();
}
