//! Errors and progress.

use std::time::Duration;

use flags_server::SeenRequest;

use super::{after, answer, site, site_after};
use crate::exercise::{Exercise, Verdict};
use crate::program::Program;
use crate::run::Run;
use crate::sentence;
use crate::sentence::Sentence;

pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("errors1", three_tries),
    Exercise::new("errors2", first_error_ends_all),
];

/// How long each pause has to be: before the second try, and before the third.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(400)];

/// How often each of these fails before the site gives it out.
const FAILS: [(&str, usize); 7] =
    [("bd", 1), ("cd", 1), ("de", 1), ("et", 1), ("eg", 2), ("id", 2), ("ir", 2)];

fn three_tries(program: &Program) -> Verdict {
    let site = site(|asked| {
        let fails = FAILS.iter().find(|(code, _)| asked.path == path_of(code));
        answer(
            Duration::from_millis(50),
            fails.is_some_and(|&(_, times)| asked.before < times),
        )
    })?;
    let run = program.on(&site).run()?;
    expect_at_most_three(&run)?;
    expect_pauses(&run)?;
    let saved = run.saved().len();
    if saved < 20 {
        return Err(sentence!(
            "Flags saved whole: {saved}. It should be 20: the site gives out all of them \
             within three tries.",
            "온전하게 저장된 국기는 {saved}개입니다. 20개여야 합니다. 사이트는 세 번 \
             안에 국기를 모두 내줍니다."
        ));
    }
    run.expect_success()?;
    expect_an_end(program)?;
    Ok(sentence!(
        "All 20 flags were saved, with 10 more requests for 7 of them and a pause before \
         each. What fails three times was reported.",
        "국기 20개가 모두 저장되었습니다. 그 가운데 7개는 쉬었다가 다시 요청하느라 \
         요청이 10개 더 들었습니다. 세 번 실패한 것은 에러를 알렸습니다."
    ))
}

/// That a flag which always fails is an error after three tries, and one that does not
/// exist after one.
fn expect_an_end(program: &Program) -> Result<(), Sentence> {
    // In the end the site gives in, so that who tries for ever is told so soon.
    let site = site(|asked| {
        answer(Duration::from_millis(10), asked.path == path_of("eg") && asked.before < 6)
    })?;
    let run = program.on(&site).arguments(["EG", "BR", "ZZ"]).run()?;
    expect_at_most_three(&run)?;
    let tries = tries(&run, "zz").len();
    if tries != 1 {
        return Err(sentence!(
            "ZZ was asked for {tries} times. The first answer was a 404, and to ask \
             again does not change it.",
            "ZZ를 {tries}번 요청했습니다. 첫 응답이 404였으니, 다시 요청해도 달라지지 \
             않습니다."
        ));
    }
    if run.status != Some(1) || !run.stderr.contains("EG") {
        return Err(sentence!(
            "EG has failed three times, and that was not reported.",
            "EG가 세 번 실패했는데 에러를 알리지 않았습니다."
        ));
    }
    Ok(())
}

fn expect_at_most_three(run: &Run) -> Result<(), Sentence> {
    for request in &run.requests {
        let tries = run.requests.iter().filter(|other| other.path == request.path);
        let (path, tries) = (&request.path, tries.count());
        if tries > 3 {
            return Err(sentence!(
                "There were {tries} requests for {path}, and 3 are allowed.",
                "{path} 요청이 {tries}개였습니다. 3개까지만 보내야 합니다."
            ));
        }
    }
    Ok(())
}

/// That each pause was long enough, and that nobody else waited for it.
fn expect_pauses(run: &Run) -> Result<(), Sentence> {
    let mut before_second = Vec::new();
    for (code, _) in FAILS {
        let tries = tries(run, code);
        for (number, pair) in tries.windows(2).enumerate() {
            let Some(end) = pair[0].end else { continue };
            let pause = pair[1].came.saturating_duration_since(end.at);
            let (expected, code) = (PAUSES[number], code.to_uppercase());
            if pause < expected {
                let number = number + 2;
                return Err(sentence!(
                    "Before try {number} for {code} there was a pause of {pause:.0?}, \
                     and it should be {expected:?}.",
                    "{code} 국기를 {number}번째로 시도하기 전에 {pause:.0?} 동안 \
                     쉬었습니다. {expected:?} 동안 쉬어야 합니다."
                ));
            }
            if number == 0 {
                before_second.push(pause);
            }
        }
    }
    before_second.sort_unstable();
    // A loop that sleeps itself has one pause after another, so that most of the seven
    // are as long as several. One alone may be long on a busy computer.
    let usual = before_second.get(before_second.len() / 2).copied().unwrap_or_default();
    if usual > PAUSES[0] * 7 / 2 {
        return Err(sentence!(
            "Most of the pauses before the second try took longer than {usual:.0?}: does \
             one flag have to wait for the pause of another?",
            "두 번째 시도를 앞두고 쉰 시간이 대부분 {usual:.0?}보다 길었습니다. 국기 \
             하나가 쉬는 동안 다른 국기까지 기다리고 있나요?"
        ));
    }
    Ok(())
}

/// The requests for a flag, in their order.
fn tries<'a>(run: &'a Run, code: &str) -> Vec<&'a SeenRequest> {
    let path = path_of(code);
    run.requests.iter().filter(|request| request.path == path).collect()
}

fn path_of(code: &str) -> String {
    format!("/flags/{code}/{code}.gif")
}

fn first_error_ends_all(program: &Program) -> Verdict {
    // Three flags arrive before the error, and 16 would come long after it.
    let failing = site(|asked| match asked.path {
        "/flags/br/br.gif" => answer(Duration::from_millis(400), true),
        "/flags/bd/bd.gif" | "/flags/cd/cd.gif" | "/flags/cn/cn.gif" => {
            after(Duration::from_millis(50))
        }
        _ => after(Duration::from_millis(1500)),
    })?;
    let run = program.on(&failing).run()?;
    let requests = run.requests.len();
    if requests != 20 {
        return Err(sentence!(
            "There were {requests} requests, and it should be 20, all at once: the error \
             comes later than that.",
            "요청이 {requests}개였습니다. 20개를 한꺼번에 보내야 합니다. 에러는 그다음에 \
             옵니다."
        ));
    }
    let given_up = run.given_up();
    if given_up != 16 {
        return Err(sentence!(
            "Given up after the first error: {given_up} requests, and it should be 16. \
             All others were waited for in vain.",
            "첫 에러가 난 뒤에 포기한 요청이 {given_up}개입니다. 16개여야 합니다. \
             나머지는 쓸데없이 기다렸습니다."
        ));
    }
    let saved = run.saved().len();
    if saved > 0 {
        return Err(sentence!(
            "Saved although BR is missing: {saved} flags. It is all or nothing.",
            "BR이 없는데도 국기를 {saved}개 저장했습니다. 전부가 아니면 하나도 저장하지 \
             않아야 합니다."
        ));
    }
    if run.status != Some(1) || !run.stderr.contains("BR") {
        return Err(sentence!(
            "BR has failed, and that was not reported.",
            "BR이 실패했는데 에러를 알리지 않았습니다."
        ));
    }
    let good = site_after(Duration::from_millis(50))?;
    program.on(&good).run()?.expect_flags(20)?;
    Ok(sentence!(
        "After the first error 16 requests were given up, and nothing was saved. Where \
         nothing fails, there are 20 flags.",
        "첫 에러가 나자 요청 16개를 포기했고 아무것도 저장하지 않았습니다. 실패가 없을 \
         때는 국기 20개를 모두 저장했습니다."
    ))
}
