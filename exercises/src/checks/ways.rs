//! Three ways to wait.

use std::thread;
use std::time::Duration;

use flags_server::{Behaviour, Latency, WatchedServer};

use super::{ANSWER, site_after, started};
use crate::exercise::{Exercise, Verdict};
use crate::program::Program;
use crate::run::Run;
use crate::sentence;
use crate::sentence::Sentence;

pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("ways1", four_predictions),
    Exercise::new("ways2", at_most_five),
    Exercise::new("ways3", two_lower_bounds),
];

/// How late the site of `ways1` answers, as its task says.
const DELAY: Duration = Duration::from_millis(100);

/// With how many threads `ways1` runs, and in how many rounds the pool is then done.
const RUNS: [(usize, f64); 4] = [(1, 20.0), (5, 4.0), (15, 2.0), (20, 1.0)];

fn four_predictions(program: &Program) -> Verdict {
    let runs = side_by_side(&RUNS, |(threads, _)| {
        let site = site_after(DELAY)?;
        program.on(&site).arguments(["-m", &threads.to_string()]).run()
    })?;
    let mut times = Vec::new();
    for ((threads, rounds), run) in RUNS.into_iter().zip(&runs) {
        run.expect_flags(20)?;
        let most = run.most_in_flight();
        // On a busy machine the first answers may come before the last threads begin.
        if most > threads || most < threads.div_ceil(2) {
            return Err(sentence!(
                "With -m {threads}, it had {most} in flight at most: leave the pool \
                 as it is, and change only the predictions.",
                "-m {threads} 실행에서 응답 대기 중인 요청이 최대 {most}개였습니다. 풀은 \
                 그대로 두고 예상만 고쳐 보세요."
            ));
        }
        let predicted = number(run, &format!("predicted-for-{threads}"))?;
        let took = run.time_at_the_site().as_secs_f64();
        times.push(format!("{took:.2}"));
        // A busy machine adds to the delays what nobody can predict.
        let without_work = rounds * DELAY.as_secs_f64();
        if [took, without_work].into_iter().any(|time| is_near(predicted, time)) {
            continue;
        }
        let delay = DELAY.as_secs_f64();
        return Err(if predicted < took {
            sentence!(
                "With -m {threads}, the run took longer than the {predicted} s that you \
                 predicted. It had {most} in flight at most, and each answer was \
                 held back for {delay} s.",
                "-m {threads} 실행은 예상한 {predicted}초보다 오래 걸렸습니다. 응답 대기 \
                 중인 요청은 최대 {most}개였고, 응답마다 {delay}초씩 늦추었습니다."
            )
        } else {
            sentence!(
                "With -m {threads}, the run took less than the {predicted} s that you \
                 predicted. It had {most} in flight at most, and each answer was \
                 held back for {delay} s.",
                "-m {threads} 실행은 예상한 {predicted}초보다 빨리 끝났습니다. 응답 대기 \
                 중인 요청은 최대 {most}개였고, 응답마다 {delay}초씩 늦추었습니다."
            )
        });
    }
    let times = times.join(", ");
    Ok(sentence!(
        "With -m 1, 5, 15 and 20 the runs took {times} s, and you knew it.",
        "-m 1, 5, 15, 20 실행에 걸린 시간은 {times}초입니다. 예상이 맞았습니다."
    ))
}

/// Whether a prediction is within 20 % of a time.
fn is_near(predicted: f64, time: f64) -> bool {
    (predicted - time).abs() <= 0.2 * time
}

fn at_most_five(program: &Program) -> Verdict {
    let site = site_after(ANSWER)?;
    let run = program.on(&site).run()?;
    run.expect_flags(20)?;
    run.expect_in_flight(5)?;
    let waits = run.requests.iter().filter_map(|one| Some(one.end?.at - one.came));
    let waits: Duration = waits.sum();
    let average = waits.as_secs_f64() / run.time_at_the_site().as_secs_f64();
    // On a busy machine a thread may be late for its next flag, and not by so much.
    if average < 2.5 {
        return Err(sentence!(
            "It had 5 in flight at most, but only {average:.1} on average: let there be \
             5 for as long as there are flags.",
            "응답 대기 중인 요청이 최대 5개였지만, 평균은 {average:.1}개뿐입니다. 국기가 \
             남아 있는 동안 계속 5개여야 합니다."
        ));
    }
    Ok(sentence!(
        "It had 5 in flight at most, and saved 20 flags.",
        "응답 대기 중인 요청은 최대 5개였고, 국기 20개가 저장되었습니다."
    ))
}

