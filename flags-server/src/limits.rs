//! Every connection takes a file descriptor, and the usual limit on open files, 256 or
//! 1024, is too low for hundreds of flags at once.

/// Raises the limit on open files of this process as far as the system lets us.
///
/// Returns the limit that is then in force, or `None` where the system has none.
#[must_use]
pub fn raise_open_file_limit() -> Option<u64> {
    #[cfg(unix)]
    {
        // A refusal is no error: the limit then stays as it was.
        let _ = rlimit::increase_nofile_limit(u64::MAX);
    }
    open_file_limit()
}

/// The limit on open files that is in force, or `None` where the system has none.
pub(crate) fn open_file_limit() -> Option<u64> {
    #[cfg(unix)]
    {
        rlimit::Resource::NOFILE.get_soft().ok()
    }
    #[cfg(not(unix))]
    None
}
