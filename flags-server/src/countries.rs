//! The countries of the flag site and their flags, all 249 of ISO 3166-1.
//!
//! The flags are part of the compiled program, so that the site needs no file beside it
//! and no network: nothing is read from disk at run time. The book's scripts ask for 194
//! of them; the rest answer those who try other codes.
//!
//! Codes and names come from `country.json` of the npm package flag-icons 7.5.0 (MIT
//! licence), without its entries that are not in ISO 3166-1, such as the European Union.
//! The images in `../flags` are drawn from the same package. `../flags/render.mjs` wrote
//! the images and the lines of the table; it also lists the names that it corrects.

use crate::country_code::CountryCode;

/// A country, a territory or an area of ISO 3166-1, and its flag.
pub struct Country {
    /// ISO 3166-1 alpha-2 code, such as `BR`.
    pub(crate) code: CountryCode,
    /// Short name in English, such as `Brazil`.
    pub name: &'static str,
    /// The flag as a GIF file of 160×120 pixels and at most 64 colours.
    pub image: &'static [u8],
}

impl Country {
    /// The country's top-level domain, with the dot: `.br` for Brazil.
    ///
    /// Domains follow ISO 3166-1, with one exception: the United Kingdom, `gb`, uses
    /// `.uk`. A few of the others, such as `.eh` for Western Sahara, are not in use.
    pub(crate) fn top_level_domain(&self) -> String {
        const UNITED_KINGDOM: Option<CountryCode> = CountryCode::new("GB");
        if Some(self.code) == UNITED_KINGDOM {
            ".uk".to_owned()
        } else {
            format!(".{}", self.code.lower_case())
        }
    }
}

/// Looks a country up by its code.
#[must_use]
pub fn find(code: CountryCode) -> Option<&'static Country> {
    let position = COUNTRIES.binary_search_by_key(&code, |country| country.code);
    position.ok().map(|index| &COUNTRIES[index])
}

macro_rules! countries {
    ($($code:literal $name:literal,)*) => {
        [$(Country {
            code: CountryCode::new($code).expect("it is two letters"),
            name: $name,
            image: include_bytes!(concat!("../flags/", $code, ".gif")),
        },)*]
    };
}

