//! What the compiler asks of the closure that a thread runs, by two versions of
//! `flags-scope`, cut down to a loop, that it refuses. Beside each stands what it takes,
//! one word apart.
//!
//! # A thread has to own what does not live as long as it does
//!
//! Each turn has a flag of its own, which is gone when the turn is over, while the thread
//! goes on. Without `move` the closure only borrows it: "closure may outlive the current
//! function, but it borrows `flag`, which is owned by the current function" (E0373).
//!
//! ```compile_fail,E0373
//! # use std::thread;
//! # fn download_one(agent: &str, flag: &str) { assert_ne!(agent, flag); }
//! let agent = &String::from("a client");
//! thread::scope(|scope| {
//!     for flag in ["BR", "CN", "ID"].map(String::from) {
//!         scope.spawn(|| download_one(agent, &flag));
//!     }
//! });
//! ```
//!
//! With it the closure owns the flag. It owns `agent` too, but that is a reference, and
//! what it leads to lives longer than the scope, which waits for all its threads.
//!
//! ```
//! # use std::thread;
//! # fn download_one(agent: &str, flag: &str) { assert_ne!(agent, flag); }
//! let agent = &String::from("a client");
//! thread::scope(|scope| {
//!     for flag in ["BR", "CN", "ID"].map(String::from) {
//!         scope.spawn(move || download_one(agent, &flag));
//!     }
//! });
//! ```
//!
//! # Two threads may share only what counts its owners safely
//!
//! An `Rc` counts its owners without a thought of other threads, so that two which clone
//! it at one time could miscount: "`Rc<String>` cannot be sent between threads safely"
//! (E0277).
//!
//! ```compile_fail,E0277
//! # use std::{rc::Rc, sync::Arc, thread};
//! # fn download_one(agent: &str, flag: &str) { assert_ne!(agent, flag); }
//! let agent = Rc::new(String::from("a client"));
//! thread::scope(|scope| {
//!     for flag in ["BR", "CN", "ID"].map(String::from) {
//!         let agent = agent.clone();
//!         scope.spawn(move || download_one(&agent, &flag));
//!     }
//! });
//! ```
//!
//! An `Arc` counts atomically, and is what threads need that may outlive the function
//! which starts them. In a scope nobody has to count, which is why `flags-scope` has no
//! `Arc` either.
//!
//! ```
//! # use std::{rc::Rc, sync::Arc, thread};
//! # fn download_one(agent: &str, flag: &str) { assert_ne!(agent, flag); }
//! let agent = Arc::new(String::from("a client"));
//! thread::scope(|scope| {
//!     for flag in ["BR", "CN", "ID"].map(String::from) {
//!         let agent = agent.clone();
//!         scope.spawn(move || download_one(&agent, &flag));
//!     }
//! });
//! ```

#[cfg(test)]
mod tests {
    /// What does not compile could fail to for any reason: here nothing else differs.
    #[test]
    fn what_is_refused_is_one_word_from_what_is_taken() {
        let source = include_str!("ownership.rs");
        let (text, _) = source.split_once("#[cfg(test)]").unwrap();
        let examples = text.split("```").skip(1).step_by(2);
        let code = |example: &'static str| example.split_once('\n').unwrap().1;
        let [borrowing, moving, counted, counted_safely] =
            examples.map(code).collect::<Vec<_>>()[..]
        else {
            panic!("{text}");
        };
        assert_eq!(borrowing, moving.replace("move ", ""));
        assert_eq!(counted, counted_safely.replace("Arc::new", "Rc::new"));
    }
}
