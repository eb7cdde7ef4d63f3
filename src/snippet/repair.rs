//! Answering the compiler: what a fragment's form causes is repaired, what its author wrote stays.
//!
//! | the compiler says | because | repair |
//! | --- | --- | --- |
//! | undefined: x | it is declared in another block | carry the declaration in |
//! | undefined: rand | a package of the standard library | import it |
//! | x.M undefined | the method stands in another block | carry it in |
//! | declared and not used: x | the code that uses it is left out | `_ = x` |
//! | package hello/greet is not in std | the note shows that package | carry in what is used of it |
//! | "fmt" imported and not used | likewise | import it as `_` |
//! | x (value …) is not used | an expression shown for its value | `_ = x` |
//! | no new variables | another version of the statement above | a scope of its own |
//! | too many return values | statements of some function | a function around them |
//! | missing function body | signatures are listed | `panic` as its body; never run |
//! | x.f undefined | the struct is shown in part | its other fields, as another block has them |
//! | missing return | a body that is left out | `panic` at its end; never run |

use tree_sitter::Node;

use crate::build::Diagnostic;

use super::context::Context;
use super::draft::{Blame, Draft, import_name};
use super::item::ItemKind;
use super::names::Packages;
use super::silence;
use super::source::{Edit, Place, Source};
use super::syntax::{Syntax, enclosing_statement};

/// What is left when nothing more can be repaired.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trouble {
    /// Names and modules that nothing provides.
    pub missing: Vec<String>,
    /// The other complaints.
    pub errors: Vec<Diagnostic>,
}

