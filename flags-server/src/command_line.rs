//! The command line of the stand-alone server.

use std::net::IpAddr;

use clap::Parser;
use flags_server::{Behaviour, Latency, Profile};

/// Serves the flags of 249 countries, slowly or faultily on purpose
///
/// Without options it serves four sites: LOCAL at port 8000, DELAY at 8001, ERROR at
/// 8002 and BOOK at 8003. With any of --profile, --latency and --port it serves one,
/// which is LOCAL if neither of the first two says otherwise.
#[derive(Debug, Parser)]
#[command(version, verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// Serve one site only: LOCAL, DELAY, ERROR or BOOK
    #[arg(long, value_name = "NAME", conflicts_with = "latency")]
    profile: Option<Profile>,

    /// Serve one site with this delay: 200ms, or exp:359ms (exponential)
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    latency: Option<Latency>,

    /// The share of its answers that are errors, from 0 to 1 [default: 0]
    #[arg(long, value_name = "SHARE", requires = "latency", allow_hyphen_values = true)]
    #[arg(value_parser = parse_error_rate)]
    error_rate: Option<f64>,

    /// Serve one site at this port, 0 for any free one [default: 8000]
    #[arg(long)]
    port: Option<u16>,

    /// Listen at this address; 0.0.0.0 lets the whole network in
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    #[arg(value_parser = parse_address)]
    pub(crate) bind: IpAddr,

    /// Give each flag the same delay and error in every run, drawn from this seed
    #[arg(long, value_name = "NUMBER")]
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
    /// The sites that are asked for, in the order of their ports.
    pub(crate) fn sites(&self) -> Vec<Site> {
        let port = self.port.unwrap_or(Profile::Local.port());
        match (self.profile, self.latency) {
            (Some(profile), _) => vec![Site::new(profile, port)],
            (None, Some(latency)) => {
                let error_rate = self.error_rate.unwrap_or(0.0);
                let behaviour = Behaviour { latency, error_rate };
                vec![Site { name: "The site".to_owned(), behaviour, port }]
            }
            (None, None) if self.port.is_some() => vec![Site::new(Profile::Local, port)],
            (None, None) => {
                Profile::ALL.map(|profile| Site::new(profile, profile.port())).into()
            }
        }
    }
}

fn parse_error_rate(text: &str) -> Result<f64, &'static str> {
    match text.parse() {
        Ok(rate) if (0.0..=1.0).contains(&rate) => Ok(rate),
        _ => Err("numbers from 0 (no errors) to 1 (errors only) are allowed"),
    }
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
        parse(words).unwrap().sites()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn without_options_every_profile_is_served_at_its_port() {
        let sites = sites("");
        let names = ["LOCAL", "DELAY", "ERROR", "BOOK"];
        assert!(sites.iter().map(|site| &site.name).eq(names));
        assert!(sites.iter().map(|site| site.port).eq(8000..=8003));
    }

    #[test]
    fn a_profile_is_served_alone() {
        assert_eq!(sites("--profile book"), [Site::new(Profile::Book, 8000)]);
        assert_eq!(sites("--profile BOOK --port 0"), [Site::new(Profile::Book, 0)]);
    }

    #[test]
    fn a_port_alone_is_for_the_local_profile() {
        assert_eq!(sites("--port 9000"), [Site::new(Profile::Local, 9000)]);
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
            ("--profile MOON", "'MOON'", "LOCAL, DELAY, ERROR and BOOK"),
            ("--latency fast", "'fast'", "200ms"),
            ("--latency -5ms", "'-5ms'", "from 0 to one day"),
            ("--latency exp:nan", "'exp:nan'", "exp:359ms"),
            ("--latency 1 --error-rate 1.5", "'1.5'", "from 0 (no errors) to 1"),
            ("--latency 1 --error-rate -0.5", "'-0.5'", "from 0 (no errors) to 1"),
            ("--latency 1 --error-rate NaN", "'NaN'", "from 0 (no errors) to 1"),
            ("--error-rate 0.5", "required", "--latency"),
            ("--profile BOOK --latency 1", "cannot be used with", "--latency"),
            ("--port 65536", "65536", "0..=65535"),
            ("--bind localhost", "'localhost'", "127.0.0.1"),
            ("--seed x", "'x'", "--seed"),
            ("8000", "'8000'", "Usage"),
        ] {
            let error = parse(words).unwrap_err();
            assert!(error.contains(wrong), "{words}: {error}");
            assert!(error.contains(allowed), "{words}: {error}");
        }
    }
}
