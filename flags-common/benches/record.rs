//! What every flag goes through besides the network: it is recorded, and it is saved.
//!
//! ```text
//! $ cargo bench -p flags-common
//! ```

use divan::{Bencher, black_box};
use flags_common::{CountryCode, Flag, FlagError, Job, save_flag};

fn main() {
    divan::main();
}

/// The stamps of a flag and all counts, up to its end, which is a failure, since only a
/// flag that is saved ends well.
#[divan::bench(threads = [1, 4])]
fn record(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let job = Job::silent(brazil(), folder.path().to_owned());
    bencher.with_inputs(|| next(&job)).bench_values(|flag: Flag| {
        black_box(flag.url());
        job.report(flag.code(), &FlagError::NotFound);
    });
}

/// An image of the usual size, from memory to a file under its final name.
#[divan::bench]
fn save(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let job = Job::silent(brazil(), folder.path().to_owned());
    let mut image = vec![0; 2000];
    image[..6].copy_from_slice(b"GIF89a");
    bencher
        .with_inputs(|| next(&job))
        .bench_local_values(|flag| save_flag(&flag, &image));
}

fn brazil() -> Vec<CountryCode> {
    CountryCode::new("BR").into_iter().collect()
}

fn next(job: &Job) -> Flag {
    job.flags().next().expect("one flag is in it")
}
