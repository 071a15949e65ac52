//! Wrong: it prefers pieces to beats, but while there is no piece, a beat still drops
//! what was read.
//!
//! Told: Of … bytes 0 are in the image. What was read before a beat was dropped with its
//! future.

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
    loop {
        tokio::select! {
            biased;
            image = read_image(&mut pieces) => {
                println!();
                return image;
            }
            Some(()) = beats.recv() => print!("."),
        }
    }
}

fn main() -> io::Result<()> {
    observe::reading(download)
}
