//! The thread pool behind `flags-threadpool` and `flags-threadpool-ac`, in a library of
//! its own so that both programs, and its tests, can use it.

pub mod executor;
