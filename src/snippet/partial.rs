//! Structs of which a block shows a part, with the fields that they have elsewhere in the note.
//!
//! ```text
//! type Cart struct {          type Cart struct {
//!     lines []line                // ...
//! }                               discount int
//!                             }
//! ```
//! The second is the first with a field more. Its fields are those of the states before it, back to one that is shown
//! as a whole; where none is, those of the next one behind that is.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::Snippet;
use super::context::{Context, Declaration};
use super::draft::Draft;
use super::elision::is_partial;
use super::item::ItemKind;
use super::names;
use super::repair::{Repairer, Trouble};

/// The fields that a struct has beside those which are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// Where in the code of its block they stand.
    pub at: usize,
    /// Their declarations, in lines.
    pub text: String,
    /// The names that they need, with the block that each is from.
    pub needs: Vec<(String, usize)>,
    /// What they name of packages.
    pub qualified: names::Qualified,
    /// The declarations that they are taken from.
    pub from: Vec<Declaration>,
}

impl Context {
    /// The fields that a struct shown in part has elsewhere in the note; none if nothing shows them.
    pub fn rest(&self, snippet: &Snippet, item: usize) -> Option<Rest> {
        let block = snippet.block;
        if !snippet.is_partial(item) {
            return None;
        }
        let [name] = snippet.items[item].names.as_slice() else {
            return None;
        };
        let list = fields(snippet, item)?;
        let mut rest = Rest {
            at: place(snippet, item, list),
            text: String::new(),
            needs: Vec::new(),
            qualified: names::Qualified::new(),
            from: Vec::new(),
        };
        let mut shown: BTreeSet<String> = names_of(snippet, list);
        for (other, whole) in self.other_states(name, block) {
            let Some(theirs) = self.snippet(other.block) else {
                continue;
            };
            if rest.add(theirs, &other, &mut shown) {
                rest.from.push(other);
            }
            if whole {
                break;
            }
        }
        (!rest.from.is_empty()).then_some(rest)
    }

    /// The other states of a struct, the latest before `block` first, and whether each is shown as a whole.
    fn other_states(&self, name: &str, block: usize) -> Vec<(Declaration, bool)> {
        let is_struct = |it: &&Declaration| {
            let snippet = self.snippet(it.block);
            it.block != block
                && self.neighbour(it.block).is_none()
                && snippet.is_some_and(|its| fields(its, it.item).is_some())
        };
        let states = self.declared(name).iter().filter(is_struct);
        let whole = |it: &Declaration| {
            let snippet = self.snippet(it.block);
            snippet.is_some_and(|snippet| !snippet.is_partial(it.item))
        };
        let (mut before, after): (Vec<_>, Vec<_>) = states
            .map(|it| (it.clone(), whole(it)))
            .partition(|(it, _)| it.block < block);
        before.reverse();
        if !before.iter().any(|(_, whole)| *whole) {
            before.extend(after.into_iter().find(|(_, whole)| *whole));
        }
        before
    }
}

impl Rest {
    /// Add the fields of another state that are not shown yet; whether there are some.
    fn add(&mut self, snippet: &Snippet, of: &Declaration, shown: &mut BTreeSet<String>) -> bool {
        let Some(list) = fields(snippet, of.item) else {
            return false;
        };
        let syntax = &snippet.syntax;
        let before = self.text.len();
        let mut cursor = list.walk();
        for field in list.named_children(&mut cursor) {
            let Some(kind) = field.child_by_field_name("type") else {
                continue;
            };
            let names = field_names(snippet, field);
            let missing: Vec<&String> = names.iter().filter(|it| !shown.contains(*it)).collect();
            if missing.is_empty() {
                continue;
            }
            let text = if missing.len() == names.len() {
                syntax.of(field).to_owned()
            } else {
                let missing: Vec<&str> = missing.iter().map(|it| it.as_str()).collect();
                format!("{} {}", missing.join(", "), syntax.of(kind))
            };
            self.text.push_str(&format!("\n\t{text}"));
            let needs = names::free(syntax, kind).into_iter();
            self.needs.extend(needs.map(|name| (name, of.block)));
            for (package, selected) in names::qualified(syntax, kind) {
                self.qualified.entry(package).or_default().extend(selected);
            }
            shown.extend(names);
        }
        self.text.len() > before
    }
}

impl Draft {
    /// Complete the structs that its code, or what is carried in, shows in part; whether there are some.
    pub(super) fn complete_structs(&mut self, context: &Context) -> bool {
        if self.as_shown {
            return false;
        }
        let pieces = self.top.iter().chain(&self.body);
        let pieces = pieces.map(|&item| (self.snippet.block, &*self.snippet, item));
        let carried = self.carried.iter().filter_map(|it| {
            let snippet = context.snippet(it.block)?;
            Some((it.block, &**snippet, it.item))
        });
        let new: Vec<_> = pieces
            .chain(carried)
            .filter(|(block, _, item)| !self.rests.contains_key(&(*block, *item)))
            .filter(|(block, ..)| context.neighbour(*block).is_none())
            .filter_map(|(block, snippet, item)| {
                Some(((block, item), context.rest(snippet, item)?))
            })
            .collect();
        let found = !new.is_empty();
        self.rests.extend(new);
        found
    }
}

impl Repairer<'_> {
    /// Fields that were added to structs need names that nothing declares: then they are of other structs of the same
    /// name, or of no use.
    pub(super) fn leave_as_shown(&mut self, trouble: &Trouble) -> bool {
        let mut rests = self.draft.rests.values();
        let unfit = rests.any(|rest| {
            let mut needs = rest.needs.iter();
            needs.any(|(name, _)| trouble.missing.contains(name))
        });
        if unfit {
            self.draft.as_shown = true;
            self.draft.rests.clear();
            self.start_again();
        }
        unfit
    }
}

