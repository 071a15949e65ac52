//! Which characters of a client's text nobody shall see as they are.

/// Whether a character shows nothing itself but changes how the text around it is shown:
/// it ends the line, steers a terminal, or turns the direction of reading. In a line of a
/// log it could make up another line, and in a name it could hide what stands beside it.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            // The ends of a line and of a paragraph.
            '\u{2028}' | '\u{2029}'
            // What turns the direction (Unicode Standard Annex 9, section 2).
            | '\u{061c}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}
