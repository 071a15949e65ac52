//! A reader that loses bytes.
//!
//! An image comes in pieces, by a channel. Between them come beats, and for each of them
//! the program prints a dot: it is alive. But `select!` drops the future of `read_image`
//! at each beat, with all that it has read. Change the program so that the whole image is
//! there in the end. Each beat is still taken as soon as it comes, while the image is
//! being read.
//!
//! Now: Of … bytes 0 are in the image. What was read before a beat was dropped with its
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
