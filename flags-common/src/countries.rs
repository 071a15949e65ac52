//! Which flags there are to download.

use flags_server::CountryCode;

/// The 20 most populous countries, the largest first (*Fluent Python*, 1st ed.,
/// example 17-2).
#[must_use]
pub fn most_populous() -> Vec<CountryCode> {
    parse(MOST_POPULOUS)
}

/// The 194 countries of the book's `country_codes.txt`, which `--all` downloads.
#[must_use]
pub fn all() -> Vec<CountryCode> {
    parse(ALL)
}

/// The 676 codes from `AA` to `ZZ`, most of which no country has: `--every`.
#[must_use]
pub fn every() -> Vec<CountryCode> {
    CountryCode::every().collect()
}

const MOST_POPULOUS: &str = "CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR";

const ALL: &str = "\
    AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ \
    BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU \
    CV CY CZ DE DJ DK DM DZ EC EE EG ER ES ET FI FJ FM FR GA GB \
    GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ID IE IL IN IQ IR \
    IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK \
    LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV \
    MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL \
    PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO \
    SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA \
    UG US UY UZ VA VC VE VN VU WS YE ZA ZM ZW";

fn parse(codes: &str) -> Vec<CountryCode> {
    codes.split_whitespace().filter_map(CountryCode::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_have_the_sizes_that_the_book_gives() {
        assert_eq!(most_populous().len(), 20);
        assert_eq!(all().len(), 194);
        assert_eq!(every().len(), 676);
    }

    #[test]
    fn the_lists_hold_each_code_once_and_are_nested() {
        let (all, every) = (all(), every());
        assert!(all.is_sorted() && every.is_sorted());
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(most_populous().iter().all(|code| all.contains(code)));
    }
}
