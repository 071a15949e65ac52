//! What a card of the deck means to a site that behaves in a certain way.

use std::time::Duration;

use crate::deck::Card;
use crate::profile::{Behaviour, Latency};

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Draw {
    pub(crate) delay: Duration,
    pub(crate) is_error: bool,
}

impl Behaviour {
    /// What happens to a request that was dealt `card`, and with which so many are in
    /// flight.
    pub(crate) fn drawn(&self, card: Card, in_flight: u32) -> Draw {
        Draw {
            delay: self.latency.at(card.for_delay, in_flight),
            is_error: card.for_error < self.error_rate,
        }
    }
}

impl Latency {
    /// The delay that chance, a number from 0 up to but not including 1, stands for.
    fn at(self, chance: f64, in_flight: u32) -> Duration {
        match self {
            Self::None => Duration::ZERO,
            Self::Fixed(time) => time,
            Self::Uniform { min, max } => min + max.saturating_sub(min).mul_f64(chance),
            // The share of delays below t is 1 - exp(-t / mean); solved for t.
            Self::Exponential { mean } => mean.mul_f64(-(1.0 - chance).ln()),
            Self::Overload { mean, places } => {
                let share = (f64::from(in_flight) / f64::from(places.max(1))).max(1.0);
                mean.mul_f64((0.5 + chance) * share * share)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deck::Deck;
    use crate::profile::Profile;
    use crate::testing::{assert_near, mean_and_deviation};

    fn cards(number: usize) -> Vec<Card> {
        let mut deck = Deck::new(Some(1));
        (0..number).map(|_| deck.deal(None)).collect()
    }

    #[test]
    fn delays_are_distributed_as_their_latency_says() {
        let fixed = Duration::from_millis(200);
        for chance in [0.0, 0.5, 0.999] {
            assert_eq!(Latency::None.at(chance, 9), Duration::ZERO);
            assert_eq!(Latency::Fixed(fixed).at(chance, 9), fixed);
        }

        let delays = |latency| {
            let behaviour = Behaviour { latency, error_rate: 0.0 };
            let draws = cards(676).into_iter().map(move |card| behaviour.drawn(card, 1));
            draws.map(|draw| draw.delay.as_secs_f64()).collect::<Vec<_>>()
        };
        let (min, max) = (Duration::from_millis(500), Duration::from_secs(5));
        let uniform = delays(Latency::Uniform { min, max });
        assert!(uniform.iter().all(|delay| (0.5..5.0).contains(delay)));
        let (mean, deviation) = mean_and_deviation(&uniform);
        assert_near(mean, 2.75, 0.2);
        assert_near(deviation, 1.3, 0.1);

        let mean = Duration::from_secs(1);
        let exponential = delays(Latency::Exponential { mean });
        assert!(exponential.iter().all(|&delay| delay >= 0.0));
        let (mean, deviation) = mean_and_deviation(&exponential);
        assert_near(mean, 1.0, 0.15);
        assert_near(deviation, 1.0, 0.2);
    }

    #[test]
    fn an_overload_makes_twice_as_many_take_four_times_as_long() {
        let mean = Duration::from_millis(100);
        let overload = Latency::Overload { mean, places: 5 };
        let milliseconds =
            |chance, in_flight| overload.at(chance, in_flight).as_secs_f64() * 1000.0;
        for (chance, in_flight, expected) in [
            (0.0, 1, 50.0),
            (0.5, 1, 100.0),
            (0.5, 5, 100.0),
            (0.5, 6, 144.0),
            (0.5, 10, 400.0),
            (0.75, 20, 2000.0),
        ] {
            assert_near(milliseconds(chance, in_flight), expected, 1e-6);
        }
        // So many answers come in a second with a number in flight that stays the same.
        let throughput =
            |in_flight| f64::from(in_flight) * 1000.0 / milliseconds(0.5, in_flight);
        let best = (1..=100)
            .max_by(|&one, &other| throughput(one).total_cmp(&throughput(other)));
        assert_eq!(best, Some(5));
    }

    #[test]
    fn errors_are_as_frequent_as_asked_for_and_change_no_delay() {
        let [never, sometimes, always] = [0.0, 0.25, 1.0]
            .map(|error_rate| Behaviour { error_rate, ..Profile::Book.behaviour() });
        let cards = cards(1000);
        let errors = |behaviour: Behaviour| {
            cards.iter().filter(|&&card| behaviour.drawn(card, 1).is_error).count()
        };
        assert_eq!((errors(never), errors(always)), (0, 1000));
        assert!((200..300).contains(&errors(sometimes)));
        for &card in &cards {
            assert_eq!(never.drawn(card, 1).delay, always.drawn(card, 1).delay);
        }
    }
}