/// The number of threads for each seed of `ways3`.
const THREADS: [u32; 10] = [3, 5, 20, 1, 3, 5, 20, 3, 5, 20];

/// What is lost where times are told in thousandths of a second.
const ROUNDING: f64 = 0.001;

fn two_lower_bounds(program: &Program) -> Verdict {
    let seeds: Vec<_> = (1..).zip(THREADS).collect();
    let runs = side_by_side(&seeds, |(seed, threads)| {
        let latency = Latency::Exponential { mean: Duration::from_millis(45) };
        let behaviour = Behaviour { latency, error_rate: 0.0 };
        let site = started(WatchedServer::start(behaviour, Some(seed)))?;
        program.on(&site).arguments(["-m", &threads.to_string()]).run()
    })?;
    for ((seed, threads), run) in seeds.into_iter().zip(&runs) {
        run.expect_flags(20)?;
        let bound = number(run, "at-least")?;
        // The process took longer than the downloads in it, whatever it says.
        let took = number(run, "took")?.min((run.ended - run.began).as_secs_f64());
        let waits = run
            .requests
            .iter()
            .filter_map(|request| Some((request.end?.at - request.came).as_secs_f64()));
        let (sum, longest) = waits
            .fold((0.0, 0.0_f64), |(sum, longest), wait| (sum + wait, longest.max(wait)));
        // The program waits a little longer than the site lets it wait, and not shorter.
        // So both comparisons hold for every right bound, however busy the machine is.
        if bound > took + ROUNDING {
            return Err(sentence!(
                "With -m {threads} and seed {seed}, the run took {took:.3} s, and \
                 lower_bound says that it takes {bound:.3} s at least.",
                "-m {threads}, 시드 {seed} 실행에 {took:.3}초가 걸렸는데, lower_bound는 \
                 적어도 {bound:.3}초가 걸린다고 합니다."
            ));
        }
        if bound + ROUNDING < longest.max(sum / f64::from(threads)) {
            return Err(sentence!(
                "With -m {threads} and seed {seed}, {bound:.3} s at least is true, but \
                 you can say more: the waits were {sum:.3} s together, and the longest \
                 {longest:.3} s.",
                "-m {threads}, 시드 {seed} 실행에서 적어도 {bound:.3}초라는 말은 맞지만, \
                 더 큰 값도 장담할 수 있습니다. 기다린 시간은 모두 더해 {sum:.3}초이고, \
                 가장 긴 것은 {longest:.3}초입니다."
            ));
        }
    }
    Ok(sentence!(
        "With ten seeds and 1, 3, 5 or 20 threads, no run was faster than lower_bound \
         says.",
        "시드 열 개와 스레드 1, 3, 5, 20개로 실행했고, lower_bound보다 빨리 끝난 실행은 \
         없었습니다."
    ))
}

/// Runs a program for each item, all side by side: each of them mostly waits.
fn side_by_side<T: Copy + Send>(
    items: &[T],
    run: impl Fn(T) -> Result<Run, Sentence> + Sync,
) -> Result<Vec<Run>, Sentence> {
    let run = &run;
    thread::scope(|scope| {
        let runs: Vec<_> =
            items.iter().map(|&item| scope.spawn(move || run(item))).collect();
        runs.into_iter().map(|run| run.join().expect("a run does not panic")).collect()
    })
}

/// What the program has told by `observe::seconds`.
fn number(run: &Run, name: &str) -> Result<f64, Sentence> {
    run.fact(name).and_then(|number| number.parse().ok()).ok_or_else(|| {
        sentence!(
            "It does not tell {name}, as it did when it was given to you.",
            "처음 받은 프로그램과 달리 {name} 값을 알려 주지 않습니다."
        )
    })
}