/// The fields of the struct that an item declares, in their braces, if it declares just that.
fn fields(snippet: &Snippet, item: usize) -> Option<Node<'_>> {
    if snippet.items[item].kind != ItemKind::Type {
        return None;
    }
    let syntax = &snippet.syntax;
    let node = syntax.at(snippet.items[item].span.clone())?;
    let mut specs = syntax.walk(node).filter(|spec| spec.kind() == "type_spec");
    let kind = specs.next()?.child_by_field_name("type")?;
    if kind.kind() != "struct_type" || specs.next().is_some() {
        return None;
    }
    let mut cursor = kind.walk();
    kind.named_children(&mut cursor)
        .find(|child| child.kind() == "field_declaration_list")
}

/// Where the other fields stand: behind the dots or the comment that stand for them, or behind the last field.
fn place(snippet: &Snippet, item: usize, list: Node) -> usize {
    let syntax = &snippet.syntax;
    let span = &snippet.items[item].span;
    let mut cursor = list.walk();
    let mut comments = list.named_children(&mut cursor);
    let comment = comments.find(|node| node.kind() == "comment" && is_partial(syntax.of(*node)));
    let mut gaps = snippet.gaps.iter();
    let dots = gaps.find(|gap| span.contains(&gap.at));
    comment
        .map(|node| node.end_byte())
        .or(dots.map(|gap| gap.at))
        .unwrap_or_else(|| list.end_byte().saturating_sub(1))
}

fn names_of(snippet: &Snippet, list: Node) -> BTreeSet<String> {
    let mut cursor = list.walk();
    list.named_children(&mut cursor)
        .flat_map(|field| field_names(snippet, field))
        .collect()
}

/// The names of the fields of one declaration; an embedded one has its type's.
fn field_names(snippet: &Snippet, field: Node) -> Vec<String> {
    let syntax = &snippet.syntax;
    let mut cursor = field.walk();
    let names = field.children_by_field_name("name", &mut cursor);
    let names: Vec<String> = names.map(|name| syntax.of(name).to_owned()).collect();
    if !names.is_empty() {
        return names;
    }
    let kind = field.child_by_field_name("type").map(|it| syntax.of(it));
    let last = kind.and_then(|kind| kind.rsplit(['.', '*']).next());
    last.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use crate::build::Diagnostic;
    use crate::snippet::tests::{Fmt, note_of};
    use crate::snippet::{Draft, repair};

    /// The program of the last block, completed, and whether it is compiled only.
    fn completed(blocks: &[&str]) -> (String, bool) {
        let (snippets, context) = note_of(blocks);
        let mut draft = Draft::of(snippets.last().unwrap()).remove(0);
        draft.foresee(&context, &Fmt);
        let text = draft.render(&context, &Fmt).text;
        (text, draft.is_compiled_only())
    }

    const WHOLE: &str =
        "type line struct{}\n\ntype Cart struct {\n\tlines, old []line\n\tfmt.Stringer\n}\n";

    #[test]
    fn a_struct_shown_in_part_has_the_fields_that_it_has_elsewhere() {
        for rest in ["// ... as before", "..."] {
            let part = format!("type Cart struct {{\n\t{rest}\n\tdiscount int\n}}\n");
            let (text, compiled_only) = completed(&[WHOLE, &part]);
            assert!(
                text.contains("lines, old []line\n\tfmt.Stringer") && text.contains("type line"),
                "{text}"
            );
            assert!(text.contains("import \"fmt\"") && !compiled_only, "{text}");
            // It is the newest state for what comes behind it.
            let (text, _) = completed(&[WHOLE, &part, "c := Cart{discount: 1}\n"]);
            assert!(
                text.contains("discount int") && text.contains("lines"),
                "{text}"
            );
        }
    }

    #[test]
    fn the_parts_of_several_states_come_together() {
        let second = "type Cart struct {\n\t// ...\n\tdiscount int\n}\n";
        let third = "type Cart struct {\n\t// ...\n\told int\n\tname string\n}\n";
        let (text, _) = completed(&[WHOLE, second, third]);
        assert!(text.contains("discount int\n\tlines []line"), "{text}");
        assert_eq!(text.matches("old").count(), 1, "{text}");
        // Nothing is said to be left out of this one.
        let (text, _) = completed(&[WHOLE, "type Cart struct {\n\tname string\n}\n"]);
        assert!(!text.contains("lines"), "{text}");
        // What is shown as a whole comes later.
        let (text, _) = completed(&["type Cart struct {\n\t// ...\n\tn int\n}\n"]);
        assert!(!text.contains("lines"), "{text}");
    }

    #[test]
    fn fields_that_need_what_nothing_declares_are_not_added() {
        let whole = "type Cart struct {\n\tlog Logger\n}\n";
        let part = "type Cart struct {\n\t// ...\n\tn int\n}\n";
        let (snippets, context) = note_of(&[whole, part]);
        let mut draft = Draft::of(&snippets[1]).remove(0);
        draft.foresee(&context, &Fmt);
        let source = draft.render(&context, &Fmt);
        assert!(source.text.contains("log Logger"), "{}", source.text);
        let before = &source.text[..source.text.find("Logger").unwrap()];
        let diagnostic = Diagnostic {
            line: before.matches('\n').count() as u32 + 1,
            column: 6,
            message: "undefined: Logger".to_owned(),
            code: None,
        };
        let repaired = repair::repair(&draft, &source, &[diagnostic], &context, &Fmt).unwrap();
        let text = repaired.render(&context, &Fmt).text;
        assert!(
            !text.contains("Logger") && repaired.stand_ins.is_empty(),
            "{text}"
        );
    }
}
