//! One after another.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{answer, site, site_after};
use crate::exercise::{Exercise, Verdict};
use crate::program::Program;
use crate::sentence;
use crate::sentence::Sentence;

pub(crate) const EXERCISES: &[Exercise] =
    &[Exercise::new("seq1", one_connection), Exercise::new("seq2", first_error)];

/// How late these sites answer: 20 times as much is soon over.
const DELAY: Duration = Duration::from_millis(20);

fn one_connection(program: &Program) -> Verdict {
    let site = site_after(DELAY)?;
    let run = program.on(&site).run()?;
    run.expect_flags(20)?;
    match run.connections() {
        1 => Ok(sentence!(
            "The site saw 1 connection, and all 20 flags came on it.",
            "사이트가 본 연결은 1개이고, 국기 20개가 모두 그 연결로 왔습니다."
        )),
        connections => Err(sentence!(
            "The site saw {connections} connections, and it should be 1.",
            "사이트가 본 연결은 {connections}개입니다. 1개여야 합니다."
        )),
    }
}

fn first_error(program: &Program) -> Verdict {
    for place in [8, 3] {
        stops_at(program, place)?;
    }
    Ok(sentence!(
        "With an error in answer 8, and then in answer 3, it was reported, and no \
         request came after it.",
        "8번째 응답이 에러일 때도, 3번째 응답이 에러일 때도 에러를 알렸고, 그 뒤로는 요청이 \
         없었습니다."
    ))
}

/// That the error in this of all answers is reported, and no request comes after it.
fn stops_at(program: &Program, place: usize) -> Result<(), Sentence> {
    let number = AtomicUsize::new(0);
    let site = site(move |_| {
        let is_it = number.fetch_add(1, Ordering::Relaxed) + 1 == place;
        answer(DELAY, is_it)
    })?;
    let run = program.on(&site).run()?;
    let sent = run.requests.len();
    if sent > place {
        let more = sent - place;
        return Err(sentence!(
            "The answer to request {place} was an error, and {more} more came after it. \
             It should be 0.",
            "{place}번째 응답이 에러였는데, 그 뒤에도 요청이 {more}개 왔습니다. 0개여야 \
             합니다."
        ));
    }
    if run.stderr.contains("panicked at") {
        return Err(sentence!(
            "It stopped by a panic. An error of the site is no mistake in the program: \
             report it as before, and leave the loop.",
            "패닉으로 멈추었습니다. 사이트의 에러는 프로그램의 잘못이 아닙니다. 전처럼 \
             에러를 알리고 반복문에서 나가 보세요."
        ));
    }
    let saved = run.saved().len();
    if saved + 1 != place {
        let before = place - 1;
        return Err(sentence!(
            "The answer to request {place} was an error, and of the flags before it, \
             {saved} are saved. It should be {before}.",
            "{place}번째 응답이 에러였고, 그 앞의 국기 가운데 저장된 것은 {saved}개입니다. \
             {before}개여야 합니다."
        ));
    }
    if !run.stderr.contains("418") {
        return Err(sentence!(
            "It stopped at the error, but did not report it: nobody learns that the site \
             has answered with status 418.",
            "에러에서 멈추었지만 에러를 알리지 않았습니다. 사이트가 상태 코드 418로 \
             응답했다는 것을 아무도 모릅니다."
        ));
    }
    if run.status == Some(1) {
        return Ok(());
    }
    let status = run.told_status();
    Err(sentence!(
        "It ended with status {status}, and after an error it should be 1.",
        "종료 상태가 {status}입니다. 에러가 있었으니 1이어야 합니다."
    ))
}
