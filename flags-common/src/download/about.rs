//! The first line of each downloader's `--help`. All have one command line, and a lesson
//! has no line to spare for saying who it is: so what each is called says how it waits.

/// How the program with this name waits, in the first sentence of its own listing.
pub(crate) fn about(name: &str) -> &'static str {
    let known = ABOUT.iter().find(|(known, _)| *known == name);
    known.map_or("Downloads flags and saves them", |(_, about)| about)
}

const ABOUT: [(&str, &str); 9] = [
    (
        "flags-seq",
        "Downloads flags one after another, and waits for each before it asks for the \
         next",
    ),
    (
        "flags-threadpool",
        "Downloads flags with a pool of threads, each of which waits for one flag at a \
         time",
    ),
    (
        "flags-threadpool-ac",
        "Downloads five flags with three threads and shows the futures that stand for \
         them",
    ),
    (
        "flags-scope",
        "Downloads flags with a thread for each of them, all of which borrow the same \
         client",
    ),
    ("flags-simple-pool", "Downloads flags with the smallest pool of threads"),
    (
        "flags-async",
        "Downloads flags with an event loop: one thread waits for all of them at once",
    ),
    (
        "flags-async-ac",
        "Downloads five flags with tasks, three at once, and takes the results as they \
         come",
    ),
    (
        "flags-async-buffered",
        "Downloads flags with an event loop, and makes each future only when there is \
         room for it",
    ),
    ("event-loop", "Downloads flags on an event loop made by hand"),
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn each_program_says_what_its_listing_begins_with() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for (name, about) in ABOUT {
            let folders = ["flags-async", "flags-threadpool"]
                .map(|folder| workspace.join(folder).join(format!("src/bin/{name}.rs")));
            let main = workspace.join(name).join("src/main.rs");
            let mut files = folders.into_iter().chain([main]);
            let listing = files.find_map(|path| fs::read_to_string(path).ok());
            let listing = listing.unwrap_or_else(|| panic!("{name} has no listing"));
            let header = listing.lines().map_while(|line| line.strip_prefix("//! "));
            let header = header.collect::<Vec<_>>().join(" ");
            assert!(header.starts_with(about), "{name}: {header}");
        }
    }
}
