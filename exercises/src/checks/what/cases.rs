//! Ten cases, and what is known of each.

use crate::exercise::Verdict;
use crate::observe::Take;
use crate::program::Program;
use crate::sentence;
use crate::sentence::Sentence;

/// A case: what is right, and what of it decides that, in both languages.
struct Case(Take, &'static str, &'static str);

const CASES: [Case; 10] = [
    Case(
        Take::For,
        "three waits in a row take some seconds, at night, and nobody notices.",
        "세 번을 차례로 기다려도 몇 초이고, 밤이라서 아무도 모릅니다.",
    ),
    Case(
        Take::Futures,
        "20,000 wait at the same time, and none of them does much but wait.",
        "20,000개가 동시에 기다리고, 기다리는 것 말고는 거의 하는 일이 없습니다.",
    ),
    Case(
        Take::Cores,
        "nothing is waited for: all of it is dark.",
        "기다리는 것이 없습니다. 처음부터 끝까지 짙은 막대입니다.",
    ),
    Case(
        Take::Pool,
        "there are thirty waits, somebody is there to notice, and each call blocks until \
         it is done.",
        "기다림이 서른 번이고 결과를 기다리는 사람이 있으며, 호출은 끝날 때까지 \
         블록합니다.",
    ),
    Case(
        Take::SpawnBlocking,
        "something dark is about to happen on a loop, and the loop has to go on.",
        "루프 위에서 짙은 일이 시작되려 하는데, 루프는 계속되어야 합니다.",
    ),
    Case(
        Take::Futures,
        "a wait has to be ended in its middle, which is possible at an `.await`.",
        "기다림을 도중에 끝내야 합니다. `.await`에서라면 끝낼 수 있습니다.",
    ),
    Case(
        Take::Process,
        "code that may turn in a circle has to be ended, and nothing of the same program \
         can do that.",
        "끝없이 맴돌지도 모르는 코드를 끝내야 하는데, 같은 프로그램 안에서는 그럴 수 없습니다.",
    ),
    Case(
        Take::Cores,
        "everything is in memory already, so that there is only work left.",
        "모두 이미 메모리에 있어서 남은 것은 계산뿐입니다.",
    ),
    Case(
        Take::SpawnBlocking,
        "a call blocks until a disk has everything, and a loop has to go on meanwhile.",
        "디스크에 다 쓸 때까지 블록하는 호출인데, 그동안 루프는 계속되어야 합니다.",
    ),
    Case(
        Take::Pool,
        "there are 8 waits at a time, somebody is there to notice, and each call blocks.",
        "기다림이 한 번에 8개이고 결과를 기다리는 사람이 있으며, 호출은 블록합니다.",
    ),
];

/// What a thing is for, as the beginning of a sentence.
fn what_it_does(take: Take) -> Sentence {
    match take {
        Take::For => sentence!(
            "a `for` does one thing after another",
            "`for`는 하나씩 차례로 합니다"
        ),
        Take::Pool => sentence!(
            "a pool has a thread for each wait, to be blocked",
            "풀에는 기다림마다 블록될 스레드가 하나씩 있습니다"
        ),
        Take::Futures => sentence!(
            "futures wait beside one another on one thread",
            "퓨처는 스레드 하나에서 나란히 기다립니다"
        ),
        Take::SpawnBlocking => sentence!(
            "`spawn_blocking` takes from a loop what would hold it",
            "`spawn_blocking`은 루프를 붙잡을 일을 루프에서 덜어 냅니다"
        ),
        Take::Cores => sentence!(
            "a thread for each core shares out what keeps a core busy",
            "코어 수만큼의 스레드는 코어를 바쁘게 하는 일을 나누어 맡습니다"
        ),
        Take::Process => sentence!(
            "a process has its own memory, and can be ended from outside",
            "프로세스는 메모리를 따로 가지고, 밖에서 끝낼 수 있습니다"
        ),
    }
}

pub(super) fn ten_cases(program: &Program) -> Verdict {
    use crate::sentence::Language::{English, Korean};

    let run = program.without_site().run()?;
    run.expect_success()?;
    let mut taken = run.fact("decisions").unwrap_or_default().split_whitespace();
    for (number, Case(right, english, korean)) in (1..).zip(CASES) {
        let name = taken.next().unwrap_or_default();
        let take = Take::ALL.into_iter().find(|take| format!("{take:?}") == name);
        let Some(take) = take else {
            return Err(sentence!(
                "It has told no decision for case {number}.",
                "{number}번에 무엇을 골랐는지 알리지 않았습니다."
            ));
        };
        if take != right {
            let does = what_it_does(take);
            let (does_english, does_korean) = (does.text(English), does.text(Korean));
            return Err(sentence!(
                "Case {number}: {does_english}. But here {english}",
                "{number}번: {does_korean}. 그런데 여기서는 {korean}"
            ));
        }
    }
    Ok(sentence!(
        "All ten cases are decided as the questions of the chapter decide them.",
        "열 가지 모두 이 장의 물음대로 골랐습니다."
    ))
}
