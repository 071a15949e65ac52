//! Cancelling and time-outs.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flags_server::CountryCode;

use super::{after, site, site_after};
use crate::exercise::{Exercise, Verdict};
use crate::program::Program;
use crate::run::Run;
use crate::sentence;

pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("cancel1", first_of_two_sites),
    Exercise::new("cancel2", whole_image),
    Exercise::new("cancel3", good_end),
];

fn first_of_two_sites(program: &Program) -> Verdict {
    // Each site is the first once. While the second flag is waited for, the site that has
    // lost the first one would answer, if that was not given up at once.
    let milliseconds = |is_first_flag, [first, second]: [u64; 2]| {
        after(Duration::from_millis(if is_first_flag { first } else { second }))
    };
    let is_first = |path: &str| path == "/flags/cn/cn.gif";
    let a = site(move |asked| milliseconds(is_first(asked.path), [100, 1500]))?;
    let b = site(move |asked| milliseconds(is_first(asked.path), [600, 900]))?;
    let run = program.on(&a).mirrored_by(&b).run()?;
    run.expect_success()?;
    let to_each = [run.requests.len(), run.mirror_requests.len()];
    if to_each != [2, 2] {
        let [to_a, to_b] = to_each;
        return Err(sentence!(
            "Requests to site A: {to_a}, to site B: {to_b}. It should be 2 and 2: both \
             are asked for each of the two flags.",
            "요청은 A 사이트에 {to_a}개, B 사이트에 {to_b}개 갔습니다. 국기 두 개를 두 \
             사이트에 모두 요청하므로 2개씩이어야 합니다."
        ));
    }
    let requests = || run.requests.iter().chain(&run.mirror_requests);
    let given_up = requests().filter(|request| request.was_given_up()).count();
    match given_up {
        2 => {}
        // What a task owns goes on, and the last one ends with the program.
        1 => {
            return Err(sentence!(
                "Given up: 1 of 4 requests, and it should be 2. The later answer for one \
                 flag was sent all the same. Who owns that request?",
                "포기한 요청은 4개 가운데 1개입니다. 2개여야 합니다. 국기 하나는 늦은 \
                 응답까지 왔습니다. 그 요청은 누가 소유하고 있을까요?"
            ));
        }
        _ => {
            return Err(sentence!(
                "Given up: {given_up} of 4 requests, and it should be 2, one for each \
                 flag: the one that is not the first.",
                "포기한 요청은 4개 가운데 {given_up}개입니다. 국기마다 늦은 쪽을 하나씩 \
                 포기하므로 2개여야 합니다."
            ));
        }
    }
    let printed: Vec<&str> = run.stdout.lines().map(str::trim).collect();
    if printed != ["CN A", "IN B"] {
        let printed = printed.join(", ");
        return Err(sentence!(
            "It printed: {printed}. The first were: CN A, IN B.",
            "출력: {printed}. 먼저 응답한 쪽을 말하면 CN A, IN B여야 합니다."
        ));
    }
    Ok(sentence!(
        "Each site was the first for one flag, and each was given up for the other: 2 of \
         4 requests.",
        "두 사이트가 국기를 하나씩 먼저 보냈고, 늦은 쪽에 보낸 요청은 그때마다 \
         포기했습니다. 요청 4개 가운데 2개입니다."
    ))
}

fn whole_image(program: &Program) -> Verdict {
    let run = program.without_site().run()?;
    run.expect_success()?;
    let fact = |name| run.fact(name).unwrap_or("0");
    let (pieces, taken) = (fact("pieces"), fact("beats-taken"));
    if taken != pieces {
        return Err(sentence!(
            "Taken: {taken} of {pieces} beats. One came while the image was being read, \
             and nobody took it.",
            "박동 {pieces}번 가운데 {taken}번만 받았습니다. 이미지를 읽는 동안 온 박동을 \
             아무도 받지 않았습니다."
        ));
    }
    let (sent, read) = (fact("bytes-sent"), fact("bytes-read"));
    if read != sent {
        return Err(sentence!(
            "Of {sent} bytes {read} are in the image. What was read before a beat was \
             dropped with its future.",
            "{sent}바이트 가운데 {read}바이트만 이미지에 있습니다. 박동이 오기 전에 읽은 \
             것이 퓨처와 함께 버려졌습니다."
        ));
    }
    if fact("is-the-same") != "true" {
        return Err(sentence!(
            "All {sent} bytes are there, but they are not those of the image.",
            "{sent}바이트가 다 있지만, 이미지의 바이트와 다릅니다."
        ));
    }
    let dots = run.stdout.matches('.').count().to_string();
    if dots != taken {
        return Err(sentence!(
            "The image is there, and {taken} beats were taken, but {dots} dots were \
             printed: it should be one for each beat.",
            "이미지도 다 있고 박동도 {taken}번 받았지만, 점은 {dots}개 출력되었습니다. \
             박동마다 하나씩이어야 합니다."
        ));
    }
    Ok(sentence!(
        "All {sent} bytes of the image are there, and all {taken} beats were taken \
         meanwhile.",
        "이미지의 {sent}바이트가 다 있고, 그동안 박동도 {taken}번 모두 받았습니다."
    ))
}

