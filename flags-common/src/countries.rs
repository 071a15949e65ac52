//! Which flags there are to download.

use std::collections::BTreeSet;

use flags_server::CountryCode;

macro_rules! codes {
    ($($code:ident)*) => {
        [$(CountryCode::new(stringify!($code)).expect("it has two letters")),*]
    };
}

/// The 20 most populous countries, the largest first (*Fluent Python*, 1st ed.,
/// example 17-2).
pub const MOST_POPULOUS: [CountryCode; 20] = codes! {
    CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR
};

/// The 194 countries of the book's `country_codes.txt`, which `--all` downloads.
pub const ALL: [CountryCode; 194] = codes! {
    AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ
    BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU
    CV CY CZ DE DJ DK DM DZ EC EE EG ER ES ET FI FJ FM FR GA GB
    GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ID IE IL IN IQ IR
    IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK
    LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV
    MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL
    PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO
    SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA
    UG US UY UZ VA VC VE VN VU WS YE ZA ZM ZW
};

/// What a run downloads that is to download `number` flags of these `codes`: in their
/// alphabetical order and, after the last of them, each once more. With each comes which
/// copy of its flag it is, counted from 1.
pub fn in_turn(
    codes: &[CountryCode],
    number: usize,
) -> impl Iterator<Item = (CountryCode, usize)> + use<> {
    let codes: BTreeSet<CountryCode> = codes.iter().copied().collect();
    let codes: Vec<CountryCode> = codes.into_iter().collect();
    let number = if codes.is_empty() { 0 } else { number };
    (0..number).map(move |turn| (codes[turn % codes.len()], turn / codes.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_in_turn_and_then_once_more() {
        let codes = ["US", "BR", "BR"].map(|code| CountryCode::new(code).unwrap());
        let text = |number| {
            let turns =
                in_turn(&codes, number).map(|(code, copy)| format!("{code}{copy}"));
            turns.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(text(1), "BR1");
        assert_eq!(text(5), "BR1 US1 BR2 US2 BR3");
        assert_eq!(in_turn(&[], 5).count(), 0);
    }

    #[test]
    fn the_lists_hold_each_code_once_and_are_nested() {
        assert!(ALL.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(MOST_POPULOUS.iter().all(|code| ALL.contains(code)));
        let mut most_populous = MOST_POPULOUS;
        most_populous.sort_unstable();
        assert!(most_populous.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
