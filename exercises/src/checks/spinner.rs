//! Two spinners.

use std::time::Duration;

use super::PATIENCE;
use crate::exercise::{Exercise, Verdict};
use crate::program::Program;
use crate::run::Run;
use crate::sentence;
use crate::sentence::Sentence;

pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("spinner1", stopped_by_a_flag),
    Exercise::new("spinner2", stopped_by_the_last_sender),
    Exercise::new("spinner3", bye),
];

/// How many seconds the slow function takes, on the command line: not the 3 for which
/// somebody could have counted out the frames.
const SLOW: [&str; 2] = ["--seconds", "0.6"];

/// A thread that has drawn all its frames ends by itself, but too late. Let it.
const LONG_LIMIT: Duration = Duration::from_secs(5);

fn stopped_by_a_flag(program: &Program) -> Verdict {
    let run = program.without_site().arguments(SLOW).limit(LONG_LIMIT).run()?;
    let (frames, late) = expect_spinner(&run, 1)?;
    Ok(sentence!(
        "The spinner drew {frames} frames and stopped {late} ms after the slow function \
         had ended, before the answer was printed.",
        "스피너는 프레임을 {frames}장 그렸고, 느린 함수가 끝난 지 {late}밀리초 뒤, 답이 \
         출력되기 전에 멈췄습니다."
    ))
}

fn stopped_by_the_last_sender(program: &Program) -> Verdict {
    let run = program.without_site().arguments(SLOW).limit(PATIENCE).run()?;
    let (frames, late) = expect_spinner(&run, 3)?;
    Ok(sentence!(
        "The spinner drew {frames} frames and stopped {late} ms after the last of the \
         three slow functions had ended.",
        "스피너는 프레임을 {frames}장 그렸고, 세 느린 함수 가운데 마지막 것이 끝난 지 \
         {late}밀리초 뒤에 멈췄습니다."
    ))
}

/// What was noted in a run of a spinner, in its order, each with its milliseconds.
fn events(run: &Run) -> Vec<(&str, u64)> {
    let events = run.facts_of("spinner").filter_map(|event| {
        let (what, time) = event.split_once(' ')?;
        Some((what, time.parse().ok()?))
    });
    events.collect()
}

fn count(events: &[(&str, u64)], what: &str) -> usize {
    events.iter().filter(|(event, _)| *event == what).count()
}

fn last(events: &[(&str, u64)], what: &str) -> Option<usize> {
    events.iter().rposition(|(event, _)| *event == what)
}

/// That the spinner turned until all slow functions had ended, and that it had stopped
/// when the answer was there. Returns how many frames it drew, and how many milliseconds
/// it went on after the last of them.
fn expect_spinner(run: &Run, slow_functions: usize) -> Result<(usize, u64), Sentence> {
    run.expect_success()?;
    let events = events(run);
    let ended = count(&events, "slow-end");
    let Some(end) = last(&events, "slow-end").filter(|_| ended == slow_functions) else {
        return Err(sentence!(
            "Slow functions that ended: {ended}. It should be {slow_functions}.",
            "끝까지 실행된 느린 함수가 {ended}개입니다. {slow_functions}개여야 합니다."
        ));
    };
    let answer = last(&events, "answer").unwrap_or(events.len());
    let Some(stop) = last(&events, "stopped").filter(|stop| *stop < answer) else {
        return Err(sentence!(
            "The answer was there while the spinner was still turning. It has to be told \
             to stop, and `supervisor` has to wait until its thread has ended.",
            "답이 나왔는데도 스피너가 아직 돌고 있었습니다. 스피너에 멈추라고 알려야 \
             하고, `supervisor`는 그 스레드가 끝날 때까지 기다려야 합니다."
        ));
    };
    if stop < end {
        let ended = count(&events[..stop], "slow-end");
        return Err(sentence!(
            "The spinner stopped too early: slow functions that had ended by then: \
             {ended} of {slow_functions}.",
            "스피너가 너무 일찍 멈췄습니다. 그때까지 끝난 느린 함수는 {slow_functions}개 \
             가운데 {ended}개였습니다."
        ));
    }
    let (before, after) =
        (count(&events[..end], "frame"), count(&events[end..], "frame"));
    if before < 2 {
        return Err(sentence!(
            "Frames drawn before the slow function had ended: {before}. The spinner \
             should turn all that time.",
            "느린 함수가 끝나기 전에 그린 프레임은 {before}장입니다. 스피너는 그동안 내내 \
             돌아야 합니다."
        ));
    }
    // One may be drawn by a thread that has looked just before.
    if after > 1 {
        return Err(sentence!(
            "The spinner drew {after} more frames after the slow function had ended, as \
             if nobody had told it.",
            "느린 함수가 끝난 뒤에도 스피너가 프레임을 {after}장 더 그렸습니다. 아무도 \
             멈추라고 알리지 않은 것 같습니다."
        ));
    }
    Ok((before + after, events[stop].1.saturating_sub(events[end].1)))
}

