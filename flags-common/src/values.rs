//! What an option takes, and what is said where it gets something else: in the same words
//! for every option of every program.

use std::ffi::OsStr;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, Command, Error};

use crate::download::url::without_user;

/// Reads a whole number from `least` on, up to `most` where there is a limit; `like` is
/// an example of one.
pub fn number<N>(least: N, most: impl Into<Option<N>>, like: N) -> Value<N>
where
    N: Copy + FromStr + PartialOrd + Display + Send + Sync + 'static,
{
    let most = most.into();
    let what = match &most {
        Some(most) => format!("a whole number from {least} to {most}, like {like}"),
        None => format!("a whole number from {least} on, like {like}"),
    };
    let fits =
        move |number: &N| *number >= least && most.is_none_or(|most| *number <= most);
    Value::new(what, move |text| match text.parse() {
        Ok(number) if fits(&number) => Ok(number),
        _ => Err(""),
    })
}

/// Reads how long something may take: `200ms`, `0.35s` or `6.1`, which is in seconds.
#[must_use]
pub fn timeout() -> Value<Duration> {
    let what = "a time above 0, of a day at most, like 6.1s or 200ms";
    Value::new(what, |text| match flags_server::parse_duration(text) {
        Ok(timeout) if timeout > Duration::ZERO => Ok(timeout),
        _ => Err(""),
    })
}

/// Reads the value of an option or an argument. Where it is none, what is said names the
/// option, or the variable of the environment that the value comes from.
#[derive(Clone)]
pub struct Value<T> {
    what: String,
    read: Arc<Read<T>>,
}

/// Reads a value. The error says what is wrong with it, or nothing, where that is plain.
type Read<T> = dyn Fn(&str) -> Result<T, &'static str> + Send + Sync;

impl<T> Value<T> {
    /// A value that `read` takes, which are `what`.
    ///
    /// The error of `read` says what is wrong, or nothing where `what` says enough.
    pub fn new(
        what: impl Into<String>,
        read: impl Fn(&str) -> Result<T, &'static str> + Send + Sync + 'static,
    ) -> Self {
        Self { what: what.into(), read: Arc::new(read) }
    }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Value<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<T, Error> {
        self.parse_ref_(command, argument, value, ValueSource::CommandLine)
    }

    fn parse_ref_(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
        source: ValueSource,
    ) -> Result<T, Error> {
        let text = value.to_string_lossy();
        (self.read)(&text).map_err(|reason| {
            let name = argument.map(|argument| name_of(argument, source));
            refuse(command, &name.unwrap_or_default(), &self.what, &text, reason)
        })
    }
}

/// What the reader knows a value by: the option, the place, or the variable.
fn name_of(argument: &Arg, source: ValueSource) -> String {
    match (source, argument.get_env(), argument.get_long()) {
        (ValueSource::EnvVariable, Some(variable), _) => {
            format!("the environment variable {}", variable.to_string_lossy())
        }
        (_, _, Some(long)) => format!("--{long}"),
        _ => argument.get_value_names().map_or_else(String::new, |names| names.join(" ")),
    }
}

/// The error of a value that is none: the option called `name` takes `what`.
pub(crate) fn refuse(
    command: &Command,
    name: &str,
    what: &str,
    text: &str,
    reason: &str,
) -> Error {
    let colon = if reason.is_empty() { "" } else { ": " };
    // What is typed wrong may be a URL, with a password in it.
    let text = without_user(text);
    let message = format!("{name} takes {what}, not '{text}'{colon}{reason}");
    command.clone().error(ErrorKind::ValueValidation, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Clone + Send + Sync + 'static>(
        value: Value<T>,
        text: &str,
    ) -> Result<T, String> {
        let argument = Arg::new("limit").long("limit").value_parser(value);
        let command = Command::new("flags").arg(argument);
        let matches = command.try_get_matches_from(["flags", &format!("--limit={text}")]);
        let matches = matches.map_err(|error| error.to_string())?;
        Ok(matches.get_one::<T>("limit").unwrap().clone())
    }

    #[test]
    fn what_is_no_number_is_named_with_the_option_and_what_it_takes() {
        for wrong in ["", "abc", "0", "-1", "1.5", "99999999999999999999999"] {
            let error = read(number(1_usize, None, 20), wrong).unwrap_err();
            let expected = format!(
                "error: --limit takes a whole number from 1 on, like 20, not '{wrong}'\n"
            );
            assert!(error.starts_with(&expected), "{error}");
        }
        let error = read(number(2_u16, 1000, 8), "1001").unwrap_err();
        assert!(error.contains("a whole number from 2 to 1000, like 8, not '1001'"));
        for right in [2_u16, 1000] {
            assert_eq!(read(number(2_u16, 1000, 8), &right.to_string()), Ok(right));
        }
    }

    #[test]
    fn a_timeout_is_above_0_and_of_a_day_at_most() {
        assert_eq!(read(timeout(), "86400"), Ok(Duration::from_secs(86_400)));
        assert_eq!(read(timeout(), "1ms"), Ok(Duration::from_millis(1)));
        for wrong in ["0", "0ms", "86401", "1d", "never", ""] {
            let error = read(timeout(), wrong).unwrap_err();
            let expected = format!("like 6.1s or 200ms, not '{wrong}'");
            assert!(error.contains(&expected), "{error}");
        }
    }

    #[test]
    fn no_password_is_repeated() {
        let wrong = Value::<u16>::new("nothing", |_| Err("it is wrong"));
        let error = read(wrong, "http://me:secret@host/").unwrap_err();
        assert!(!error.contains("secret") && !error.contains("me:"), "{error}");
        assert!(error.contains("not 'http://host/': it is wrong"), "{error}");
    }
}
