//! `gosnip init`: a commented `verify.toml` to start from, a CI workflow, and a hook for commits.

mod source;

use std::fs::{self, OpenOptions};
use std::io::{self, BufRead as _, ErrorKind, IsTerminal as _, Write as _};

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};

use super::Error;
use crate::exit::ExitCode;
use crate::settings::file::FILE_NAME;

/// What `init` takes.
#[derive(Debug, Clone, Args)]
pub struct InitArgs {
    /// The folder of the notes
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub folder: Utf8PathBuf,

    /// Write a workflow for this CI service [default: the one that the folder seems to use; on a
    /// terminal, gosnip asks]
    #[arg(long, value_name = "SERVICE", value_enum)]
    pub ci: Option<Ci>,

    /// The git repository that the workflow gets gosnip from [default: where this gosnip was installed from]
    #[arg(long, value_name = "URL")]
    pub source: Option<String>,

    /// Write also a .pre-commit-config.yaml, so that what is wrong is not even committed
    #[arg(long)]
    pub pre_commit: bool,

    /// Replace files that are there already
    #[arg(long)]
    pub force: bool,
}

/// For which CI service a workflow is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Ci {
    /// GitHub Actions: .github/workflows/gosnip.yml
    Github,
    /// GitLab CI: .gitlab/gosnip.yml, to be included
    Gitlab,
    /// No workflow
    None,
}

/// The file as it is written: every key, commented out, with its default.
const TEMPLATE: &str = include_str!("init/verify.toml");

/// Where GitLab looks for a pipeline.
const GITLAB_CI: &str = ".gitlab-ci.yml";

const GITHUB: &str = include_str!("init/github.yml");
const GITLAB: &str = include_str!("init/gitlab.yml");
const PRE_COMMIT: &str = include_str!("init/pre-commit.yaml");

/// What makes [`GITLAB`] part of a pipeline.
const GITLAB_INCLUDE: &str = "include:\n  - local: .gitlab/gosnip.yml\n";

/// Write the files. All of them or, if one is there already, none.
pub fn run(arguments: &InitArgs) -> Result<ExitCode, Error> {
    let folder = &arguments.folder;
    if !folder.is_dir() {
        return Err(Error::Usage(format!("there is no folder `{folder}`")));
    }
    let ci = match arguments.ci {
        Some(ci) => ci,
        None => ask(guess(folder))?,
    };
    let source = match ci {
        Ci::None => String::new(),
        _ => source::of(arguments.source.as_deref())?,
    };
    let files = files(folder, ci, arguments.pre_commit, &source);
    let there = files.iter().find(|(path, _)| path.exists());
    if let Some((path, _)) = there.filter(|_| !arguments.force) {
        return Err(Error::Usage(format!(
            "{path} is there already; `gosnip init` does not overwrite it without --force"
        )));
    }
    for (path, text) in &files {
        write(path, text, arguments.force)?;
        super::print(&format!("wrote {path}"))?;
    }
    let included = files.iter().any(|(path, _)| path.ends_with(GITLAB_CI));
    if ci == Ci::Gitlab && !included {
        super::print(&format!("add to {GITLAB_CI}:\n\n{GITLAB_INCLUDE}"))?;
    }
    if ci != Ci::None {
        super::print(&format!(
            "the workflow installs gosnip by `cargo install --locked {source}`"
        ))?;
    }
    super::print(
        "next: `gosnip` verifies the notes; `gosnip baseline` records what is wrong today as known",
    )?;
    Ok(ExitCode::Success)
}

/// What is written, and where.
fn files(folder: &Utf8Path, ci: Ci, pre_commit: bool, source: &str) -> Vec<(Utf8PathBuf, String)> {
    let mut files = vec![(folder.join(FILE_NAME), TEMPLATE.to_owned())];
    let filled = |template: &str| {
        template
            .replace("{{source}}", source)
            .replace("{{version}}", env!("CARGO_PKG_VERSION"))
    };
    match ci {
        Ci::Github => files.push((folder.join(".github/workflows/gosnip.yml"), filled(GITHUB))),
        Ci::Gitlab => {
            files.push((folder.join(".gitlab/gosnip.yml"), filled(GITLAB)));
            let pipeline = folder.join(GITLAB_CI);
            // Where there is a pipeline, its author says where this belongs.
            if !pipeline.exists() {
                files.push((pipeline, GITLAB_INCLUDE.to_owned()));
            }
        }
        Ci::None => {}
    }
    if pre_commit {
        files.push((
            folder.join(".pre-commit-config.yaml"),
            PRE_COMMIT.to_owned(),
        ));
    }
    files
}

