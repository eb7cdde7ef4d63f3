//! The dispatcher: the `main` of a binary, which starts the one program that the process is to run.
//!
//! Each program was compiled under a package path of its own and rides in the dispatcher's archive (see
//! [`super::object`]). The dispatcher does for it what the runtime does for a main package, in the
//! same order: it runs the program's initialisers, then its `main`. The initialisers are
//! listed in the symbol `<package>..inittask`, in a form that has stood since Go 1.21:
//!
//! ```text
//! state uint32, count uint32, then count code addresses
//! ```
//!
//! Programs without initialisers may have no such symbol; then the dispatcher's own, empty, definition
//! of it stands.
//!
//! One trace of it remains: the frame `main.main()` of the file [`DISPATCHER_FILE`] below the program's own
//! in stack traces. Who shows a trace drops it.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Compiled, map_order};

/// The dispatcher's file name, as stack traces show it.
pub const DISPATCHER_FILE: &str = "gosnip_dispatch.go";

/// How far a stack may grow, in bytes. At Go's own limit (1 000 000 000 bytes) endless recursion takes more
/// memory than a program is given here; stacks grow by doubling, so this is half of what they really reach
/// there, and suffices for recursion a million deep. The runtime names the limit in the line
/// above `fatal error: stack overflow`.
pub const STACK_LIMIT: usize = 256 << 20;

/// Differs when what the dispatcher does differs, so that binaries made by another gosnip are not used.
pub const REVISION: u32 = 7;

/// The dispatcher's source for `programs`. With more than one, the process's first argument selects, by
/// package path; with `orders_maps`, the next argument chooses the order of maps.
pub fn source(programs: &[&Compiled], orders_maps: bool) -> String {
    let imports: BTreeSet<&str> = programs
        .iter()
        .flat_map(|program| &program.linkage.imports)
        .map(String::as_str)
        .collect();
    let mut text = String::from(HEAD);
    for import in imports.iter().filter(|&&import| import != "unsafe") {
        // So that they are initialised, in the usual order, before the dispatcher's main runs.
        push(&mut text, format_args!("import _ {import:?}\n"));
    }
    for (number, program) in programs.iter().enumerate() {
        let package = &program.package;
        push(
            &mut text,
            format_args!(
                "\n//go:linkname main{number} {package}.main\nfunc main{number}()\n\n\
                 //go:linkname task{number} {package}..inittask\nvar task{number} [2]uint32\n"
            ),
        );
    }
    if orders_maps {
        text.push_str(&map_order::source());
    }
    text.push_str("\n//go:nocheckptr\nfunc main() {\n\tvar run func()\n\tvar task *[2]uint32\n");
    // A single program whose maps are as they are asks for nothing.
    if orders_maps || programs.len() > 1 {
        text.push_str("\targuments := os.Args[1:]\n");
    }
    match programs {
        [_] => text.push_str("\trun, task = main0, &task0\n"),
        _ => push_switch(&mut text, programs),
    }
    if orders_maps {
        text.push_str(CHOICE);
    }
    push(
        &mut text,
        format_args!("\tdebug.SetMaxStack({STACK_LIMIT})\n{TAIL}"),
    );
    text
}

fn push_switch(text: &mut String, programs: &[&Compiled]) {
    text.push_str("\tif len(arguments) > 0 {\n\t\tswitch arguments[0] {\n");
    for (number, program) in programs.iter().enumerate() {
        let package = &program.package;
        push(
            text,
            format_args!("\t\tcase {package:?}:\n\t\t\trun, task = main{number}, &task{number}\n"),
        );
    }
    text.push_str("\t\t}\n\t\targuments = arguments[1:]\n\t}\n\tif run == nil {\n\t\tprintln(\"gosnip: no such program\")\n\t\tos.Exit(125)\n\t}\n");
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(arguments);
}

const HEAD: &str = "\
// Written by gosnip.
package main

import \"os\"
import \"runtime/debug\"
import \"unsafe\"
";

const CHOICE: &str = "\tif len(arguments) > 0 {
\t\tmapOrder = uint64(arguments[0][0] - '0')
\t}
";

const TAIL: &str = "\tos.Args = os.Args[:1]
\tfor i := uint32(0); i < task[1]; i++ {
\t\tcode := unsafe.Add(unsafe.Pointer(task), unsafe.Sizeof(*task)+uintptr(i)*unsafe.Sizeof(uintptr(0)))
\t\t(*(*func())(unsafe.Pointer(&code)))()
\t}
\trun()
}
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Linkage;

    fn program(package: &str, imports: &[&str]) -> Compiled {
        Compiled {
            inspected: None,
            object: None,
            package: package.to_owned(),
            diagnostics: Vec::new(),
            escapes: Vec::new(),
            failure: None,
            linkage: Linkage {
                imports: imports.iter().map(|&import| import.to_owned()).collect(),
                ..Linkage::default()
            },
            cached: false,
        }
    }

    #[test]
    fn each_import_stands_once_and_each_program_has_its_case() {
        let (a, b) = (
            program("ga", &["fmt", "unsafe"]),
            program("gb", &["fmt", "os"]),
        );
        let source = source(&[&a, &b], false);
        assert_eq!(source.matches("import _ \"fmt\"\n").count(), 1);
        assert!(!source.contains("_ \"unsafe\""));
        assert!(source.contains("case \"gb\":\n\t\t\trun, task = main1, &task1\n"));
        assert!(source.contains("//go:linkname task0 ga..inittask\n"));
    }

    #[test]
    fn a_program_alone_needs_no_argument() {
        assert!(!source(&[&program("ga", &[])], true).contains("switch"));
    }
}