fn good_end(program: &Program) -> Verdict {
    let site = site_after(Duration::from_millis(50))?;
    let run = program.on(&site).run()?;
    run.expect_success()?;
    let printed = codes_printed(&run);
    if (run.requests.len(), printed) != (20, 20) {
        let requests = run.requests.len();
        return Err(sentence!(
            "Without Ctrl-C it has sent {requests} of 20 requests, and printed {printed} \
             of 20 codes.",
            "Ctrl-C를 누르지 않았는데 보낸 요청은 20개 가운데 {requests}개, 출력한 국가 \
             코드는 20개 가운데 {printed}개입니다."
        ));
    }
    if cfg!(not(unix)) {
        return Ok(sentence!(
            "Without Ctrl-C there are 20 flags. On this system no check can press Ctrl-C \
             for a program. Do it yourself, and count the codes.",
            "Ctrl-C를 누르지 않으면 국기 20개를 받습니다. 이 시스템에서는 검사가 \
             프로그램에 Ctrl-C를 보낼 수 없습니다. 직접 눌러 보고 국가 코드를 세어 \
             보세요."
        ));
    }
    interrupted_end(program)
}

/// The same program, in which Ctrl-C is pressed while five requests are in flight.
fn interrupted_end(program: &Program) -> Verdict {
    // The first five leave enough time to begin others after Ctrl-C, if that is done.
    let begun = AtomicUsize::new(0);
    let site = site(move |_| {
        let is_early = begun.fetch_add(1, Ordering::Relaxed) < 5;
        after(Duration::from_millis(if is_early { 1000 } else { 100 }))
    })?;
    let run = program.on(&site).interrupted(|seen| seen.len() >= 5).run()?;
    let given_up = run.given_up();
    if given_up > 0 {
        return Err(sentence!(
            "Given up at Ctrl-C: {given_up} requests, and it should be 0. What is in \
             flight is waited for.",
            "Ctrl-C를 눌렀을 때 포기한 요청이 {given_up}개입니다. 0개여야 합니다. 응답 \
             대기 중인 요청은 기다려야 합니다."
        ));
    }
    let begun_after = run.requests.len().saturating_sub(5);
    if begun_after > 0 {
        return Err(sentence!(
            "Begun after Ctrl-C: {begun_after} requests, and it should be 0.",
            "Ctrl-C를 누른 뒤에 시작한 요청이 {begun_after}개입니다. 0개여야 합니다."
        ));
    }
    run.expect_success()?;
    let printed = codes_printed(&run);
    if printed != 5 {
        return Err(sentence!(
            "The 5 flags that were in flight at Ctrl-C have arrived, and {printed} codes \
             were printed.",
            "Ctrl-C를 눌렀을 때 응답 대기 중이던 국기 5개가 도착했지만, 출력한 국가 \
             코드는 {printed}개입니다."
        ));
    }
    Ok(sentence!(
        "After Ctrl-C the 5 requests in flight had their answers, and no other was \
         begun.",
        "Ctrl-C를 눌렀을 때 응답 대기 중이던 요청 5개가 모두 응답을 받았고, 그 뒤에 \
         시작한 요청은 없습니다."
    ))
}

/// How many lines are the code of a country.
fn codes_printed(run: &Run) -> usize {
    run.stdout.lines().filter(|line| CountryCode::new(line.trim()).is_some()).count()
}
