//! The escape report (`-m`), read from the compiler's output.

use super::compile::SOURCE_FILE;
use super::diagnostics::positioned;
use super::{Diagnostic, Escape};

/// What the lines of the report say, in the words that have stood since Go 1.21; by them they are told from
/// complaints when a program fails after its escapes were analysed.
const PHRASES: [&str; 9] = [
    "moved to heap: ",
    " escapes to heap",
    " does not escape",
    "leaking param",
    "can inline ",
    "cannot inline ",
    "inlining call to ",
    "ignoring self-assignment",
    "zero-copy ",
];

/// Reads the report from the output of `compile -m`. Lines about other files (code inlined from the
/// standard library) are left out, and `package`, the path the program was compiled under, is put back
/// to `main`.
pub fn parse(output: &str, package: &str) -> Vec<Escape> {
    output
        .lines()
        .filter_map(|line| positioned(line, SOURCE_FILE))
        .filter(|found| is_report(found.message))
        .map(|found| Escape {
            line: found.line,
            column: found.column,
            message: found.message.replace(package, "main"),
        })
        .collect()
}

/// Takes the lines of the report out of `diagnostics`.
pub fn leave_complaints(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.retain(|found| found.code.is_some() || !is_report(&found.message));
}

fn is_report(message: &str) -> bool {
    PHRASES.iter().any(|phrase| message.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_speaks_of_the_program_only() {
        let output = "main.go:3:45: can inline g0123456789abcdef.f\n\
            ./main.go:4:2: moved to heap: x\n\
            /go/src/fmt/print.go:5:6: y escapes to heap\n\
            main.go:6:7: ... argument does not escape\n";
        let report = parse(output, "g0123456789abcdef");
        let lines: Vec<_> = report
            .iter()
            .map(|found| (found.line, found.message.as_str()))
            .collect();
        assert_eq!(
            lines,
            [
                (3, "can inline main.f"),
                (4, "moved to heap: x"),
                (6, "... argument does not escape")
            ]
        );
    }

    #[test]
    fn complaints_are_told_from_the_report() {
        let output = "main.go:4:2: moved to heap: x\nmain.go:5:1: stack frame too large\n";
        let mut diagnostics = crate::build::diagnostics::parse(output, "g0");
        leave_complaints(&mut diagnostics);
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].message, "stack frame too large");
    }
}
