//! How large the caches of this machine's processor are.
//!
//! Linux tells in files, macOS by a program, and an x86 processor tells by itself, which
//! is the way on Windows.

use std::fs;
use std::path::Path;
use std::process::Command;

/// What a test outside of all caches takes at least, in bytes. Some processors have one
/// more cache in front of the memory, of up to 32 MB, which is in none of these lists.
const LEAST_OUTSIDE: usize = 128 << 20;

/// The sizes of the data caches, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caches {
    level_1: usize,
    level_2: usize,
    /// The largest, whatever its level.
    largest: usize,
}

/// A level from 1 on, and a size in bytes.
type Cache = (usize, usize);

impl Caches {
    /// The caches of the processor; `None` when the machine does not tell.
    pub(crate) fn read() -> Option<Self> {
        from_files(Path::new("/sys/devices/system/cpu/cpu0/cache"))
            .or_else(from_sysctl)
            .or_else(from_processor)
    }

    fn new(caches: &[Cache]) -> Option<Self> {
        let size = |wanted| {
            let found = caches.iter().find(|&&(level, size)| level == wanted && size > 0);
            found.map(|&(_, size)| size)
        };
        let largest = caches.iter().map(|&(_, size)| size).max()?;
        Some(Self { level_1: size(1)?, level_2: size(2)?, largest })
    }

    /// A size that fits into level 1 with room to spare for everything else.
    pub(crate) fn inside_level_1(self) -> usize {
        self.level_1 / 2
    }

    /// A size that fits into level 2, and of which nothing stays in level 1 when it is
    /// gone through again and again; `None` when level 2 is too small for that.
    ///
    /// No larger than necessary, because the processor remembers where only some dozens
    /// of memory pages are, and to look up others takes longer.
    pub(crate) fn inside_level_2(self) -> Option<usize> {
        let size = (4 * self.level_1).min(self.level_2 / 2);
        (size >= 2 * self.level_1).then_some(size)
    }

    /// A size of which little is found in any cache.
    pub(crate) fn outside(self) -> usize {
        LEAST_OUTSIDE.max(4 * self.largest)
    }
}

/// Reads the files of Linux: a folder for each cache, with `level`, `type` and `size`.
fn from_files(folder: &Path) -> Option<Caches> {
    let caches: Vec<Cache> = fs::read_dir(folder)
        .ok()?
        .filter_map(|cache| {
            let cache = cache.ok()?.path();
            let read = |name| fs::read_to_string(cache.join(name)).ok();
            if read("type")?.trim() == "Instruction" {
                return None;
            }
            let kilobytes: usize =
                read("size")?.trim().strip_suffix('K')?.parse().ok()?;
            Some((read("level")?.trim().parse().ok()?, kilobytes << 10))
        })
        .collect();
    Caches::new(&caches)
}

/// Asks macOS, which writes a number of bytes for each name that it knows.
fn from_sysctl() -> Option<Caches> {
    if !cfg!(target_os = "macos") {
        return None;
    }
    let names = ["hw.l1dcachesize", "hw.l2cachesize", "hw.l3cachesize"];
    let answer = Command::new("/usr/sbin/sysctl").arg("-n").args(names).output().ok()?;
    let text = String::from_utf8(answer.stdout).ok()?;
    let sizes = text.lines().map_while(|line| line.trim().parse().ok());
    Caches::new(&(1..).zip(sizes).collect::<Vec<Cache>>())
}

/// Asks the processor itself (CPUID leaf 4 of Intel, leaf 0x8000001D of AMD).
#[cfg(target_arch = "x86_64")]
fn from_processor() -> Option<Caches> {
    use raw_cpuid::{CacheType, CpuId};

    let caches: Vec<Cache> = CpuId::new()
        .get_cache_parameters()?
        .filter(|cache| cache.cache_type() != CacheType::Instruction)
        .map(|cache| {
            let lines = cache.associativity() * cache.sets();
            let line = cache.coherency_line_size() * cache.physical_line_partitions();
            (cache.level().into(), lines * line)
        })
        .collect();
    Caches::new(&caches)
}

#[cfg(not(target_arch = "x86_64"))]
fn from_processor() -> Option<Caches> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_tells_nothing_gets_no_sizes() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(from_files(folder.path()), None);
        assert_eq!(from_files(&folder.path().join("missing")), None);
        assert_eq!(Caches::new(&[(1, 32 << 10)]), None);
        assert_eq!(Caches::new(&[(1, 0), (2, 1 << 20)]), None);
    }

    #[test]
    fn the_files_of_linux_are_read_without_the_instruction_cache() {
        let folder = tempfile::tempdir().unwrap();
        let caches = [
            ("index0", "1", "Instruction", "64K"),
            ("index1", "1", "Data", "32K"),
            ("index2", "2", "Unified", "1024K"),
            ("index3", "3", "Unified", "65536K"),
        ];
        for (name, level, kind, size) in caches {
            let cache = folder.path().join(name);
            fs::create_dir(&cache).unwrap();
            for (file, text) in [("level", level), ("type", kind), ("size", size)] {
                fs::write(cache.join(file), format!("{text}\n")).unwrap();
            }
        }
        let caches = from_files(folder.path()).unwrap();
        let expected = Caches { level_1: 32 << 10, level_2: 1 << 20, largest: 64 << 20 };
        assert_eq!(caches, expected);
        assert_eq!(caches.inside_level_1(), 16 << 10);
        assert_eq!(caches.inside_level_2(), Some(128 << 10));
        assert_eq!(caches.outside(), 256 << 20);
    }

    #[test]
    fn a_small_second_level_is_not_measured() {
        let caches = Caches { level_1: 64 << 10, level_2: 128 << 10, largest: 128 << 10 };
        assert_eq!(caches.inside_level_2(), None);
        assert_eq!(caches.outside(), LEAST_OUTSIDE);
    }

    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    #[test]
    fn the_processor_tells_the_same_as_the_files_where_both_do() {
        let files = from_files(Path::new("/sys/devices/system/cpu/cpu0/cache"));
        if let (Some(files), Some(processor)) = (files, from_processor()) {
            assert_eq!(files, processor);
        }
    }
}
