//! What stands in a note's assembly: Go declares it without a value or a body, which are not built here.
//!
//! ```text
//! DATA ·Limit+0(SB)/8, $7        var Limit int
//! TEXT ·Add(SB), $0-24           func Add(a, b int) int
//! ```
//! A program without the assembly is another one: its variables are empty. So it is compiled and never run.

use std::collections::BTreeSet;

use crate::note::Note;

use super::context::Context;
use super::draft::Draft;
use super::item::{Item, ItemKind};

// A symbol's name begins behind a middle dot; before that stands its package, or nothing for this one.
pattern!(
    SYMBOL,
    r"(?m)^[ \t]*(?:DATA|GLOBL|TEXT)[ \t]+[\pL\pN_∕/.]*·([\pL_][\pL\pN_]*)"
);

/// The variables and functions that the note's blocks define in assembly.
pub(super) fn symbols(note: &Note) -> BTreeSet<String> {
    let codes = note.blocks.iter().map(|block| block.code.text.as_str());
    codes
        .flat_map(|code| SYMBOL.captures_iter(code))
        .map(|found| found[1].to_owned())
        .collect()
}

impl Draft {
    /// What the program declares, and the note defines in assembly.
    pub fn of_assembly(&self, context: &Context) -> Option<String> {
        let items = &self.snippet.items;
        let own = self.top.iter().chain(&self.body);
        let own = own.map(|&at| (&items[at], self.snippet.code()));
        let carried = self.carried.iter().filter_map(|carried| {
            let snippet = context.snippet(carried.block)?;
            Some((&snippet.items[carried.item], snippet.code()))
        });
        let mut defined = own
            .chain(carried)
            .filter(|(item, code)| is_open(item, &code[item.span.clone()]))
            .flat_map(|(item, _)| &item.names)
            .filter(|name| context.is_of_assembly(name));
        defined.next().cloned()
    }
}

/// Whether an item declares something and does not say what it is.
fn is_open(item: &Item, code: &str) -> bool {
    match &item.kind {
        ItemKind::Var => !code.contains('='),
        ItemKind::Func(signature) => !signature.body,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snippet::tests::{Fmt, note_of};

    #[test]
    fn what_assembly_defines_is_not_seen_in_go() {
        let asm = "#include \"textflag.h\"\n\nGLOBL ·Limit(SB), NOPTR, $8\nDATA ·Limit+0(SB)/8, $7\n\
            TEXT ·twice(SB), NOSPLIT, $0-16\n\tRET\n";
        let of = |go: &[&str]| {
            let mut blocks = vec![asm];
            blocks.extend(go);
            let (snippets, context) = note_of(&blocks);
            let mut draft = Draft::of(snippets.last().unwrap()).remove(0);
            draft.foresee(&context, &Fmt);
            draft.of_assembly(&context)
        };
        let main = "func main() {\n\tfmt.Println(Limit)\n}\n";
        assert_eq!(of(&["var Limit int\n", main]).as_deref(), Some("Limit"));
        assert_eq!(of(&["var Limit int\n"]).as_deref(), Some("Limit"));
        let twice = "func twice(n int) int\n\nfunc main() {\n\tfmt.Println(twice(2))\n}\n";
        assert_eq!(of(&[twice]).as_deref(), Some("twice"));
        // Here Go says itself what it is.
        assert_eq!(of(&["var Limit = 7\n", main]), None);
        assert_eq!(of(&["func twice(n int) int { return 2 * n }\n"]), None);
        assert_eq!(of(&["var Size int\n"]), None);
    }
}
