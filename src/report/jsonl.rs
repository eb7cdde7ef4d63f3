//! `--report jsonl`: a line of JSON for each [`Event`], written when it happens.
//!
//! `type` says what a line is. The first one is `head`; what a `block`, `claim`, `finding` and `summary`
//! hold is as in the JSON document.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use serde::Serialize;

use super::{BlockReport, ClaimReport, Event, Finding, Go, Listener, Sandbox, Summary, Tool};
use crate::settings::{Format, Output, Target};

/// Writes events to where they are wanted.
pub struct Lines {
    output: Output,
    state: Mutex<State>,
}

struct State {
    writer: Box<dyn Write + Send>,
    /// The first thing that went wrong; after that nothing is written.
    error: Option<io::Error>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Line<'e> {
    Head {
        schema: u32,
        tool: Tool,
    },
    Notice {
        text: &'e str,
    },
    Phase {
        name: &'static str,
        steps: u64,
    },
    Ran {
        place: &'e str,
        ending: &'e str,
    },
    Slow {
        place: &'e str,
        seconds: u64,
    },
    Environment {
        go: [&'e Go; 1],
        sandbox: &'e Sandbox,
    },
    Block(&'e BlockReport),
    Claim(&'e ClaimReport),
    Finding(&'e Finding),
    Summary(&'e Summary),
}

impl<'e> Line<'e> {
    /// The line for an event; none where it says nothing that another one does not.
    fn of(event: &'e Event) -> Option<Self> {
        Some(match event {
            Event::Notice(text) => Self::Notice { text },
            Event::Phase { name, steps, .. } => Self::Phase {
                name,
                steps: *steps,
            },
            Event::Ran { place, ending } => Self::Ran { place, ending },
            Event::Slow { place, seconds } => Self::Slow {
                place,
                seconds: *seconds,
            },
            Event::Environment { go, sandbox } => Self::Environment { go: [go], sandbox },
            Event::Block(block) => Self::Block(block),
            Event::Claim(claim) => Self::Claim(claim),
            Event::Finding(finding) => Self::Finding(finding),
            Event::Summary(summary) => Self::Summary(summary),
            Event::More { .. } | Event::Step | Event::Started { .. } | Event::Done => return None,
        })
    }
}

impl Lines {
    /// Start every report of this form that `outputs` name, each with its first line.
    pub fn start(outputs: &[Output]) -> anyhow::Result<Vec<Self>> {
        let wanted = outputs.iter().filter(|it| it.format == Format::Jsonl);
        wanted
            .map(|output| {
                let writer: Box<dyn Write + Send> = match &output.target {
                    Target::Stdout => Box::new(io::stdout()),
                    Target::File(file) => Box::new(
                        File::create(file)
                            .with_context(|| format!("can't write the report `{output}`"))?,
                    ),
                };
                Ok(Self::to(output.clone(), writer))
            })
            .collect()
    }

    fn to(output: Output, writer: Box<dyn Write + Send>) -> Self {
        let lines = Self {
            output,
            state: Mutex::new(State {
                writer,
                error: None,
            }),
        };
        lines.write(&Line::Head {
            schema: super::SCHEMA,
            tool: Tool::this(),
        });
        lines
    }

    /// An error if a line could not be written. A reader that has closed its end has got all it wanted.
    pub fn finish(self) -> anyhow::Result<()> {
        let state = self.state.into_inner();
        match state.unwrap_or_else(PoisonError::into_inner).error {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(error).with_context(|| format!("can't write the report `{}`", self.output))
            }
            _ => Ok(()),
        }
    }

    fn write(&self, line: &Line<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.error.is_some() {
            return;
        }
        let written = serde_json::to_string(line)
            .map_err(io::Error::from)
            .and_then(|line| writeln!(state.writer, "{line}"))
            .and_then(|()| state.writer.flush());
        state.error = written.err();
    }
}

impl Listener for Lines {
    fn event(&self, event: Event) {
        if let Some(line) = Line::of(&event) {
            self.write(&line);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::report::fixture;

    /// What was written, as somebody sees it who reads along.
    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn types(shared: &Shared) -> Vec<String> {
        let text = String::from_utf8(shared.0.lock().unwrap().clone()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|value| value["type"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn each_event_is_a_line_as_soon_as_it_happens() {
        let shared = Shared::default();
        let lines = Lines::to(Output::default(), Box::new(shared.clone()));
        assert_eq!(types(&shared), ["head"]);
        lines.event(Event::Ran {
            place: "a.md:3".to_owned(),
            ending: "the program ends normally".to_owned(),
        });
        lines.event(Event::Step);
        assert_eq!(types(&shared), ["head", "ran"]);
        fixture::small().announce(&lines);
        let rest = ["block", "claim", "finding", "summary"];
        assert_eq!(types(&shared)[2..], rest);
        lines.finish().unwrap();
    }
}
