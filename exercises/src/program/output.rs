//! What a program prints, and the files that it leaves.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use tokio::io::{AsyncRead, AsyncReadExt};

/// How much is kept of what a program prints, and of each file: one that writes for ever
/// must not fill the memory until its time is up.
const MOST_OUTPUT: u64 = 1 << 20;

/// What comes out of a pipe until it is closed. What is more than is kept is read too, or
/// the program would wait for a reader.
pub(super) async fn text_of(mut pipe: impl AsyncRead + Unpin) -> io::Result<String> {
    let mut bytes = Vec::new();
    (&mut pipe).take(MOST_OUTPUT).read_to_end(&mut bytes).await?;
    tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The files in a folder and those in it, by their path below it, with slashes. What is
/// neither a file nor a folder is left out: to read a named pipe might never end.
pub(super) fn files_in(folder: &Path) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push((entry.path(), format!("{name}/")));
            } else if kind.is_file() {
                let mut bytes = Vec::new();
                fs::File::open(entry.path())?
                    .take(MOST_OUTPUT)
                    .read_to_end(&mut bytes)?;
                files.insert(name, bytes);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn of_a_long_text_the_beginning_is_kept_and_all_is_read() {
        let limit = usize::try_from(MOST_OUTPUT).unwrap();
        let mut pipe = std::io::Cursor::new("a".repeat(limit) + "b");
        assert_eq!(text_of(&mut pipe).await.unwrap(), "a".repeat(limit));
        assert_eq!(pipe.position(), MOST_OUTPUT + 1);
    }

    #[test]
    fn files_are_known_by_their_path_with_slashes() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("downloads/empty")).unwrap();
        fs::write(folder.path().join("downloads/br.gif"), "flag").unwrap();
        fs::write(folder.path().join("log"), "").unwrap();
        let files = files_in(folder.path()).unwrap();
        let expected = [("downloads/br.gif", "flag"), ("log", "")]
            .map(|(path, content)| (path.to_owned(), content.as_bytes().to_owned()));
        assert_eq!(files, BTreeMap::from(expected));
    }

    #[test]
    fn of_a_long_file_the_beginning_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = fs::File::create(folder.path().join("long")).unwrap();
        file.set_len(MOST_OUTPUT + 1).unwrap();
        let length = u64::try_from(files_in(folder.path()).unwrap()["long"].len());
        assert_eq!(length, Ok(MOST_OUTPUT));
    }

    /// The second end of this link is nowhere, as that of a pipe that nobody writes to.
    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("link")).unwrap();
        assert_eq!(files_in(folder.path()).unwrap(), BTreeMap::new());
    }
}
