//! The command line of all downloaders, which is that of the book's flags2 (*Fluent
//! Python*, 1st ed., section 17.5) with a few options of our own.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches, Parser};
use flags_server::CountryCode;

use self::words::{Codes, Drawing, ONLY_SVG, svg_file};
use super::about::about;
use super::run_name::RunName;
use super::site::Server;
use crate::countries::{ALL, MOST_POPULOUS};
use crate::program;
use crate::values::{self, number};

mod outputs;
mod words;

/// What a downloader does when the command line does not say otherwise.
#[derive(Debug, Clone, Copy)]
pub struct Defaults {
    /// How many flags it downloads, beginning with the most populous country.
    pub flags: usize,
    /// How many of them at once. With 1 it cannot be asked for more, since such a program
    /// downloads one flag after another.
    pub concurrency: usize,
}

/// The most flags at once that can be asked for from a site on another machine.
const MOST_AT_ONCE: usize = 1000;

/// The most flags of a run, each copy counted. An example may hold all of them at once.
const MOST_FLAGS: usize = 100_000;

/// What the command line says.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 80)]
pub(crate) struct Arguments {
    /// Which flags: BR is one, and B means all of BA to BZ
    #[arg(value_name = "CC")]
    codes: Vec<Codes>,

    /// Download the flags of all 194 countries of the book
    #[arg(short, long)]
    all: bool,

    /// Ask for every code from AA to ZZ, most of which do not exist
    #[arg(short, long)]
    every: bool,

    /// Download only the first N flags
    #[arg(short, long, value_name = "N", allow_negative_numbers = true)]
    #[arg(value_parser = number(1_usize, None, 20))]
    limit: Option<usize>,

    /// Download each flag N times, every copy to a file of its own
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value = "1")]
    #[arg(value_parser = number(1_usize, None, 10))]
    repeat: usize,

    /// Download at most N flags at once
    #[arg(short, long, alias = "max_req", value_name = "N")]
    #[arg(allow_negative_numbers = true)]
    #[arg(value_parser = number(1_usize, None, 30))]
    pub(crate) max_req: Option<usize>,

    /// Where from: BOOK, DELAY, ERROR, LOCAL, OVERLOAD, REMOTE, or the URL of another
    /// site
    ///
    /// The first five are the site that this program brings along: with the delays of the
    /// book, with long ones, with long ones and errors, without any, or with delays that
    /// grow when more than 5 flags are asked for at once. REMOTE is the site of the book
    /// itself. A URL is that of the folder that holds br/br.gif; for a flags-server on
    /// this machine it is <http://localhost:8000/flags>.
    #[arg(short, long, env = "FLAGS_SERVER", hide_env_values = true)]
    #[arg(default_value = "BOOK", value_parser = Server::value())]
    pub(crate) server: Server,

    /// Show a line for each flag and each error, and how the program waited
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// What to call this run on the page of a flags-server
    #[arg(long, value_name = "NAME", env = "FLAGS_NAME", hide_env_values = true)]
    #[arg(value_parser = RunName::value())]
    pub(crate) name: Option<RunName>,

    /// The folder that the flags are saved in
    #[arg(long, value_name = "FOLDER", default_value = "downloads")]
    pub(crate) dest: PathBuf,

    /// Give each flag the same delay and error from the site brought along in every run
    #[arg(long, value_name = "NUMBER", value_parser = number(0_u64, None, 42))]
    pub(crate) seed: Option<u64>,

    /// How long one flag may take, from the request to its last byte
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, default_value = "6.1s")]
    #[arg(value_parser = values::timeout())]
    pub(crate) timeout: Duration,

    /// Draw which flag was waited for when, below the result, or in this file
    #[arg(long, value_name = "FILE.svg", num_args = 0..=1, default_missing_value = "")]
    waterfall: Option<Drawing>,

    /// Write an HTTP Archive, which a browser's developer tools import
    #[arg(long, value_name = "FILE.har")]
    har: Option<PathBuf>,

    /// Not every example has steps to draw, so this is no option of all.
    #[arg(skip)]
    steps: Option<PathBuf>,
}

impl Arguments {
    /// Reads the command line. Ends the program where it is wrong or asks for help.
    pub(crate) fn read(defaults: &Defaults) -> Self {
        let matches = command(defaults).get_matches();
        Self::from_matches(defaults, &matches).unwrap_or_else(|error| error.exit())
    }

