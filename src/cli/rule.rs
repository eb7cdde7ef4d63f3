//! `gosnip rule`: what a rule means and what to do about it.

use clap::Args;

use super::Error;
use crate::exit::ExitCode;
use crate::report::rules;
use crate::settings::suggest;

/// What `rule` takes.
#[derive(Debug, Clone, Args)]
pub struct RuleArgs {
    /// A rule as reports name it, such as refuted-stdout or unclaimed-panic; a verdict; a kind of claim
    /// [default: list them]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,

    /// Print all pages, as in docs/rules.md
    #[arg(long, conflicts_with = "name")]
    pub all: bool,
}

/// Print the page, the list or everything.
pub fn run(arguments: &RuleArgs) -> Result<ExitCode, Error> {
    let text = match &arguments.name {
        _ if arguments.all => rules::document(),
        None => list(),
        Some(name) => rules::page(name).ok_or_else(|| Error::Usage(unknown(name)))?,
    };
    super::print(&text)?;
    Ok(ExitCode::Success)
}

fn list() -> String {
    let rules = rules::all();
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    rules
        .iter()
        .map(|rule| format!("{:width$}  {}\n", rule.id, rule.title))
        .collect()
}

fn unknown(name: &str) -> String {
    match suggest::nearest(name, &rules::names()) {
        Some(meant) => format!("there is no rule `{name}`; did you mean `{meant}`?"),
        None => format!("there is no rule `{name}`; `gosnip rule` lists them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_rule_gets_a_suggestion() {
        let message = unknown("unclaimed-panik");
        assert!(
            message.contains("did you mean `unclaimed-panic`?"),
            "{message}"
        );
    }

    #[test]
    fn the_list_has_a_line_for_each_rule() {
        assert_eq!(list().lines().count(), rules::all().len());
    }
}
