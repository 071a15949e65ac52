//! What an example itself has seen of its run.

/// The steps of an example that watches itself: told and drawn at the end of its run,
/// whichever way it ends.
pub trait Steps: Send + Sync {
    /// The last line of a verbose run.
    fn summary(&self) -> String;

    /// The picture that `--steps` asks for, as a whole SVG file.
    fn to_svg(&self) -> String;
}
