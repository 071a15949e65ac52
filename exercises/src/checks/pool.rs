//! The pool.

use std::time::Duration;

use flags_server::SeenRequest;

use super::{ANSWER, after, site, site_after};
use crate::exercise::{Exercise, Verdict};
use crate::program::Program;
use crate::sentence;

pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("pool1", panic_is_reported),
    Exercise::new("pool2", pool_of_ones_own),
    Exercise::new("pool3", first_result),
];

fn panic_is_reported(program: &Program) -> Verdict {
    let site = site_after(ANSWER)?;
    let run = program.on(&site).run()?;
    let saved = run.saved();
    if saved.iter().any(|code| code.to_string() == "CN") {
        return Err(sentence!(
            "The flag of CN was saved. Its work is to panic as before, and the panic is \
             to be reported.",
            "CN의 국기가 저장되었습니다. 그 작업은 전처럼 패닉해야 하고, 프로그램은 그 \
             패닉을 알려야 합니다."
        ));
    }
    let saved = saved.len();
    if run.stderr.contains("ended by a panic") {
        return Err(sentence!(
            "The panic of CN ended the whole program, when {saved} flags were saved. It \
             should be 19: whoever takes the results is not to panic as well.",
            "CN의 패닉 때문에 국기 {saved}개만 저장하고 프로그램 전체가 끝났습니다. \
             19개여야 합니다. 결과를 받는 쪽까지 패닉해서는 안 됩니다."
        ));
    }
    if saved != 19 {
        return Err(sentence!(
            "{saved} flags were saved, and it should be 19: the panic of one is to end \
             no other.",
            "국기 {saved}개가 저장되었습니다. 19개여야 합니다. 한 작업의 패닉 때문에 \
             다른 작업이 끝나서는 안 됩니다."
        ));
    }
    let requests = run.requests.len();
    if requests != 20 {
        return Err(sentence!(
            "{requests} requests came, and it should be 20: CN is to be downloaded too, \
             before its work panics.",
            "요청이 {requests}개 왔습니다. 20개여야 합니다. CN도 내려받은 다음에 그 \
             작업이 패닉해야 합니다."
        ));
    }
    let is_report = |line: &str| line.contains("CN") && line.contains("panicked");
    if !run.stderr.lines().any(is_report) {
        return Err(sentence!(
            "19 flags were saved, but no line on stderr says that CN panicked: whoever \
             takes the results has to report the panic as well.",
            "국기 19개가 저장되었지만, CN이 패닉했다는 줄이 표준 에러(stderr)에 \
             없습니다. 결과를 받는 쪽이 패닉도 알려야 합니다."
        ));
    }
    if run.status != Some(1) {
        let status = run.told_status();
        return Err(sentence!(
            "It ended with status {status}, and it should be 1: one flag is missing.",
            "종료 상태가 {status}입니다. 국기 하나가 없으므로 1이어야 합니다."
        ));
    }
    Ok(sentence!(
        "19 flags were saved, the panic of CN was reported, and the status is 1.",
        "국기 19개를 저장했고, CN의 패닉을 알렸으며, 종료 상태는 1입니다."
    ))
}

