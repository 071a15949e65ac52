//! Around what blocks.

use super::{ANSWER, site_after};
use crate::exercise::{Exercise, Verdict};
use crate::observe::slow_disk::{SAVED_SLOWLY, SLOW_DISK};
use crate::program::Program;
use crate::sentence;

pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("blocking1", beside_the_loop),
    Exercise::new("blocking2", a_narrow_guard),
];

fn beside_the_loop(program: &Program) -> Verdict {
    let site = site_after(ANSWER)?;
    let run = program.on(&site).run()?;
    let saved = run.saved().len();
    if run.stderr.contains("panicked") {
        run.expect_success()?;
    }
    if saved != 4 {
        return Err(sentence!(
            "Flags saved whole: {saved}. It should be 4. Does somebody wait until each \
             is saved?",
            "온전하게 저장된 국기는 {saved}개입니다. 4개여야 합니다. 저장이 저마다 \
             끝나기를 기다리는 코드가 있나요?"
        ));
    }
    let slowly = run.facts_of(SAVED_SLOWLY).count();
    if slowly != 4 {
        return Err(sentence!(
            "4 flags were saved, and {slowly} of them on the slow disk. It should be \
             all.",
            "국기 4개가 저장되었지만, 느린 디스크에 저장한 것은 {slowly}개입니다. 모두 느린 \
             디스크에 저장해야 합니다."
        ));
    }
    run.expect_success()?;
    let gap = run.fact("longest-gap").and_then(|gap| gap.strip_suffix(" ms"));
    let Some(gap) = gap.and_then(|gap| gap.parse::<u128>().ok()) else {
        return Err(sentence!(
            "No heart has beaten: `beside_a_heartbeat` should be awaited to its end.",
            "심장이 뛰지 않았습니다. `beside_a_heartbeat`를 끝까지 기다려야 합니다."
        ));
    };
    let saving = SLOW_DISK.as_millis();
    if gap >= saving {
        return Err(sentence!(
            "The heart stood still for {gap} ms. No gap should be as long as one saving, \
             which is {saving} ms.",
            "심장이 {gap}밀리초 동안 멈추었습니다. 박동 사이가 한 번 저장하는 시간인 \
             {saving}밀리초만큼 벌어지면 안 됩니다."
        ));
    }
    let unheard = run.facts_of(SAVED_SLOWLY).filter(|beats| *beats == "0").count();
    if unheard > 0 {
        return Err(sentence!(
            "While {unheard} of the flags were saved, the heart did not beat at all: the \
             loop had not begun, or was over.",
            "국기 {unheard}개를 저장하는 동안 심장이 한 번도 뛰지 않았습니다. 루프가 \
             아직 돌지 않았거나 이미 끝났기 때문입니다."
        ));
    }
    Ok(sentence!(
        "4 flags were saved on the slow disk, and the heart never stood still for longer \
         than {gap} ms.",
        "국기 4개를 느린 디스크에 저장하는 동안, 심장이 멈춘 시간은 길어야 \
         {gap}밀리초였습니다."
    ))
}

fn a_narrow_guard(program: &Program) -> Verdict {
    let site = site_after(ANSWER)?;
    let run = program.on(&site).run()?;
    run.expect_flags(10)?;
    run.expect_in_flight(10)?;
    let sum = run.bytes_saved();
    let mut lines = run.stdout.lines().map(str::trim);
    match lines.rfind(|line| line.ends_with("bytes")) {
        Some(line) if line == format!("{sum} bytes") => Ok(sentence!(
            "10 in flight at once, and the sum of {sum} bytes is right.",
            "요청 10개가 동시에 응답을 기다렸고, 합계 {sum}바이트도 맞습니다."
        )),
        line => {
            let line = line.unwrap_or("–");
            Err(sentence!(
                "10 in flight at once, and its last line is \"{line}\". It should be \
                 \"{sum} bytes\": each flag counts.",
                "요청 10개가 동시에 응답을 기다렸지만, 마지막 줄이 \"{line}\"입니다. \
                 국기를 모두 더한 \"{sum} bytes\"여야 합니다."
            ))
        }
    }
}
