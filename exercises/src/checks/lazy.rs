//! Lazy futures.

use std::path::Path;
use std::time::Duration;

use super::{PATIENCE, after, site};
use crate::exercise::{Exercise, Verdict};
use crate::observe::future::PAGE;
use crate::program::Program;
use crate::sentence;

pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("lazy1", asked_for_before_the_pause),
    Exercise::new("lazy2", countdown),
    Exercise::new("lazy3", door),
    Exercise::new("lazy4", small_future),
];

/// How long the flag takes: longer than the page, so that it has to be waited for.
const FLAG: Duration = Duration::from_millis(1300);

fn asked_for_before_the_pause(program: &Program) -> Verdict {
    let site = site(|asked| {
        let is_flag = Path::new(asked.path).extension().is_some_and(|kind| kind == "gif");
        after(if is_flag { FLAG } else { Duration::ZERO })
    })?;
    let run = program.on(&site).arguments(["BR"]).run()?;
    if run.given_up() > 0 {
        return Err(sentence!(
            "The program ended before the flag was there: nobody has waited for it.",
            "국기가 오기도 전에 프로그램이 끝났습니다. 아무도 국기를 기다리지 않은 것입니다."
        ));
    }
    run.expect_success()?;
    let of = |file: &str| -> Vec<_> {
        run.requests.iter().filter(|request| request.path.ends_with(file)).collect()
    };
    let (about, images) = (of("/br/metadata.json"), of("/br/br.gif"));
    let [image] = images[..] else {
        let times = images.len();
        return Err(sentence!(
            "The site was asked for the flag {times} times, and it should be once.",
            "사이트는 국기를 달라는 요청을 {times}번 받았습니다. 한 번이어야 합니다."
        ));
    };
    let answered = about.first().and_then(|request| request.end);
    let Some(answered) = answered.map(|end| end.at) else {
        return Err(sentence!(
            "The site was not asked for what it knows of Brazil.",
            "사이트는 브라질에 대해 알려 달라는 요청을 받지 못했습니다."
        ));
    };
    // The page begins after this answer: whoever has waited for it is late by all of it.
    let late = image.came.saturating_duration_since(answered);
    let milliseconds = late.as_millis();
    if late >= PAGE {
        return Err(sentence!(
            "The request for the flag came {milliseconds} ms after the answer about \
             Brazil, so only when the page was done.",
            "국기를 달라는 요청은 브라질에 대한 응답이 나간 지 {milliseconds}밀리초 뒤에 \
             왔습니다. 페이지를 다 그린 다음입니다."
        ));
    }
    if run.fact("page").is_none() {
        return Err(sentence!(
            "The page was not drawn to its end.",
            "페이지를 끝까지 그리지 않았습니다."
        ));
    }
    run.expect_flags(1)?;
    // The flag takes longer than the page: when it is there, nothing is left to be drawn.
    let flag = image.end.map_or(run.ended, |end| end.at);
    if run.ended.saturating_duration_since(flag) >= PAGE {
        return Err(sentence!(
            "The page was drawn only when the flag was there. The two should take their \
             time at once.",
            "국기가 온 다음에야 페이지를 그렸습니다. 두 일은 동시에 진행되어야 합니다."
        ));
    }
    Ok(sentence!(
        "The request for the flag came {milliseconds} ms after the answer about Brazil, \
         while the page was being drawn, and the flag was saved.",
        "국기를 달라는 요청은 브라질에 대한 응답이 나간 지 {milliseconds}밀리초 만에, 페이지를 \
         그리는 동안 왔습니다. 국기도 저장되었습니다."
    ))
}

fn countdown(program: &Program) -> Verdict {
    let run = program.without_site().run()?;
    run.expect_success()?;
    for from in [3, 0, 10] {
        let expected = (from + 1).to_string();
        let polls = run.fact(&format!("polls-from-{from}")).unwrap_or("-");
        if polls == "never" {
            return Err(sentence!(
                "The countdown from {from} never came to its end: while it is pending, \
                 it has to wake whoever polls it.",
                "{from}부터 세는 카운트다운이 끝나지 않았습니다. 대기 중일 때는 폴링하는 \
                 쪽을 깨워야 합니다."
            ));
        }
        if polls != expected {
            return Err(sentence!(
                "The countdown from {from} was ready at poll number {polls}, and it \
                 should be at number {expected}.",
                "{from}부터 세는 카운트다운이 {polls}번째 폴링에서 완료되었습니다. \
                 {expected}번째여야 합니다."
            ));
        }
    }
    Ok(sentence!(
        "The countdowns from 3, 0 and 10 were polled 4, 1 and 11 times.",
        "3, 0, 10부터 세는 카운트다운을 각각 4번, 1번, 11번 폴링했습니다."
    ))
}

