//! Six steps of the loop.

use super::PATIENCE;
use crate::exercise::{Exercise, Verdict};
use crate::observe::steps::SLEEP;
use crate::program::Program;
use crate::sentence;

pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("steps1", first_in_first_out),
    Exercise::new("steps2", timers),
    Exercise::new("steps3", woken).alone(),
];

/// The turns of the three tasks of `steps1`, of which one needs 3, one 2 and one 4, when
/// who is woken stands behind all others.
const TURNS: &str = "A B C A B C A C C";

fn first_in_first_out(program: &Program) -> Verdict {
    let run = program.without_site().limit(PATIENCE).run()?;
    run.expect_success()?;
    let turns = run.facts_of("turn");
    // There may be more than there should be, but a loop that never ends has enough.
    let turns = turns.take(15).collect::<Vec<_>>().join(" ");
    if turns.is_empty() {
        return Err(sentence!(
            "No task has had a turn. First in, first out the turns are: {TURNS}.",
            "차례를 얻은 태스크가 없습니다. 먼저 들어온 것이 먼저 나오면 차례는 \
             {TURNS}입니다."
        ));
    }
    if turns != TURNS {
        return Err(sentence!(
            "The turns were: {turns}. First in, first out they are: {TURNS}.",
            "차례는 {turns}였습니다. 먼저 들어온 것이 먼저 나오면 {TURNS}입니다."
        ));
    }
    Ok(sentence!(
        "The turns were: {turns}. Nobody had two before the others had one.",
        "차례는 {turns}였습니다. 다른 태스크를 제치고 차례를 두 번 \
         얻은 태스크는 없습니다."
    ))
}

/// What happens in `steps2`, and when by its clock, in milliseconds.
const EVENTS: [(u64, &str); 6] = [
    (100, "BR is connected"),
    (200, "CN is connected"),
    (200, "US is connected"),
    (300, "US has its flag"),
    (400, "CN has its flag"),
    (700, "BR has its flag"),
];

fn timers(program: &Program) -> Verdict {
    let run = program.without_site().limit(PATIENCE).run()?;
    let events = run.facts_of("event").filter_map(|event| event.split_once(' '));
    let events: Vec<_> = events.collect();
    for (time, what) in EVENTS {
        let Some((seen, _)) = events.iter().find(|(_, event)| *event == what) else {
            run.expect_success().or_else(|failed| {
                // Where something has happened, it is a sleeper who was lost.
                if events.is_empty() { Err(failed) } else { Ok(()) }
            })?;
            return Err(sentence!(
                "\"{what}\" never happened, and it should at {time} ms: is a sleeper \
                 lost?",
                "\"{what}\" 줄이 끝내 나오지 않았습니다. {time}밀리초에 나와야 합니다. \
                 잠든 태스크를 잃어버리지 않았나요?"
            ));
        };
        if *seen != time.to_string() {
            return Err(sentence!(
                "\"{what}\" happened at {seen} ms, and it should at {time} ms.",
                "\"{what}\" 줄이 {seen}밀리초에 나왔습니다. {time}밀리초에 나와야 \
                 합니다."
            ));
        }
    }
    run.expect_success()?;
    let sleeps = run.facts_of(SLEEP).count();
    if sleeps > EVENTS.len() {
        return Err(sentence!(
            "All that was waited for happened in time, but the loop has slept {sleeps} \
             times. 6 times are enough, each until the next time.",
            "기다리던 일은 모두 제때 일어났지만, 루프가 {sleeps}번 잤습니다. 매번 다음에 \
             올 시각까지 자면 6번으로 충분합니다."
        ));
    }
    Ok(sentence!(
        "All that was waited for happened in time, the last at 700 ms by its clock.",
        "기다리던 일이 모두 제때 일어났습니다. 마지막 일은 프로그램의 시계로 \
         700밀리초였습니다."
    ))
}

/// For how many milliseconds the program of `steps3` may compute, which waits for 400.
/// Eight polls take it less than one.
const MOST_COMPUTED: u64 = 20;

/// By how many milliseconds a task of `steps3` may be polled late, on a busy computer.
/// Who sleeps until all answers are there is late by 300 for the first.
const LATEST: u64 = 150;

fn woken(program: &Program) -> Verdict {
    let run = program.without_site().limit(PATIENCE).run()?;
    run.expect_success()?;
    let mut all = 0;
    for name in ["BR", "CN", "IN", "US"] {
        let number =
            |fact: &str| run.fact(&format!("{fact}-{name}"))?.parse::<u64>().ok();
        let Some(polls) = number("polls") else {
            return Err(sentence!(
                "{name} has never got its answer.",
                "{name} 태스크는 끝내 응답을 받지 못했습니다."
            ));
        };
        if polls > 2 {
            return Err(sentence!(
                "{name} was polled {polls} times, and it should be twice at most: to \
                 begin, and when its answer is there.",
                "{name} 태스크를 {polls}번 폴링했습니다. 시작할 때와 응답이 왔을 때, 많아야 \
                 두 번이어야 합니다."
            ));
        }
        let computed = number("computed").unwrap_or(0);
        if computed > MOST_COMPUTED {
            return Err(sentence!(
                "While {name} waited for its answer, the loop computed for {computed} \
                 ms. It should sleep until somebody is woken.",
                "{name} 태스크가 응답을 기다리는 동안 루프는 {computed}밀리초나 계산했습니다. \
                 누군가 깨어날 때까지 자야 합니다."
            ));
        }
        let late = number("late").unwrap_or(0);
        if late > LATEST {
            return Err(sentence!(
                "The answer of {name} was there for {late} ms when its task was polled. \
                 The loop should be woken by it at once.",
                "{name} 태스크는 응답이 온 지 {late}밀리초나 지나서 폴링되었습니다. \
                 응답이 오면 루프가 바로 깨어나야 합니다."
            ));
        }
        all += polls;
    }
    Ok(sentence!(
        "The loop has polled {all} times for 4 tasks, and slept in between.",
        "루프는 태스크 4개를 모두 합해 {all}번 폴링했고, 그사이에는 잤습니다."
    ))
}
