//! The bars of one run, and what is told of them.

use axum::body::Bytes;

use super::bar::{Bar, Label};
use super::json::write_json;
use super::milliseconds::Milliseconds;

/// How many bars are told in one piece, which then has some kilobytes.
const BLOCK: usize = 64;

/// The bars of one run in the order of their numbers. They are told in blocks, whose text
/// is kept: most runs are over, so hundreds of readers are told the same.
#[derive(Debug, Default)]
pub(super) struct Bars {
    bars: Vec<Bar>,
    /// The text of each block, unless one of its bars has changed since.
    blocks: Vec<Option<Bytes>>,
}

impl Bars {
    pub(super) fn len(&self) -> usize {
        self.bars.len()
    }

    /// Adds a bar, and returns its number.
    pub(super) fn begin(
        &mut self,
        lane: u32,
        label: Label,
        thread: Option<u16>,
        start: Milliseconds,
    ) -> usize {
        let number = self.bars.len();
        self.bars.push(Bar::begin(number, lane, label, thread, start));
        self.blocks.resize(self.bars.len().div_ceil(BLOCK), None);
        self.blocks[number / BLOCK] = None;
        number
    }

    /// Ends a bar, and returns its lane.
    pub(super) fn end(
        &mut self,
        number: usize,
        end: Milliseconds,
        status: Option<u16>,
    ) -> u32 {
        self.blocks[number / BLOCK] = None;
        let bar = &mut self.bars[number];
        bar.end(end, status);
        bar.lane
    }

    /// The text of a block, with what separates it from the one before; `None` where
    /// there is no such block.
    pub(super) fn block(&mut self, block: usize) -> Option<Bytes> {
        let text = self.blocks.get_mut(block)?;
        let bars = self.bars.chunks(BLOCK).nth(block)?;
        let text = text.get_or_insert_with(|| {
            let mut text = Vec::new();
            for bar in bars {
                if bar.number > 0 {
                    text.push(b',');
                }
                write_json(&mut text, bar);
            }
            text.into()
        });
        Some(text.clone())
    }

    /// Adds the text of those that have changed.
    pub(super) fn write_changed(&self, text: &mut Vec<u8>) {
        let changed = self.bars.iter().filter(|bar| bar.is_changed);
        for (index, bar) in changed.enumerate() {
            if index > 0 {
                text.push(b',');
            }
            write_json(text, bar);
        }
    }

    pub(super) fn forget_changes(&mut self) {
        self.bars.iter_mut().for_each(|bar| bar.is_changed = false);
    }
}
