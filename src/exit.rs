//! Exit codes: what `gosnip` tells the shell and the CI job.

use crate::claim::Confidence;
use crate::report::{Finding, Report, Severity, Verdict};
use crate::settings::{Failure, ReportSettings};

/// How the `gosnip` command ends. The numbers are part of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ExitCode {
    /// Nothing is wrong.
    Success = 0,
    /// Something that `fail-on` names: by default a claim that is refuted or stale, an expectation
    /// that drifted, or a finding of severity `error`.
    Failed = 1,
    /// Wrong usage or configuration. The command line parser uses the same number.
    Usage = 2,
    /// The environment: no usable Go, no sandbox though one is required, a report that can't be written.
    Environment = 3,
    /// Nothing to verify was found, which is no success.
    Nothing = 4,
    /// Interrupted; what was finished is reported.
    Interrupted = 130,
}

impl ExitCode {
    /// The number the process exits with.
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.code())
    }
}

/// The rule of drift's findings; they fail as [`Failure::Drift`] and not as [`Failure::Finding`].
pub const DRIFT_RULE: &str = "drift";

/// The code for a finished report: [`ExitCode::Failed`] if anything in it fails, by what
/// `fail-on` and `min-confidence` say.
pub fn judge(report: &Report, settings: &ReportSettings) -> ExitCode {
    let fails = report
        .claims
        .iter()
        .any(|claim| claim_fails(claim.verdict, claim.confidence, settings))
        || report
            .findings
            .iter()
            .any(|finding| finding_fails(finding, settings));
    if fails {
        ExitCode::Failed
    } else {
        ExitCode::Success
    }
}

/// Whether a claim with this verdict makes `verify` fail.
pub fn claim_fails(verdict: Verdict, confidence: Confidence, settings: &ReportSettings) -> bool {
    let failure = match verdict {
        Verdict::Confirmed => return false,
        Verdict::Refuted => Failure::Refuted,
        Verdict::Stale => Failure::Stale,
        Verdict::Unstable => Failure::Unstable,
        Verdict::Unverified => Failure::Unverified,
    };
    confidence >= settings.min_confidence && settings.fail_on.contains(&failure)
}

/// Whether a finding makes `verify` fail.
pub fn finding_fails(finding: &Finding, settings: &ReportSettings) -> bool {
    let failure = if finding.rule == DRIFT_RULE {
        Failure::Drift
    } else {
        Failure::Finding
    };
    finding.severity == Severity::Error && settings.fail_on.contains(&failure)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::report::fixture;

    fn only(verdict: Verdict, confidence: Confidence) -> Report {
        let mut report = fixture::empty();
        report
            .claims
            .push(fixture::claim("a.md", 1, verdict, confidence));
        report
    }

    fn judged(report: &Report, fail_on: &[Failure]) -> ExitCode {
        let settings = ReportSettings {
            fail_on: BTreeSet::from_iter(fail_on.iter().copied()),
            ..ReportSettings::default()
        };
        judge(report, &settings)
    }

    #[test]
    fn the_numbers_are_those_of_the_contract() {
        let codes = [
            ExitCode::Success,
            ExitCode::Failed,
            ExitCode::Usage,
            ExitCode::Environment,
            ExitCode::Nothing,
            ExitCode::Interrupted,
        ];
        assert_eq!(codes.map(ExitCode::code), [0, 1, 2, 3, 4, 130]);
    }

    #[test]
    fn an_empty_report_is_a_success() {
        let code = judge(&fixture::empty(), &ReportSettings::default());
        assert_eq!(code, ExitCode::Success);
    }

    #[test]
    fn refuted_and_stale_fail_by_default_and_the_others_do_not() {
        let code = |verdict| {
            judge(
                &only(verdict, Confidence::Certain),
                &ReportSettings::default(),
            )
        };
        assert_eq!(code(Verdict::Refuted), ExitCode::Failed);
        assert_eq!(code(Verdict::Stale), ExitCode::Failed);
        assert_eq!(code(Verdict::Unstable), ExitCode::Success);
        assert_eq!(code(Verdict::Unverified), ExitCode::Success);
        assert_eq!(code(Verdict::Confirmed), ExitCode::Success);
    }

    #[test]
    fn a_claim_below_the_minimal_confidence_does_not_fail() {
        let report = only(Verdict::Refuted, Confidence::Weak);
        assert_eq!(
            judge(&report, &ReportSettings::default()),
            ExitCode::Success
        );
    }

    #[test]
    fn fail_on_decides_which_verdicts_fail() {
        let unstable = only(Verdict::Unstable, Confidence::Certain);
        assert_eq!(judged(&unstable, &[Failure::Unstable]), ExitCode::Failed);
        let refuted = only(Verdict::Refuted, Confidence::Certain);
        assert_eq!(judged(&refuted, &[Failure::Stale]), ExitCode::Success);
    }

    #[test]
    fn drift_and_other_findings_fail_apart_and_warnings_never() {
        let mut report = fixture::empty();
        report
            .findings
            .push(fixture::finding("drift", Severity::Error));
        assert_eq!(judged(&report, &[Failure::Finding]), ExitCode::Success);
        assert_eq!(judged(&report, &[Failure::Drift]), ExitCode::Failed);
        report.findings = vec![fixture::finding("unclaimed-panic", Severity::Error)];
        assert_eq!(judged(&report, &[Failure::Drift]), ExitCode::Success);
        assert_eq!(judged(&report, &[Failure::Finding]), ExitCode::Failed);
        report.findings = vec![fixture::finding("unclaimed-panic", Severity::Warning)];
        assert_eq!(judged(&report, &[Failure::Finding]), ExitCode::Success);
    }
}
