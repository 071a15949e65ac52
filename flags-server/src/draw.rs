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
    /// What happens to a request that was dealt `card`.
    pub(crate) fn drawn(&self, card: Card) -> Draw {
        Draw {
            delay: self.latency.at(card.for_delay),
            is_error: card.for_error < self.error_rate,
        }
    }
}

impl Latency {
    /// The delay that chance, a number from 0 up to but not including 1, stands for.
    fn at(self, chance: f64) -> Duration {
        match self {
            Self::None => Duration::ZERO,
            Self::Fixed(time) => time,
            Self::Uniform { min, max } => min + max.saturating_sub(min).mul_f64(chance),
            // The share of delays below t is 1 - exp(-t / mean); solved for t.
            Self::Exponential { mean } => mean.mul_f64(-(1.0 - chance).ln()),
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
            assert_eq!(Latency::None.at(chance), Duration::ZERO);
            assert_eq!(Latency::Fixed(fixed).at(chance), fixed);
        }

        let delays = |latency| {
            let behaviour = Behaviour { latency, error_rate: 0.0 };
            let draws = cards(676).into_iter().map(move |card| behaviour.drawn(card));
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
    fn errors_are_as_frequent_as_asked_for_and_change_no_delay() {
        let [never, sometimes, always] = [0.0, 0.25, 1.0]
            .map(|error_rate| Behaviour { error_rate, ..Profile::Book.behaviour() });
        let cards = cards(1000);
        let errors = |behaviour: Behaviour| {
            cards.iter().filter(|&&card| behaviour.drawn(card).is_error).count()
        };
        assert_eq!((errors(never), errors(always)), (0, 1000));
        assert!((200..300).contains(&errors(sometimes)));
        for &card in &cards {
            assert_eq!(never.drawn(card).delay, always.drawn(card).delay);
        }
    }
}
