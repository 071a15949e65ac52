//! What chance has in store for the requests of a run, dealt to them like cards.
//!
//! To draw a delay for each request as it comes would be simpler. But then no two runs
//! would meet the same delays, and one that was only lucky would look like a faster one.

use std::collections::HashMap;

use fastrand::Rng;

use crate::flag_file::FlagFile;

/// The seed of the cards that all decks without a seed of their own have in common.
///
/// With it the first 20 delays of [`Profile::Book`](crate::Profile::Book) are as they are
/// on average, so that the programs take as long as in the book's table: their sum is
/// within 7.18 ± 0.03 seconds, and the largest is within 1.29 ± 0.02 seconds. Of the
/// first five the sum is within 1.80 ± 0.10 seconds, and the largest within 0.82 ± 0.05.
/// Of the first 20 answers of [`Profile::Error`](crate::Profile::Error) 3 to 7 are
/// errors. It is the smallest seed with which all of this is so.
const COMMON_SEED: u64 = 53_093;

/// How many flags the programs download: those that look at futures 5, the others 20
/// unless told otherwise, and 194 with `--all` or 676 with `--every`.
///
/// Only the first 5 cards are shuffled among themselves, then the next 15, and so on. So
/// a run over that many flags gets the same cards whenever it is repeated, and only which
/// flag gets which differs.
const SIZES_OF_RUNS: [usize; 4] = [5, 20, 194, 676];

/// What chance has in store for one request. How long it waits, and whether its answer is
/// an error, depends on the [`Behaviour`](crate::Behaviour) of the site too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Card {
    // Numbers from 0 up to but not including 1, all of them equally likely. There are
    // two, so that the delays stay the same whatever the error rate is.
    pub(crate) for_delay: f64,
    pub(crate) for_error: f64,
}

/// The cards of one run, from which each of its requests is dealt one.
#[derive(Debug, Clone)]
pub struct Deck(Dealing);

#[derive(Debug, Clone)]
enum Dealing {
    /// By what is asked for, and how often this run has asked for it before.
    ByRequest { seed: u64, asked_before: HashMap<Option<FlagFile>, u64> },
    /// In the order in which the requests arrive, from cards that have been shuffled.
    ByArrival { shuffled: Box<[u16]>, dealt: usize },
}

impl Deck {
    /// With a seed the same request gets the same card in every run, whatever order the
    /// requests arrive in. Without one, all runs over 5, over 20, over 194 or over 676
    /// flags get the same cards, but each time other flags get them.
    #[must_use]
    pub fn new(seed: Option<u64>) -> Self {
        Self(match seed {
            Some(seed) => Dealing::ByRequest { seed, asked_before: HashMap::new() },
            None => Dealing::ByArrival { shuffled: shuffle(), dealt: 0 },
        })
    }

    /// The card of a request for `file`, or for what is no file.
    pub fn deal(&mut self, file: Option<FlagFile>) -> Card {
        match &mut self.0 {
            Dealing::ByRequest { seed, asked_before } => {
                let before = asked_before.entry(file).or_default();
                let number = file.map_or(FlagFile::COUNT, FlagFile::index);
                let card = Card::drawn_from([*seed, number as u64, *before]);
                *before += 1;
                card
            }
            Dealing::ByArrival { shuffled, dealt } => {
                let number = shuffled.get(*dealt).map_or(*dealt, |&card| card.into());
                *dealt += 1;
                Card::drawn_from([COMMON_SEED, number as u64])
            }
        }
    }
}

impl Card {
    fn drawn_from<const N: usize>(numbers: [u64; N]) -> Self {
        let mut random = generator(numbers);
        Self { for_delay: random.f64(), for_error: random.f64() }
    }
}

/// The numbers of the cards in a random order, but only within the [`SIZES_OF_RUNS`].
fn shuffle() -> Box<[u16]> {
    let [.., most] = SIZES_OF_RUNS;
    let mut numbers: Box<[u16]> = (0..).take(most).collect();
    let mut start = 0;
    for end in SIZES_OF_RUNS {
        fastrand::shuffle(&mut numbers[start..end]);
        start = end;
    }
    numbers
}

