//! Threads and ownership.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use flags_server::WatchedServer;

use super::{ANSWER, PATIENCE, after, answer, site};
use crate::exercise::{Exercise, Verdict};
use crate::program::Program;
use crate::run::Run;
use crate::sentence;
use crate::sentence::Sentence;
use crate::slow_motion::{ATOMIC, MUTEX};

pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("threads1", all_at_once),
    Exercise::new("threads2", nothing_is_lost_by_locks),
    Exercise::new("threads3", nothing_is_lost_by_atomics),
];

/// A site that leaves 20 threads the time to ask together, on a busy machine too, and yet
/// is soon done with who asks for one flag after another.
fn site_for_many() -> Result<WatchedServer, Sentence> {
    let was_asked = AtomicBool::new(false);
    site(move |asked| {
        let is_first = !was_asked.swap(true, Ordering::Relaxed);
        let is_alone = asked.in_flight == 1 && !is_first;
        after(Duration::from_millis(if is_alone { 50 } else { 500 }))
    })
}

fn all_at_once(program: &Program) -> Verdict {
    let with_all = site_for_many()?;
    let run = program.on(&with_all).limit(PATIENCE).run()?;
    let says_20 = run.stdout.contains("20 flags downloaded");
    let saved = run.saved().len();
    if says_20 && saved < 20 {
        return Err(sentence!(
            "It says that 20 flags were downloaded, and {saved} of them are saved. Does \
             it end before its threads do?",
            "국기 20개를 받았다고 하는데, 저장된 것은 {saved}개입니다. 스레드보다 프로그램이 \
             먼저 끝나지는 않나요?"
        ));
    }
    run.expect_flags(20)?;
    run.expect_in_flight(20)?;
    if !says_20 {
        let result = result_in(&run);
        return Err(sentence!(
            "20 flags are saved, and it says: {result}. A thread gives its result to who \
             joins it.",
            "국기 20개가 저장되었는데, 프로그램이 남긴 말은 이렇습니다: {result}. 스레드의 \
             결과는 `join`하는 쪽이 받습니다."
        ));
    }
    // A number that is written down is right for 20 flags only, and that of the threads
    // only where none of them fails.
    let without_br = site(|asked| answer(ANSWER, asked.path == "/flags/br/br.gif"))?;
    let some =
        program.on(&without_br).arguments(["--limit", "7"]).limit(PATIENCE).run()?;
    let saved = some.saved().len();
    if saved != 6 || !some.stdout.contains("6 flags downloaded") {
        let result = result_in(&some);
        return Err(sentence!(
            "With --limit 7 and an error in place of BR, 6 flags should be saved and \
             counted. Saved: {saved}, and it says: {result}. Count the threads that have \
             returned Ok(()).",
            "--limit 7로 실행하고 BR 대신 에러로 응답하면, 국기 6개를 저장하고 세어야 \
             합니다. 저장된 것은 {saved}개이고, 프로그램이 남긴 말은 이렇습니다: \
             {result}. Ok(())를 돌려준 스레드를 세어 보세요."
        ));
    }
    Ok(sentence!(
        "It had 20 in flight at most, and counted 20 flags.",
        "응답 대기 중인 요청은 최대 20개였고, 국기 20개를 세었습니다."
    ))
}

/// What a program says at its end.
fn result_in(run: &Run) -> &str {
    run.stdout.lines().find(|line| line.contains("downloaded")).unwrap_or("-")
}

fn nothing_is_lost_by_locks(program: &Program) -> Verdict {
    nothing_is_lost(program, MUTEX, "Mutex")
}

fn nothing_is_lost_by_atomics(program: &Program) -> Verdict {
    nothing_is_lost(program, ATOMIC, "AtomicUsize")
}

/// That no byte is lost with this type of `slow_motion`, which tells this fact.
fn nothing_is_lost(program: &Program, fact: &str, name: &str) -> Verdict {
    let all = counts_bytes(program, 20, fact, name)?;
    let some = counts_bytes(program, 7, fact, name)?;
    Ok(sentence!(
        "All threads waited at once, and no byte was lost: 20 flags have {all} bytes, \
         and 7 of them {some}.",
        "모든 스레드가 동시에 기다렸고, 한 바이트도 잃지 않았습니다. 국기 20개는 \
         {all}바이트, 그 가운데 7개는 {some}바이트입니다."
    ))
}

/// That so many flags were downloaded at once, and their bytes counted. How many these
/// are.
fn counts_bytes(
    program: &Program,
    flags: usize,
    fact: &str,
    name: &str,
) -> Result<usize, Sentence> {
    let site = site_for_many()?;
    let start = program.on(&site).arguments(["--limit", &flags.to_string()]);
    let run = start.limit(PATIENCE).run()?;
    run.expect_flags(flags)?;
    let bytes = run.bytes_saved();
    let mut told = run.stdout.lines().filter_map(|line| line.strip_suffix(" bytes"));
    match told.next().and_then(|told| told.parse::<usize>().ok()) {
        Some(told) if told == bytes => {}
        Some(told) => {
            return Err(sentence!(
                "It counted {told} bytes, and the {flags} flags have {bytes}.",
                "프로그램이 센 것은 {told}바이트이고, 국기 {flags}개는 {bytes}바이트입니다."
            ));
        }
        None => {
            return Err(sentence!(
                "It does not print the total, as in `{bytes} bytes`.",
                "`{bytes} bytes`처럼 합계를 출력하지 않습니다."
            ));
        }
    }
    run.expect_in_flight(flags)?;
    if run.fact(fact).is_none() {
        return Err(sentence!(
            "The total is not in the {name} of exercises::slow_motion any more: at full \
             speed, bytes may be lost without being seen here.",
            "합계가 exercises::slow_motion의 {name} 안에 있지 않습니다. 제 속도로 \
             실행하면 바이트가 사라져도 여기서 보이지 않을 수 있습니다."
        ));
    }
    Ok(bytes)
}
