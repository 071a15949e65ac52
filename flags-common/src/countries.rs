//! Which flags there are to download.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_hold_each_code_once_and_are_nested() {
        assert!(ALL.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(MOST_POPULOUS.iter().all(|code| ALL.contains(code)));
        let mut most_populous = MOST_POPULOUS;
        most_populous.sort_unstable();
        assert!(most_populous.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
