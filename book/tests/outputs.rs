//! What the programs print and draw is what the book shows. `book/outputs` has a file for
//! each command, whose first line is that command. A picture that a command writes is
//! kept beside it, so that both come from the same run.
//!
//! ```text
//! cargo test -p flags-book --test outputs -- --ignored
//! UPDATE=1 cargo test -p flags-book --test outputs -- --ignored
//! UPDATE=1 ONLY=flags-seq cargo test -p flags-book --test outputs -- --ignored
//! ```
//!
//! The first runs all commands and fails where one prints something else, apart from what
//! differs in every run. The second writes down what they print now. The third does so
//! for the files with `flags-seq` in their names.

#[path = "course/command.rs"]
mod command;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use regex::{Captures, Regex};

use self::command::CargoRun;

/// The longest time that a command may take. Those of the book take some seconds.
const LIMIT: Duration = Duration::from_secs(180);

/// The packages whose programs `flags-race` starts, which cargo cannot know.
const RACED: [&str; 4] = ["flags-server", "flags-seq", "flags-threadpool", "flags-async"];

/// How often a command runs again that has printed something else. A heart may have
/// missed a beat, or a thread may have been late; what a program has changed is so every
/// time.
const RUNS_MORE: usize = 3;

/// The line above a command whose lines come in another order each time.
const ANY_ORDER: &str = "# in any order";
/// The line above a command that measures, so that every number is another each time.
const MEASURED: &str = "# every number is measured";
/// The line above a command that tells what it has met in this run, so that some lines
/// are others each time.
const LOOSE: &str = "# the run decides what it prints";
/// How a line begins that changes a source before the command runs, so that the book can
/// show what the compiler says of it: `# changed in FILE: OLD => NEW`.
const CHANGED: &str = "# changed in ";

#[test]
#[ignore = "runs all commands of the book, which takes minutes"]
fn the_programs_print_what_the_book_shows() {
    let root = flags_book::root();
    let only = env::var("ONLY").unwrap_or_default();
    let mut files = Vec::new();
    text_files(&root.join("book/outputs"), &mut files);
    files.retain(|path| path.to_string_lossy().contains(&only));
    assert!(!files.is_empty(), "no file has `{only}` in its name");

    let kept: Vec<Kept> =
        files.into_iter().map(|path| Kept::read(path).unwrap()).collect();
    build(&kept);
    let mut stale = Vec::new();
    for kept in &kept {
        println!("{}", kept.command);
        let run =
            || kept.run().unwrap_or_else(|error| panic!("{}: {error}", kept.command));
        let fresh = run();
        if !kept.differs(&fresh) {
            continue;
        }
        if env::var_os("UPDATE").is_some() {
            fresh.write();
        } else if (0..RUNS_MORE).all(|_| kept.differs(&run())) {
            stale.push(kept.path.clone());
        }
    }
    assert!(stale.is_empty(), "UPDATE=1 writes these anew: {stale:#?}");
}

fn text_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut entries: Vec<_> = entries.collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            text_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            files.push(path);
        }
    }
}

/// Builds all programs as `cargo test --workspace` does, so that little is built twice.
fn build(kept: &[Kept]) {
    let cargo = |arguments: &[&str]| {
        let arguments = [&["build", "--quiet", "--locked"], arguments].concat();
        let status = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(flags_book::root())
            .status()
            .unwrap();
        assert!(status.success(), "the programs cannot be built");
    };
    let runs: Vec<_> = kept
        .iter()
        .filter(|kept| kept.change().is_none())
        .map(|kept| CargoRun::parse(&kept.command).unwrap())
        .collect();
    if runs.iter().any(|run| !run.is_release) {
        cargo(&["--workspace", "--bins"]);
    }
    let release: BTreeSet<_> =
        runs.iter().filter(|run| run.is_release).map(|run| run.package).collect();
    let raced: &[&str] = if release.contains("flags-race") { &RACED } else { &[] };
    for package in release.iter().chain(raced) {
        cargo(&["--release", "-p", package]);
    }
}

fn is_picture(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "svg")
}

/// What is kept of a command.
#[derive(Clone)]
struct Kept {
    path: PathBuf,
    /// The lines above the command, which say how to compare.
    how: Vec<String>,
    command: String,
    printed: String,
    /// The pictures that the command has written, with their names.
    pictures: Vec<(String, String)>,
}