fn bye(program: &Program) -> Verdict {
    let run = program.without_site().arguments(SLOW).limit(LONG_LIMIT).run()?;
    run.expect_success()?;
    let events = events(&run);
    let frames = count(&events, "frame");
    if frames < 2 {
        return Err(sentence!(
            "Frames drawn: {frames}. The spinner should turn for 0.6 seconds.",
            "그린 프레임은 {frames}장입니다. 스피너는 0.6초 동안 돌아야 합니다."
        ));
    }
    let lines = run.stdout.lines().filter(|line| *line == "bye").count();
    let said = events.iter().filter(|(event, _)| event.starts_with("said"));
    let said = said.count().min(lines);
    if said != 1 {
        return Err(sentence!(
            "`say` has said \"bye\" {said} times, and it should be once: the spinner was \
             cancelled after {frames} frames.",
            "스피너는 프레임을 {frames}장 그리고 취소되었는데, `say`가 \"bye\"라고 말한 \
             것은 {said}번입니다. 한 번이어야 합니다."
        ));
    }
    let place = events.iter().position(|(event, _)| event.starts_with("said"));
    if place < last(&events, "frame") {
        return Err(sentence!(
            "\"bye\" was said before the last frame, and not at the end.",
            "\"bye\"라는 말이 끝이 아니라 마지막 프레임보다 먼저 나왔습니다."
        ));
    }
    if count(&events, "said-by-a-task") == 0 {
        return Err(sentence!(
            "It was not the task of the spinner that said \"bye\", but somebody else.",
            "스피너의 태스크가 아니라 다른 쪽이 \"bye\"라고 말했습니다."
        ));
    }
    let time = |place: Option<usize>| place.map_or(0, |place| events[place].1);
    let (bye, answer) = (time(place), time(last(&events, "answer")));
    // Whoever is cancelled speaks right before the answer, and not before it is time.
    if bye + 50 < answer && bye < 550 {
        return Err(sentence!(
            "\"bye\" was said {bye} ms after the first frame, and the slow function took \
             600. The spinner should turn until it is cancelled.",
            "첫 프레임이 나온 지 {bye}밀리초 만에 \"bye\"라는 말이 나왔는데, 느린 함수는 \
             600밀리초가 걸렸습니다. 스피너는 취소될 때까지 돌아야 합니다."
        ));
    }
    if place > last(&events, "answer") {
        return Err(sentence!(
            "\"bye\" was said when the answer was there already.",
            "답이 먼저 나오고 나서야 \"bye\"라는 말이 나왔습니다."
        ));
    }
    Ok(sentence!(
        "The task was cancelled after {frames} frames, and said \"bye\" all the same.",
        "태스크는 프레임을 {frames}장 그리고 취소되었지만, 그래도 \"bye\"라고 말했습니다."
    ))
}
