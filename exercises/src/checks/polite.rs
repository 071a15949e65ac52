//! Politeness.

use std::cmp::min;
use std::time::Duration;

use flags_server::{Profile, WatchedServer};

use super::{site_after, started};
use crate::exercise::{Exercise, Verdict};
use crate::program::Program;
use crate::sentence;
use crate::sentence::Sentence;

pub(crate) const EXERCISES: &[Exercise] =
    &[Exercise::new("polite1", ten_a_second), Exercise::new("polite2", best_number)];

/// In how long no more than 12 requests may come. One each tenth of a second makes 7 of
/// them at most, and ten at the beginning of each second make 10: both is right. The rest
/// is for a busy computer, which moves some of them together.
const WINDOW: Duration = Duration::from_millis(600);

/// How many flags are asked for: at ten in a second, evenly or in bursts, the last is
/// asked for 2 seconds after the first.
const FLAGS: usize = 21;

/// The least that they may take from the first to the last, which may seem to be less
/// than 2 seconds on a busy computer.
const SHORTEST: Duration = Duration::from_millis(1600);

/// The most that they may take from the first to the last. Five in a second take 4
/// seconds, and who waits for each answer takes twice as long.
const LONGEST: Duration = Duration::from_millis(3500);

fn ten_a_second(program: &Program) -> Verdict {
    let site = site_after(Duration::from_millis(400))?;
    let run = program.on(&site).arguments(["-a", "-l", &FLAGS.to_string()]).run()?;
    let arrivals = run.arrivals();
    let within = |start: &Duration| {
        let end = *start + WINDOW;
        arrivals.iter().filter(|moment| (*start..end).contains(*moment)).count()
    };
    let most = arrivals.iter().map(within).max().unwrap_or(0);
    if most > 12 {
        return Err(sentence!(
            "{most} requests came within 0.6 s. That is too many for a site that allows \
             10 in a second.",
            "0.6초 안에 요청 {most}개가 왔습니다. 1초에 10개만 허용하는 사이트에는 너무 \
             많습니다."
        ));
    }
    run.expect_flags(FLAGS)?;
    let took = arrivals.last().copied().unwrap_or_default();
    if took < SHORTEST {
        return Err(sentence!(
            "{FLAGS} requests came in {took:.1?}. That is too fast for a site that \
             allows 10 in a second.",
            "요청 {FLAGS}개가 {took:.1?} 만에 왔습니다. 1초에 10개만 허용하는 사이트에는 너무 \
             빠릅니다."
        ));
    }
    if took > LONGEST {
        return Err(sentence!(
            "They came slowly enough, but from the first request to the last it took \
             {took:.1?}, and two seconds would do. What does a request wait for?",
            "너무 빠르지는 않지만, 첫 요청에서 마지막 요청까지 {took:.1?} 걸렸습니다. \
             2초면 됩니다. 요청은 무엇을 기다리고 있을까요?"
        ));
    }
    Ok(sentence!(
        "{FLAGS} requests came in {took:.1?}, without a burst and without a wait too \
         long.",
        "요청 {FLAGS}개가 {took:.1?}에 걸쳐 왔습니다. 몰려오지도, 너무 뜸하지도 \
         않았습니다."
    ))
}

/// What there is to know of one run on a site that can have too much to do.
struct Measured {
    in_flight: usize,
    took: Duration,
}

fn best_number(program: &Program) -> Verdict {
    let chosen = measured(program, None)?;
    let (number, took) = (chosen.in_flight, chosen.took);
    if number <= 1 {
        // With such a default, no other number is allowed to compare it with.
        return Err(sentence!(
            "One after another it took {took:.1?}. The site could have done more than \
             that meanwhile.",
            "하나씩 차례로 하니 {took:.1?} 걸렸습니다. 그동안 사이트는 더 많은 일을 할 \
             수 있었습니다."
        ));
    }
    let (half, twice) = (number / 2, min(number * 2, 20));
    for other in [half, twice].into_iter().filter(|&other| other != number) {
        let compared = measured(program, Some(other))?;
        // A number that is not heeded would be as good as its half and its double.
        let is_heeded = if other > number {
            compared.in_flight > number
        } else {
            compared.in_flight <= other
        };
        if !is_heeded {
            let in_flight = compared.in_flight;
            return Err(sentence!(
                "With -m {other} it had {in_flight} requests in flight. The number is to \
                 be the default, and -m another one.",
                "-m {other}인데 응답 대기 중인 요청이 최대 {in_flight}개였습니다. 고른 \
                 수는 기본값이고, -m으로 바꿀 수 있어야 합니다."
            ));
        }
        let faster = compared.took;
        if faster * 7 / 5 < took {
            return Err(sentence!(
                "With {number} in flight it took {took:.1?}, and with {other} it was \
                 faster by far: {faster:.1?}.",
                "응답 대기 중인 요청이 {number}개일 때는 {took:.1?} 걸렸는데, \
                 {other}개일 때는 {faster:.1?} 만에 끝나서 훨씬 빨랐습니다."
            ));
        }
    }
    Ok(sentence!(
        "With {number} in flight it took {took:.1?}, and neither with half as many nor \
         with twice as many it was faster by far.",
        "응답 대기 중인 요청이 {number}개일 때 {took:.1?} 걸렸고, 그 절반이나 두 배로도 \
         훨씬 빨라지지는 않았습니다."
    ))
}

/// Runs it on a site that is easily overloaded, with the same delays each time.
fn measured(program: &Program, at_once: Option<usize>) -> Result<Measured, Sentence> {
    const SEED: Option<u64> = Some(1);
    let site = started(WatchedServer::start(Profile::Overload.behaviour(), SEED))?;
    let arguments = at_once.map(|number| ["-m".to_owned(), number.to_string()]);
    let run = program.on(&site).arguments(arguments.into_iter().flatten()).run()?;
    run.expect_flags(20)?;
    Ok(Measured { in_flight: run.most_in_flight(), took: run.time_at_the_site() })
}