/// The service that the folder has files of; or that its git repository comes from.
fn guess(folder: &Utf8Path) -> Ci {
    let remotes = fs::read_to_string(folder.join(".git/config")).unwrap_or_default();
    if folder.join(".github").is_dir() || remotes.contains("github.com") {
        Ci::Github
    } else if folder.join(GITLAB_CI).is_file() || remotes.contains("gitlab") {
        Ci::Gitlab
    } else {
        Ci::None
    }
}

/// Ask for the service where there is somebody to ask.
fn ask(guess: Ci) -> anyhow::Result<Ci> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Ok(guess);
    }
    let name = |ci: Ci| {
        ci.to_possible_value()
            .map_or(String::new(), |it| it.get_name().to_owned())
    };
    loop {
        write!(
            io::stderr(),
            "CI workflow for github, gitlab or none? [{}] ",
            name(guess)
        )?;
        let mut answer = String::new();
        let end = io::stdin().lock().read_line(&mut answer)? == 0;
        match answer.trim() {
            "" => return Ok(guess),
            word => match Ci::from_str(word, true) {
                Ok(ci) => return Ok(ci),
                Err(_) if end => return Ok(guess),
                Err(_) => {}
            },
        }
    }
}

fn write(path: &Utf8Path, text: &str, force: bool) -> Result<(), Error> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| format!("can't make the folder {parent}"))?;
    }
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    match options.open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(Error::Usage(format!("{path} is there already")))
        }
        file => Ok(file
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .with_context(|| format!("can't write {path}"))?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::file::File;

    fn parse(text: &str) -> File {
        File::parse(Utf8Path::new(FILE_NAME), text).unwrap()
    }

    /// The template with its examples: `#key` without a space; explanations are `# Words`.
    fn switched_on() -> String {
        TEMPLATE
            .lines()
            .map(|line| {
                let example = line.strip_prefix('#').filter(|rest| !rest.starts_with(' '));
                format!("{}\n", example.unwrap_or(line))
            })
            .collect()
    }

    fn init(folder: &Utf8Path, ci: Ci, force: bool) -> Result<ExitCode, Error> {
        run(&InitArgs {
            folder: folder.to_owned(),
            ci: Some(ci),
            source: Some("https://example.org/gosnip.git".to_owned()),
            pre_commit: false,
            force,
        })
    }

    fn scratch() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        (folder, path)
    }

    #[test]
    fn the_template_is_valid_as_it_is_and_with_its_examples_switched_on() {
        parse(TEMPLATE);
        let file = parse(&switched_on());
        assert_eq!(file.run.jobs, Some(4));
        assert_eq!(file.note.len(), 1);
        assert_eq!(file.block.len(), 2);
    }

    #[test]
    fn nothing_is_overwritten_without_force_and_nothing_written_by_halves() {
        let (_folder, path) = scratch();
        let workflow = path.join(".github/workflows/gosnip.yml");
        fs::create_dir_all(workflow.parent().unwrap()).unwrap();
        fs::write(&workflow, "mine").unwrap();
        assert!(init(&path, Ci::Github, false).is_err());
        assert!(!path.join(FILE_NAME).exists());
        assert_eq!(fs::read_to_string(&workflow).unwrap(), "mine");
        init(&path, Ci::Github, true).unwrap();
        assert!(
            fs::read_to_string(&workflow)
                .unwrap()
                .contains("gosnip verify")
        );
        assert!(init(&path, Ci::None, false).is_err());
    }

    #[test]
    fn workflows_have_nothing_left_to_fill_in() {
        for ci in [Ci::Github, Ci::Gitlab] {
            let files = files(Utf8Path::new("x"), ci, true, "gosnip");
            // GitHub's own expressions stay.
            for (path, text) in &files[1..] {
                assert!(!text.replace("${{", "").contains("{{"), "{path}: {text}");
            }
        }
    }

    #[test]
    fn the_service_is_guessed_by_its_files() {
        let (_folder, path) = scratch();
        assert_eq!(guess(&path), Ci::None);
        fs::write(path.join(GITLAB_CI), "").unwrap();
        assert_eq!(guess(&path), Ci::Gitlab);
        fs::create_dir(path.join(".github")).unwrap();
        assert_eq!(guess(&path), Ci::Github);
    }
}
