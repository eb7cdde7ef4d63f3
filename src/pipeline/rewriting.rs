//! How a wrong claim is to be written: for `gosnip bless`, which writes it, and as advice in the reports.

use std::borrow::Cow;

use crate::claim::{Claim, Form, Kind};
use crate::expected::check::{self, Reread};
use crate::expected::edit::Edit;
use crate::expected::rewrite::{self, Stale, Wrong};
use crate::expected::{storage, words};
use crate::observation::Observation;
use crate::program::Role;
use crate::report::{ClaimReport, Verdict};

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
    for (note, read) in reading.notes.iter().enumerate() {
        let wrong = verdicts
            .iter()
            .zip(claims.iter_mut())
            .filter(|(judged, _)| {
                let verdict = judged.judgement.verdict;
                judged.note == note && matches!(verdict, Verdict::Refuted | Verdict::Stale)
            });
        let mut old = None;
        for (judged, report) in wrong.take(ADVISED) {
            let claim = &read.claims[judged.claim];
            let case = Case {
                read,
                judged,
                claim,
                observations: Cow::Borrowed(work.of(note, claim.block)),
            };
            let old = old.get_or_insert_with(|| check::read(&read.note, &read.note.text));
            if let Ok((_, fixed)) = case.rewritten(old, Stale::Replace) {
                report.fix = fixed.text;
            }
        }
    }
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

impl Case<'_> {
    /// The best way to write what is true, that reads back as true: the edits, and the claim then.
    pub fn rewritten(&self, old: &Reread, stale: Stale) -> Result<(Vec<Edit>, Claim), String> {
        // Only where it is known to the version since when it does not hold any more; `<=` is the last one that was tried.
        let since = self
            .judged
            .holds
            .rsplit_once("<1.")
            .and_then(|(_, minor)| minor.parse().ok());
        let mut refusal = None;
        for observed in self.observed() {
            let proposals = rewrite::propose(&Wrong {
                note: &self.read.note,
                snippet: &self.read.snippets[self.claim.block],
                claim: self.claim,
                observed: &observed,
                since: since.filter(|_| stale == Stale::Range),
            });
            let proposals = match proposals {
                Ok(proposals) => proposals,
                Err(reason) => {
                    refusal.get_or_insert(reason);
                    continue;
                }
            };
            // What is not certain is not written; what can't be written need not be.
            self.certain()?;
            let read_back = |edits: Vec<Edit>| {
                let claim = check::reread(old, self.claim, &edits)?;
                self.is_true(&claim).then_some((edits, claim))
            };
            if let Some(found) = proposals.into_iter().find_map(read_back) {
                return Ok(found);
            }
        }
        Err(refusal.unwrap_or_else(|| {
            "what Go prints cannot be written there so that it reads back".to_owned()
        }))
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
        let wanted = words::count(&self.claim.expected);
        observed.sort_by_key(|text| words::count(text).abs_diff(wanted));
        observed.dedup();
        observed
    }

    fn is_true(&self, claim: &Claim) -> bool {
        judging::judge_one(self.read, claim, &self.observations).verdict == Verdict::Confirmed
    }

    /// An error if what Go does here is different in another run, or may be on another machine.
    fn certain(&self) -> Result<(), String> {
        let first = &self.judged.judgement.observed;
        let judgement = judging::judge_one(self.read, self.claim, &self.observations);
        if judgement.verdict != Verdict::Refuted || judgement.observed != *first {
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

/// Whether no letter stands before `at`: what gosnip adds to a program has names like `gosnipruntime`.
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
