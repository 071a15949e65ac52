//! Wrong: the image is kept outside, and cleared whenever the reader begins again.
//!
//! Told: Of … bytes 0 are in the image. What was read before a beat was dropped with its
//! future.

use std::io;

use exercises::observe;
use tokio::sync::mpsc::Receiver;

/// Reads pieces until there are no more.
async fn read_image(pieces: &mut Receiver<Vec<u8>>, image: &mut Vec<u8>) {
    image.clear();
    while let Some(piece) = pieces.recv().await {
        image.extend(piece);
    }
}

/// Reads an image, and prints a dot for each beat meanwhile.
async fn download(mut pieces: Receiver<Vec<u8>>, mut beats: Receiver<()>) -> Vec<u8> {
    let mut image = Vec::new();
    loop {
        tokio::select! {
            () = read_image(&mut pieces, &mut image) => {
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