/// A generator for each list of numbers. The numbers follow one another closely (seed 1
/// and 2, flag 1 and 2), so each of them is sent through the generator, which leaves
/// nothing of their order.
fn generator<const N: usize>(numbers: [u64; N]) -> Rng {
    let mixed = numbers
        .into_iter()
        .fold(0, |mixed, number| Rng::with_seed(mixed ^ number).u64(..));
    Rng::with_seed(mixed)
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};
    use std::time::Duration;

    use super::*;
    use crate::country_code::CountryCode;
    use crate::profile::Profile;
    use crate::testing::{assert_near, assert_uniform};

    fn cards(mut deck: Deck, number: usize) -> Vec<Card> {
        (0..number).map(|_| deck.deal(None)).collect()
    }

    /// What makes two cards the same, in an order that does not depend on chance.
    fn sorted(cards: &[Card]) -> Vec<(u64, u64)> {
        let bits = |card: &Card| (card.for_delay.to_bits(), card.for_error.to_bits());
        let mut cards: Vec<_> = cards.iter().map(bits).collect();
        cards.sort_unstable();
        cards
    }

    #[test]
    fn every_run_gets_the_same_cards_and_each_time_others_get_them() {
        let [.., most] = SIZES_OF_RUNS;
        let decks: Vec<_> = (0..50).map(|_| cards(Deck::new(None), most + 9)).collect();
        for size in SIZES_OF_RUNS {
            let expected = sorted(&decks[0][..size]);
            assert!(decks.iter().all(|cards| sorted(&cards[..size]) == expected));
            assert!(
                decks.iter().any(|cards| cards[..size] != decks[0][..size]),
                "{size}"
            );
            let distinct: HashSet<_> = expected.iter().collect();
            assert_eq!(distinct.len(), size);
        }
        // Those that no program asks for come in the same order each time.
        assert!(decks.iter().all(|cards| cards[most..] == decks[0][most..]));
    }

    #[test]
    fn the_first_delays_are_the_averages_of_the_books_table() {
        let book = Profile::Book.behaviour();
        let cards = cards(Deck::new(None), 20);
        let delays: Vec<_> =
            cards.iter().map(|&card| book.drawn(card, 1).delay).collect();
        let sum = |delays: &[Duration]| delays.iter().sum::<Duration>().as_secs_f64();
        let largest = |delays: &[Duration]| delays.iter().max().unwrap().as_secs_f64();
        assert_near(sum(&delays), 7.18, 0.03);
        assert_near(largest(&delays), 1.29, 0.02);
        // Of 5 the largest is on average the mean times 1 + 1/2 + 1/3 + 1/4 + 1/5.
        assert_near(sum(&delays[..5]), 5.0 * 0.359, 0.1);
        assert_near(largest(&delays[..5]), 0.82, 0.05);

        let error = Profile::Error.behaviour();
        let errors = cards.iter().filter(|&&card| error.drawn(card, 1).is_error).count();
        assert!((3..=7).contains(&errors), "{errors}");
    }

    #[test]
    fn with_a_seed_the_cards_of_a_file_do_not_depend_on_the_order() {
        let [brazil, india] = ["BR", "IN"].map(|code| CountryCode::new(code).unwrap());
        let image = Some(FlagFile::Image(brazil));
        let metadata = Some(FlagFile::Metadata(brazil));
        let other = Some(FlagFile::Image(india));
        let dealt = |seed, files: &[Option<FlagFile>]| {
            let mut deck = Deck::new(Some(seed));
            let mut cards: HashMap<_, Vec<Card>> = HashMap::new();
            for &file in files {
                cards.entry(file).or_default().push(deck.deal(file));
            }
            cards
        };
        let cards = dealt(1, &[image, image, metadata, other, None, None]);
        assert_eq!(cards, dealt(1, &[None, metadata, image, other, None, image]));
        assert_ne!(cards, dealt(2, &[image, image, metadata, other, None, None]));
        let cards: Vec<_> = cards.into_values().flatten().collect();
        let distinct: HashSet<_> = sorted(&cards).into_iter().collect();
        assert_eq!(distinct.len(), 6, "{cards:?}");
    }

    #[test]
    fn cards_look_uniform_over_files_over_requests_and_over_seeds() {
        let numbers = 0..26 * 26;
        let assert_uniform = |card: &dyn Fn(u64) -> Card| {
            let cards: Vec<_> = numbers.clone().map(card).collect();
            assert_uniform(&cards.iter().map(|card| card.for_delay).collect::<Vec<_>>());
            assert_uniform(&cards.iter().map(|card| card.for_error).collect::<Vec<_>>());
        };
        for fixed in [0, 1, COMMON_SEED, u64::MAX] {
            assert_uniform(&|file| Card::drawn_from([fixed, file, 0]));
            assert_uniform(&|before| Card::drawn_from([fixed, 43, before]));
            assert_uniform(&|seed| Card::drawn_from([seed, 43, 0]));
            assert_uniform(&|number| Card::drawn_from([fixed, number]));
        }
    }

    #[test]
    fn no_two_requests_share_a_card() {
        let mut draws = Vec::new();
        for seed in 0..8 {
            for file in 0..26 * 26 {
                draws
                    .extend((0..8).map(|before| generator([seed, file, before]).u64(..)));
            }
        }
        let count = draws.len();
        draws.sort_unstable();
        draws.dedup();
        assert_eq!(draws.len(), count);
    }
}
