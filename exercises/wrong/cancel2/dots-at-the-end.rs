//! Wrong: nothing is lost, since nothing else happens before the image is whole.
//!
//! Told: Taken: 0 of … beats. One came while the image was being read, and nobody took
//! it.

use std::io;

use exercises::observe;
use tokio::sync::mpsc::Receiver;

/// Reads pieces until there are no more, and returns the whole image.
async fn read_image(pieces: &mut Receiver<Vec<u8>>) -> Vec<u8> {
    let mut image = Vec::new();
    while let Some(piece) = pieces.recv().await {
        image.extend(piece);
    }
    image
}

/// Reads an image, and prints a dot for each beat meanwhile.
async fn download(mut pieces: Receiver<Vec<u8>>, mut beats: Receiver<()>) -> Vec<u8> {
    let image = read_image(&mut pieces).await;
    while let Some(()) = beats.recv().await {
        print!(".");
    }
    println!();
    image
}

fn main() -> io::Result<()> {
    observe::reading(download)
}
