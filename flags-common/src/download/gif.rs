//! Whether bytes are a whole GIF image.
//!
//! A connection that ends early looks like the end of a body whenever nobody has said how
//! long that is, and a server that is wrong about the length cuts the body off by itself.
//! But a GIF image tells where it ends. Its blocks lie one behind the other, each says
//! how long it is, and the last one is the trailer. So whoever walks from block to block
//! knows whether all of it is there, and need not decode a single pixel. (That would take
//! a decoder as a dependency, and find no cut that this does not find.)
//!
//! The numbers in brackets are sections of the `GIF89a` specification.

use super::error::FlagError;

/// The block introducers (appendix A): the first byte of each block.
const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2C;
const TRAILER: u8 = 0x3B;

/// Makes sure that these bytes are an image from the signature to the trailer. What
/// follows the trailer is no part of it, and every viewer ignores it.
///
/// A network's log-in page answers every request with status 200, so that only the
/// signature (17) tells an image from it.
pub(super) fn check(bytes: &[u8]) -> Result<(), FlagError> {
    let signed = [b"GIF87a", b"GIF89a"].iter().find_map(|sign| bytes.strip_prefix(*sign));
    let blocks = Blocks(signed.ok_or(FlagError::NotGif)?);
    if blocks.lead_to_trailer() { Ok(()) } else { Err(FlagError::BrokenGif) }
}

/// What is left to walk through.
struct Blocks<'a>(&'a [u8]);

impl Blocks<'_> {
    /// Whether the blocks follow one another up to the trailer (27), an image among them.
    fn lead_to_trailer(mut self) -> bool {
        let mut has_image = false;
        let mut is_inside = self.skip_screen();
        while is_inside.is_some() {
            is_inside = match self.byte() {
                Some(EXTENSION) => self.skip_extension(),
                Some(IMAGE) => {
                    has_image = true;
                    self.skip_image()
                }
                Some(TRAILER) => return has_image,
                // The end, or what is no block: a byte before here is wrong.
                _ => None,
            };
        }
        false
    }

    /// The logical screen descriptor (18) and the colours of all images (19).
    fn skip_screen(&mut self) -> Option<()> {
        self.skip(4)?;
        let flags = self.byte()?;
        self.skip(2)?;
        self.skip_colours(flags)
    }

    /// An image descriptor (20), the colours of that image (21) and its pixels (22).
    fn skip_image(&mut self) -> Option<()> {
        self.skip(8)?;
        let flags = self.byte()?;
        self.skip_colours(flags)?;
        // The length of the first code in the pixels.
        self.skip(1)?;
        self.skip_sub_blocks()
    }

    /// An extension of any kind (23 to 26): they differ only in what they hold.
    fn skip_extension(&mut self) -> Option<()> {
        self.skip(1)?;
        self.skip_sub_blocks()
    }

    /// A table of 2 to 256 colours of 3 bytes each, if these flags say that there is one.
    fn skip_colours(&mut self, flags: u8) -> Option<()> {
        let has_table = flags & 0b1000_0000 != 0;
        let colours = 2 << (flags & 0b111);
        if has_table { self.skip(3 * colours) } else { Some(()) }
    }

    /// Data in parts that say how long they are (15), up to one of length 0 (16).
    fn skip_sub_blocks(&mut self) -> Option<()> {
        loop {
            match self.byte()? {
                0 => return Some(()),
                length => self.skip(length.into())?,
            }
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn skip(&mut self, length: usize) -> Option<()> {
        self.0 = self.0.get(length..)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::testing::GIF;

    /// The images that the embedded site has.
    fn flags() -> Vec<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../flags-server/flags");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let images =
            files.filter(|path| path.extension().is_some_and(|end| end == "gif"));
        images.map(|path| fs::read(path).unwrap()).collect()
    }

    #[test]
    fn every_flag_is_whole_and_no_part_of_one_is() {
        let flags = flags();
        assert_eq!(flags.len(), 249);
        for (number, flag) in flags.iter().enumerate() {
            check(flag).unwrap();
            // Every cut of some flags, and many of the others.
            let step = if number % 50 == 0 { 1 } else { 97 };
            let last = flag.len() - 1;
            for length in (0..last).step_by(step).chain([last]) {
                check(&flag[..length]).unwrap_err();
            }
        }
    }

    #[test]
    fn what_has_no_signature_is_no_gif_and_what_has_no_end_is_broken() {
        for page in [&b"<!DOCTYPE html>"[..], b"", b"GIF8", b"gif89a", b"GIF88a"] {
            assert!(matches!(check(page), Err(FlagError::NotGif)));
        }
        for broken in [&b"GIF89a"[..], b"GIF87a............", &GIF[..GIF.len() - 1]] {
            assert!(matches!(check(broken), Err(FlagError::BrokenGif)));
        }
    }

    #[test]
    fn an_older_image_is_one_and_so_is_one_with_something_behind_it() {
        let older = [b"GIF87a", &GIF[6..]].concat();
        check(&older).unwrap();
        check(&[GIF, b"\r\n"].concat()).unwrap();
    }

    #[test]
    fn an_image_without_pixels_is_broken() {
        let (screen, trailer) = (&GIF[..13], &GIF[GIF.len() - 1..]);
        assert!(matches!(check(&[screen, trailer].concat()), Err(FlagError::BrokenGif)));
    }

    #[test]
    fn the_colours_of_one_image_and_extensions_of_all_kinds_are_walked_through() {
        let local_colours = [&[0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0x80][..], &[9; 6]].concat();
        let pixels = [2, 2, 0x44, 0x01, 0];
        let comment = [0x21, 0xFE, 3, 0x3B, 0x3B, 0x3B, 0];
        let parts = [&GIF[..13], &comment, &local_colours, &pixels, b";"];
        check(&parts.concat()).unwrap();
    }
}
