//! `--report FORMAT[=FILE]`: which reports there are and where each goes.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};

use super::suggest;

/// A form of report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people, at length.
    #[default]
    Terminal,
    /// For people and editors, a line for each problem.
    Concise,
    /// The whole report as one JSON document, as the contract describes it.
    Json,
    /// The same as one JSON object a line.
    Jsonl,
    /// JUnit XML, as CI servers read test results.
    Junit,
    /// SARIF 2.1.0, as code scanning services read it.
    Sarif,
    /// Workflow commands of GitHub Actions, and the job's summary.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// Markdown, for comments and summaries.
    Markdown,
    /// One page for a browser.
    Html,
}

impl Format {
    /// Every format with its name.
    pub const ALL: [(&'static str, Self); 10] = [
        ("terminal", Self::Terminal),
        ("concise", Self::Concise),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("junit", Self::Junit),
        ("sarif", Self::Sarif),
        ("github", Self::Github),
        ("gitlab", Self::Gitlab),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find(|(_, format)| *format == self)
            .map_or("", |(name, _)| name)
    }
}

/// Where a report goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Target {
    /// To stdout.
    #[default]
    Stdout,
    /// Into a file, which is replaced as a whole.
    File(Utf8PathBuf),
}

/// One report that is asked for. The default is `terminal` to stdout.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Output {
    /// Its form.
    pub format: Format,
    /// Where it goes.
    pub target: Target,
}

impl Output {
    /// Parse `FORMAT`, `FORMAT=FILE` or `FORMAT=-`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(file)),
            None => (text, None),
        };
        let known = Format::ALL.map(|(name, _)| name);
        let format = Format::ALL
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, format)| format)
            .ok_or_else(|| unknown(name, &known))?;
        let target = match file {
            None | Some("-") => Target::Stdout,
            Some("") => return Err(format!("a file is missing after `{name}=`")),
            Some(file) => Target::File(file.into()),
        };
        Ok(Self { format, target })
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Target::Stdout => f.write_str(self.format.name()),
            Target::File(file) => write!(f, "{}={file}", self.format.name()),
        }
    }
}

fn unknown(name: &str, known: &[&str]) -> String {
    let meant = match suggest::nearest(name, known) {
        Some(meant) => format!("; did you mean `{meant}`?"),
        None => String::new(),
    };
    format!(
        "unknown format `{name}`{meant} (known: {})",
        known.join(", ")
    )
}

/// Check that each of `outputs` has a place of its own.
pub fn check(outputs: &[Output], current: &Utf8Path) -> Result<(), String> {
    for (at, output) in outputs.iter().enumerate() {
        let same = |other: &&Output| match (&output.target, &other.target) {
            (Target::File(one), Target::File(other)) => current.join(one) == current.join(other),
            (one, other) => one == other,
        };
        let Some(first) = outputs.iter().take(at).find(same) else {
            continue;
        };
        return Err(match &output.target {
            Target::Stdout => format!(
                "the reports `{first}` and `{output}` both go to stdout; give one of them a file: \
                 `--report {}=FILE`",
                output.format.name()
            ),
            Target::File(file) => format!("two reports go to the same file, `{file}`"),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_a_format_and_maybe_a_file() {
        let file = Output::parse("json=out/a=b.json").unwrap();
        assert_eq!(file.format, Format::Json);
        assert_eq!(file.target, Target::File("out/a=b.json".into()));
        assert_eq!(Output::parse("terminal").unwrap(), Output::default());
        assert_eq!(Output::parse("json=-").unwrap().target, Target::Stdout);
        assert!(Output::parse("json=").is_err());
    }

    #[test]
    fn an_unknown_format_lists_the_known_ones() {
        assert_eq!(
            Output::parse("jsn").unwrap_err(),
            "unknown format `jsn`; did you mean `json`? (known: terminal, concise, json, jsonl, \
             junit, sarif, github, gitlab, markdown, html)"
        );
        assert_eq!(
            Output::parse("xml=a").unwrap_err(),
            "unknown format `xml` (known: terminal, concise, json, jsonl, junit, sarif, github, \
             gitlab, markdown, html)"
        );
    }

    #[test]
    fn two_reports_never_go_to_the_same_place() {
        let check = |outputs: &[&str]| {
            let outputs: Vec<_> = outputs.iter().map(|o| Output::parse(o).unwrap()).collect();
            check(&outputs, Utf8Path::new("/here"))
        };
        assert_eq!(check(&["terminal", "json=a.json", "jsonl=b.json"]), Ok(()));
        assert_eq!(
            check(&["terminal", "json"]).unwrap_err(),
            "the reports `terminal` and `json` both go to stdout; give one of them a file: \
             `--report json=FILE`"
        );
        assert!(check(&["json=a", "jsonl=/here/a"]).is_err());
    }
}