fn pool_of_ones_own(program: &Program) -> Verdict {
    let run = program.without_site().run()?;
    run.expect_success()?;
    let fact = |name| run.fact(name).unwrap_or("–");
    let at_once = fact("at-once");
    match at_once {
        "3" => {}
        "1" => {
            return Err(sentence!(
                "At most 1 piece of work was being done at one time in a pool of 3 \
                 threads, and it should be 3.",
                "스레드가 3개인 풀에서 동시에 진행된 작업이 최대 1개였습니다. 3개여야 \
                 합니다."
            ));
        }
        _ => {
            return Err(sentence!(
                "At most {at_once} pieces of work were being done at one time in a pool \
                 of 3 threads, and it should be 3.",
                "스레드가 3개인 풀에서 동시에 진행된 작업이 최대 {at_once}개였습니다. \
                 3개여야 합니다."
            ));
        }
    }
    let done = fact("done");
    if done == "never" {
        return Err(sentence!(
            "To drop the pool takes for ever: its threads end when the queue is closed, \
             and for that the sender has to be dropped before they are joined.",
            "풀을 버리는 일이 끝나지 않습니다. 스레드는 대기열이 닫혀야 끝납니다. \
             그러려면 스레드를 기다리기 전에 송신자를 버려야 합니다."
        ));
    }
    if done != "9" {
        return Err(sentence!(
            "When the pool had been dropped, {done} of 9 pieces of work were done: \
             dropping it is to wait for all of them.",
            "풀을 버렸을 때 작업 9개 가운데 {done}개가 끝나 있었습니다. 풀을 버리면 모든 \
             작업이 끝날 때까지 기다려야 합니다."
        ));
    }
    let results = fact("results");
    if results != "9" {
        return Err(sentence!(
            "{results} of 9 results were right: what a piece of work returns is to come \
             out of its channel.",
            "결과 9개 가운데 {results}개가 맞았습니다. 작업이 돌려준 값이 그 작업의 \
             채널로 나와야 합니다."
        ));
    }
    let at_once = fact("at-once-after-panics");
    if at_once == "never" {
        return Err(sentence!(
            "The result of a piece of work that has panicked was waited for in vain: its \
             channel is to be closed.",
            "패닉한 작업의 결과를 기다렸지만 끝내 소식이 없었습니다. 그 작업의 채널은 \
             닫혀야 합니다."
        ));
    }
    if at_once != "2" {
        return Err(sentence!(
            "After two pieces of work have panicked, at most {at_once} were being done \
             at one time in a pool of 2 threads, and it should be 2: a panic is to end \
             no thread.",
            "작업 두 개가 패닉한 뒤, 스레드가 2개인 풀에서 동시에 진행된 작업이 최대 \
             {at_once}개였습니다. 2개여야 합니다. 작업이 패닉해도 스레드는 끝나지 않아야 \
             합니다."
        ));
    }
    Ok(sentence!(
        "3 threads did 3 pieces of work at one time, all 9 were done when the pool had \
         been dropped, and no panic ended a thread.",
        "스레드 3개가 동시에 작업 3개를 했고, 풀을 버렸을 때 9개가 모두 끝나 있었으며, \
         패닉으로 끝난 스레드는 없었습니다."
    ))
}

fn first_result(program: &Program) -> Verdict {
    let site = site(|asked| {
        after(Duration::from_millis(match asked.path {
            "/flags/br/br.gif" => 1600,
            "/flags/in/in.gif" => 150,
            path if is_metadata(path) => 0,
            _ => 900,
        }))
    })?;
    let run = program.on(&site).run()?;
    run.expect_flags(5)?;
    let (metadata, flags): (Vec<_>, Vec<_>) =
        run.requests.iter().partition(|request| is_metadata(&request.path));
    let [metadata] = metadata[..] else {
        let number = metadata.len();
        return Err(sentence!(
            "Metadata was asked for {number} times, and it should be once, for the \
             winner.",
            "메타데이터를 {number}번 요청했습니다. 이긴 나라의 것만 한 번 요청해야 \
             합니다."
        ));
    };
    let is_answered =
        |flag: &&SeenRequest| flag.end.is_some_and(|end| end.at <= metadata.came);
    let answered = flags.into_iter().filter(is_answered).count();
    let country = metadata.path.split('/').nth(2).unwrap_or_default().to_uppercase();
    if country != "IN" {
        return Err(sentence!(
            "The metadata of {country} was asked for when {answered} of 5 flags had been \
             answered, and it should be that of IN, after the first answer.",
            "국기 5개 가운데 {answered}개의 응답이 왔을 때 {country}의 메타데이터를 \
             요청했습니다. 첫 응답이 온 다음, IN의 것을 요청해야 합니다."
        ));
    }
    if answered != 1 {
        return Err(sentence!(
            "The metadata of IN was asked for when {answered} of 5 flags had been \
             answered. It is the right one, but it should come after the first answer.",
            "국기 5개 가운데 {answered}개의 응답이 왔을 때 IN의 메타데이터를 \
             요청했습니다. 나라는 맞지만, 첫 응답이 온 다음 바로 요청해야 합니다."
        ));
    }
    Ok(sentence!(
        "The metadata of IN was asked for after the first answer, while 4 flags were \
         still on their way.",
        "첫 응답이 온 다음, 국기 4개가 아직 오는 동안 IN의 메타데이터를 요청했습니다."
    ))
}

fn is_metadata(path: &str) -> bool {
    path.ends_with("/metadata.json")
}
