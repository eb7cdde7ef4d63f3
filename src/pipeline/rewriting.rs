//! How a wrong claim is to be written: for `gosnip bless`, which writes it, and as advice in the reports.

use std::borrow::Cow;
use std::cmp::Reverse;

use crate::claim::{Claim, Form, Kind, Subject};
use crate::expected::check::{self, Reread};
use crate::expected::edit::{self, Edit};
use crate::expected::rewrite::{self, Stale, Wrong};
use crate::expected::{storage, words};
use crate::observation::Observation;
use crate::program::Role;
use crate::report::{ClaimReport, Verdict};
use crate::verdict::{spelled, whole};

use super::Work;
use super::judging::{self, Judged};
use super::reading::{NoteRead, Reading};

/// The most wrong claims of a note for which a way to write them is worked out while verifying: each
/// takes reading the note again. `gosnip bless` has no such limit.
const ADVISED: usize = 50;

/// Words of Go by which a program's output depends on the machine or the moment.
const OF_THE_MACHINE: [&str; 19] = [
    "os.Args",
    "os.Getenv",
    "os.Environ",
    "os.Hostname",
    "os.Getwd",
    "os.Getpid",
    "os.Getuid",
    "os.TempDir",
    "os.UserHomeDir",
    "runtime.NumCPU",
    "runtime.Version",
    "runtime.GOMAXPROCS(0)",
    "runtime.MemStats",
    "runtime.Caller",
    "runtime.Stack",
    "debug.Stack",
    "\"net",
    "\"os/exec\"",
    "\"os/user\"",
];

/// Tell `claims`, the reports of `verdicts` one by one, how `gosnip bless` would write them.
pub fn advise(reading: &Reading, work: &Work, verdicts: &[Judged], claims: &mut [ClaimReport]) {
    let mut reports: Vec<(&Judged, &mut ClaimReport)> = verdicts.iter().zip(claims).collect();
    for (note, read) in reading.notes.iter().enumerate() {
        let (mut cases, mut advised) = (Vec::new(), Vec::new());
        for (judged, report) in &mut reports {
            let wrong = matches!(judged.judgement.verdict, Verdict::Refuted | Verdict::Stale);
            if judged.note == note && wrong && cases.len() < ADVISED {
                let claim = &read.claims[judged.claim];
                cases.push(Case {
                    read,
                    judged,
                    claim,
                    observations: Cow::Borrowed(work.of(note, claim.block)),
                });
                advised.push(report);
            }
        }
        for (report, fixed) in advised.into_iter().zip(fixed(read, &cases)) {
            match fixed {
                Ok(claim) => report.fix = claim.text,
                Err(reason) => report.by_hand = reason,
            }
        }
    }
}

/// The wrong claims of a note as they would be written; of those that cannot be, why.
fn fixed(read: &NoteRead, cases: &[Case]) -> Vec<Result<Claim, String>> {
    let ways: Vec<Result<Ways, String>> =
        cases.iter().map(|case| case.ways(Stale::Replace)).collect();
    if ways.iter().all(Result::is_err) {
        let refused = ways.into_iter().filter_map(Result::err);
        return refused.map(Err).collect();
    }
    let old = read.reread();
    // The first way is nearly always the one, so all claims are tried at once: reading the note again for each
    // would cost more than everything else when nothing has to be run.
    let mut all: Vec<Edit> = Vec::new();
    let mut together = vec![false; cases.len()];
    for (ways, together) in ways.iter().zip(&mut together) {
        let first = ways.iter().filter_map(|ways| ways.edits.first()).next();
        let edits = all.iter().chain(first.into_iter().flatten());
        let edits: Vec<Edit> = edits.cloned().collect();
        if first.is_some() && edit::apply(&read.note.text, &edits).is_some() {
            all = edits;
            *together = true;
        }
    }
    let new = edit::apply(&read.note.text, &all)
        .map(|text| old.with(&text))
        .filter(|new| check::same_elsewhere(&old, new, &all));
    let fixed = cases.iter().zip(ways).zip(together);
    let fixed = fixed.map(|((case, ways), together)| {
        let mut ways = ways?;
        if let (true, Some(new)) = (together, &new) {
            let start = edit::moved(case.claim.span.start, &all);
            let claim = check::find_again(new, case.claim, start);
            if let Some(claim) = claim.filter(|claim| case.is_true(claim)) {
                return Ok(claim);
            }
            ways.edits.remove(0);
        }
        Ok(case.written(ways, &old)?.1)
    });
    fixed.collect()
}

/// A wrong claim with all that was observed.
pub(super) struct Case<'a> {
    /// The note.
    pub read: &'a NoteRead,
    /// Its verdict.
    pub judged: &'a Judged,
    /// The claim.
    pub claim: &'a Claim,
    /// What the programs of its block did.
    pub observations: Cow<'a, [Observation]>,
}

/// Ways to write what is true.
struct Ways {
    /// The edits of each, best first.
    edits: Vec<Vec<Edit>>,
    /// Why there are no more.
    refusal: Option<String>,
}

