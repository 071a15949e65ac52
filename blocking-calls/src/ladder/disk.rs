//! The disk, measured by reads that the system does not answer from its memory.
//!
//! What has been written or read once stays in memory, in the page cache, so a second
//! read of the same file says nothing about the disk. Each system has its own way past
//! that cache. A disk has a memory of its own as well, and that of a virtual machine can
//! be a file in the memory of another: from inside nobody can tell.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Instant;

use super::{Measured, NotMeasured};

/// What is read at once, in bytes: a page of memory, and a sector of most disks.
const BLOCK: usize = 4096;

/// What is written at once, in bytes.
const CHUNK: usize = 1 << 20;

/// How many chunks the file has. It is much larger than what is read of it, so that one
/// read rarely brings in the block of another.
const CHUNKS: u64 = 64;

/// How many blocks are read.
const READS: usize = 201;

/// One read of a block from the disk that `folder` is on.
pub(crate) fn read(folder: &Path) -> Result<Measured, NotMeasured> {
    let folder_error = |cause| NotMeasured::Folder { folder: folder.to_owned(), cause };
    let mut buffer = vec![0; CHUNK + BLOCK];
    // Past the page cache only memory is accepted that begins where a block would.
    let start = buffer.as_ptr().align_offset(BLOCK);
    let chunk = &mut buffer[start..start + CHUNK];

    let mut file = write_file(folder, chunk).map_err(folder_error)?;
    let before = bytes_from_disk();
    let samples = read_blocks(&mut file, &mut chunk[..BLOCK]).map_err(folder_error)?;
    let after = bytes_from_disk();

    let is_certain = match before.zip(after) {
        Some((before, after)) if after - before < (READS * BLOCK) as u64 => {
            return Err(NotMeasured::NoDisk { folder: folder.to_owned() });
        }
        Some(_) => true,
        // Windows documents that a file opened as `create` does is read from the disk.
        // Other systems take it as advice, and do not count what they read from a disk.
        None => cfg!(windows),
    };
    let remark = "the system may have answered from its memory, and does not tell";
    let remark = (!is_certain).then(|| remark.to_owned());
    Ok(Measured { remark, ..Measured::new(samples) })
}

/// A file without a name, full of random bytes that have reached the disk.
fn write_file(folder: &Path, chunk: &mut [u8]) -> io::Result<File> {
    let mut file = create(folder)?;
    // Before writing, so that as little as possible gets into the page cache, and after
    // it, because some systems forget only what has reached the disk.
    avoid_page_cache(&file)?;
    for _ in 0..CHUNKS {
        // Random, because some disks compress what they store or leave out zeros, and
        // would then have less to read.
        fastrand::fill(chunk);
        file.write_all(chunk)?;
    }
    file.sync_all()?;
    avoid_page_cache(&file)?;
    Ok(file)
}

/// The times of reading blocks in random order, each only once, in nanoseconds.
fn read_blocks(file: &mut File, buffer: &mut [u8]) -> io::Result<Vec<f64>> {
    let mut blocks: Vec<u64> = (0..CHUNKS * (CHUNK / BLOCK) as u64).collect();
    fastrand::shuffle(&mut blocks);
    let mut time = |block| {
        file.seek(SeekFrom::Start(block * BLOCK as u64))?;
        let start = Instant::now();
        file.read_exact(buffer)?;
        Ok(start.elapsed().as_secs_f64() * 1e9)
    };
    blocks.into_iter().take(READS).map(&mut time).collect()
}

/// Creates a file that is gone when the program ends, in whatever way it ends.
#[cfg(not(windows))]
fn create(folder: &Path) -> io::Result<File> {
    tempfile::tempfile_in(folder)
}

#[cfg(windows)]
fn create(folder: &Path) -> io::Result<File> {
    use std::fs::OpenOptions;
    use std::os::windows::fs::OpenOptionsExt;

    const FILE_FLAG_NO_BUFFERING: u32 = 0x2000_0000;
    const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
    let open = |path: &Path| {
        OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .custom_flags(FILE_FLAG_NO_BUFFERING | FILE_FLAG_DELETE_ON_CLOSE)
            .open(path)
    };
    let named = tempfile::Builder::new().make_in(folder, open)?;
    Ok(named.into_file())
}

/// Reads and writes past the page cache, or makes it forget, where that is refused.
#[cfg(target_os = "linux")]
fn avoid_page_cache(file: &File) -> io::Result<()> {
    use rustix::fs::{Advice, OFlags, fadvise, fcntl_getfl, fcntl_setfl};

    let flags = fcntl_getfl(file)?;
    if fcntl_setfl(file, flags | OFlags::DIRECT).is_err() {
        // Without `Random` a read would bring in the blocks that follow.
        fadvise(file, 0, None, Advice::Random)?;
        fadvise(file, 0, None, Advice::DontNeed)?;
    }
    Ok(())
}

#[cfg(target_vendor = "apple")]
fn avoid_page_cache(file: &File) -> io::Result<()> {
    Ok(rustix::fs::fcntl_nocache(file, true)?)
}

/// On Windows the file has been opened that way; other systems have no way that all of
/// their file systems know.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
#[expect(clippy::unnecessary_wraps, reason = "the others can fail")]
fn avoid_page_cache(_: &File) -> io::Result<()> {
    Ok(())
}

/// How many bytes this thread has had from disks so far, where the system counts them.
/// That of Linux does, and what the page cache has answered is not among them.
fn bytes_from_disk() -> Option<u64> {
    let counters = std::fs::read_to_string("/proc/thread-self/io").ok()?;
    let count = counters.lines().find_map(|line| line.strip_prefix("read_bytes: "))?;
    count.parse().ok()
}
