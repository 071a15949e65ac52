//! Without a GIL.

use std::collections::BTreeSet;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::site_after;
use crate::exercise::{Exercise, Verdict};
use crate::observe;
use crate::program::Program;
use crate::run::Run;
use crate::sentence;
use crate::sentence::Sentence;

/// All are alone, for they keep the cores busy which others need.
pub(crate) const EXERCISES: &[Exercise] = &[
    Exercise::new("cores1", on_all_cores).alone(),
    Exercise::new("cores2", beside_the_loop).alone(),
    Exercise::new("cores3", both_at_once).alone(),
];

/// What was seen of a hash, from inside the program.
struct SeenHash {
    salt: u16,
    began: Instant,
    ended: Instant,
    /// How many hashes were being computed when it began, this one among them.
    at_once: usize,
    /// How often the heart of the loop has beaten meanwhile.
    beats: usize,
}

impl SeenHash {
    /// All hashes of a run, each of the first `number` salts once.
    fn all(run: &Run, number: u16) -> Result<Vec<Self>, Sentence> {
        let hashes: Vec<_> = run.facts_of("hash").filter_map(Self::read).collect();
        let salts: BTreeSet<u16> = hashes.iter().map(|hash| hash.salt).collect();
        if salts.iter().copied().eq(0..number) && hashes.len() == salts.len() {
            return Ok(hashes);
        }
        let (all, different) = (hashes.len(), salts.len());
        Err(sentence!(
            "Hashes: {all}, with {different} different salts. It should be {number}, \
             each with a salt of its own.",
            "계산한 해시는 {all}개이고, 서로 다른 솔트(salt)는 {different}개입니다. \
             솔트가 저마다 다른 해시 {number}개여야 합니다."
        ))
    }

    fn read(fact: &str) -> Option<Self> {
        let mut values = fact.split(' ');
        let salt = values.next()?.parse().ok()?;
        let began = moment(values.next()?.parse().ok()?)?;
        let ended = moment(values.next()?.parse().ok()?)?;
        let at_once = values.next()?.parse().ok()?;
        let beats = values.next()?.parse().ok()?;
        Some(Self { salt, began, ended, at_once, beats })
    }
}

/// The moment of this process at which the clock on the wall, which another process has
/// read, was so many microseconds from its beginning.
fn moment(microseconds: u64) -> Option<Instant> {
    let then = UNIX_EPOCH + Duration::from_micros(microseconds);
    Instant::now().checked_sub(SystemTime::now().duration_since(then).ok()?)
}

/// Counts, and measures no time: on a busy machine there may be no core for a thread that
/// computes, but it is counted all the same.
fn on_all_cores(program: &Program) -> Verdict {
    let run = program.without_site().run()?;
    run.expect_success()?;
    let hashes = SeenHash::all(&run, 12)?;
    let most = hashes.iter().map(|hash| hash.at_once).max().unwrap_or(0);
    let cores = observe::cores();
    if most > cores {
        return Err(sentence!(
            "Hashes that were being computed at one time: {most}. It should be {cores}: \
             more threads than cores make nothing faster.",
            "동시에 계산한 해시가 최대 {most}개였습니다. {cores}개여야 합니다. 스레드가 \
             코어보다 많아도 더 빨라지지 않습니다."
        ));
    }
    if most < cores {
        return Err(sentence!(
            "Hashes that were being computed at one time: {most} at most. It should be \
             {cores}: one for each core.",
            "동시에 계산한 해시가 최대 {most}개였습니다. 코어마다 하나씩 {cores}개여야 \
             합니다."
        ));
    }
    let (alone, later) = begun_alone(hashes, cores);
    if alone > later / 2 {
        return Err(sentence!(
            "After the first {cores} hashes, {alone} of {later} were begun when no other \
             was being computed. It should be {cores} at one time, to the end.",
            "처음 {cores}개를 뺀 해시 {later}개 가운데 {alone}개는 다른 해시를 하나도 \
             계산하지 않을 때 시작했습니다. 끝까지 {cores}개씩 동시에 계산해야 합니다."
        ));
    }
    Ok(sentence!(
        "{most} of the 12 hashes were being computed at one time: one for each core.",
        "해시 12개를 코어마다 하나씩, 동시에 {most}개까지 계산했습니다."
    ))
}

/// How many hashes were begun when no other was being computed, and of how many, where
/// the `first` of them do not count.
fn begun_alone(mut hashes: Vec<SeenHash>, first: usize) -> (usize, usize) {
    hashes.sort_by_key(|hash| hash.began);
    let later = &hashes[first.min(hashes.len())..];
    (later.iter().filter(|hash| hash.at_once == 1).count(), later.len())
}

fn beside_the_loop(program: &Program) -> Verdict {
    let run = program.without_site().run()?;
    run.expect_success()?;
    let hashes = SeenHash::all(&run, 4)?;
    let silent = hashes.iter().filter(|hash| hash.beats == 0).count();
    let gap = run.fact("longest-gap").unwrap_or("–");
    // Six beats fit into a hash. That none came can happen once, on a busy machine.
    if silent > 1 {
        return Err(sentence!(
            "During {silent} of 4 hashes the heart did not beat, and the longest gap was \
             {gap}: the loop was held up.",
            "해시 4개 가운데 {silent}개를 계산하는 동안 심장이 뛰지 않았고, 가장 긴 \
             간격은 {gap}였습니다. 루프가 붙들려 있었기 때문입니다."
        ));
    }
    Ok(sentence!(
        "The heart went on beating during the hashes, and the longest gap was {gap}.",
        "해시를 계산하는 동안에도 심장이 뛰었고, 가장 긴 간격은 {gap}였습니다."
    ))
}

fn both_at_once(program: &Program) -> Verdict {
    let site = site_after(Duration::from_millis(300))?;
    let run = program.on(&site).run()?;
    run.expect_flags(20)?;
    let hashes = SeenHash::all(&run, 8)?;
    let first_hash = hashes.iter().map(|hash| hash.began).min();
    let first_request = run.requests.iter().map(|request| request.came).min();
    let ends = run.requests.iter().filter_map(|request| request.end);
    let answered = ends.filter(|end| Some(end.at) < first_hash).count();
    if answered > 0 {
        return Err(sentence!(
            "The first hash began when {answered} of 20 requests had been answered, and \
             it should begin before the first answer.",
            "요청 20개 가운데 {answered}개의 응답이 온 뒤에 첫 해시를 시작했습니다. 첫 \
             응답이 오기 전에 시작해야 합니다."
        ));
    }
    let computed = hashes.iter().filter(|hash| Some(hash.ended) < first_request).count();
    if computed >= 4 {
        return Err(sentence!(
            "The first request came when {computed} of 8 hashes had been computed, and \
             it should come before half of them are.",
            "해시 8개 가운데 {computed}개를 계산한 뒤에 첫 요청이 왔습니다. 절반을 \
             계산하기 전에 와야 합니다."
        ));
    }
    Ok(sentence!(
        "8 hashes were computed while 20 flags were on their way.",
        "국기 20개가 오는 동안 해시 8개를 계산했습니다."
    ))
}
