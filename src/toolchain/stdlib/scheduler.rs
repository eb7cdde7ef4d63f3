//! A runtime whose scheduler can be made to shuffle.
//!
//! Goroutines that nothing orders mostly run in one order: the last one started first, then the others as they were
//! started. Six runs need not show that another is possible. Go's own race detector knows that, so its scheduler
//! shuffles (`runqput` in `runtime/proc.go`, Go issue 11372): a goroutine that became ready goes to the head of the
//! queue or to its end by chance. It does by one constant:
//!
//! ```go
//! const randomizeScheduler = raceenabled
//! ```
//!
//! Here the runtime is built once more, by the go command, with that constant made a variable that is false. Nothing
//! else differs, so everything that was compiled against the runtime can be linked with this one.

use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

/// The constant.
const CONSTANT: &str = "\nconst randomizeScheduler = raceenabled\n";
/// What takes its place. The directive lets another package name it.
const VARIABLE: &str = "\n//go:linkname randomizeScheduler\nvar randomizeScheduler bool\n";

/// Under which name the archive lies on the shelf: no package has it.
pub const NAME: &str = "runtime.shuffles";

/// Writes the changed source and the overlay that puts it in its place into `folder`; gives the overlay. `None` if this
/// toolchain's runtime has no such constant.
pub fn overlay(goroot: &Utf8Path, folder: &Utf8Path) -> io::Result<Option<Utf8PathBuf>> {
    let original = goroot.join("src/runtime/proc.go");
    let text = fs::read_to_string(&original)?;
    if text.matches(CONSTANT).count() != 1 {
        return Ok(None);
    }
    let (changed, overlay) = (folder.join("proc.go"), folder.join("overlay.json"));
    fs::create_dir_all(folder)?;
    fs::write(&changed, text.replace(CONSTANT, VARIABLE))?;
    let replace = serde_json::json!({ "Replace": { original.as_str(): changed.as_str() } });
    fs::write(&overlay, replace.to_string())?;
    Ok(Some(overlay))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constant_becomes_a_variable_and_all_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let source = root.join("src/runtime/proc.go");
        fs::create_dir_all(source.parent().unwrap()).unwrap();
        fs::write(&source, "package runtime\n").unwrap();
        assert_eq!(overlay(root, &root.join("work")).unwrap(), None);
        fs::write(
            &source,
            format!("package runtime\n{CONSTANT}\nfunc f() {{}}\n"),
        )
        .unwrap();
        let found = overlay(root, &root.join("work")).unwrap().unwrap();
        assert!(fs::read_to_string(found).unwrap().contains("work/proc.go"));
        let changed = fs::read_to_string(root.join("work/proc.go")).unwrap();
        assert_eq!(
            changed,
            "package runtime\n\n//go:linkname randomizeScheduler\nvar randomizeScheduler bool\n\nfunc f() {}\n"
        );
    }
}
