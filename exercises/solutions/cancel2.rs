//! It is always the same future that is polled on: `select!` drops only a reference to
//! it. So what it has read stays in it until the image is whole.

use std::io;
use std::pin::pin;

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
    let mut image = pin!(read_image(&mut pieces));
    loop {
        tokio::select! {
            image = &mut image => {
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
