//! What when.

mod cases;

use std::collections::BTreeSet;
use std::time::Duration;

use flags_common::countries::MOST_POPULOUS;
use flags_server::countries;

use self::cases::ten_cases;
use super::{after, answer, site};
use crate::exercise::{Exercise, Verdict};
use crate::program::Program;
use crate::run::Run;
use crate::sentence;
use crate::sentence::Sentence;

pub(crate) const EXERCISES: &[Exercise] =
    &[Exercise::new("what1", ten_cases), Exercise::new("what2", flags_by_name)];

fn flags_by_name(program: &Program) -> Verdict {
    // What two requests of one country have in common ends when the first of them does.
    let site = site(|asked| {
        let is_metadata = asked.path.ends_with("/metadata.json");
        after(Duration::from_millis(if is_metadata { 225 } else { 75 }))
    })?;
    let run = program.on(&site).run()?;
    expect_two_for_each(&run)?;
    run.expect_in_flight(8)?;
    run.expect_success()?;
    // It is a few hundredths, or more on a busy computer. With four pairs at a time it is
    // two thirds.
    let percent = run.part_below(8) * 100.0;
    if percent > 50.0 {
        return Err(sentence!(
            "8 requests were in flight at most, but for {percent:.0} % of the time it \
             was fewer, although there were some left. What does a request wait for?",
            "응답 대기 중인 요청은 최대 8개였지만, 보낼 요청이 남아 있는데도 전체 시간의 \
             {percent:.0}% 동안은 8개보다 적었습니다. 요청은 무엇을 기다리고 있을까요?"
        ));
    }
    expect_named(&run, &[])?;
    with_two_errors(program)?;
    Ok(sentence!(
        "40 requests, 8 of them at once, and 20 flags with their names. Where two \
         countries failed, they were told, and the 18 others were saved.",
        "요청 40개를 8개씩 보냈고, 국기 20개가 이름대로 저장되었습니다. 두 나라가 \
         실패했을 때는 그 사실을 알렸고, 나머지 18개는 저장했습니다."
    ))
}

/// The same on a site that has no image for one country, and nothing to say of another.
fn with_two_errors(program: &Program) -> Result<(), Sentence> {
    let failing = ["ET", "PH"];
    let site = site(|asked| {
        let fails = ["/flags/et/metadata.json", "/flags/ph/ph.gif"].contains(&asked.path);
        answer(Duration::from_millis(50), fails)
    })?;
    let run = program.on(&site).run()?;
    expect_named(&run, &failing)?;
    for code in failing {
        if !run.stderr.lines().any(|line| line.starts_with(code)) {
            return Err(sentence!(
                "{code} has failed, and no line on stderr begins with {code}.",
                "{code} 국기가 실패했는데, 표준 에러(stderr)에 이 코드로 시작하는 줄이 \
                 없습니다."
            ));
        }
    }
    if run.status != Some(1) {
        let status = run.told_status();
        return Err(sentence!(
            "Two countries failed, and the status was {status}. It should be 1.",
            "두 나라가 실패했는데 종료 상태가 {status}입니다. 1이어야 합니다."
        ));
    }
    Ok(())
}

/// That the image and the metadata of each country were asked for, once.
fn expect_two_for_each(run: &Run) -> Result<(), Sentence> {
    let requests = run.requests.len();
    let paths: BTreeSet<&str> =
        run.requests.iter().map(|request| request.path.as_str()).collect();
    if (requests, paths.len()) == (40, 40) {
        return Ok(());
    }
    // Of a program that could not even begin, the reason is worth more.
    if requests == 0 {
        run.expect_success()?;
    }
    Err(sentence!(
        "{requests} requests came, and it should be 40: two for each country.",
        "요청 {requests}개가 왔습니다. 나라마다 두 개씩 40개여야 합니다."
    ))
}

/// That the flags of all countries but these, and no others, are saved under their names.
fn expect_named(run: &Run, failing: &[&str]) -> Result<(), Sentence> {
    let codes =
        MOST_POPULOUS.iter().filter(|code| !failing.contains(&&*code.to_string()));
    let expected = codes.clone().count();
    let countries = codes.filter_map(|&code| countries::find(code));
    let named: BTreeSet<String> = countries
        .map(|country| (format!("downloads/{}.gif", country.name), country.image))
        .filter(|(path, image)| run.files.get(path).is_some_and(|file| file == image))
        .map(|(path, _)| path)
        .collect();
    let saved = named.len();
    if saved < expected {
        return Err(if failing.is_empty() {
            sentence!(
                "Flags saved whole under the names of their countries: {saved}. It \
                 should be {expected}.",
                "나라 이름으로 온전하게 저장된 국기는 {saved}개입니다. {expected}개여야 \
                 합니다."
            )
        } else {
            sentence!(
                "Two countries failed, and {saved} of the {expected} other flags were \
                 saved.",
                "두 나라가 실패했고, 나머지 국기 {expected}개 가운데 {saved}개만 \
                 저장되었습니다."
            )
        });
    }
    match run.files.keys().find(|path| !named.contains(*path)) {
        None => Ok(()),
        Some(path) => Err(sentence!(
            "There is also a file {path}. Whose is it?",
            "{path} 파일도 있습니다. 어느 나라의 것일까요?"
        )),
    }
}
