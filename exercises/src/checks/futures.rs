//! Where the futures are.

use std::time::Duration;

use super::{PATIENCE, site_after};
use crate::exercise::{Exercise, Verdict};
use crate::program::Program;
use crate::sentence;
use crate::sentence::Sentence;

pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("futures1", states),
    Exercise::new("futures2", callers),
    Exercise::new("futures3", patience),
    Exercise::new("futures4", cancelled),
];

/// How long an answer takes while a program has something else to do: to submit eight
/// pieces of work and to cancel five, or to lose its patience after 100 ms.
const HALF_A_SECOND: Duration = Duration::from_millis(500);

fn states(program: &Program) -> Verdict {
    let run = program.without_site().run()?;
    run.expect_success()?;
    for workers in [1, 3, 5] {
        for moment in ["submitted", "first-done"] {
            let right = run.fact(&format!("{moment}-{workers}")).unwrap_or("0 of 5");
            if right != "5 of 5" {
                return Err(not_as_predicted(workers, moment, right));
            }
        }
    }
    Ok(sentence!(
        "With 1, 3 and 5 workers all states are predicted as they are in the run.",
        "워커가 1개, 3개, 5개일 때 모든 상태가 예상대로였습니다."
    ))
}

fn not_as_predicted(workers: usize, moment: &str, right: &str) -> Sentence {
    let (moment, korean) = match moment {
        "submitted" => ("right after the submits", "제출한 직후"),
        _ => ("when the first was done", "첫 작업이 끝났을 때"),
    };
    let (number, all) = right.split_once(" of ").unwrap_or((right, "5"));
    sentence!(
        "With -m {workers}, {moment}: {number} of {all} states as predicted.",
        "-m {workers}, {korean}: 상태 {all}개 가운데 {number}개를 맞혔습니다."
    )
}

fn callers(program: &Program) -> Verdict {
    let run = program.without_site().limit(PATIENCE).run()?;
    run.expect_success()?;
    for (name, korean, expected) in [
        ("running", "실행 중이던", "worker-1"),
        ("cancelled", "취소된", "main"),
        ("done", "이미 끝난", "main"),
    ] {
        let callers: Vec<_> = run.facts_of(name).collect();
        let [caller] = callers[..] else {
            let number = callers.len();
            return Err(sentence!(
                "A callback of the future that was {name} was called {number} times, and \
                 it should be once.",
                "{korean} 퓨처의 콜백이 {number}번 불렸습니다. 한 번이어야 합니다."
            ));
        };
        if caller != expected {
            return Err(sentence!(
                "The callback of the future that was {name} was called by {caller}, and \
                 it should be {expected}.",
                "{korean} 퓨처의 콜백을 {caller} 스레드가 불렀습니다. {expected} \
                 스레드여야 합니다."
            ));
        }
    }
    Ok(sentence!(
        "worker-1 called the callback of what it had done, and main the callbacks of \
         what it cancelled and of what was done already.",
        "worker-1은 자기가 끝낸 퓨처의 콜백을 불렀고, main은 자기가 취소한 퓨처와 이미 \
         끝난 퓨처의 콜백을 불렀습니다."
    ))
}

fn patience(program: &Program) -> Verdict {
    const WORDS: &str = "not there yet";
    /// A busy machine can hold up an answer for 100 ms, but not as often as this.
    const RUNS: usize = 8;

    let site = site_after(HALF_A_SECOND)?;
    let run = program.on(&site).run()?;
    let requests = run.requests.len();
    if requests != 1 {
        return Err(sentence!(
            "{requests} requests came, and it should be 1: the work goes on when the \
             time is up.",
            "요청이 {requests}개 왔습니다. 1개여야 합니다. 시간이 초과되어도 작업은 \
             계속됩니다."
        ));
    }
    run.expect_flags(1)?;
    let said = run.stdout.find(WORDS);
    let shown = run.stdout.find("CN");
    if said.is_none_or(|said| shown.is_some_and(|shown| shown < said)) {
        return Err(sentence!(
            "`{WORDS}` was not said before the flag was there, though that took half a \
             second.",
            "국기가 오는 데 0.5초가 걸렸는데, 그 전에 `{WORDS}`이라고 출력하지 \
             않았습니다."
        ));
    }
    if !run.stdout.contains("1 flag downloaded") {
        return Err(sentence!(
            "The flag was saved, but not counted: ask the same future for its result.",
            "국기를 저장했지만 세지 않았습니다. 같은 퓨처에 결과를 물어야 합니다."
        ));
    }
    let site = site_after(Duration::ZERO)?;
    let mut were_silent = 0;
    for _ in 0..RUNS {
        let run = program.on(&site).run()?;
        run.expect_flags(1)?;
        if run.stdout.contains(WORDS) {
            continue;
        }
        were_silent += 1;
        if run.stdout.contains("1 flag downloaded in 0.0") {
            return Ok(sentence!(
                "1 request was sent, and its result came after the patience of 100 ms. \
                 For a flag that was there sooner nothing was said.",
                "요청은 1개였고, 100밀리초가 지난 뒤에 그 결과를 받았습니다. 더 일찍 온 \
                 국기에는 아무 말도 하지 않았습니다."
            ));
        }
    }
    if were_silent > 0 {
        return Err(sentence!(
            "Each of {RUNS} runs took 100 ms or more, though the site answered at once: \
             a result that is there need not be waited for.",
            "사이트가 바로 응답했는데도 {RUNS}번 실행할 때마다 100밀리초 이상 \
             걸렸습니다. 결과가 이미 와 있으면 기다리지 않아도 됩니다."
        ));
    }
    Err(sentence!(
        "`{WORDS}` was said in each of {RUNS} runs, though the site answered at once.",
        "사이트가 바로 응답했는데도 {RUNS}번 실행할 때마다 `{WORDS}`이라고 \
         출력했습니다."
    ))
}

fn cancelled(program: &Program) -> Verdict {
    let site = site_after(HALF_A_SECOND)?;
    let run = program.on(&site).run()?;
    let requests = run.requests.len();
    if requests != 3 {
        return Err(sentence!(
            "{requests} requests came, and it should be 3.",
            "요청이 {requests}개 왔습니다. 3개여야 합니다."
        ));
    }
    let saved = run.saved().len();
    if saved != 3 {
        return Err(sentence!(
            "3 requests came, but {saved} flags were saved, and it should be 3 too.",
            "요청은 3개 왔지만 저장된 국기는 {saved}개입니다. 국기도 3개여야 합니다."
        ));
    }
    let is_report = |line: &&str| line.contains(" cancelled: ");
    let cancelled = run.stderr.lines().filter(is_report).count();
    if cancelled != 5 {
        return Err(sentence!(
            "3 requests came, but {cancelled} futures were reported as cancelled, and it \
             should be 5.",
            "요청은 3개 왔지만 취소되었다고 알린 퓨처는 {cancelled}개입니다. 5개여야 \
             합니다."
        ));
    }
    if run.status != Some(1) {
        let status = run.told_status();
        return Err(sentence!(
            "It ended with status {status}, and it should be 1: five flags are missing.",
            "종료 상태가 {status}입니다. 국기 다섯 개가 없으므로 1이어야 합니다."
        ));
    }
    Ok(sentence!(
        "3 requests came, 3 flags were saved, and 5 futures were cancelled.",
        "요청 3개가 왔고, 국기 3개가 저장되었으며, 퓨처 5개가 취소되었습니다."
    ))
}