pattern!(
    UNDEFINED,
    r"^undefined(?:: | array length )([\pL_][\pL\pN_]*)(?: or missing type constraint)?$"
);
pattern!(BUILTIN, r"^([a-z]+) \(built-in\) must be called$");
pattern!(
    UNUSED_VARIABLE,
    r"^(?:declared and not used: )?([\pL_][\pL\pN_]*)(?: declared and not used)?$"
);
pattern!(UNUSED_IMPORT, r#"^"([^"]+)" imported .*and not used"#);
pattern!(
    NO_METHOD,
    r"undefined \(type \*?(?:[\pL\pN_]+\.)?([\pL_][\pL\pN_]*)(?:\[.*\])? has no (?:field or )?method ([\pL_][\pL\pN_]*)"
);
pattern!(
    MISSING_METHOD,
    r"\*?(?:[\pL\pN_]+\.)?\b([\pL_][\pL\pN_]*)(?:\[.*\])? does not implement .*\(missing method ([\pL_][\pL\pN_]*)\)"
);
pattern!(
    NOT_DYNAMIC,
    r"cannot have dynamic type \*?(?:[\pL\pN_]+\.)?([\pL_][\pL\pN_]*)(?:\[.*\])? \(missing method ([\pL_][\pL\pN_]*)\)"
);
pattern!(
    UNKNOWN_FIELD,
    r"^unknown field [\pL_][\pL\pN_]* in struct literal"
);
pattern!(
    NOT_PROVIDED,
    r"^(?:package (\S+) is not in std|no required module provides package ([^\s;]+)|module \S+ found .*does not contain package (\S+))"
);
pattern!(
    UNUSED_LABEL,
    r"^label ([\pL_][\pL\pN_]*) defined and not used$"
);

/// Repair what can be; `Ok` is the repaired draft, `Err` what is left when nothing could be.
///
/// `source` is the draft's rendering that the diagnostics speak of.
pub fn repair(
    draft: &Draft,
    source: &Source,
    diagnostics: &[Diagnostic],
    context: &Context,
    packages: &dyn Packages,
) -> Result<Draft, Trouble> {
    let mut repairer = Repairer {
        draft: draft.clone(),
        context,
        packages,
        errors: Vec::new(),
        changed: false,
    };
    let mut trouble = Trouble::default();
    for diagnostic in diagnostics {
        let place = source.locate(diagnostic.line, diagnostic.column);
        if place.is_some_and(|place| repairer.is_kept(place, &diagnostic.message))
            && !repairer.has_declared(&diagnostic.message)
        {
            trouble.errors.push(diagnostic.clone());
            // What the note speaks of says nothing against what is carried in, if there is but one of that name.
            if repairer.draft.one_of_several {
                repairer.errors.push((diagnostic, place));
            }
            continue;
        }
        let imports = repairer.draft.imports.len();
        match repairer.answer(diagnostic, place) {
            Answer::Repaired => {
                repairer.changed = true;
                let imported = repairer.draft.imports.len() > imports;
                repairer.reject(diagnostic, place, imported);
            }
            Answer::Missing(name) => {
                if !trouble.missing.contains(&name) {
                    trouble.missing.push(name);
                }
            }
            Answer::Error => {
                trouble.errors.push(diagnostic.clone());
                repairer.errors.push((diagnostic, place));
            }
        }
    }
    let repaired = repairer.changed
        || repairer.learn(&trouble)
        || repairer.refuse()
        || repairer.leave_as_shown(&trouble)
        || repairer.stand_in(&trouble)
        || repairer.import_named(&trouble);
    if repaired {
        Ok(repairer.draft)
    } else {
        Err(trouble)
    }
}

/// What is left where repairing took too long: the names that are still missing, and the other complaints.
pub fn unanswered(diagnostics: &[Diagnostic]) -> Trouble {
    let mut trouble = Trouble::default();
    for diagnostic in diagnostics {
        match UNDEFINED.captures(&diagnostic.message) {
            Some(found) => trouble.missing.push(found[1].to_owned()),
            None => trouble.errors.push(diagnostic.clone()),
        }
    }
    trouble.missing.dedup();
    trouble
}

/// What came of one complaint.
pub(super) enum Answer {
    /// It is repaired.
    Repaired,
    /// A name or module is missing.
    Missing(String),
    /// It is none of a fragment's form.
    Error,
}

/// A draft under repair.
pub(super) struct Repairer<'c> {
    pub(super) draft: Draft,
    pub(super) context: &'c Context,
    pub(super) packages: &'c dyn Packages,
    /// What could not be answered, with its place.
    pub(super) errors: Vec<(&'c Diagnostic, Option<Place>)>,
    /// Whether anything was answered.
    pub(super) changed: bool,
}

impl Repairer<'_> {
    /// Whether the note claims the errors of the line at `place`.
    fn is_kept(&self, place: Place, message: &str) -> bool {
        let unused =
            message.contains("declared and not used") || message.contains("imported and not used");
        if place.block != self.draft.snippet.block {
            return false;
        }
        if unused && self.draft.keeps_unused {
            return true;
        }
        let line = line_of(self.draft.snippet.code(), place.offset);
        let kept = self.draft.kept.get(&line);
        kept.is_some_and(|with_unused| *with_unused || !unused)
    }

    /// Whether a name is missing that the note has declared before, outside of functions: that is not what it says is
    /// wrong, unless it says so.
    fn has_declared(&self, message: &str) -> bool {
        let own = self.draft.snippet.block;
        let Some(found) = UNDEFINED.captures(message) else {
            return false;
        };
        let context = self.context;
        let mut declared = context.declared(&found[1]).iter();
        self.draft.blame == Blame::Unsaid
            && declared.any(|it| !it.local && it.block < own && !self.draft.refused.contains(it))
    }

    fn answer(&mut self, diagnostic: &Diagnostic, place: Option<Place>) -> Answer {
        let message = diagnostic.message.as_str();
        let first = message.lines().next().unwrap_or(message);
        if let Some(path) = missing_package(first) {
            if self.draft.join_import(path, self.context, self.packages) {
                return Answer::Repaired;
            }
            return Answer::Missing(path.to_owned());
        }
        if let Some(found) = BUILTIN.captures(first) {
            // `new` as a value: a variable of that name is meant.
            return Answer::Missing(found[1].to_owned());
        }
        if let Some(found) = UNDEFINED.captures(first) {
            return self.undefined(&found[1], place);
        }
        if let Some(found) = UNUSED_IMPORT.captures(first) {
            return self.unused_import(&found[1], place).into();
        }
        let Some(place) = place else {
            return self.no_arguments().into();
        };
        if first.contains("declared and not used")
            && let Some(found) = UNUSED_VARIABLE.captures(first)
        {
            return self.unused_variable(&found[1], place).into();
        }
        if let Some(found) = NO_METHOD
            .captures(first)
            .or_else(|| MISSING_METHOD.captures(message))
            .or_else(|| NOT_DYNAMIC.captures(message))
        {
            let (owner, member) = (&found[1], &found[2]);
            return (self.method(owner, member, place) || self.complete_structs()).into();
        }
        if let Some(found) = UNUSED_LABEL.captures(first) {
            return self.unused_label(&found[1], place).into();
        }
        if first == "missing return" {
            return self.missing_return(place).into();
        }
        if self.draft.is_complete() {
            // A complete program is what its author runs; its other mistakes are its own.
            return Answer::Error;
        }
        if first.ends_with(" is not used") {
            return self.unused_value(place).into();
        }
        if first.starts_with("no new variables on left side")
            || first.contains("redeclared in this block")
        {
            return self.nest(place).into();
        }
        if first.starts_with("too many return values") {
            return self.returns(place).into();
        }
        if UNKNOWN_FIELD.is_match(first) {
            return self.complete_structs().into();
        }
        if first.ends_with("missing function body") {
            return self.missing_body(place).into();
        }
        // `v, ok := m[k]` again, with a `v` of another type: a second version, in a scope of its own.
        if diagnostic.code.as_deref() == Some("IncompatibleAssign") && self.nest(place) {
            return Answer::Repaired;
        }
        Answer::Error
    }

    /// Structs may be shown in part.
    fn complete_structs(&mut self) -> bool {
        let completed = self.draft.complete_structs(self.context);
        if completed {
            self.draft.foresee(self.context, self.packages);
        }
        completed
    }

    /// Keep what the compiler has against a complete program, which `go run` would not run. What the note shows in
    /// another block is no mistake of it.
    fn reject(&mut self, diagnostic: &Diagnostic, place: Option<Place>, imported: bool) {
        let own = place.filter(|place| place.block == self.draft.snippet.block);
        if let Some(place) = own
            && self.draft.is_complete()
            && (imported || diagnostic.message.contains("not used"))
        {
            let rejected = (place, diagnostic.message.clone());
            self.draft.rejected.push(rejected);
        }
    }

    /// What the driver calls a function with does not fit: it is another function of that name that the note
    /// calls so.
    fn no_arguments(&mut self) -> bool {
        let arguments = std::mem::take(&mut self.draft.arguments);
        self.draft
            .calls
            .retain(|call| !arguments.contains_key(call));
        !arguments.is_empty()
    }

    fn unused_import(&mut self, path: &str, place: Option<Place>) -> bool {
        let Some(place) = place else {
            self.draft.imports.remove(path);
            self.draft
                .modules
                .retain(|_, import| !import.contains(path));
            return self.draft.not_imported.insert(import_name(path).to_owned());
        };
        let Some(syntax) = self.syntax(place.block) else {
            return false;
        };
        let Some(spec) = ancestor(syntax.at(place.offset..place.offset + 1), "import_spec") else {
            return false;
        };
        let edit = silence::import(spec);
        self.draft.edit(place.block, edit)
    }

    fn unused_variable(&mut self, name: &str, place: Place) -> bool {
        self.syntax(place.block)
            .and_then(|syntax| silence::variable(&syntax, place.offset, name))
            .is_some_and(|edit| self.draft.edit(place.block, edit))
    }

    fn unused_label(&mut self, name: &str, place: Place) -> bool {
        let Some(syntax) = self.syntax(place.block) else {
            return false;
        };
        let colon = syntax.text[place.offset..].find(':').unwrap_or(name.len());
        self.draft.edit(
            place.block,
            Edit {
                at: place.offset,
                remove: colon + 1,
                insert: String::new(),
            },
        )
    }

    fn unused_value(&mut self, place: Place) -> bool {
        let Some(syntax) = self.syntax(place.block) else {
            return false;
        };
        let statement = syntax
            .at(place.offset..place.offset + 1)
            .and_then(enclosing_statement)
            .filter(|statement| statement.kind() == "expression_statement")
            .map(|statement| statement.start_byte());
        statement.is_some_and(|start| self.draft.edit(place.block, Edit::insert(start, "_ = ")))
    }

    /// Open a scope before the body's item at `place`.
    fn nest(&mut self, place: Place) -> bool {
        if place.block != self.draft.snippet.block {
            return false;
        }
        let items = &self.draft.snippet.items;
        let found = self.draft.body.iter().copied().find(|&at| {
            items[at].span.contains(&place.offset)
                && matches!(
                    items[at].kind,
                    ItemKind::ShortVar | ItemKind::Var | ItemKind::Const | ItemKind::Type
                )
        });
        found.is_some_and(|at| self.draft.body.first() != Some(&at) && self.draft.nests.insert(at))
    }

    /// The body returns values: put it into a function that has as many.
    fn returns(&mut self, place: Place) -> bool {
        if place.block != self.draft.snippet.block || self.draft.results.is_some() {
            return false;
        }
        let snippet = std::sync::Arc::clone(&self.draft.snippet);
        let node = snippet.syntax.at(place.offset..place.offset + 1);
        let Some(statement) = ancestor(node, "return_statement") else {
            return false;
        };
        if inside_function(statement) {
            return false;
        }
        let count = statement
            .named_child(0)
            .map_or(0, |list| list.named_child_count());
        self.draft.results = Some(count);
        count > 0
    }

    /// The syntax of a block as it is part of the draft.
    pub(super) fn syntax(&self, block: usize) -> Option<Syntax> {
        if block == self.draft.snippet.block {
            Some(self.draft.snippet.syntax.clone())
        } else {
            self.context
                .snippet(block)
                .map(|snippet| snippet.syntax.clone())
        }
    }
}

