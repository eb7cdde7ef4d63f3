//! `gosnip init`: a commented `verify.toml` to start from.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};

use anyhow::Context as _;
use camino::Utf8PathBuf;
use clap::Args;

use super::Error;
use crate::exit::ExitCode;
use crate::settings::file::FILE_NAME;

/// What `init` takes.
#[derive(Debug, Clone, Args)]
pub struct InitArgs {
    /// The folder of the notes
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub folder: Utf8PathBuf,
}

/// The file as it is written: every key, commented out, with its default.
const TEMPLATE: &str = include_str!("init.toml");

/// Write the file, unless there is one.
pub fn run(arguments: &InitArgs) -> Result<ExitCode, Error> {
    let path = arguments.folder.join(FILE_NAME);
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    let mut file = match file {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Error::Usage(format!(
                "{path} is there already; `gosnip init` does not overwrite it"
            )));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(Error::Usage(format!(
                "there is no folder `{}`",
                arguments.folder
            )));
        }
        file => file.with_context(|| format!("can't write {path}"))?,
    };
    file.write_all(TEMPLATE.as_bytes())
        .with_context(|| format!("can't write {path}"))?;
    super::print(&format!("wrote {path}"))?;
    Ok(ExitCode::Success)
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;
    use crate::settings::file::File;

    fn parse(text: &str) -> File {
        File::parse(Utf8Path::new(FILE_NAME), text).unwrap()
    }

    #[test]
    fn the_template_is_valid_as_it_is_and_with_its_examples_switched_on() {
        parse(TEMPLATE);
        // Examples are `#key` without a space; explanations are `# Words`.
        let mut switched_on = String::new();
        for line in TEMPLATE.lines() {
            let example = line.strip_prefix('#').filter(|rest| !rest.starts_with(' '));
            switched_on.push_str(example.unwrap_or(line));
            switched_on.push('\n');
        }
        let file = parse(&switched_on);
        assert_eq!(file.run.jobs, Some(4));
        assert_eq!(file.note.len(), 1);
        assert_eq!(file.block.len(), 2);
    }
}
