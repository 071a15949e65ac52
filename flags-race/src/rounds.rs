//! The rounds of a race: who runs when.

use crate::binaries::Binaries;
use crate::interrupt::asked_to_stop;
use crate::progress::Progress;
use crate::race::{Pairing, Race};
use crate::run::{self, Run};

/// Holds all rounds, or as many as there are before Ctrl-C; a run that it breaks off is
/// none. Each round goes over all distances, so that whatever else happens on the machine
/// concerns all alike.
pub(crate) fn hold(race: &Race, binaries: &Binaries) -> Vec<Run> {
    let mut progress = Progress::begin(race);
    let mut runs = Vec::new();
    for round in 0..race.rounds {
        for distance in 0..race.distances.len() {
            for contestant in order(round, race.contestants.len()) {
                let pairing = Pairing { distance, contestant };
                let look = |passed| progress.look(pairing, passed);
                let run = run::run(race, pairing, round + 1, binaries, look);
                if asked_to_stop() {
                    return runs;
                }
                progress.end_run(&run);
                runs.push(run);
            }
        }
    }
    runs
}

/// The order of the contestants in one round.
///
/// It changes from round to round, because a processor that becomes warm, or a disk that
/// is still busy, is worse for the next one. They begin in turn, and the others follow in
/// a circle: in every second round forwards, else backwards, so that of three or more
/// nobody always follows the same one.
fn order(round: usize, contestants: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..contestants).collect();
    order.rotate_left(round % contestants.max(1));
    if round % 2 == 1 {
        if let [_first, others @ ..] = order.as_mut_slice() {
            others.reverse();
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn all_take_part_in_every_round_and_begin_in_turn() {
        for contestants in 1..7 {
            for round in 0..20 {
                let order = order(round, contestants);
                let all: BTreeSet<usize> = order.iter().copied().collect();
                assert!(order.len() == contestants && all.len() == contestants);
                assert_eq!(order[0], round % contestants);
            }
        }
        assert_eq!(order(0, 3), [0, 1, 2]);
        assert_eq!(order(1, 3), [1, 0, 2]);
        assert_eq!(order(2, 3), [2, 0, 1]);
    }

    #[test]
    fn six_rounds_of_three_are_all_orders() {
        let orders: BTreeSet<_> = (0..6).map(|round| order(round, 3)).collect();
        assert_eq!(orders.len(), 6);
    }

    #[test]
    fn nobody_always_follows_the_same_one() {
        for contestants in 3..7 {
            let orders = (0..2 * contestants).map(|round| order(round, contestants));
            let orders: Vec<_> = orders.collect();
            for contestant in 0..contestants {
                let pairs = orders.iter().flat_map(|order| order.windows(2));
                let before = pairs.filter(|pair| pair[1] == contestant);
                let before: BTreeSet<usize> = before.map(|pair| pair[0]).collect();
                assert!(before.len() > 1, "{contestant} of {contestants}: {orders:?}");
            }
        }
    }
}
