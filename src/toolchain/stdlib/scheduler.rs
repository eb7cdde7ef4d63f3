//! A runtime whose scheduler can be made to shuffle.
//!
//! Goroutines that nothing orders mostly run in one order: the last one started first, then the others as they were
//! started. Six runs need not show that another is possible. Go's own race detector knows that, so its scheduler
//! shuffles (`runqput` in `runtime/proc.go`, Go issue 11372): a goroutine that became ready goes to the head of the
//! queue or to its end by chance. That is decided by one constant:
//!
//! ```go
//! const randomizeScheduler = raceenabled
//! ```
//!
//! Here the runtime is built once more, by the go command, with a setting of `GODEBUG` asked instead where a goroutine
//! becomes ready. It is one that every Go has and that no program shows ([`SWITCH`]). Chance is taken from the
//! processor's counter, since a function that is used nowhere else would be a symbol more, and older toolchains know
//! symbols by their numbers. Built in a GOROOT made of links to the real one, nothing else differs, not even the
//! file and line at which anything stands. So everything that was compiled against the runtime can be linked with
//! this one.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::sync::LazyLock;

use camino::Utf8Path;
use regex::Regex;

/// The source, in a GOROOT.
const SOURCE: &str = "src/runtime/proc.go";
/// Where it asks the constant.
static ASKED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\tif randomizeScheduler && next && \w+\(2\) == 0 \{").expect("a constant")
});
/// What is asked instead.
const INSTEAD: &str = "\tif debug.gcshrinkstackoff > 0 && next && cputicks()>>5&1 == 0 {";
/// What makes the scheduler shuffle, as a part of `GODEBUG`. Its own meaning: stacks are not made smaller again.
pub const SWITCH: &str = "gcshrinkstackoff=1";

/// Under which name the archive lies on the shelf: no package has it.
pub const NAME: &str = "runtime.shuffled";

/// Makes a GOROOT in `folder` that is the given one but for that. `None` if this toolchain's runtime is another one.
pub fn goroot(original: &Utf8Path, folder: &Utf8Path) -> io::Result<Option<()>> {
    let text = fs::read_to_string(original.join(SOURCE))?;
    if ASKED.find_iter(&text).count() != 1 {
        return Ok(None);
    }
    // Left over from an interrupted process.
    let _ = fs::remove_dir_all(folder);
    // Everything beside the way to the source is a link.
    let (mut original, mut place) = (original.to_owned(), folder.to_owned());
    for element in Utf8Path::new(SOURCE) {
        fs::create_dir_all(&place)?;
        for entry in original.read_dir_utf8()? {
            let entry = entry?;
            if entry.file_name() != element {
                symlink(entry.path(), place.join(entry.file_name()))?;
            }
        }
        original.push(element);
        place.push(element);
    }
    fs::write(place, ASKED.replace(&text, INSTEAD).as_bytes())?;
    Ok(Some(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_is_asked_instead_of_the_constant_and_all_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let source = root.join("src/runtime/proc.go");
        fs::create_dir_all(source.parent().unwrap()).unwrap();
        fs::write(&source, "package runtime\n").unwrap();
        fs::write(root.join("src/runtime/other.go"), "package runtime\n").unwrap();
        fs::write(root.join("VERSION"), "go1.99\n").unwrap();
        let place = root.join("cache/goroot");
        assert_eq!(goroot(root, &place).unwrap(), None);
        let text = "package runtime\n\nfunc f() {\n\tif randomizeScheduler && next && randn(2) == 0 {\n\t}\n}\n";
        fs::write(&source, text).unwrap();
        for _twice in 0..2 {
            assert_eq!(goroot(root, &place).unwrap(), Some(()));
        }
        assert!(place.join("src/runtime/other.go").is_file());
        assert_eq!(
            fs::read_to_string(place.join("VERSION")).unwrap(),
            "go1.99\n"
        );
        let changed = fs::read_to_string(place.join("src/runtime/proc.go")).unwrap();
        assert!(!changed.contains("randomizeScheduler"));
        assert_eq!(changed.lines().count(), text.lines().count());
    }
}
