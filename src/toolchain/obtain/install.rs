//! What a way delivered comes to its place in the cache.

use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use crate::toolchain::{Toolchain, Version, find};

/// Moves the GOROOT that appeared below `aside` to its place in `folder`.
pub(super) fn install(
    version: Version,
    aside: &Utf8Path,
    folder: &Utf8Path,
) -> Result<Toolchain, String> {
    let goroot = goroot_below(aside, 3).ok_or("it put no Go distribution into its folder")?;
    make_usable(&goroot).map_err(|error| format!("{goroot} cannot be made usable: {error}"))?;
    let toolchain = find::inspect_folder(&goroot, "in gosnip's cache")
        .map_err(|problem| format!("what it delivered is no usable toolchain: {problem}"))?;
    if !Version::parse(&toolchain.version).is_some_and(|found| version.accepts(found)) {
        return Err(format!(
            "it delivered {} instead of Go {version}",
            toolchain.version
        ));
    }
    let place = folder.join(&toolchain.version);
    // Only something unusable can be in the way: `in_cache` did not want it, and the lock is ours.
    let _ = fs::remove_dir_all(&place);
    fs::rename(&goroot, &place).map_err(|error| format!("{place} cannot be made: {error}"))?;
    find::inspect_folder(&place, "in gosnip's cache").map_err(|problem| problem.to_string())
}

/// The folder with a `VERSION` file and the runtime's source, at most `depth` levels down.
fn goroot_below(folder: &Utf8Path, depth: usize) -> Option<Utf8PathBuf> {
    if folder.join("VERSION").is_file() && folder.join("src/runtime").is_dir() {
        return Some(folder.to_owned());
    }
    if depth == 0 {
        return None;
    }
    let entries = folder.read_dir_utf8().ok()?.filter_map(Result::ok);
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .find_map(|entry| goroot_below(entry.path(), depth - 1))
}

/// Sets the run bits that wheels lose, and the write bits of folders that the module cache takes away
/// (a folder without them can neither be renamed nor removed).
#[cfg(unix)]
fn make_usable(goroot: &Utf8Path) -> io::Result<()> {
    make_folders_writable(goroot)?;
    let mut folders = vec![goroot.join("bin")];
    if let Ok(platforms) = goroot.join("pkg/tool").read_dir_utf8() {
        folders.extend(
            platforms
                .filter_map(Result::ok)
                .map(|entry| entry.path().to_owned()),
        );
    }
    for folder in folders {
        for entry in folder.read_dir_utf8()? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                add_mode(entry.path(), 0o755)?;
            }
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_usable(_goroot: &Utf8Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn make_folders_writable(folder: &Utf8Path) -> io::Result<()> {
    add_mode(folder, 0o700)?;
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            make_folders_writable(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn add_mode(path: &Utf8Path, bits: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = fs::metadata(path)?.permissions();
    permissions.set_mode(permissions.mode() | bits);
    fs::set_permissions(path, permissions)
}

#[cfg(all(test, unix))]
mod tests {
    use super::super::tests::{distribution, folder};
    use super::*;

    #[test]
    fn a_delivered_distribution_is_moved_to_its_place_with_run_bits() {
        use std::os::unix::fs::PermissionsExt;
        let (_guard, folder) = folder();
        let aside = folder.join(".obtaining-1");
        distribution(&aside.join("go"), "go1.24.11\n");
        let toolchain = install(Version::parse("1.24").unwrap(), &aside, &folder).unwrap();
        assert_eq!(toolchain.goroot, folder.join("go1.24.11"));
        for file in ["bin/go", "pkg/tool/linux_amd64/compile"] {
            let mode = fs::metadata(toolchain.goroot.join(file))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o111, 0o111, "{file}");
        }
    }

    #[test]
    fn another_version_than_asked_for_is_not_installed() {
        let (_guard, folder) = folder();
        let aside = folder.join(".obtaining-1");
        distribution(&aside.join("go"), "go1.23.4\n");
        let problem = install(Version::parse("1.23.3").unwrap(), &aside, &folder).unwrap_err();
        assert!(problem.contains("delivered go1.23.4"), "{problem}");
        assert!(!folder.join("go1.23.4").exists());
    }
}
