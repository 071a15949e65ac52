//! A whole class at once, and the page still moves.

use std::time::{Duration, Instant};

use flags_server::{CountryCode, countries};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::site::{Downloads, Site};

/// How many students, each with a run of its own.
pub(crate) const STUDENTS: usize = 30;
/// How many flags each of them downloads, as with `--all`.
const FLAGS: usize = 194;

/// Starts what a class of `STUDENTS` does at once: a third of them downloads all flags
/// at the same time, the others 30 at a time, as many as the pool has threads.
pub(crate) fn class(site: &Site) -> Vec<Downloads> {
    let codes: Vec<String> = CountryCode::every()
        .filter(|&code| countries::find(code).is_some())
        .map(|code| code.to_string())
        .take(FLAGS)
        .collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    (0..STUDENTS)
        .map(|student| {
            let (program, workers) = match student % 3 {
                0 => ("flags-async", FLAGS),
                _ => ("flags-threadpool", 30),
            };
            let agent = format!("{program}/0.1.0 (run 0000{student:02})");
            site.download(&agent, &codes, workers)
        })
        .collect()
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn thirty_students_with_three_pages_open() {
    let site = Site::start("--port 0 --latency exp:200ms");
    let browser = Browser::open(&site.page()).await;
    let mut windows = vec![browser.client.window().await.unwrap()];
    for _ in 0..2 {
        let window = browser.client.new_window(false).await.unwrap().handle;
        browser.client.switch_to_window(window.clone()).await.unwrap();
        browser.resize(1280, 720, 1).await;
        browser.goto(&site.page()).await;
        windows.push(window);
    }
    for window in &windows {
        browser.client.switch_to_window(window.clone()).await.unwrap();
        browser
            .js("window.frames = [];
                 const note = (time) => {
                     window.frames.push(time);
                     requestAnimationFrame(note);
                 };
                 requestAnimationFrame(note);")
            .await;
    }

    let started = Instant::now();
    for downloads in class(&site) {
        let statuses = downloads.wait();
        assert_eq!(statuses.len(), FLAGS);
        assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    }
    let took = started.elapsed();
    println!("{STUDENTS} runs of {FLAGS} flags within {took:.1?}");

    for window in &windows {
        browser.client.switch_to_window(window.clone()).await.unwrap();
        let frames = browser.js("return window.frames.slice()").await;
        browser.wait_for_finished(STUDENTS).await;
        let (rate, longest) = frame_rate(&frames, took);
        let heap = browser.tell("Runtime.getHeapUsage", &json!({}));
        let heap = heap["usedSize"].as_f64().unwrap() / 1e6;
        println!(
            "{rate:.0} frames a second, the longest {longest:.0} ms, heap {heap:.1} MB"
        );
        // It is to be above 30, and is 60 where the computer has the time. Less than a
        // tenth of that is no matter of the computer.
        assert!(rate > 3.0, "{rate}");
        assert!(heap < 300.0, "{heap}");
    }
    #[cfg(target_os = "linux")]
    for memory in memory::of_pages(browser.driver_process()) {
        println!("a page takes {memory} MB");
        assert!(memory < 300);
    }
}

/// Frames in a second on average over the last `took`, and the longest in milliseconds.
fn frame_rate(frames: &Value, took: Duration) -> (f64, f64) {
    let frames: Vec<f64> =
        frames.as_array().unwrap().iter().map(|time| time.as_f64().unwrap()).collect();
    let end = frames.last().unwrap();
    let begin = end - took.as_secs_f64() * 1000.0;
    let frames: Vec<f64> = frames.into_iter().filter(|time| *time > begin).collect();
    let longest = frames.windows(2).map(|two| two[1] - two[0]).fold(0.0, f64::max);
    let passed = frames.last().unwrap() - frames.first().unwrap();
    #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
    let rate = (frames.len() - 1) as f64 / (passed / 1000.0);
    (rate, longest)
}

#[cfg(target_os = "linux")]
mod memory {
    use std::fs;

    /// The memory of each process that renders a page, in megabytes. Shared pages are
    /// counted in shares (PSS).
    pub(crate) fn of_pages(driver: u32) -> Vec<u64> {
        let processes: Vec<(u32, u32)> = fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
            .filter_map(|process| Some((process, parent(process)?)))
            .collect();
        let is_ours = |mut process| {
            while let Some((_, parent)) = processes.iter().find(|(it, _)| *it == process)
            {
                if *parent == driver {
                    return true;
                }
                process = *parent;
            }
            false
        };
        let renders = |process| {
            let command =
                fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&command).contains("--type=renderer")
        };
        processes
            .iter()
            .filter(|(process, _)| is_ours(*process) && renders(*process))
            .filter_map(|(process, _)| share_of_memory(*process))
            .collect()
    }

    /// A process may end at any time; then nothing is said of it.
    fn parent(process: u32) -> Option<u32> {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
    }

    fn share_of_memory(process: u32) -> Option<u64> {
        let file = format!("/proc/{process}/smaps_rollup");
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kilobytes / 1000)
    }
}
