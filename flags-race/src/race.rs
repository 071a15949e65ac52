//! What a race is: who takes part, over which distances, and how often.

use std::time::Duration;

use crate::contestant::Contestant;
use crate::distance::Distance;

/// Who races over which distances, how often, and against which delays.
#[derive(Debug)]
pub(crate) struct Race {
    pub(crate) contestants: Vec<Contestant>,
    pub(crate) distances: Vec<Distance>,
    pub(crate) rounds: usize,
    pub(crate) seed: u64,
    /// About how long all delays of a run are together, where they are shorter for more
    /// flags.
    pub(crate) scaled_to: Option<Duration>,
}

/// One contestant over one distance, by their places in the race, from 0. Each round has
/// a run of every pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pairing {
    pub(crate) distance: usize,
    pub(crate) contestant: usize,
}

impl Race {
    /// All pairings: those over the first distance, and so on.
    pub(crate) fn pairings(&self) -> impl Iterator<Item = Pairing> {
        (0..self.distances.len()).flat_map(|distance| self.pairings_over(distance))
    }

    /// The pairings over one distance, in the order of the contestants.
    pub(crate) fn pairings_over(
        &self,
        distance: usize,
    ) -> impl Iterator<Item = Pairing> + use<> {
        (0..self.contestants.len())
            .map(move |contestant| Pairing { distance, contestant })
    }

    pub(crate) fn contestant(&self, pairing: Pairing) -> &Contestant {
        &self.contestants[pairing.contestant]
    }

    pub(crate) fn distance(&self, pairing: Pairing) -> &Distance {
        &self.distances[pairing.distance]
    }

    /// How many runs there are in all rounds.
    pub(crate) fn runs(&self) -> usize {
        self.rounds * self.pairings().count()
    }

    /// About how long the whole race takes. How fast other programs are is not known; it
    /// is assumed that they wait for all flags at once.
    pub(crate) fn expected(&self) -> Duration {
        let one_round = self.pairings().map(|pairing| {
            let at_once = self.contestant(pairing).at_once();
            self.distance(pairing).expected(at_once.unwrap_or(usize::MAX))
        });
        u32::try_from(self.rounds).map_or(Duration::MAX, |rounds| {
            one_round.sum::<Duration>().saturating_mul(rounds)
        })
    }
}