impl Case<'_> {
    /// The best way to write what is true, that reads back as true: the edits, and the claim then.
    pub fn rewritten(&self, old: &Reread, stale: Stale) -> Result<(Vec<Edit>, Claim), String> {
        self.written(self.ways(stale)?, old)
    }

    /// The first way that reads back as true.
    fn written(&self, ways: Ways, old: &Reread) -> Result<(Vec<Edit>, Claim), String> {
        let read_back = |edits: Vec<Edit>| {
            let claim = check::reread(old, self.claim, &edits)?;
            self.is_true(&claim).then_some((edits, claim))
        };
        let found = ways.edits.into_iter().find_map(read_back);
        found.ok_or_else(|| {
            ways.refusal.unwrap_or_else(|| {
                "what Go prints cannot be written there so that it reads back".to_owned()
            })
        })
    }

    /// What could be written; an error if there is nothing, or if it is not certain.
    fn ways(&self, stale: Stale) -> Result<Ways, String> {
        // Only where it is known to the version since when it does not hold any more; `<=` is the last one that was tried.
        let since = self
            .judged
            .holds
            .rsplit_once("<1.")
            .and_then(|(_, minor)| minor.parse().ok());
        let mut ways = Ways {
            edits: Vec::new(),
            refusal: None,
        };
        for observed in self.observed() {
            let proposals = rewrite::propose(&Wrong {
                note: &self.read.note,
                snippet: &self.read.snippets[self.claim.block],
                claim: self.claim,
                observed: &observed,
                since: since.filter(|_| stale == Stale::Range),
            });
            match proposals {
                Ok(proposals) => ways.edits.extend(proposals),
                Err(reason) => {
                    ways.refusal.get_or_insert(reason);
                }
            }
        }
        if let (true, Some(refusal)) = (ways.edits.is_empty(), &ways.refusal) {
            return Err(refusal.clone());
        }
        // What is not certain is not written; what can't be written need not be.
        self.certain()?;
        Ok(ways)
    }

    /// What the claim could be meant to say, likeliest first.
    fn observed(&self) -> Vec<String> {
        let mut observed = vec![self.judged.judgement.observed.clone()];
        let plain: Vec<&Observation> = self
            .observations
            .iter()
            .filter(|it| it.program.role == Role::Plain && it.ran())
            .collect();
        // A comment on lines of its own may speak of the line before it or of the whole program.
        if let ([only], Form::OutputComment) = (plain.as_slice(), self.claim.form)
            && only.is_stable()
            && let Some(whole) = only.transcripts().into_iter().next()
        {
            observed.push(whole.trim_end().to_owned());
        }
        observed.extend(self.values_printed());
        let expected = &self.claim.expected;
        let wanted = words::count(expected);
        observed.sort_by_key(|text| {
            let alike = (words::likeness(expected, text) * 1000.0) as u32;
            (words::count(text).abs_diff(wanted), Reverse(alike))
        });
        observed.dedup();
        observed
    }

    /// What the line printed without the text that its code spells out, which the author may leave out.
    fn values_printed(&self) -> Option<String> {
        let Subject::Line(line) = self.claim.subject else {
            return None;
        };
        let syntax = &self.read.snippets[self.claim.block].syntax;
        spelled::values_printed(syntax, line, &self.judged.judgement.observed)
    }

    fn is_true(&self, claim: &Claim) -> bool {
        let judgement = judging::judge_one(self.read, claim, &self.observations);
        // Of a part of the output, nothing more is asked than that it is one.
        judgement.verdict == Verdict::Confirmed || judgement.reason == whole::MORE
    }

    /// An error if what Go does here is different in another run, or may be on another machine.
    fn certain(&self) -> Result<(), String> {
        let first = &self.judged.judgement.observed;
        let judgement = judging::judge_one(self.read, self.claim, &self.observations);
        // What held under an older Go may be left open by this one: whether a comment on a loop speaks of all turns.
        let wrong = match self.judged.judgement.verdict {
            Verdict::Stale => {
                judgement.verdict != Verdict::Confirmed
                    && self.observations.iter().all(Observation::is_stable)
            }
            _ => judgement.verdict == Verdict::Refuted,
        };
        if !wrong || judgement.observed != *first {
            return Err("what it does differs from run to run".to_owned());
        }
        if storage::is_storage(self.claim.kind) {
            // Decided when it was compiled: no run can differ.
            return Ok(());
        }
        if let Some(word) = self.observations.iter().find_map(depends_on_the_machine) {
            return Err(format!(
                "what it does depends on the machine (`{}`)",
                word.trim_matches('"')
            ));
        }
        let concurrent = self
            .observations
            .iter()
            .any(|it| it.program.source.text.contains("go "));
        let order_only = self.claim.kind == Kind::Stdout && same_words(&self.claim.expected, first);
        if order_only && concurrent {
            return Err(
                "it prints the same in another order, which its goroutines leave open".to_owned(),
            );
        }
        Ok(())
    }
}

/// The word by which a program's output depends on the machine it runs on.
pub fn depends_on_the_machine(observation: &Observation) -> Option<&'static str> {
    let source = &observation.program.source.text;
    OF_THE_MACHINE.into_iter().find(|word| {
        source
            .match_indices(word)
            .any(|(at, _)| starts_word(source, at))
    })
}

/// Whether no letter stands before `at`: what gosnip adds to a program has names like `gosnipprobe`.
fn starts_word(source: &str, at: usize) -> bool {
    let before = source[..at].chars().next_back();
    !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// Whether two outputs have the same lines in another order.
fn same_words(one: &str, other: &str) -> bool {
    let sorted = |text: &str| {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.sort();
        words
    };
    one.trim() != other.trim() && sorted(one) == sorted(other)
}
