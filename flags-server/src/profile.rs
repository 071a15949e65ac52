//! How a site behaves: how long it waits before an answer, and how often the answer is
//! an error. A profile is such a behaviour under a name, which is the book's own but for
//! BOOK and OVERLOAD.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

/// A behaviour with a name. Three of them are those of *Fluent Python*, 1st ed., section
/// 17.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Answers at once.
    Local,
    /// Waits 0.5 to 5 seconds before an answer.
    Delay,
    /// Waits like `Delay`, and 25 % of the answers are errors.
    Error,
    /// Waits 0.359 seconds on average. The sum over 20 flags is then 7.18 seconds and
    /// the largest of 20 is 1.29 seconds on average, as in the book's own table: 7.18
    /// seconds one after another, 1.40 with threads and 1.35 with asyncio.
    Book,
    /// Waits a tenth of a second on average as long as there are no more than 5 requests
    /// in flight, and the longer the more there are: with twice as many, four times as
    /// long. So 5 at once is the number with which all are done the soonest.
    Overload,
}

impl Profile {
    /// All profiles, those with a port in the order of their ports.
    pub const ALL: [Self; 5] =
        [Self::Local, Self::Delay, Self::Error, Self::Book, Self::Overload];

    /// The port of the stand-alone server, from 8000 to 8003; `None` for a profile that
    /// it serves only when it is asked to.
    #[must_use]
    pub const fn port(self) -> Option<u16> {
        match self {
            Self::Local => Some(8000),
            Self::Delay => Some(8001),
            Self::Error => Some(8002),
            Self::Book => Some(8003),
            Self::Overload => None,
        }
    }

    /// What this profile stands for.
    #[must_use]
    pub const fn behaviour(self) -> Behaviour {
        let half_a_second_to_five = Latency::Uniform {
            min: Duration::from_millis(500),
            max: Duration::from_secs(5),
        };
        let (latency, error_rate) = match self {
            Self::Local => (Latency::None, 0.0),
            Self::Delay => (half_a_second_to_five, 0.0),
            Self::Error => (half_a_second_to_five, 0.25),
            Self::Book => {
                (Latency::Exponential { mean: Duration::from_millis(359) }, 0.0)
            }
            Self::Overload => {
                (Latency::Overload { mean: Duration::from_millis(100), places: 5 }, 0.0)
            }
        };
        Behaviour { latency, error_rate }
    }
}

impl Display for Profile {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Local => "LOCAL",
            Self::Delay => "DELAY",
            Self::Error => "ERROR",
            Self::Book => "BOOK",
            Self::Overload => "OVERLOAD",
        })
    }
}

impl FromStr for Profile {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.to_string().eq_ignore_ascii_case(text))
            .ok_or(ParseError::Profile)
    }
}

/// What a site does to every request before it answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Behaviour {
    /// How long it waits.
    pub latency: Latency,
    /// The share of the answers that are errors, from 0 (none) to 1 (all).
    pub error_rate: f64,
}

impl Display for Behaviour {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "answers {}", self.latency)?;
        if self.error_rate > 0.0 {
            // 0.07 times 100 is 7.000000000000001, and 7 was meant.
            let percent = (self.error_rate * 1e11).round() / 1e9;
            write!(formatter, ", {percent} % with status 418")?;
        }
        Ok(())
    }
}

/// How long a site waits before an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Latency {
    /// Not at all.
    None,
    /// The same time before every answer.
    Fixed(Duration),
    /// Any time between two, all of them equally likely.
    Uniform {
        /// The shortest time.
        min: Duration,
        /// The longest time.
        max: Duration,
    },
    /// Mostly short times and now and then a long one, as on a real network.
    Exponential {
        /// The average time.
        mean: Duration,
    },
    /// From half a mean time to one and a half, as long as each request has a place of
    /// its own. When there are `x` times as many requests in flight as places, a new one
    /// takes `x * x` times as long.
    ///
    /// One `x` is because they share the places: of what the site can do, each gets a
    /// smaller part (*processor sharing*; Kleinrock, "Time-shared Systems: A theoretical
    /// treatment", Journal of the ACM 14, 1967). That alone would not make the site any
    /// slower on the whole. The other `x` is what it costs to change from one to the next
    /// all the time, and grows with their number (*thrashing*; Denning, "Thrashing: Its
    /// causes and prevention", AFIPS Fall Joint Computer Conference, 1968). So the site
    /// answers the most requests in a second when as many are in flight as it has places,
    /// and half of that with half as many, or with twice as many.
    Overload {
        /// The average time with a place of one's own.
        mean: Duration,
        /// How many places there are.
        places: u32,
    },
}

impl Display for Latency {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => write!(formatter, "at once"),
            Self::Fixed(time) => write!(formatter, "after {time:?}"),
            Self::Uniform { min, max } => write!(formatter, "after {min:?} to {max:?}"),
            Self::Exponential { mean } => {
                write!(formatter, "after {mean:?} on average (exponential)")
            }
            Self::Overload { mean, places } => write!(
                formatter,
                "after {mean:?} on average, later with more than {places} in flight"
            ),
        }
    }
}

/// Reads a fixed time such as `200ms`, or the mean of an exponential one: `exp:359ms`.
impl FromStr for Latency {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let latency = match text.strip_prefix("exp:") {
            Some(mean) => parse_duration(mean).map(|mean| Self::Exponential { mean }),
            None => parse_duration(text).map(Self::Fixed),
        };
        latency.map_err(|_| ParseError::Latency)
    }
}

