//! Downloading with the loop.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::{ANSWER, after, site, site_after};
use crate::exercise::{Exercise, Verdict};
use crate::program::Program;
use crate::sentence;

pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("together1", a_stream_of_five),
    Exercise::new("together2", one_panic),
    Exercise::new("together3", async_client),
    Exercise::new("together4", done_and_pending),
];

/// An answer that comes while others take long.
const QUICK: Duration = Duration::from_millis(100);

fn a_stream_of_five(program: &Program) -> Verdict {
    let is_first = AtomicBool::new(true);
    // The other 19 take five rounds of `QUICK` in the four places that are left.
    let site = site(move |_| {
        after(if is_first.swap(false, Ordering::Relaxed) { QUICK * 7 } else { QUICK })
    })?;
    let run = program.on(&site).run()?;
    run.expect_flags(20)?;
    run.expect_in_flight(5)?;
    let first_ended = run.requests[0].end.map(|end| end.at);
    let meanwhile = |came| first_ended.is_none_or(|ended| came < ended);
    match run.requests.iter().filter(|request| meanwhile(request.came)).count() {
        asked @ 0..=5 => Err(sentence!(
            "While the first flag took long, {asked} flags were asked for in all. As \
             soon as any of the 5 is done, the next one should begin.",
            "첫 국기가 오래 걸리는 동안 요청한 국기는 모두 {asked}개뿐입니다. 다섯 가운데 \
             어느 것이든 끝나면 바로 다음 것이 시작되어야 합니다."
        )),
        asked => Ok(sentence!(
            "5 in flight at most, and while the first flag took long, {asked} were asked \
             for in all.",
            "응답 대기 중인 요청은 최대 5개였고, 첫 국기가 오래 걸리는 동안 모두 \
             {asked}개를 요청했습니다."
        )),
    }
}

fn one_panic(program: &Program) -> Verdict {
    // The panic comes while all other flags are pending.
    let site =
        site(|asked| after(if asked.path.contains("/eg/") { QUICK } else { QUICK * 4 }))?;
    let run = program.on(&site).run()?;
    let saved = run.saved();
    if saved.len() != 19 || saved.iter().any(|code| code.to_string() == "EG") {
        let saved = saved.len();
        return Err(sentence!(
            "Flags saved whole: {saved}. It should be 19: all but EG.",
            "온전하게 저장된 국기는 {saved}개입니다. EG를 뺀 19개여야 합니다."
        ));
    }
    // Not the line that Rust itself prints for each panic, which names no flag.
    let is_told = |line: &str| line.starts_with("EG ") && line.contains("panicked");
    if !run.stderr.lines().any(is_told) {
        return Err(sentence!(
            "19 flags were saved, and no line of `job.report` says that EG panicked.",
            "국기 19개가 저장되었지만, EG가 패닉했다고 `job.report`로 알린 줄이 없습니다."
        ));
    }
    run.expect_in_flight(20)?;
    Ok(sentence!(
        "19 flags were saved, and the panic of EG was told.",
        "국기 19개가 저장되었고, EG의 패닉도 알렸습니다."
    ))
}

fn async_client(program: &Program) -> Verdict {
    let site = site_after(ANSWER)?;
    let run = program.on(&site).run()?;
    run.expect_flags(10)?;
    run.expect_in_flight(10)?;
    match run.threads() {
        0 => Err(sentence!(
            "10 in flight at once, but they do not say which thread has sent them, as \
             those of `reqwest_client` do.",
            "요청 10개가 동시에 응답을 기다렸지만, 어느 스레드가 보냈는지 알 수 \
             없습니다. `reqwest_client`로 보낸 요청이라면 알 수 있습니다."
        )),
        1 => Ok(sentence!(
            "10 in flight at once, and one thread has sent them all.",
            "요청 10개가 동시에 응답을 기다렸고, 모두 스레드 하나가 보냈습니다."
        )),
        threads => Err(sentence!(
            "10 in flight at once, and {threads} threads have sent them. It should be \
             the one thread of the event loop.",
            "요청 10개가 동시에 응답을 기다렸지만, 스레드 {threads}개가 보냈습니다. \
             이벤트 루프의 스레드 하나여야 합니다."
        )),
    }
}

fn done_and_pending(program: &Program) -> Verdict {
    // By chance, so that no program can know them: 4 to 12, and not the 13 of the task.
    let chance = RandomState::new().hash_one(()) % 9;
    let quick = 4 + usize::try_from(chance).expect("it is less than 9");
    let came = AtomicUsize::new(0);
    let site = site(move |_| {
        // Who counts the 500 ms from the last flag hears of the next one before they are
        // over.
        let number = came.fetch_add(1, Ordering::Relaxed) + 1;
        after(match number {
            _ if number < quick => Duration::ZERO,
            _ if number == quick => QUICK * 3,
            _ if number == quick + 1 => QUICK * 7,
            _ => QUICK * 10,
        })
    })?;
    let run = program.on(&site).run()?;
    let mut lines = run.stdout.lines().filter(|line| line.contains("pending"));
    let Some(first) = lines.next().map(str::trim) else {
        run.expect_success()?;
        return Err(sentence!(
            "It has printed no line with \"pending\".",
            "\"pending\"이 있는 줄을 출력하지 않았습니다."
        ));
    };
    let pending = 20 - quick;
    if first != format!("{quick} done, {pending} pending") {
        return Err(sentence!(
            "Its first line with \"pending\" is \"{first}\". 500 ms after the beginning \
             it should be \"{quick} done, {pending} pending\".",
            "\"pending\"이 있는 첫 줄이 \"{first}\"입니다. 시작하고 500밀리초 뒤에 \
             \"{quick} done, {pending} pending\"이어야 합니다."
        ));
    }
    let (given_up, asked) = (run.given_up(), run.requests.len());
    if given_up > 0 {
        return Err(sentence!(
            "{given_up} of the {asked} requests were given up. What is pending should go \
             on, and be waited for.",
            "요청 {asked}개 가운데 {given_up}개를 도중에 포기했습니다. 대기 중인 것은 \
             계속 진행하고 끝까지 기다려야 합니다."
        ));
    }
    if asked > 20 {
        return Err(sentence!(
            "There were {asked} requests for 20 flags. What is pending is on its way \
             already, and need not be asked for again.",
            "국기 20개에 요청이 {asked}개였습니다. 대기 중인 것은 이미 오고 있으니 다시 \
             요청하지 않아도 됩니다."
        ));
    }
    run.expect_flags(20)?;
    match lines.next_back().map_or("–", str::trim) {
        "20 done, 0 pending" => Ok(sentence!(
            "{quick} were done after 500 ms, {pending} were pending, and none was given \
             up.",
            "500밀리초 뒤에 {quick}개가 끝났고 {pending}개가 대기 중이었으며, 포기한 것은 \
             없습니다."
        )),
        last => Err(sentence!(
            "Its last line with \"pending\" is \"{last}\", and it should be \"20 done, 0 \
             pending\".",
            "\"pending\"이 있는 마지막 줄이 \"{last}\"입니다. \"20 done, 0 pending\"이어야 \
             합니다."
        )),
    }
}