impl Kept {
    fn read(path: PathBuf) -> Result<Self, String> {
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let text = text.replace('\r', "");
        let in_file = |error: &str| format!("{}: {error}", path.display());
        let is_how = |line: &&str| line.starts_with("# ");
        let how: Vec<_> = text.lines().take_while(is_how).map(str::to_owned).collect();
        let text: Vec<_> = text.lines().skip(how.len()).map(str::to_owned).collect();
        for line in &how {
            let is_change = line.starts_with(CHANGED);
            if !is_change && ![ANY_ORDER, MEASURED, LOOSE].contains(&line.as_str()) {
                return Err(in_file(&format!("`{line}` has no meaning")));
            }
        }
        let (command, printed) =
            text.split_first().ok_or_else(|| in_file("it is empty"))?;
        let command = command
            .strip_prefix("$ ")
            .ok_or_else(|| in_file("it has to begin with `$ ` and a command"))?;
        let names = CargoRun::parse(command).map_err(|error| in_file(&error))?.arguments;
        let pictures = names.into_iter().filter(|word| is_picture(word)).map(|name| {
            // Where there is none yet, it differs from every picture.
            let kept = fs::read_to_string(path.with_file_name(name)).unwrap_or_default();
            (name.to_owned(), kept)
        });
        let pictures = pictures.collect();
        let (command, printed) = (command.to_owned(), printed.join("\n"));
        Ok(Self { path, how, command, printed, pictures })
    }

    /// Runs the command in an empty folder.
    fn run(&self) -> Result<Self, String> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("outputs");
        let _ = fs::remove_dir_all(&folder);
        let folder = folder.join("here");
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;

        let run = CargoRun::parse(&self.command)?;
        let printed = match self.change() {
            None => print(&mut program(&run, &folder)?, &folder, &[0, 1])?,
            Some(change) => self.print_changed(change, &folder)?,
        };
        let pictures = self.pictures.iter().map(|(name, _)| {
            let text = fs::read_to_string(folder.join(name));
            Ok((name.clone(), text.map_err(|error| format!("{name}: {error}"))?))
        });
        let pictures = pictures.collect::<Result<_, String>>()?;
        Ok(Self { printed, pictures, ..self.clone() })
    }

    fn change(&self) -> Option<&str> {
        self.how.iter().find_map(|line| line.strip_prefix(CHANGED))
    }

    /// What cargo prints when the command runs in a copy of the workspace with a change.
    /// Cargo gets the same target folder, so that only our own crates are built again.
    /// The compiler has to refuse the change, or a changed program would stay in that
    /// folder.
    fn print_changed(&self, change: &str, folder: &Path) -> Result<String, String> {
        let copy = tempfile::tempdir().map_err(|error| error.to_string())?;
        copy_sources(&flags_book::root(), copy.path())
            .map_err(|error| format!("the sources cannot be copied: {error}"))?;
        apply(change, copy.path())?;
        let arguments = self.command.split_whitespace().skip(1);
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(arguments)
            .current_dir(copy.path())
            .env("CARGO_TARGET_DIR", target_folder()?)
            .env("CARGO_TERM_COLOR", "never");
        // 101 is what cargo ends with when the compiler refuses.
        let printed = print(&mut cargo, folder, &[101])?;
        // The reader's cargo does not say from which temporary folder it builds.
        let is_told = |line: &&str| !line.trim_start().starts_with("Compiling ");
        Ok(printed.lines().filter(is_told).collect::<Vec<_>>().join("\n"))
    }

    fn differs(&self, fresh: &Self) -> bool {
        let mut differs = false;
        let is_loose = self.how.iter().any(|line| line == LOOSE);
        let alike = |kept: &str, fresh: &str| {
            if is_loose { mostly_alike(kept, fresh) } else { kept == fresh }
        };
        let mut compare = |what: &str, kept: String, fresh: String| {
            if !alike(&kept, &fresh) {
                println!("{what} was\n{kept}\nand is\n{fresh}");
                differs = true;
            }
        };
        let normalised = |text| normalised_output(text, &self.how);
        compare("the output", normalised(&self.printed), normalised(&fresh.printed));
        for ((name, kept), (_, fresh)) in self.pictures.iter().zip(&fresh.pictures) {
            compare(name, normalised_picture(kept), normalised_picture(fresh));
        }
        differs
    }

    fn write(&self) {
        let command = format!("$ {}", self.command);
        let lines = self.how.iter().chain([&command, &self.printed]);
        let text = lines.map(String::as_str).collect::<Vec<_>>().join("\n") + "\n";
        fs::write(&self.path, text).unwrap();
        for (name, picture) in &self.pictures {
            fs::write(self.path.with_file_name(name), picture).unwrap();
        }
    }
}

