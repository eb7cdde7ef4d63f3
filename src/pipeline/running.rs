//! Programs that compile → what they do: recalled from the store, or run.
//!
//! Nobody wants to wait for a program that sleeps. So each is run for a second of real time first, which is
//! all that most need. What still waits then is run with a clock that jumps ([`super::waiting`]), if the
//! waiting would cost more than building the standard library for that clock is worth. Whatever that does
//! not settle is run in real time up to its time-out. Then those are run again whose output may vary.

use crate::build::{Compiled, Executable, INTERRUPTED};
use crate::observation::{Complaint, Observation};
use crate::program::{Program, Role};
use crate::run::store::{self, Record};
use crate::snippet::{repair, testing};

use super::conducting::Task;
use super::engine::Engine;
use super::settled::Settled;

/// Which clocks may be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clocks {
    /// Also one that jumps over waiting, where that is sound.
    Any,
    /// The real one only: it has the last word before a claim is called refuted.
    Real,
}

/// What became of a program: its record, or why there is none.
enum Fate {
    Recalled(Record),
    Ran(Record),
    Failed(String),
    NotRun,
}

impl Engine<'_> {
    /// Say what happens to every program: from earlier runs where nothing has changed, else by linking and
    /// running it.
    pub fn observe(&self, settled: Vec<Settled>, clocks: Clocks) -> Vec<Observation> {
        let mut fates: Vec<Fate> = settled.iter().map(|_| Fate::NotRun).collect();
        let runnable: Vec<usize> = (0..settled.len())
            .filter(|&at| settled[at].is_runnable())
            .collect();
        let keys: Vec<String> = runnable
            .iter()
            .map(|&at| self.key(&settled[at], clocks))
            .collect();
        let known = self.recall(&keys);
        let mut unknown = Vec::new();
        for ((&at, key), known) in runnable.iter().zip(keys).zip(known) {
            match known {
                Some(record) => fates[at] = Fate::Recalled(record),
                None => unknown.push((at, key)),
            }
        }
        if self.is_cancelled() {
            for (at, _) in &unknown {
                fates[*at] = Fate::Failed(INTERRUPTED.to_owned());
            }
        } else if !unknown.is_empty() {
            let all: Vec<&Compiled> = runnable.iter().map(|&at| &settled[at].compiled).collect();
            // As if everything had been linked at once, so that a report does not tell what was cached.
            let shares: std::collections::BTreeMap<usize, bool> = runnable
                .iter()
                .copied()
                .zip(self.builder.shares(&all))
                .collect();
            for (at, fate) in self.run_all(&settled, &unknown, &shares, clocks) {
                fates[at] = fate;
            }
        }
        settled
            .into_iter()
            .zip(fates)
            .map(|(settled, fate)| {
                let observation = observation(settled, fate);
                self.count(&observation);
                observation
            })
            .collect()
    }

    /// What a program's runs depend on.
    fn key(&self, settled: &Settled, clocks: Clocks) -> String {
        // The same program may be run twice, with its streams together and apart.
        let apart = settled.planned.role == Role::Apart;
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        store::key([
            settled.source.text.as_str(),
            &self
                .builder
                .identity(settled.mode(), &settled.compiled.linkage.imports),
            &format!("{:?}", settled.conditions),
            self.runner.level().name(),
            &format!("{:?} {:?}", self.limits, settled.planned.timeout),
            &format!("{clocks:?} {processors} {} {apart}", settled.planned.asked),
        ])
    }

    fn recall(&self, keys: &[String]) -> Vec<Option<Record>> {
        match &self.store {
            Some(store) => keys.iter().map(|key| store.recall(key)).collect(),
            None => keys.iter().map(|_| None).collect(),
        }
    }

    /// Link and run these (position and key), and keep what is worth keeping.
    fn run_all(
        &self,
        settled: &[Settled],
        unknown: &[(usize, String)],
        shares: &std::collections::BTreeMap<usize, bool>,
        clocks: Clocks,
    ) -> Vec<(usize, Fate)> {
        let _phase = self.phases.begin("running", unknown.len());
        let programs: Vec<&Compiled> = unknown
            .iter()
            .map(|(at, _)| &settled[*at].compiled)
            .collect();
        let together = self.builder.shares(&programs);
        let linked = self.link(&programs, settled, unknown);
        let mut fates = Vec::new();
        let (mut tasks, mut places) = (Vec::new(), Vec::new());
        for (((at, key), linked), together) in unknown.iter().zip(linked).zip(together) {
            match linked {
                Err(reason) => fates.push((*at, Fate::Failed(reason))),
                Ok(executable) => {
                    // Linked alone though there were others: it cannot be merged.
                    let merged = shares[at] && (executable.merged || !together);
                    places.push((*at, key, merged));
                    tasks.push(Task::new(&settled[*at], executable));
                }
            }
        }
        self.run_tasks(&mut tasks, clocks);
        for (task, (at, key, merged)) in tasks.into_iter().zip(places) {
            if task.is_cut_short() {
                fates.push((at, Fate::Failed(INTERRUPTED.to_owned())));
                continue;
            }
            let timeless = !task.settled.source.text.contains("time.Now");
            let runs = task.runs;
            let life = store::life(&runs, timeless);
            let record = Record { runs, merged };
            if let (Some(store), Some(life)) = (&self.store, life) {
                store.keep(key, &record, life);
            }
            fates.push((at, Fate::Ran(record)));
        }
        if let Some(store) = &self.store {
            store.tidy();
        }
        fates
    }

    /// Link; where an object has vanished meanwhile (somebody cleaned the cache), compile it again.
    fn link(
        &self,
        programs: &[&Compiled],
        settled: &[Settled],
        unknown: &[(usize, String)],
    ) -> Vec<Result<Executable, String>> {
        let mut linked = self.builder.link(programs);
        for ((linked, program), (at, _)) in linked.iter_mut().zip(programs).zip(unknown) {
            let vanished = |object: &camino::Utf8PathBuf| !object.exists();
            if linked.is_err() && program.object.as_ref().is_some_and(vanished) {
                let settled = &settled[*at];
                let unit = self.unit(
                    &settled.source,
                    settled.planned.escapes,
                    &settled.conditions,
                    settled.mode(),
                );
                let again = self.builder.compile(&[unit]);
                if let Some(again) = self.builder.link(&again.iter().collect::<Vec<_>>()).pop() {
                    *linked = again;
                }
            }
        }
        linked
    }
}