/// Every country, sorted by code.
pub(crate) static COUNTRIES: [Country; 249] = countries! {
    "ad" "Andorra",
    "ae" "United Arab Emirates",
    "af" "Afghanistan",
    "ag" "Antigua and Barbuda",
    "ai" "Anguilla",
    "al" "Albania",
    "am" "Armenia",
    "ao" "Angola",
    "aq" "Antarctica",
    "ar" "Argentina",
    "as" "American Samoa",
    "at" "Austria",
    "au" "Australia",
    "aw" "Aruba",
    "ax" "Åland Islands",
    "az" "Azerbaijan",
    "ba" "Bosnia and Herzegovina",
    "bb" "Barbados",
    "bd" "Bangladesh",
    "be" "Belgium",
    "bf" "Burkina Faso",
    "bg" "Bulgaria",
    "bh" "Bahrain",
    "bi" "Burundi",
    "bj" "Benin",
    "bl" "Saint Barthélemy",
    "bm" "Bermuda",
    "bn" "Brunei Darussalam",
    "bo" "Bolivia",
    "bq" "Bonaire, Sint Eustatius and Saba",
    "br" "Brazil",
    "bs" "Bahamas",
    "bt" "Bhutan",
    "bv" "Bouvet Island",
    "bw" "Botswana",
    "by" "Belarus",
    "bz" "Belize",
    "ca" "Canada",
    "cc" "Cocos (Keeling) Islands",
    "cd" "Democratic Republic of the Congo",
    "cf" "Central African Republic",
    "cg" "Republic of the Congo",
    "ch" "Switzerland",
    "ci" "Côte d'Ivoire",
    "ck" "Cook Islands",
    "cl" "Chile",
    "cm" "Cameroon",
    "cn" "China",
    "co" "Colombia",
    "cr" "Costa Rica",
    "cu" "Cuba",
    "cv" "Cabo Verde",
    "cw" "Curaçao",
    "cx" "Christmas Island",
    "cy" "Cyprus",
    "cz" "Czech Republic",
    "de" "Germany",
    "dj" "Djibouti",
    "dk" "Denmark",
    "dm" "Dominica",
    "do" "Dominican Republic",
    "dz" "Algeria",
    "ec" "Ecuador",
    "ee" "Estonia",
    "eg" "Egypt",
    "eh" "Western Sahara",
    "er" "Eritrea",
    "es" "Spain",
    "et" "Ethiopia",
    "fi" "Finland",
    "fj" "Fiji",
    "fk" "Falkland Islands",
    "fm" "Federated States of Micronesia",
    "fo" "Faroe Islands",
    "fr" "France",
    "ga" "Gabon",
    "gb" "United Kingdom",
    "gd" "Grenada",
    "ge" "Georgia",
    "gf" "French Guiana",
    "gg" "Guernsey",
    "gh" "Ghana",
    "gi" "Gibraltar",
    "gl" "Greenland",
    "gm" "Gambia",
    "gn" "Guinea",
    "gp" "Guadeloupe",
    "gq" "Equatorial Guinea",
    "gr" "Greece",
    "gs" "South Georgia and the South Sandwich Islands",
    "gt" "Guatemala",
    "gu" "Guam",
    "gw" "Guinea-Bissau",
    "gy" "Guyana",
    "hk" "Hong Kong",
    "hm" "Heard Island and McDonald Islands",
    "hn" "Honduras",
    "hr" "Croatia",
    "ht" "Haiti",
    "hu" "Hungary",
    "id" "Indonesia",
    "ie" "Ireland",
    "il" "Israel",
    "im" "Isle of Man",
    "in" "India",
    "io" "British Indian Ocean Territory",
    "iq" "Iraq",
    "ir" "Iran",
    "is" "Iceland",
    "it" "Italy",
    "je" "Jersey",
    "jm" "Jamaica",
    "jo" "Jordan",
    "jp" "Japan",
    "ke" "Kenya",
    "kg" "Kyrgyzstan",
    "kh" "Cambodia",
    "ki" "Kiribati",
    "km" "Comoros",
    "kn" "Saint Kitts and Nevis",
    "kp" "North Korea",
    "kr" "South Korea",
    "kw" "Kuwait",
    "ky" "Cayman Islands",
    "kz" "Kazakhstan",
    "la" "Laos",
    "lb" "Lebanon",
    "lc" "Saint Lucia",
    "li" "Liechtenstein",
    "lk" "Sri Lanka",
    "lr" "Liberia",
    "ls" "Lesotho",
    "lt" "Lithuania",
    "lu" "Luxembourg",
    "lv" "Latvia",
    "ly" "Libya",
    "ma" "Morocco",
    "mc" "Monaco",
    "md" "Moldova",
    "me" "Montenegro",
    "mf" "Saint Martin",
    "mg" "Madagascar",
    "mh" "Marshall Islands",
    "mk" "North Macedonia",
    "ml" "Mali",
    "mm" "Myanmar",
    "mn" "Mongolia",
    "mo" "Macau",
    "mp" "Northern Mariana Islands",
    "mq" "Martinique",
    "mr" "Mauritania",
    "ms" "Montserrat",
    "mt" "Malta",
    "mu" "Mauritius",
    "mv" "Maldives",
    "mw" "Malawi",
    "mx" "Mexico",
    "my" "Malaysia",
    "mz" "Mozambique",
    "na" "Namibia",
    "nc" "New Caledonia",
    "ne" "Niger",
    "nf" "Norfolk Island",
    "ng" "Nigeria",
    "ni" "Nicaragua",
    "nl" "Netherlands",
    "no" "Norway",
    "np" "Nepal",
    "nr" "Nauru",
    "nu" "Niue",
    "nz" "New Zealand",
    "om" "Oman",
    "pa" "Panama",
    "pe" "Peru",
    "pf" "French Polynesia",
    "pg" "Papua New Guinea",
    "ph" "Philippines",
    "pk" "Pakistan",
    "pl" "Poland",
    "pm" "Saint Pierre and Miquelon",
    "pn" "Pitcairn",
    "pr" "Puerto Rico",
    "ps" "State of Palestine",
    "pt" "Portugal",
    "pw" "Palau",
    "py" "Paraguay",
    "qa" "Qatar",
    "re" "Réunion",
    "ro" "Romania",
    "rs" "Serbia",
    "ru" "Russia",
    "rw" "Rwanda",
    "sa" "Saudi Arabia",
    "sb" "Solomon Islands",
    "sc" "Seychelles",
    "sd" "Sudan",
    "se" "Sweden",
    "sg" "Singapore",
    "sh" "Saint Helena, Ascension and Tristan da Cunha",
    "si" "Slovenia",
    "sj" "Svalbard and Jan Mayen",
    "sk" "Slovakia",
    "sl" "Sierra Leone",
    "sm" "San Marino",
    "sn" "Senegal",
    "so" "Somalia",
    "sr" "Suriname",
    "ss" "South Sudan",
    "st" "Sao Tome and Principe",
    "sv" "El Salvador",
    "sx" "Sint Maarten",
    "sy" "Syria",
    "sz" "Eswatini",
    "tc" "Turks and Caicos Islands",
    "td" "Chad",
    "tf" "French Southern Territories",
    "tg" "Togo",
    "th" "Thailand",
    "tj" "Tajikistan",
    "tk" "Tokelau",
    "tl" "Timor-Leste",
    "tm" "Turkmenistan",
    "tn" "Tunisia",
    "to" "Tonga",
    "tr" "Türkiye",
    "tt" "Trinidad and Tobago",
    "tv" "Tuvalu",
    "tw" "Taiwan",
    "tz" "Tanzania",
    "ua" "Ukraine",
    "ug" "Uganda",
    "um" "United States Minor Outlying Islands",
    "us" "United States of America",
    "uy" "Uruguay",
    "uz" "Uzbekistan",
    "va" "Holy See",
    "vc" "Saint Vincent and the Grenadines",
    "ve" "Venezuela",
    "vg" "British Virgin Islands",
    "vi" "U.S. Virgin Islands",
    "vn" "Vietnam",
    "vu" "Vanuatu",
    "wf" "Wallis and Futuna",
    "ws" "Samoa",
    "ye" "Yemen",
    "yt" "Mayotte",
    "za" "South Africa",
    "zm" "Zambia",
    "zw" "Zimbabwe",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_unique() {
        assert_eq!(COUNTRIES.len(), 249);
        for pair in COUNTRIES.windows(2) {
            assert!(pair[0].code < pair[1].code, "{} {}", pair[0].code, pair[1].code);
        }
    }

    #[test]
    fn names_are_unique_and_trimmed() {
        let mut names = COUNTRIES.each_ref().map(|country| country.name);
        for name in names {
            assert!(!name.is_empty() && name.trim() == name, "{name:?}");
        }
        names.sort_unstable();
        for pair in names.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
    }

    #[test]
    fn every_image_is_a_complete_gif_of_the_promised_size() {
        for Country { code, image, .. } in &COUNTRIES {
            assert!(image.starts_with(b"GIF89a"), "{code}");
            assert_eq!(image[6..10], [160, 0, 120, 0], "{code}");

            // Bit 7 says that a colour table follows. Bits 0 to 2 hold its size: n
            // stands for 2^(n+1) colours.
            let packed = image[10];
            assert_eq!(packed & 0x80, 0x80, "{code}");
            let table_entries = 2 << (packed & 0x07);
            assert!(table_entries <= 64, "{code} has {table_entries} colours");

            // The image follows at once: no animation, no transparency, no comment.
            assert_eq!(image[13 + 3 * table_entries], b',', "{code}");
            assert_eq!(image.last(), Some(&0x3b), "{code}");
        }
    }

    #[test]
    fn find_knows_every_code_and_nothing_else() {
        for country in &COUNTRIES {
            assert_eq!(find(country.code).map(|found| found.name), Some(country.name));
        }
        let known = CountryCode::every().filter(|&code| find(code).is_some());
        assert_eq!(known.count(), COUNTRIES.len());
    }

    #[test]
    fn only_the_united_kingdom_has_a_domain_unlike_its_code() {
        for country in &COUNTRIES {
            let code = country.code.lower_case().to_string();
            let expected = if code == "gb" { "uk" } else { &code };
            assert_eq!(country.top_level_domain(), format!(".{expected}"));
        }
    }
}