    /// Likewise, for an example with the option `--steps`.
    pub(crate) fn read_with_steps(defaults: &Defaults) -> Self {
        let steps = Arg::new("steps")
            .long("steps")
            .value_name("FILE.svg")
            .value_parser(|text: &str| svg_file(text).ok_or(ONLY_SVG))
            .help("Draw each step of the event loop in an SVG file");
        let verbose = "Show a line for each step of the event loop and for each flag";
        let command = command(defaults).arg(steps);
        let matches = command.mut_arg("verbose", |arg| arg.help(verbose)).get_matches();
        let arguments = Self::from_matches(defaults, &matches);
        arguments.unwrap_or_else(|error| error.exit())
    }

    fn from_matches(
        defaults: &Defaults,
        matches: &ArgMatches,
    ) -> Result<Self, clap::Error> {
        let mut arguments = Self::from_arg_matches(matches)?;
        // Only some examples have this option, and clap panics when asked for another.
        arguments.steps = matches.try_get_one("steps").ok().flatten().cloned();
        let most = arguments.most_at_once(defaults);
        if let Some(asked) = arguments.max_req.filter(|&asked| asked > most) {
            let what = match defaults.concurrency {
                1 => "only 1 here, where one flag is downloaded after another".to_owned(),
                _ => format!(
                    "a whole number from 1 to {most} where the site is far, like 30"
                ),
            };
            let (command, asked) = (command(defaults), asked.to_string());
            return Err(values::refuse(&command, "--max-req", &what, &asked, ""));
        }
        if arguments.number(arguments.codes(defaults).len()) > MOST_FLAGS {
            let what = format!("a number that makes {MOST_FLAGS} flags at most, like 10");
            let (command, asked) = (command(defaults), arguments.repeat.to_string());
            return Err(values::refuse(&command, "--repeat", &what, &asked, ""));
        }
        if let Some((one, other)) = arguments.outputs_to_one_file() {
            let message = format!("{one} and {other} name the same file");
            return Err(command(defaults).error(ErrorKind::ArgumentConflict, message));
        }
        Ok(arguments)
    }

    /// The most flags at once that may be asked for. A program that does not take one
    /// after another may take as many as it likes from a site on this machine.
    fn most_at_once(&self, defaults: &Defaults) -> usize {
        match defaults.concurrency {
            1 => 1,
            _ if self.server.is_loopback() => usize::MAX,
            _ => MOST_AT_ONCE,
        }
    }

    /// The codes of the flags asked for, sorted and each only once.
    pub(crate) fn codes(&self, defaults: &Defaults) -> Vec<CountryCode> {
        let flags: BTreeSet<CountryCode> = if self.every {
            CountryCode::every().collect()
        } else if self.all {
            ALL.into_iter().collect()
        } else {
            // What looks like a code is one, even where a file could be named.
            let after_waterfall = match &self.waterfall {
                Some(Drawing::Codes(codes)) => Some(codes),
                _ => None,
            };
            self.codes
                .iter()
                .chain(after_waterfall)
                .flat_map(|codes| codes.0.clone())
                .collect()
        };
        let flags = if flags.is_empty() {
            MOST_POPULOUS.into_iter().take(defaults.flags).collect()
        } else {
            flags
        };
        flags.into_iter().take(self.limit.unwrap_or(usize::MAX)).collect()
    }

    /// How many flags to download, where there are this many `codes`.
    pub(crate) fn number(&self, codes: usize) -> usize {
        let number = codes.saturating_mul(self.repeat);
        self.limit.map_or(number, |limit| limit.min(number))
    }
}

