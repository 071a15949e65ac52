//! What happens, kept for as long as those who listen may need to read it.

use std::collections::VecDeque;

use axum::body::Bytes;

/// How much is kept, in bytes. It takes seconds until a class has done so much, and who
/// is so much behind will not catch up.
const MOST: usize = 8 * 1024 * 1024;
/// How long a piece is at most, in bytes. A connection that is not read holds one, and
/// there may be hundreds of those.
const PIECE: usize = 16 * 1024;

/// The latest events, in pieces, which all readers share. A reader has its place in them
/// and nothing else, so that one who does not read takes no memory: when what it has not
/// read is forgotten, it is the reader who has lost.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pieces: VecDeque<Entry>,
    /// The place of the first piece that is kept.
    first: u64,
    bytes: usize,
}

#[derive(Debug, Clone)]
pub(super) enum Entry {
    /// A part of the text of the events, or all of one.
    Piece(Bytes),
    /// Everything is to be told anew.
    Everything,
}

impl Journal {
    /// The place of what happens next.
    pub(super) fn end(&self) -> u64 {
        self.first + self.pieces.len() as u64
    }

    /// What is at a place before the end, unless it is forgotten.
    pub(super) fn get(&self, place: u64) -> Option<Entry> {
        let index = usize::try_from(place.checked_sub(self.first)?).ok()?;
        self.pieces.get(index).cloned()
    }

    /// Adds an event, whose data is JSON without the end of a line in it.
    pub(super) fn push(&mut self, event: &str, data: &[u8]) {
        let text = [b"event: ", event.as_bytes(), b"\ndata: ", data, b"\n\n"].concat();
        // Each is a copy, since a part of a text would keep all of it.
        for piece in text.chunks(PIECE) {
            self.bytes += piece.len();
            self.pieces.push_back(Entry::Piece(Bytes::copy_from_slice(piece)));
        }
        while self.bytes > MOST {
            self.forget_first();
        }
    }

    pub(super) fn push_everything(&mut self) {
        self.pieces.push_back(Entry::Everything);
    }

    /// Forgets all that is there, which nobody needs when nobody listens.
    pub(super) fn forget(&mut self) {
        while !self.pieces.is_empty() {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        if let Some(entry) = self.pieces.pop_front() {
            self.first += 1;
            if let Entry::Piece(piece) = entry {
                self.bytes -= piece.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(journal: &Journal, mut place: u64) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        while place < journal.end() {
            match journal.get(place)? {
                Entry::Piece(piece) => text.extend(piece),
                Entry::Everything => text.extend(b"everything\n\n"),
            }
            place += 1;
        }
        Some(text)
    }

    #[test]
    fn who_has_a_place_reads_what_comes_after_it() {
        let mut journal = Journal::default();
        journal.push("one", b"{}");
        let place = journal.end();
        assert_eq!(read(&journal, place), Some(Vec::new()));
        assert!(journal.get(place).is_none());
        journal.push("two", b"[2]");
        journal.push_everything();
        let text = b"event: two\ndata: [2]\n\neverything\n\n";
        assert_eq!(read(&journal, place).unwrap(), text);
        journal.forget();
        assert!(read(&journal, place).is_none());
        assert_eq!((journal.end(), journal.bytes), (place + 2, 0));
    }

    #[test]
    fn a_long_event_comes_in_pieces_that_keep_nothing_else() {
        let mut journal = Journal::default();
        let long = vec![b'x'; 100_000];
        journal.push("long", &long);
        assert_eq!(journal.end(), 7);
        let text = read(&journal, 0).unwrap();
        assert_eq!(text.len(), long.len() + "event: long\ndata: \n\n".len());
        let Some(Entry::Piece(piece)) = journal.get(1) else { panic!("a piece") };
        assert_eq!(piece.len(), PIECE);
        journal.forget();
        // It is the only one that still has it.
        assert!(piece.is_unique());
    }

    #[test]
    fn what_is_too_long_ago_is_forgotten() {
        let mut journal = Journal::default();
        journal.push("first", b"");
        let long = vec![b'x'; 20_000];
        for _ in 0..1000 {
            journal.push("next", &long);
            assert!(journal.bytes <= MOST);
        }
        assert!(journal.get(0).is_none() && journal.get(journal.end() - 1).is_some());
        assert!(journal.pieces.len() < 1000, "{}", journal.pieces.len());
    }
}
