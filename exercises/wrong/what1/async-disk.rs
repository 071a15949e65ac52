//! Wrong: a future that saves does not make the disk asynchronous.
//!
//! Told: Case 9: futures wait beside one another on one thread. But here a call blocks
//! until a disk has everything, and a loop has to go on meanwhile.

use exercises::observe::{self, Take};

const TAKEN: [Take; 10] = [
    // 1. Each night a script fetches three pages with the weather. Nobody waits for it.
    Take::For,
    // 2. A chat server has 20,000 connections. At any moment nearly all are silent.
    Take::Futures,
    // 3. A photo of 40 million pixels is blurred. Each new pixel is computed from its
    //    neighbours in the old photo.
    Take::Cores,
    // 4. Thirty printers of a school are asked how much paper they have, while somebody
    //    waits for the table. The library for that has only calls that block.
    Take::Pool,
    // 5. At each log-in the chat server computes for a quarter of a second whether the
    //    password is right. Meanwhile it has to go on with the messages of the others.
    Take::SpawnBlocking,
    // 6. Two shops are asked for a price, by a library that knows async. The first answer
    //    is shown, and the other request has to end at that moment.
    Take::Futures,
    // 7. Students hand in programs, and a test runs them. Some never end, and have to be
    //    ended from outside, whatever they are doing.
    Take::Process,
    // 8. A thousand novels are in memory. How often does each word occur in them?
    Take::Cores,
    // 9. The chat server saves each picture that is sent, to a slow disk. Meanwhile it
    //    has to go on with the messages of the others.
    Take::Futures,
    // 10. A database is asked 40 questions for a report that somebody waits for. It
    //     allows 8 connections, and its library has no async.
    Take::Pool,
];

fn main() {
    observe::decisions(TAKEN);
}
