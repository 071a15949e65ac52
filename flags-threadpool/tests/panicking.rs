//! What becomes of a download that panics: it is named, counted, and ends in status 1,
//! and all others are downloaded where they do not wait in the same thread.
//!
//! No lesson panics, so this program is its own: it runs itself, with another function in
//! the place of `download_many`. For that it needs a `main` of its own.

#[path = "../../flags-common/tests/limit/mod.rs"]
mod limit;

use std::collections::VecDeque;
use std::path::Path;
use std::process::{Command, ExitCode, Output};
use std::{env, fs, thread};

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use flags_threadpool::{FutureError, SimplePool, ThreadPoolExecutor};
use ureq::Agent;

use self::limit::Limit;

/// Tells the program that it is to download, and how.
const STYLE: &str = "STYLE_OF_THE_TEST";

fn download_one(agent: &Agent, flag: &Flag) -> Result<(), FlagError> {
    let image = read_image(flag, agent.get(flag.url()).call()?)?;
    assert_ne!(flag.code().to_string(), "CN", "there is no red left");
    save_flag(flag, &image)?;
    show(flag);
    Ok(())
}

fn with_a_pool(job: &Job) -> usize {
    let agent = ureq_agent(job);
    let executor = ThreadPoolExecutor::new(job.concurrency());
    let results = executor.map(move |flag| download_one(&agent, &flag), job.flags());
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result {
            Ok(Ok(())) => count += 1,
            Ok(Err(error)) => job.report(code, &error),
            Err(panicked) => job.report(code, &panicked),
        }
    }
    count
}

fn with_a_simple_pool(job: &Job) -> usize {
    let agent = ureq_agent(job);
    let executor = SimplePool::new(job.concurrency());
    let results = executor.map(move |flag| download_one(&agent, &flag), job.flags());
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result {
            Ok(Ok(())) => count += 1,
            Ok(Err(error)) => job.report(code, &error),
            Err(panicked) => job.report(code, &panicked),
        }
    }
    count
}

fn in_a_scope(job: &Job) -> usize {
    let agent = &ureq_agent(job);
    thread::scope(|scope| {
        let mut threads = job.flags().map(|flag| {
            let code = flag.code();
            (code, scope.spawn(move || download_one(agent, &flag)))
        });
        let mut running: VecDeque<_> = threads.by_ref().take(job.concurrency()).collect();
        let mut count = 0;
        while let Some((code, thread)) = running.pop_front() {
            match thread.join() {
                Ok(Ok(())) => count += 1,
                Ok(Err(error)) => job.report(code, &error),
                Err(panicked) => job.report(code, &FutureError::from(panicked)),
            }
            running.extend(threads.next());
        }
        count
    })
}

fn one_after_another(job: &Job) -> usize {
    let agent = ureq_agent(job);
    job.flags().filter(|flag| download_one(&agent, flag).is_ok()).count()
}

fn main() -> ExitCode {
    match env::var(STYLE).as_deref() {
        Ok("pool") => return flags_common::main(with_a_pool, 1),
        Ok("simple pool") => return flags_common::main(with_a_simple_pool, 1),
        Ok("scope") => return flags_common::main(in_a_scope, 1),
        Ok(_) => return flags_common::main(one_after_another, 1),
        Err(_) => {}
    }
    for style in ["pool", "scope"] {
        the_others_are_downloaded(style);
    }
    in_a_simple_pool_the_thread_is_gone();
    without_a_thread_it_is_the_end();
    println!("4 passed, 0 failed");
    ExitCode::SUCCESS
}

fn the_others_are_downloaded(style: &str) {
    let (output, files) = download(style);
    let (stdout, stderr) = texts(&output);
    assert!(stderr.contains("\nCN panicked: "), "{stderr}");
    assert!(stderr.contains("there is no red left"), "{stderr}");
    assert!(stderr.contains("/flags/cn/cn.gif\n"), "{stderr}");
    assert!(stdout.starts_with("BR ID\n2 flags downloaded in "), "{stdout}");
    assert!(stdout.ends_with("\n1 error\n"), "{stdout}");
    assert_eq!(files, ["BR.gif", "ID.gif"]);
    assert_eq!(output.status.code(), Some(1));
}

fn in_a_simple_pool_the_thread_is_gone() {
    let (output, files) = download("simple pool");
    let (stdout, stderr) = texts(&output);
    // It was the only one, so that there is nobody who could download the third.
    assert!(stderr.contains("\nCN lost by a panic: "), "{stderr}");
    assert!(stderr.contains("\nID lost by a panic: "), "{stderr}");
    assert!(stdout.starts_with("BR\n1 flag downloaded in "), "{stdout}");
    assert!(stdout.ends_with("\n2 errors\n"), "{stdout}");
    assert_eq!(files, ["BR.gif"]);
    assert_eq!(output.status.code(), Some(1));
}

fn without_a_thread_it_is_the_end() {
    let (output, files) = download("sequence");
    let (stdout, stderr) = texts(&output);
    assert!(stderr.contains("\nCN abandoned: "), "{stderr}");
    assert!(
        stderr.ends_with("ended by a panic before 1 of 3 flags were done\n"),
        "{stderr}"
    );
    assert!(stdout.starts_with("BR\n1 flag downloaded in "), "{stdout}");
    assert!(stdout.ends_with("\n1 error\n"), "{stdout}");
    assert_eq!(files, ["BR.gif"]);
    assert_eq!(output.status.code(), Some(1));
}

/// Lets this program download three flags from the embedded site, the second of which
/// panics. Returns what it printed, and the names of the files it has left.
fn download(style: &str) -> (Output, Vec<String>) {
    let folder = tempfile::tempdir().expect("there is room");
    let _limit = Limit::start();
    let output = Command::new(env::current_exe().expect("it runs"))
        .args(["-s", "LOCAL", "br", "cn", "id"])
        .env(STYLE, style)
        .current_dir(folder.path())
        .output()
        .expect("it starts");
    (output, names(&folder.path().join("downloads")))
}

fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).expect("it is there").map(|file| {
        file.expect("it can be read").file_name().to_string_lossy().into_owned()
    });
    let mut names: Vec<_> = files.collect();
    names.sort();
    names
}

fn texts(output: &Output) -> (String, String) {
    let [stdout, stderr] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    (stdout.into_owned(), stderr.into_owned())
}