fn command(defaults: &Defaults) -> Command {
    let Defaults { flags, concurrency } = *defaults;
    let most = match concurrency {
        1 => "which is 1 here".to_owned(),
        _ => {
            format!("{MOST_AT_ONCE} at most if the site is far [default: {concurrency}]")
        }
    };
    let name = program::name();
    Arguments::command()
        .about(about(&name))
        .name(name)
        .mut_arg("max_req", |argument| {
            argument.help(format!("Download at most N flags at once, {most}"))
        })
        .mut_arg("codes", |argument| {
            let which = argument.get_help().map(ToString::to_string).unwrap_or_default();
            argument.long_help(format!(
                "{which}\n\nWithout any, those of the {flags} most populous countries \
                 are downloaded."
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULTS: Defaults = Defaults { flags: 20, concurrency: 30 };

    fn parse(words: &str) -> Result<Arguments, String> {
        let words = ["flags"].into_iter().chain(words.split_whitespace());
        command(&DEFAULTS)
            .try_get_matches_from(words)
            .and_then(|matches| Arguments::from_matches(&DEFAULTS, &matches))
            .map_err(|error| error.to_string())
    }

    fn flags(words: &str) -> String {
        let flags = parse(words).unwrap().codes(&DEFAULTS);
        let flags: Vec<_> = flags.iter().map(ToString::to_string).collect();
        flags.join(" ")
    }

    #[test]
    fn the_command_line_is_consistent() {
        command(&DEFAULTS).debug_assert();
    }

    #[test]
    fn without_codes_it_is_the_20_most_populous_sorted() {
        let expected = "BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN";
        assert_eq!(flags(""), expected);
    }

    #[test]
    fn codes_are_sorted_and_each_is_taken_once() {
        assert_eq!(flags("us Br aa br"), "AA BR US");
    }

    #[test]
    fn one_letter_is_26_codes() {
        let codes = flags("b");
        assert!(codes.starts_with("BA BB ") && codes.ends_with(" BZ"));
        assert_eq!(codes.split(' ').count(), 26);
    }

    #[test]
    fn every_wins_over_all_and_all_over_codes() {
        assert_eq!(flags("-e -a br").split(' ').count(), 676);
        assert_eq!(flags("-a br zz").split(' ').count(), 194);
    }

    #[test]
    fn the_limit_takes_the_first_of_any_list() {
        assert_eq!(flags("-l 3"), "BD BR CD");
        assert_eq!(flags("-a -l 2"), "AD AE");
        assert_eq!(flags("-e --limit 1"), "AA");
        assert_eq!(flags("us br -l 9"), "BR US");
    }

    #[test]
    fn a_first_few_of_the_most_populous_can_be_the_default() {
        let defaults = Defaults { flags: 5, ..DEFAULTS };
        let five = parse("").unwrap().codes(&defaults);
        assert_eq!(format!("{five:?}"), "[BR, CN, ID, IN, US]");
    }

    #[test]
    fn the_limit_counts_what_is_repeated() {
        let number = |words: &str| {
            let arguments = parse(words).unwrap();
            arguments.number(arguments.codes(&DEFAULTS).len())
        };
        assert_eq!(number(""), 20);
        assert_eq!(number("--repeat 30"), 600);
        assert_eq!(number("-a --repeat 4 -l 600"), 600);
        assert_eq!(number("br us --repeat 4 -l 1"), 1);
        assert_eq!(number("--repeat 18446744073709551615 -l 7"), 7);
    }

    #[test]
    fn any_number_at_once_may_be_asked_for_from_this_machine_but_not_in_sequence() {
        let local = parse("-m 8000 -s http://localhost:8000/flags").unwrap();
        assert_eq!(local.max_req, Some(8000));
        let sequential = Defaults { concurrency: 1, ..DEFAULTS };
        let matches = command(&sequential).get_matches_from(["flags", "-m", "2"]);
        let error = Arguments::from_matches(&sequential, &matches).unwrap_err();
        assert!(error.to_string().contains("--max-req takes only 1 here"), "{error}");
    }

    #[test]
    fn the_waterfall_takes_a_file_and_leaves_the_codes_alone() {
        let pictures = |words: &str| parse(words).unwrap().pictures().unwrap();
        assert!(!pictures("").waterfall);
        assert!(pictures("--waterfall").waterfall);
        assert!(pictures("--waterfall br us").waterfall);
        assert_eq!(flags("--waterfall br us"), "BR US");
        assert_eq!(flags("us --waterfall"), "US");
        let file = pictures("--waterfall flags.svg br");
        assert!(!file.waterfall && file.svg.is_some());
    }

    #[test]
    fn a_wrong_value_is_named_with_what_is_allowed() {
        for (words, wrong, allowed) in [
            ("bra", "'bra'", "one or two letters"),
            ("1", "'1'", "one or two letters"),
            ("-m 0", "'0'", "--max-req takes a whole number from 1 on"),
            ("-m 1001 -s REMOTE", "'1001'", "from 1 to 1000"),
            ("--max_req 0", "'0'", "--max-req takes"),
            ("--repeat 0", "'0'", "--repeat takes"),
            ("br us --repeat 50001", "'50001'", "--repeat takes a number that makes"),
            ("--waterfall br.png", "'br.png'", ".svg"),
            ("-l 0", "'0'", "--limit takes"),
            ("-l -1", "'-1'", "--limit takes"),
            ("--timeout -1s", "'-1s'", "--timeout takes"),
            ("-s MOON", "'MOON'", "--server takes LOCAL, DELAY, ERROR, BOOK, OVERLOAD"),
            ("-s http://host:80900/flags", "80900", "from 1 to 65535"),
            ("--timeout 0", "'0'", "above 0"),
            ("--seed x", "'x'", "--seed takes a whole number"),
        ] {
            let error = parse(words).unwrap_err();
            assert!(error.contains(wrong), "{words}: {error}");
            assert!(error.contains(allowed), "{words}: {error}");
        }
    }
}