fn copy_sources(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, path) = (entry.file_name(), entry.path());
        if path.is_dir() {
            if name != "target" && name != ".git" {
                copy_sources(&path, &to.join(name))?;
            }
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// Makes a change `FILE: OLD => NEW` of which there has to be one place.
fn apply(change: &str, root: &Path) -> Result<(), String> {
    let parts = change.split_once(": ").and_then(|(file, change)| {
        let (old, new) = change.split_once(" => ")?;
        Some((file, old, new))
    });
    let (file, old, new) =
        parts.ok_or_else(|| format!("`{change}` is not `FILE: OLD => NEW`"))?;
    let in_file = |error: io::Error| format!("{file}: {error}");
    let source = fs::read_to_string(root.join(file)).map_err(in_file)?;
    match source.matches(old).count() {
        1 => fs::write(root.join(file), source.replace(old, new)).map_err(in_file),
        count => Err(format!("{file} has `{old}` {count} times, and not once")),
    }
}

fn target_folder() -> Result<PathBuf, String> {
    let test = env::current_exe().map_err(|error| error.to_string())?;
    let folder = test.ancestors().nth(3).ok_or("the test is in no target folder")?;
    Ok(folder.to_owned())
}

/// The program of a command, as cargo has built it.
fn program(run: &CargoRun, folder: &Path) -> Result<Command, String> {
    let profile = if run.is_release { "release" } else { "debug" };
    let program = target_folder()?
        .join(profile)
        .join(run.program)
        .with_extension(env::consts::EXE_EXTENSION);
    let mut command = Command::new(program);
    command.args(&run.arguments).current_dir(folder);
    // What a reader has not set, most likely.
    for variable in ["FLAGS_SERVER", "RUST_BACKTRACE"] {
        command.env_remove(variable);
    }
    Ok(command)
}

/// What a command prints on a screen: both its streams, as they come. It may end with one
/// of these statuses.
fn print(command: &mut Command, folder: &Path, ends: &[i32]) -> Result<String, String> {
    // The two streams share the file, and the place in it where the next line goes.
    let path = folder.with_file_name("printed");
    let file = File::create(&path).map_err(|error| error.to_string())?;
    let also = file.try_clone().map_err(|error| error.to_string())?;
    let program = Path::new(command.get_program()).to_owned();
    let mut process = command
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(also)
        .spawn()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = process.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        if started.elapsed() > LIMIT {
            let _ = process.kill();
            let _ = process.wait();
            return Err(format!("it has not ended after {LIMIT:?}"));
        }
        thread::sleep(Duration::from_millis(20));
    };
    let printed = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    // 1 is an answer: a flag was not downloaded, perhaps. 2 is a wrong command line.
    if !status.code().is_some_and(|code| ends.contains(&code)) {
        return Err(format!("it ended with {status}\n{printed}"));
    }
    let lines = as_on_a_screen(&printed);
    let lines = lines.lines().map(str::trim_end);
    Ok(lines.collect::<Vec<_>>().join("\n").trim_end().to_owned())
}

/// On a screen the downloaders end a line of codes before they report an error. Here
/// their streams go to a file, so that they cannot know that both end up in one place.
fn as_on_a_screen(printed: &str) -> String {
    let collision = Regex::new(
        r"^((?:[A-Z]{2} )*[A-Z]{2})([A-Z]{2} (?:HTTP status|timed out|not found).*)$",
    )
    .unwrap();
    // The HTTP of a status is no code.
    let error = Regex::new(r"^[A-Z]{2} HTTP ").unwrap();
    let is_collision = |line: &&str| !error.is_match(line) && collision.is_match(line);
    let Some(line) = printed.lines().find(is_collision) else {
        return printed.to_owned();
    };
    let printed = printed.replacen(line, &collision.replace(line, "$1\n$2"), 1);
    // What was left of the line of codes is a space and more of them, or its end alone.
    let rest = Regex::new(r"(?m)^ ([A-Z]{2}( [A-Z]{2})*)$|^\n").unwrap();
    rest.replacen(&printed, 1, "$1").into_owned()
}