/// The package that nothing provides, if the message says so.
pub fn missing_package(message: &str) -> Option<&str> {
    let found = NOT_PROVIDED.captures(message)?;
    (1..=3)
        .find_map(|group| found.get(group))
        .map(|path| path.as_str())
}

impl From<bool> for Answer {
    fn from(repaired: bool) -> Self {
        if repaired {
            Answer::Repaired
        } else {
            Answer::Error
        }
    }
}

/// The line (from 0) of `code` that holds the byte at `offset`.
pub fn line_of(code: &str, offset: usize) -> usize {
    // By bytes: a compiler's column may point into a character.
    let before = &code.as_bytes()[..offset.min(code.len())];
    before.iter().filter(|byte| **byte == b'\n').count()
}

fn ancestor<'t>(node: Option<Node<'t>>, kind: &str) -> Option<Node<'t>> {
    let mut node = node;
    while let Some(at) = node {
        if at.kind() == kind {
            return Some(at);
        }
        node = at.parent();
    }
    None
}

fn inside_function(node: Node) -> bool {
    nearest_function(node).is_some()
}

pub(super) fn nearest_function(node: Node) -> Option<Node> {
    let mut node = Some(node);
    while let Some(at) = node {
        if matches!(
            at.kind(),
            "function_declaration" | "method_declaration" | "func_literal"
        ) {
            return Some(at);
        }
        node = at.parent();
    }
    None
}
