//! The command line of the stand-alone server.

use std::net::IpAddr;

use clap::Parser;
use flags_server::{Behaviour, Latency, Profile};

/// The port of the first site unless told otherwise: that of LOCAL.
const FIRST_PORT: u16 = 8000;

/// Serves the flags of 249 countries, slowly or faultily on purpose
///
/// Without options it serves four sites: LOCAL at port 8000, DELAY at 8001, ERROR at
/// 8002 and BOOK at 8003. With --port 9000 they are at 9000 to 9003. With --profile or
/// --latency it serves one.
#[derive(Debug, Parser)]
#[command(version, verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// Serve one site only: LOCAL, DELAY, ERROR, BOOK or OVERLOAD
    #[arg(long, value_name = "NAME", conflicts_with = "latency")]
    profile: Option<Profile>,

    /// Serve one site with this delay: 200ms, or exp:359ms (exponential)
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    latency: Option<Latency>,

    /// The share of its answers that are errors, from 0 to 1 [default: 0]
    #[arg(long, value_name = "SHARE", requires = "latency", allow_hyphen_values = true)]
    #[arg(value_parser = parse_error_rate)]
    error_rate: Option<f64>,

    /// Serve from this port on, or with 0 at any that are free
    #[arg(long, default_value_t = FIRST_PORT, value_parser = parse_port)]
    port: u16,

    /// Listen at this address; 0.0.0.0 lets the whole network in
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    #[arg(value_parser = parse_address)]
    pub(crate) bind: IpAddr,

    /// Give each flag the same delay and error in every run, drawn from this seed
    #[arg(long, value_name = "NUMBER", value_parser = parse_seed)]
    pub(crate) seed: Option<u64>,

    /// Write a line to stderr for every request
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// One site to serve.
#[derive(Debug, PartialEq)]
pub(crate) struct Site {
    pub(crate) name: String,
    pub(crate) behaviour: Behaviour,
    pub(crate) port: u16,
}

impl Site {
    fn new(profile: Profile, port: u16) -> Self {
        Self { name: profile.to_string(), behaviour: profile.behaviour(), port }
    }
}

impl Arguments {
    /// The sites that are asked for, in the order of their ports, or why there cannot be
    /// such.
    pub(crate) fn sites(&self) -> Result<Vec<Site>, String> {
        let port = self.port;
        Ok(match (self.profile, self.latency) {
            (Some(profile), _) => vec![Site::new(profile, port)],
            (None, Some(latency)) => {
                let error_rate = self.error_rate.unwrap_or(0.0);
                let behaviour = Behaviour { latency, error_rate };
                vec![Site { name: "The site".to_owned(), behaviour, port }]
            }
            (None, None) => {
                let moved = |usual| match port {
                    0 => Some(0),
                    port => port.checked_add(usual - FIRST_PORT),
                };
                let with_port = |profile: Profile| Some((profile, profile.port()?));
                let site = |(profile, usual)| Some(Site::new(profile, moved(usual)?));
                let profiles = Profile::ALL.into_iter().filter_map(with_port);
                let sites: Option<_> = profiles.map(site).collect();
                sites.ok_or("four sites need ports up to 65532 for --port")?
            }
        })
    }
}

fn parse_error_rate(text: &str) -> Result<f64, &'static str> {
    match text.parse() {
        Ok(rate) if (0.0..=1.0).contains(&rate) => Ok(rate),
        _ => Err("numbers from 0 (no errors) to 1 (errors only) are allowed"),
    }
}

fn parse_port(text: &str) -> Result<u16, &'static str> {
    text.parse().map_err(|_| "whole numbers from 0 to 65535 are allowed, such as 9000")
}

fn parse_seed(text: &str) -> Result<u64, &'static str> {
    text.parse().map_err(|_| "whole numbers from 0 on are allowed, such as 2477")
}

fn parse_address(text: &str) -> Result<IpAddr, &'static str> {
    text.parse().map_err(|_| {
        "IP addresses are allowed, such as 127.0.0.1, ::1, or 0.0.0.0 for all networks"
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(words: &str) -> Result<Arguments, String> {
        let words = ["flags-server"].into_iter().chain(words.split_whitespace());
        Arguments::try_parse_from(words).map_err(|error| error.to_string())
    }

    fn sites(words: &str) -> Vec<Site> {
        parse(words).unwrap().sites().unwrap()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn without_options_every_profile_with_a_port_is_served_at_it() {
        let sites = sites("");
        let names = ["LOCAL", "DELAY", "ERROR", "BOOK"];
        assert!(sites.iter().map(|site| &site.name).eq(names));
        assert!(sites.iter().map(|site| site.port).eq(8000..=8003));
    }

    #[test]
    fn a_profile_is_served_alone() {
        assert_eq!(sites("--profile book"), [Site::new(Profile::Book, 8000)]);
        assert_eq!(sites("--profile BOOK --port 0"), [Site::new(Profile::Book, 0)]);
        assert_eq!(sites("--profile OVERLOAD"), [Site::new(Profile::Overload, 8000)]);
    }

    #[test]
    fn a_port_moves_all_sites() {
        let ports = |words| sites(words).iter().map(|site| site.port).collect::<Vec<_>>();
        assert_eq!(ports("--port 9000"), [9000, 9001, 9002, 9003]);
        assert_eq!(ports("--port 65532"), [65532, 65533, 65534, 65535]);
        assert_eq!(ports("--port 0"), [0; 4]);
        assert_eq!(ports("--port 65535 --profile BOOK"), [65535]);
        let error = parse("--port 65533").unwrap().sites().unwrap_err();
        assert!(error.contains("up to 65532"), "{error}");
        let names = |words| sites(words).into_iter().map(|site| site.name);
        assert!(names("").eq(names("--port 9000")));
    }

    #[test]
    fn a_behaviour_can_be_given() {
        let [site] = &sites("--latency exp:359ms --error-rate 0.25")[..] else {
            panic!("one site")
        };
        assert_eq!(site.behaviour.latency, Profile::Book.behaviour().latency);
        assert_eq!(site.behaviour.error_rate.to_string(), "0.25");
        assert_eq!(site.port, 8000);
    }

    #[test]
    fn what_is_wrong_is_named_with_what_is_allowed() {
        for (words, wrong, allowed) in [
            ("--profile MOON", "'MOON'", "LOCAL, DELAY, ERROR, BOOK and OVERLOAD"),
            ("--latency fast", "'fast'", "200ms"),
            ("--latency -5ms", "'-5ms'", "from 0 to one day"),
            ("--latency exp:nan", "'exp:nan'", "exp:359ms"),
            ("--latency 1 --error-rate 1.5", "'1.5'", "from 0 (no errors) to 1"),
            ("--latency 1 --error-rate -0.5", "'-0.5'", "from 0 (no errors) to 1"),
            ("--latency 1 --error-rate NaN", "'NaN'", "from 0 (no errors) to 1"),
            ("--error-rate 0.5", "required", "--latency"),
            ("--profile BOOK --latency 1", "cannot be used with", "--latency"),
            ("--port 65536", "'65536'", "from 0 to 65535"),
            ("--bind localhost", "'localhost'", "127.0.0.1"),
            ("--seed x", "'x'", "from 0 on"),
            ("8000", "'8000'", "Usage"),
        ] {
            let error = parse(words).unwrap_err();
            assert!(error.contains(wrong), "{words}: {error}");
            assert!(error.contains(allowed), "{words}: {error}");
        }
    }
}