fn replace(text: &str, rules: &[(&str, &str)]) -> String {
    rules.iter().fold(text.to_owned(), |text, (pattern, with)| {
        Regex::new(pattern).unwrap().replace_all(&text, *with).into_owned()
    })
}

/// What is left of an output when all that differs from run to run is alike: times and
/// other measurements, ports, the length of bars, and the order in which flags arrive.
fn normalised_output(text: &str, how: &[String]) -> String {
    let rules = [
        (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        (r"\b\d[\d,]*(\.\d+)? ?(ns|µs|ms|s|minutes|hours|days|years)\b", "TIME"),
        (r"\b\d[\d,]*(\.\d+)? (B|KB|MB|GB)\b", "SIZE"),
        (r"\b\d+\.\d+", "DECIMAL"),
        (r"[░█▏▎▍▌▋▊▉]+|[─━]{2,}", "BAR"),
        // Whether a share is large enough to be told, too.
        (
            r"((\d+|DECIMAL) % (waiting for the site|for a turn|work|idle)(, )?)+",
            "SHARES",
        ),
        // A short wait may be no cell long.
        (r"(BAR)? ?×", " ×"),
        // Where the compiler finds the standard library.
        (r"/rustc/\S+", "STANDARD LIBRARY"),
        // A heart that beats, with a mark for each time.
        (r"\|{2,}", "BEATS"),
        (r"\.{4,}", "GAP"),
        (r"[ \t]+", " "),
        (r"(\|TIME ?)+", "AXIS"),
        // How many of the two threads that may save a flag had to.
        (r"\b[12] saved\b", "SOME saved"),
        (r"\b[12] to save\b", "SOME to save"),
        // So there are rows for one or for two of them.
        (r"(?m)^(\s*\d+ BAR\n)+", "THREADS\n"),
        // Which of two sites was the first.
        (r"(?m)^[A-Z]{2} [AB] (answered|given up)", "CC SITE $1"),
    ];
    let text = replace(text, &rules);
    let codes = Regex::new(r"(?m)^[A-Z]{2}( [A-Z]{2})+$").unwrap();
    let sorted = |line: &Captures| {
        let mut codes: Vec<&str> = line[0].split(' ').collect();
        codes.sort_unstable();
        codes.join(" ")
    };
    let text = codes.replace_all(&text, sorted).into_owned();
    let is = |line: &str| how.iter().any(|how| how == line);
    let text =
        if is(MEASURED) { replace(&text, &[(r"\d[\d,]*", "NUMBER")]) } else { text };
    let mut lines: Vec<&str> = text.lines().collect();
    if is(ANY_ORDER) {
        lines.sort_unstable();
    }
    lines.join("\n")
}

/// Whether most of the kinds of lines of either are in both, however many there are of
/// each.
fn mostly_alike(one: &str, other: &str) -> bool {
    let one: BTreeSet<&str> = one.lines().collect();
    let other: BTreeSet<&str> = other.lines().collect();
    2 * one.intersection(&other).count() > one.len().max(other.len())
}

/// What is left of a picture: its kinds of lines, without numbers. How many there are of
/// each depends on how long the run has taken.
fn normalised_picture(svg: &str) -> String {
    let rules = [
        (r#" d="[^"]*""#, " d=PATH"),
        (r"\d[\d,]*(\.\d+)?( (ns|µs|ms|s)\b)?", "NUMBER"),
        (r"\b[A-Z]{2}\b", "CC"),
    ];
    let svg = replace(svg, &rules);
    let lines: BTreeSet<&str> = svg.lines().map(str::trim).collect();
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

#[test]
fn what_differs_in_every_run_is_no_difference() {
    for (one, other) in [
        ("20 flags downloaded in 7.24s", "20 flags downloaded in 7.31s"),
        (
            "BOOK site: http://127.0.0.1:46213/flags",
            "BOOK site: http://127.0.0.1:8/flags",
        ),
        ("BR CN IN", "IN BR CN"),
        ("FR 1   ░░░█", "FR 1 ░█"),
        ("a pool ███▌", "a pool ██▏"),
        ("bcrypt |||.....|||", "bcrypt ||.........||||"),
        ("|0.0 s   |0.2 s", "|0.0 s |0.5 s  |1.0 s"),
        ("9.46 MB 700 KB", "10.2 MB   1 KB"),
        ("5.6 in flight on average", "5.4 in flight on average"),
        (
            "20 × 1.40 s: 29 % waiting for the site, 0.4 % work, 71 % idle",
            "20 × 1.34 s: 28 % waiting for the site, 7 % for a turn, 4 % work, 61 % idle",
        ),
        (
            "1 thread and 1 to save · CPU 43 ms of 1.40 s\n   1 ━─━━━\n   2 ━──━━\nend",
            "1 thread and 2 to save · CPU 2 ms of 1 s\n 1 ──\n 2 ──\n 3 ━━\nend",
        ),
        ("Other threads: 1 saved", "Other threads: 2 saved"),
        ("CN   A   given up after 1 ms", "IN  B  given up after 2 ms"),
    ] {
        assert_eq!(normalised_output(one, &[]), normalised_output(other, &[]));
    }
    let how = [ANY_ORDER.to_owned(), MEASURED.to_owned()];
    assert_eq!(normalised_output("a 1\nb 2", &how), normalised_output("b 3\na 4", &how));
    assert_eq!(
        normalised_picture("<rect x=\"1\"/>\n<text>BR: 1 ms</text>"),
        normalised_picture("<rect x=\"2.5\"/>\n<rect x=\"3\"/>\n<text>CN: 2.5 s</text>")
    );
}

#[test]
fn an_error_begins_a_line_of_its_own() {
    for (printed, on_a_screen) in [
        ("BR CN\n2 flags\n", "BR CN\n2 flags\n"),
        ("BOOK site: http://a\n\nb", "BOOK site: http://a\n\nb"),
        ("BR OK\nCN HTTP status 418: a\n\nb", "BR OK\nCN HTTP status 418: a\n\nb"),
        ("BR CNID HTTP status 418: a\n\nb", "BR CN\nID HTTP status 418: a\nb"),
        (
            "BR CNID timed out: a\nIN timed out: b\n\n2 flags\n",
            "BR CN\nID timed out: a\nIN timed out: b\n2 flags\n",
        ),
        ("BRCN timed out: a\n ID IN\n3 flags\n", "BR\nCN timed out: a\nID IN\n3 flags\n"),
    ] {
        assert_eq!(as_on_a_screen(printed), on_a_screen);
    }
}

#[test]
fn a_change_is_made_in_one_place_or_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.rs");
    fs::write(&file, "spawn(move || b); move").unwrap();
    apply("a.rs: (move || => (||", folder.path()).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "spawn(|| b); move");
    fs::write(&file, "one one").unwrap();
    for (change, cause) in [
        ("a.rs: two => three", "`two` 0 times"),
        ("a.rs: one => three", "`one` 2 times"),
        ("b.rs: one => two", "b.rs: "),
        ("a.rs: one", "is not `FILE: OLD => NEW`"),
    ] {
        let error = apply(change, folder.path()).unwrap_err();
        assert!(error.contains(cause), "{error}");
    }
}

#[test]
fn what_a_program_says_otherwise_is_a_difference() {
    for (one, other) in [
        ("20 flags downloaded in 7.24s", "19 flags downloaded in 7.24s"),
        ("20 flags downloaded in 7.24s", "20 flags got in 7.24s"),
        ("BR CN IN", "BR CN"),
        ("a\nb", "b\na"),
        ("5 threads", "6 threads"),
    ] {
        assert_ne!(normalised_output(one, &[]), normalised_output(other, &[]));
    }
    assert!(mostly_alike("a\nb\nc", "a\nc\na\nd"));
    assert!(!mostly_alike("a\nb\nc\nd", "a\nb\ne\nf"));
    assert_ne!(
        normalised_picture("<rect/>\n<text>waiting</text>"),
        normalised_picture("<rect/>\n<text>sleeping</text>")
    );
}
