//! Laws of rewriting, on notes made at random: any line ends, nesting, fences, lead words, and equal claims.

use std::sync::Arc;

use proptest::prelude::*;

use super::check::{self, Reread};
use super::edit::{self, Edit};
use super::rewrite::{self, Wrong};
use crate::claim::value;
use crate::claim::{self, Claim, Form};
use crate::note::{Encoding, Note, markdown};
use crate::snippet::Snippet;
use crate::verdict::text;

/// A block with one claim about its output.
#[derive(Debug, Clone)]
struct Piece {
    /// Before every line: nothing, a list item's indentation, a quote's marks, both.
    prefix: &'static str,
    /// How it is claimed.
    claim: Stated,
    /// What is claimed.
    expected: Vec<String>,
    fence: &'static str,
}

#[derive(Debug, Clone)]
enum Stated {
    Trailing {
        lead: &'static str,
        remark: &'static str,
    },
    Comment {
        lead: &'static str,
    },
    Block {
        lead: &'static str,
    },
}

fn stated() -> impl Strategy<Value = Stated> {
    let lead = prop::sample::select(vec!["", "输出: ", "输出：", "=> ", "prints: ", "Output: "]);
    let remark = prop::sample::select(vec!["", "，原map已变", "（字节数）", " // why"]);
    prop_oneof![
        (lead, remark).prop_map(|(lead, remark)| Stated::Trailing { lead, remark }),
        prop::sample::select(vec!["Output:", "输出：", "结果"])
            .prop_map(|lead| Stated::Comment { lead }),
        prop::sample::select(vec!["Output:", "输出：", "运行结果："])
            .prop_map(|lead| Stated::Block { lead }),
    ]
}

fn word() -> impl Strategy<Value = String> {
    // Few of them, so that claims are often equal or prefixes of each other.
    prop::sample::select(vec!["1", "2", "12", "[1 2]", "true", "世", "3.5"]).prop_map(str::to_owned)
}

fn piece() -> impl Strategy<Value = Piece> {
    let prefix = prop::sample::select(vec!["", "  ", "> ", "> > ", "   > ", "\t"]);
    let fence = prop::sample::select(vec!["```", "~~~", "`````"]);
    (prefix, stated(), prop::collection::vec(word(), 1..4), fence).prop_map(
        |(prefix, claim, expected, fence)| Piece {
            prefix: if prefix == "\t" { "" } else { prefix },
            claim,
            expected,
            fence,
        },
    )
}

impl Piece {
    /// The lines of the note.
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{}go", self.fence), "x := 0".to_owned()];
        let fence = self.fence.to_owned();
        match &self.claim {
            Stated::Trailing { lead, remark } => {
                let value = self.expected.join(", ");
                lines.push(format!("fmt.Println(x)  // {lead}{value}{remark}"));
                lines.push(fence);
            }
            Stated::Comment { lead } => {
                lines.extend(["\tfmt.Println(x)".to_owned(), format!("// {lead}")]);
                lines.extend(self.expected.iter().map(|line| format!("// {line}")));
                lines.push(fence);
            }
            Stated::Block { lead } => {
                lines.extend(["fmt.Println(x)".to_owned(), fence.clone(), String::new()]);
                lines.extend([(*lead).to_owned(), String::new(), fence.clone()]);
                lines.extend(self.expected.iter().cloned());
                lines.push(fence);
            }
        }
        let first = match self.prefix {
            "  " => "- ",
            "   > " => "1. > ",
            prefix => prefix,
        };
        lines
            .into_iter()
            .enumerate()
            .map(|(nth, line)| format!("{}{line}", if nth == 0 { first } else { self.prefix }))
            .map(|line| line.trim_end().to_owned())
            .collect()
    }
}

fn note_text(pieces: &[Piece], line_end: &str, final_end: bool) -> String {
    let mut lines = Vec::new();
    for (nth, piece) in pieces.iter().enumerate() {
        lines.extend([
            format!("# Section {nth}"),
            String::new(),
            "Text.".to_owned(),
            String::new(),
        ]);
        lines.extend(piece.lines());
        lines.push(String::new());
    }
    lines.pop();
    let text = lines.join(line_end);
    if final_end { text + line_end } else { text }
}