impl Latency {
    /// The text that is read as this latency: `0.2s`, or `exp:0.359s`. There is none for
    /// [`Uniform`](Self::Uniform) delays, nor for an [`Overload`](Self::Overload).
    #[must_use]
    pub fn text(self) -> Option<String> {
        // A whole number of nanoseconds is exact in seconds, up to the day that is
        // allowed.
        let seconds = |time: Duration| format!("{}s", time.as_secs_f64());
        match self {
            Self::None => Some(seconds(Duration::ZERO)),
            Self::Fixed(time) => Some(seconds(time)),
            Self::Uniform { .. } | Self::Overload { .. } => None,
            Self::Exponential { mean } => Some(format!("exp:{}", seconds(mean))),
        }
    }
}

/// Why a text is no value. The message tells what is allowed and leaves it to the
/// caller to say what was given, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ParseError {
    /// The text is no [`Profile`].
    #[error("LOCAL, DELAY, ERROR, BOOK and OVERLOAD are allowed")]
    Profile,
    /// The text is no [`Latency`].
    #[error(
        "times from 0 to one day are allowed, such as 200ms, 0.35s or exp:359ms \
         (exponential, by its mean)"
    )]
    Latency,
    /// The text is no time, or one out of range.
    #[error("times from 0 to one day are allowed, such as 200ms, 0.35s or 6.1 (seconds)")]
    Duration,
}

/// Reads a time such as `200ms`, `0.35s` or `6.1`, which is in seconds.
///
/// # Errors
///
/// [`ParseError::Duration`] for what is no number, is negative, or is more than a day.
pub fn parse_duration(text: &str) -> Result<Duration, ParseError> {
    // A longer time is a slip of the finger, and added to a clock it could overflow.
    const ONE_DAY: f64 = 24.0 * 60.0 * 60.0;

    let (number, units_per_second) = match text.strip_suffix("ms") {
        Some(number) => (number, 1000.0),
        None => (text.strip_suffix('s').unwrap_or(text), 1.0),
    };
    match number.parse::<f64>().map(|number| number / units_per_second) {
        // The range leaves out NaN and the infinities too.
        Ok(seconds) if (0.0..=ONE_DAY).contains(&seconds) => {
            Ok(Duration::from_secs_f64(seconds))
        }
        _ => Err(ParseError::Duration),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_milliseconds_and_seconds() {
        for (text, milliseconds) in [
            ("200ms", 200),
            ("0.35s", 350),
            ("6.1", 6100),
            ("0", 0),
            ("-0", 0),
            ("86400", 86_400_000),
            ("0.5ms", 0),
        ] {
            let time = parse_duration(text).unwrap();
            assert_eq!(time.as_millis(), milliseconds, "{text}");
        }
        assert_eq!(parse_duration("0.5ms"), Ok(Duration::from_micros(500)));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "", "s", "ms", "fast", "-1", "-1ms", "nan", "NaNs", "inf", "-infms", "1e300",
            "1m", "5 s", "86401",
        ] {
            assert_eq!(parse_duration(text), Err(ParseError::Duration), "{text}");
        }
    }

    #[test]
    fn a_latency_is_a_fixed_time_or_an_exponential_mean() {
        let mean = Duration::from_millis(359);
        assert_eq!("0.359s".parse(), Ok(Latency::Fixed(mean)));
        assert_eq!("exp:359ms".parse(), Ok(Latency::Exponential { mean }));
        for text in ["exp:", "exp", "exp:-1", "exponential:1", "EXP:1", "-1"] {
            assert_eq!(text.parse::<Latency>(), Err(ParseError::Latency), "{text}");
        }
    }

    #[test]
    fn a_latency_is_read_as_its_text() {
        for text in ["0s", "0.2s", "exp:0.0464s", "0.000000001s", "86399.999999999s"] {
            let latency: Latency = text.parse().unwrap();
            assert_eq!(latency.text().as_deref(), Some(text));
        }
        let texts = Profile::ALL.map(|profile| profile.behaviour().latency.text());
        let [local, delay, _, book, overload] = texts.each_ref().map(Option::as_deref);
        assert_eq!([local, book], [Some("0s"), Some("exp:0.359s")]);
        assert_eq!([delay, overload], [None, None]);
    }

    #[test]
    fn a_profile_is_read_as_it_is_shown_and_in_any_case() {
        for profile in Profile::ALL {
            assert_eq!(profile.to_string().parse(), Ok(profile));
        }
        assert_eq!("bOOk".parse(), Ok(Profile::Book));
        assert_eq!("BOOKS".parse::<Profile>(), Err(ParseError::Profile));
        assert_eq!(format!("{:<6}|", Profile::Book), "BOOK  |");
    }

    #[test]
    fn the_profiles_stand_at_the_ports_from_8000_on() {
        let ports = [Some(8000), Some(8001), Some(8002), Some(8003), None];
        assert_eq!(Profile::ALL.map(Profile::port), ports);
    }

    #[test]
    fn a_behaviour_is_told_in_words() {
        let words = Profile::ALL.map(|profile| profile.behaviour().to_string());
        assert_eq!(
            words,
            [
                "answers at once",
                "answers after 500ms to 5s",
                "answers after 500ms to 5s, 25 % with status 418",
                "answers after 359ms on average (exponential)",
                "answers after 100ms on average, later with more than 5 in flight",
            ]
        );
    }

    #[test]
    fn a_share_of_errors_is_told_as_it_was_given() {
        for thousandths in 1..=1000_u16 {
            let error_rate = format!("{thousandths}e-3").parse().unwrap();
            let behaviour = Behaviour { latency: Latency::None, error_rate };
            let percent = match (thousandths / 10, thousandths % 10) {
                (whole, 0) => format!("{whole}"),
                (whole, tenths) => format!("{whole}.{tenths}"),
            };
            let expected = format!("answers at once, {percent} % with status 418");
            assert_eq!(behaviour.to_string(), expected);
        }
    }
}