fn observation(settled: Settled, fate: Fate) -> Observation {
    let Settled {
        planned,
        source,
        compiled,
        trouble,
        conditions,
    } = settled;
    let recalled = !matches!(fate, Fate::Ran(_) | Fate::Failed(_));
    let (record, failure) = match fate {
        Fate::Recalled(record) | Fate::Ran(record) => (Some(record), None),
        Fate::Failed(reason) => (None, Some(reason)),
        Fate::NotRun => (None, None),
    };
    let merged = record.as_ref().is_some_and(|record| record.merged);
    let mut runs = record.map_or_else(Vec::new, |record| record.runs);
    if planned.draft.tests.is_some() {
        for run in &mut runs {
            run.stdout.text = testing::steady(&run.stdout.text);
        }
    }
    let block = planned.draft.snippet.block;
    let code_line = |place: crate::snippet::Place| {
        let code = planned.draft.snippet.code();
        (place.block == block).then(|| repair::line_of(code, place.offset))
    };
    let complaints = compiled
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let place = source.locate(diagnostic.line, diagnostic.column);
            Complaint {
                place,
                line: place.and_then(code_line),
                diagnostic: diagnostic.clone(),
            }
        })
        .collect();
    let escapes = compiled
        .escapes
        .iter()
        .map(|escape| {
            let place = source.locate(escape.line, escape.column);
            (place.and_then(code_line), escape.clone())
        })
        .collect();
    Observation {
        complaints,
        missing: trouble.missing,
        compiled: compiled.object.is_some(),
        failure: compiled.failure.or(failure),
        escapes,
        inspected: compiled.inspected,
        runs,
        language: conditions.language,
        merged,
        cached: compiled.cached && recalled,
        program: Program {
            note: planned.note,
            block,
            place: planned.place,
            role: planned.role,
            draft: planned.draft,
            source,
            timeout: planned.timeout,
            escapes: planned.escapes,
        },
    }
}