fn door(program: &Program) -> Verdict {
    // Whoever locks the mutex twice in one thread waits for ever.
    let run = program.without_site().limit(PATIENCE).run()?;
    run.expect_success()?;
    let woken = run.fact("woken").unwrap_or("-");
    if woken == "too-early-to-be-ready" {
        return Err(sentence!(
            "The future was ready before the door was opened.",
            "문이 열리기도 전에 퓨처가 완료되었습니다."
        ));
    }
    let too_early = run.fact("woken-too-early").unwrap_or("-");
    if too_early != "0" {
        return Err(sentence!(
            "Calls of a waker while the door was shut: {too_early}. It should be 0: to \
             be woken for nothing is to ask again and again.",
            "문이 닫혀 있는 동안 `Waker`를 {too_early}번 불렀습니다. 0번이어야 합니다. \
             까닭 없이 깨우면 계속 물어보는 것과 다르지 않습니다."
        ));
    }
    match woken {
        "nobody" => {
            return Err(sentence!(
                "The door was opened, and nobody was woken: the task would wait for \
                 ever.",
                "문이 열렸는데 아무도 깨우지 않았습니다. 태스크는 언제까지나 기다릴 \
                 것입니다."
            ));
        }
        "first" => {
            return Err(sentence!(
                "The future was polled with one waker and then with another, and the \
                 first was called when the door was opened. It should be the latest.",
                "퓨처를 한 `Waker`로 폴링하고 이어서 다른 `Waker`로 폴링했는데, 문이 \
                 열리자 처음 것을 불렀습니다. 마지막 것을 불러야 합니다."
            ));
        }
        _ => {}
    }
    if run.fact("ready") != Some("true") {
        return Err(sentence!(
            "The future was polled again as soon as it had woken somebody, and it was \
             still pending. The door has to be open by then.",
            "누군가를 깨우자마자 퓨처를 다시 폴링했는데, 아직 대기 중이었습니다. 그때는 \
             문이 이미 열려 있어야 합니다."
        ));
    }
    Ok(sentence!(
        "Nobody was woken while the door was shut, and the latest waker was called when \
         it was opened.",
        "문이 닫혀 있는 동안에는 아무도 깨우지 않았고, 문이 열리자 마지막 `Waker`를 \
         불렀습니다."
    ))
}

/// How many bytes the future of `lazy4` may have, and how many pixels it has to paint.
const MOST_BYTES: usize = 1024;
const PIXELS: usize = 8192;

fn small_future(program: &Program) -> Verdict {
    let run = program.without_site().run()?;
    run.expect_success()?;
    let number = |name| run.fact(name).and_then(|fact| fact.parse::<usize>().ok());
    let pixels = number("pixels").unwrap_or(0);
    if pixels != PIXELS {
        return Err(sentence!(
            "Pixels that were painted: {pixels}. It should be {PIXELS}.",
            "칠한 픽셀은 {pixels}개입니다. {PIXELS}개여야 합니다."
        ));
    }
    let red = number("red").unwrap_or(0);
    let line = format!("{red} of {PIXELS} pixels are red.");
    if !run.stdout.lines().any(|told| told == line) {
        return Err(sentence!(
            "It should print: {line}",
            "이렇게 출력해야 합니다: {line}"
        ));
    }
    if number("polls").unwrap_or(0) < 2 {
        return Err(sentence!(
            "The future was ready at its first poll. It should wait for its turn.",
            "퓨처가 첫 폴링에서 완료되었습니다. 차례를 기다려야 합니다."
        ));
    }
    if run.facts.find("pending ") < run.facts.find("pixels ") {
        return Err(sentence!(
            "The future waited for its turn before the picture was painted. It should \
             wait after that.",
            "퓨처가 그림을 칠하기도 전에 차례를 기다렸습니다. 다 칠한 다음에 기다려야 \
             합니다."
        ));
    }
    let bytes = number("bytes").unwrap_or(usize::MAX);
    if bytes >= MOST_BYTES {
        return Err(sentence!(
            "The future has {bytes} bytes, and it should have fewer than {MOST_BYTES}.",
            "퓨처의 크기는 {bytes}바이트입니다. {MOST_BYTES}바이트보다 작아야 합니다."
        ));
    }
    Ok(sentence!(
        "The future has {bytes} bytes, and has counted {red} red pixels of {PIXELS}.",
        "퓨처의 크기는 {bytes}바이트이고, 픽셀 {PIXELS}개 가운데 빨간 픽셀 {red}개를 \
         세었습니다."
    ))
}