pub(super) fn read(text: &str) -> Reread {
    let note = markdown::parse("a.md".into(), text.to_owned(), Encoding::Utf8);
    let snippets = note.blocks.iter().enumerate();
    let snippets: Vec<Arc<Snippet>> = snippets
        .map(|(at, block)| Arc::new(Snippet::read(at, block)))
        .collect();
    let in_blocks = snippets.iter().map(|it| claim::in_block(&note, it));
    let in_blocks = in_blocks.collect();
    Reread::of(note, snippets, in_blocks)
}

fn says(claim: &Claim, observed: &str) -> bool {
    let readings = match claim.form {
        Form::OutputBlock | Form::Transcript => vec![claim.expected.clone()],
        _ => value::candidates(&claim.expected),
    };
    readings
        .iter()
        .any(|reading| text::compare(reading, observed).is_some())
}

/// The edits that bless would make.
fn rewritten(read: &Reread, claim: &Claim, observed: &str) -> Option<Vec<Edit>> {
    let proposals = rewrite::propose(&Wrong {
        note: &read.note,
        snippet: &read.snippets[claim.block],
        claim,
        observed,
        since: None,
    });
    proposals
        .ok()?
        .into_iter()
        .find(|edits| check::reread(read, claim, edits).is_some_and(|claim| says(&claim, observed)))
}

fn observed() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "```",
        "~~~~ x",
        "  indented",
        "a b",
        "",
        "/* */",
        "# no heading",
        "> quote",
        "- item",
    ]);
    let line = prop_oneof![4 => word(), 1 => odd.prop_map(str::to_owned)];
    prop::collection::vec(line, 0..5)
        .prop_map(|lines| lines.iter().map(|line| format!("{line}\n")).collect())
}

pub(super) fn untouched(note: &Note, new: &str, edits: &[Edit]) -> bool {
    // What an edit does not name is there still, in the same order.
    let mut rest = new;
    let mut done = 0;
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start, edit.range.end));
    for edit in sorted {
        let Some(after) = rest.strip_prefix(&note.text[done..edit.range.start]) else {
            return false;
        };
        let Some(after) = after.strip_prefix(edit.text.as_str()) else {
            return false;
        };
        (rest, done) = (after, edit.range.end);
    }
    rest == &note.text[done..]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_rewrite_changes_one_claim_and_nothing_else(
        pieces in prop::collection::vec(piece(), 1..4),
        line_end in prop::sample::select(vec!["\n", "\r\n"]),
        final_end in any::<bool>(),
        which in any::<prop::sample::Index>(),
        observed in observed(),
    ) {
        let text = note_text(&pieces, line_end, final_end);
        let old = read(&text);
        prop_assume!(!old.claims.is_empty());
        let claim = which.get(&old.claims);
        prop_assume!(!says(claim, &observed));
        if let Some(edits) = rewritten(&old, claim, &observed) {
            let new_text = edit::apply(&text, &edits).unwrap();
            prop_assert!(untouched(&old.note, &new_text, &edits));
            prop_assert_eq!(new_text.ends_with('\n'), final_end);
            let bare = new_text.matches('\n').count() - new_text.matches("\r\n").count();
            prop_assert!(line_end == "\n" || bare == 0, "a line break of another kind");
            let new = read(&new_text);
            prop_assert_eq!(new.claims.len(), old.claims.len());
            for (nth, (before, after)) in old.claims.iter().zip(&new.claims).enumerate() {
                if nth == which.index(old.claims.len()) {
                    prop_assert!(says(after, &observed), "{:?}", new_text);
                } else {
                    prop_assert_eq!(&before.text, &after.text);
                }
            }
        }
    }

    #[test]
    fn ordinary_values_can_always_be_written(
        pieces in prop::collection::vec(piece(), 1..3),
        line_end in prop::sample::select(vec!["\n", "\r\n"]),
        values in prop::collection::vec(prop::sample::select(vec!["7", "8", "[7 8]", "false"]), 1..4),
    ) {
        let text = note_text(&pieces, line_end, true);
        let old = read(&text);
        let observed = values.join("\n");
        for claim in &old.claims {
            prop_assume!(!says(claim, &observed));
            prop_assert!(rewritten(&old, claim, &observed).is_some(), "{text:?}: {claim:?}: {observed:?}");
        }
    }
}
