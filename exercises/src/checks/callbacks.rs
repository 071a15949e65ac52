//! From callbacks to coroutines.

use std::collections::BTreeSet;
use std::time::Duration;

use flags_server::{CountryCode, countries};

use super::{ANSWER, after, answer, site, site_after};
use crate::exercise::{Exercise, Verdict};
use crate::observe::calls::CALLBACK_THREAD;
use crate::program::Program;
use crate::run::Run;
use crate::sentence;
use crate::sentence::Sentence;

pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("callbacks1", three_by_callbacks),
    Exercise::new("callbacks2", three_by_await),
    Exercise::new("callbacks3", one_thread_for_all),
];

/// What is asked for in a row.
const THREE: [&str; 3] = ["BR", "CN", "FR"];

/// How long the answer to the first of them takes. Who does not wait for it has gone on
/// long before that, on a busy machine too.
const FIRST_ANSWER: Duration = Duration::from_millis(600);

fn three_by_callbacks(program: &Program) -> Verdict {
    let run = expect_three_in_a_row(program)?;
    let call = run.fact("three_in_a_row").and_then(|fact| fact.strip_suffix(" ms"));
    let Some(call) = call.and_then(|call| call.parse().ok()) else {
        return Err(sentence!(
            "`observe::call` has not told how long the call of `three_in_a_row` took.",
            "`three_in_a_row` 호출에 걸린 시간을 `observe::call`이 알려 주지 않았습니다."
        ));
    };
    if Duration::from_millis(call) >= FIRST_ANSWER {
        return Err(sentence!(
            "The call of `three_in_a_row` took {call} ms, in which it waited for \
             answers. It should return before the first one is there.",
            "`three_in_a_row` 호출이 응답을 기다리느라 {call}밀리초나 걸렸습니다. 첫 \
             응답이 오기 전에 돌아와야 합니다."
        ));
    }
    expect_no_step_after_an_error(program)?;
    Ok(sentence!(
        "BR, CN and FR were asked for one after the other, the call returned after \
         {call} ms, and after an error nothing more was asked for.",
        "BR, CN, FR을 하나씩 차례로 요청했고, 호출은 {call}밀리초 만에 돌아왔으며, 에러가 \
         난 뒤에는 더 요청하지 않았습니다."
    ))
}

fn three_by_await(program: &Program) -> Verdict {
    expect_three_in_a_row(program)?;
    expect_no_step_after_an_error(program)?;
    Ok(sentence!(
        "BR, CN and FR were asked for one after the other, and after an error nothing \
         more was asked for.",
        "BR, CN, FR을 하나씩 차례로 요청했고, 에러가 난 뒤에는 더 요청하지 않았습니다."
    ))
}

/// That each of three flags is asked for when the answer before it is there, and that all
/// answers are taken.
fn expect_three_in_a_row(program: &Program) -> Result<Run, Sentence> {
    let site = site(|asked| {
        after(if asked.path.contains("/br/") { FIRST_ANSWER } else { ANSWER })
    })?;
    let run = program.on(&site).run()?;
    run.expect_success()?;
    let most = run.most_in_flight();
    if most > 1 {
        return Err(sentence!(
            "{most} in flight at most. It should be 1: each flag is asked for when the \
             answer before it is there.",
            "응답 대기 중인 요청이 최대 {most}개였습니다. 앞 국기의 응답이 온 다음에 \
             다음 국기를 요청해야 하므로 1개여야 합니다."
        ));
    }
    let asked = codes(&run).join(", ");
    if asked != THREE.join(", ") {
        let asked = if asked.is_empty() { "–" } else { &asked };
        return Err(sentence!(
            "It has asked for {asked}, and it should be BR, CN, FR.",
            "요청한 국기는 차례로 {asked}입니다. BR, CN, FR이어야 합니다."
        ));
    }
    let sizes = THREE.iter().filter_map(|code| countries::find(CountryCode::new(code)?));
    let sizes: Vec<_> =
        sizes.map(|country| format!("{} bytes", country.image.len())).collect();
    let printed =
        run.stdout.lines().map(str::trim).filter(|line| line.ends_with("bytes"));
    let (printed, sizes) = (printed.collect::<Vec<_>>().join(", "), sizes.join(", "));
    if printed != sizes {
        return Err(sentence!(
            "It has printed \"{printed}\", and it should be \"{sizes}\", in three lines.",
            "출력이 \"{printed}\"입니다. 세 줄로 \"{sizes}\"여야 합니다."
        ));
    }
    Ok(run)
}

/// That nothing follows an answer that is an error, and that the error is told.
fn expect_no_step_after_an_error(program: &Program) -> Result<(), Sentence> {
    // The second one first: what is wrong with it is wrong with the others, too.
    for last in [1, 0, 2] {
        let failed = THREE[last];
        let path = format!("/{}/", failed.to_lowercase());
        let site = site(move |asked| answer(ANSWER / 4, asked.path.contains(&path)))?;
        let run = program.on(&site).run()?;
        if let Some(next) = codes(&run).get(last + 1) {
            return Err(sentence!(
                "The answer for {failed} was an error, and all the same {next} was asked \
                 for.",
                "{failed}의 응답이 에러였는데도 {next}의 국기를 요청했습니다."
            ));
        }
        if run.status == Some(0) {
            return Err(sentence!(
                "The answer for {failed} was an error, and yet the program ended with \
                 status 0. Where has the error gone?",
                "{failed}의 응답이 에러였는데도 종료 상태가 0입니다. 에러는 어디로 \
                 갔을까요?"
            ));
        }
    }
    Ok(())
}

/// The countries that were asked for, in the order in which that was.
fn codes(run: &Run) -> Vec<String> {
    let paths = run.requests.iter().map(|request| &request.path);
    paths.filter_map(|path| Some(path.split('/').nth(2)?.to_uppercase())).collect()
}

fn one_thread_for_all(program: &Program) -> Verdict {
    let site = site_after(ANSWER)?;
    let run = program.on(&site).run()?;
    run.expect_flags(20)?;
    run.expect_in_flight(20)?;
    let callers = run.facts_of(CALLBACK_THREAD).collect::<BTreeSet<_>>().len();
    if callers == 0 {
        return Err(sentence!(
            "No callback has called `observe::callback_thread`.",
            "콜백에서 `observe::callback_thread`를 호출하지 않았습니다."
        ));
    }
    match run.threads().max(callers) {
        1 => Ok(sentence!(
            "20 in flight at once, and one thread has sent them and run all callbacks.",
            "요청 20개가 동시에 응답을 기다렸고, 스레드 하나가 요청을 모두 보내고 콜백도 \
             모두 실행했습니다."
        )),
        threads => Err(sentence!(
            "20 in flight at once, and it takes {threads} threads. It should be one for \
             all.",
            "요청 20개가 동시에 응답을 기다렸지만, 스레드를 {threads}개 썼습니다. 모두 \
             합해 하나여야 합니다."
        )),
    }
}
