//! Probes: which line printed what, and what a variable holds that nobody prints.
//!
//! A probed program is a second one. A probe changes escape results and capacities of slices, so
//! panics, escapes and plain output are always judged on the program without probes.
//!
//! Printing is marked, not replaced: `fmt.Println(x)` becomes `gosnipprobe.Line(3).Println(x)`, which writes what
//! `fmt.Sprintln` makes of the same arguments between two marks. It does so at once, as `fmt.Println` does, so that
//! nothing that other goroutines print comes between, and it works under `defer`, with `go` and in loops. Any other
//! statement gets a mark before and behind it. Marks go to stdout between control characters: `\x01<3\x02` …
//! `\x01>3\x02`, values as `\x01=0\x1f…\x02`.

mod line;
mod marks;

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::draft::Draft;
use super::item::ItemKind;
use super::repair::line_of;
use super::source::Edit;
use super::syntax::Syntax;
use crate::toolchain::stdlib::own;

pub(super) use line::PRINTS;
pub use line::{is_print, print_calls, print_lines, specs, statement_on};
pub use marks::{Probed, Segment, Value, read};

/// What a program's probes are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probes {
    /// Lines (from 0) whose output is marked.
    pub lines: BTreeSet<usize>,
    /// What is looked at.
    pub values: Vec<Glance>,
    /// Whether calls of package fmt are marked: then others are called instead.
    pub prints: bool,
}

/// A look at a value on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// The line (from 0).
    pub line: usize,
    /// The expression, in Go.
    pub expression: String,
    /// When and how it is looked at.
    pub look: Look,
}

/// When and how a value is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// After the statement on the line.
    After,
    /// The expression is the line's own, or stands in it: what it gives, evaluated once.
    Itself,
    /// Before and after the statement.
    Change,
    /// A condition, after the statement.
    Holds,
    /// What the pointers in a list point to, after the statement.
    Targets,
    /// Whether the pointers in a list all point to the same place, after the statement.
    Shared,
    /// Whether the statement allocates on the heap.
    Allocates,
    /// What a call gives of the function that ends on the line, made before the program starts.
    Called,
    /// What an expression gives at the end of the body in which the line's statement stands.
    AtEnd,
}

impl Probes {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.values.is_empty()
    }

    /// The import that the probes need, in Go.
    pub fn import(&self) -> Option<String> {
        (!self.is_empty()).then(|| format!("import {} {:?}\n", own::NAME, *own::PATH))
    }

    /// What the calls that only the text makes select from packages.
    pub fn packages(&self) -> Vec<(String, String)> {
        let called = self
            .values
            .iter()
            .filter(|it| matches!(it.look, Look::Called | Look::AtEnd));
        let selected = |glance: &Glance| {
            let syntax = Syntax::parse(&glance.expression);
            let pairs = syntax
                .walk(syntax.root())
                .filter(|node| node.kind() == "selector_expression")
                .filter_map(|node| syntax.of(node).split_once('.'))
                .filter(|(base, _)| *base != own::NAME)
                .map(|(base, name)| (base.to_owned(), name.to_owned()));
            pairs.collect::<Vec<_>>()
        };
        called.flat_map(selected).collect()
    }

    /// The call of a function that nothing else calls; what it gives is shown if that is asked for.
    pub fn call(&self, function: &str, arguments: &str) -> String {
        let call = format!("{function}({arguments})");
        match self
            .values
            .iter()
            .position(|glance| glance.expression == call && glance.look == Look::After)
        {
            Some(index) => format!("\t{}.Show({call})\n", value_probe(index)),
            None => format!("\t{call}\n"),
        }
    }
}

/// Mark the output of `line` (from 0) in a draft. Returns whether there was a way to.
pub fn mark_line(draft: &mut Draft, line: usize) -> bool {
    let snippet = std::sync::Arc::clone(&draft.snippet);
    let syntax = &snippet.syntax;
    let Some(statement) = statement_on(syntax, line) else {
        return false;
    };
    if !draft.covers(statement.start_byte()) {
        return false;
    }
    let calls = print_calls(syntax, statement, line);
    let probe = format!("{}.Line({line})", own::NAME);
    if let Some(call) = deferred(syntax, statement).filter(|_| calls.is_empty()) {
        // Its arguments are nothing but literals: it is the same when they are evaluated.
        let open = format!("func() {{ {probe}.Start(); ");
        let close = format!("; {probe}.End() }}()");
        draft.edit(snippet.block, Edit::insert(call.start_byte(), open));
        draft.edit(snippet.block, Edit::insert(call.end_byte(), close));
    } else if calls.is_empty() {
        // Outside of functions nothing can stand beside a declaration.
        if is_top_level(draft, statement) {
            return false;
        }
        if !matches!(
            statement.kind(),
            "expression_statement"
                | "for_statement"
                | "if_statement"
                | "short_var_declaration"
                | "var_declaration"
                | "assignment_statement"
                | "send_statement"
                | "inc_statement"
                | "dec_statement"
                | "block"
                | "expression_switch_statement"
                | "type_switch_statement"
                | "select_statement"
        ) {
            return false;
        }
        draft.edit(
            snippet.block,
            Edit::insert(statement.start_byte(), format!("{probe}.Start(); ")),
        );
        draft.edit(
            snippet.block,
            Edit::insert(statement.end_byte(), format!("; {probe}.End()")),
        );
    } else {
        draft.probes.prints = true;
        for call in calls {
            draft.edit(
                snippet.block,
                Edit {
                    at: call.start_byte(),
                    remove: "fmt".len(),
                    insert: probe.clone(),
                },
            );
        }
    }
    draft.probes.lines.insert(line);
    true
}

/// The call of a `defer` that a function literal may make in its place: of a package's function, with literals alone.
fn deferred<'t>(syntax: &'t Syntax, statement: Node<'t>) -> Option<Node<'t>> {
    let call = statement
        .named_child(0)
        .filter(|_| statement.kind() == "defer_statement")?;
    let callee = call.child_by_field_name("function")?;
    let list = call.child_by_field_name("arguments")?;
    let plain = syntax.walk(list).all(|node| {
        !matches!(
            node.kind(),
            "identifier" | "call_expression" | "func_literal" | "selector_expression"
        )
    });
    let package = callee
        .child_by_field_name("operand")
        .map(|it| syntax.of(it));
    let of_package = package.is_some_and(|package| {
        super::names::imports(syntax)
            .iter()
            .any(|import| import.path.rsplit('/').next() == Some(package))
            || package == "log"
    });
    (plain && of_package && callee.kind() == "selector_expression").then_some(call)
}

/// Look at a value in a draft. Returns whether there is a way to.
pub fn show_value(draft: &mut Draft, wanted: &Glance) -> bool {
    if draft.probes.values.contains(wanted) {
        return true;
    }
    let index = draft.probes.values.len();
    let snippet = std::sync::Arc::clone(&draft.snippet);
    let calls = |draft: &Draft, function: &str| draft.calls.iter().any(|call| call == function);
    match wanted.expression.strip_suffix("()") {
        // What a call of a function gives that the driver calls anyway.
        Some(function) if wanted.look == Look::After => {
            if !calls(draft, function) {
                return false;
            }
        }
        _ => {
            let Some(edits) = glance_edits(draft, &snippet.syntax, wanted, index) else {
                return false;
            };
            for edit in edits {
                draft.edit(snippet.block, edit);
            }
        }
    }
    draft.probes.values.push(wanted.clone());
    true
}

/// The probe of a look, in Go.
fn value_probe(index: usize) -> String {
    format!("{}.Value({index})", own::NAME)
}

/// The code to put in for a look, or `None` where a statement cannot be looked at.
fn glance_edits(
    draft: &Draft,
    syntax: &Syntax,
    wanted: &Glance,
    index: usize,
) -> Option<Vec<Edit>> {
    let expression = &wanted.expression;
    let probe = value_probe(index);
    if wanted.look == Look::Called {
        let end = function_ending_on(draft, wanted.line)?;
        let code = format!(
            "; func init() {{ defer func() {{ recover() }}(); {probe}.Show({expression}) }}"
        );
        return Some(vec![Edit::insert(end, code)]);
    }
    let statement = statement_on(syntax, wanted.line)?;
    if !draft.covers(statement.start_byte()) {
        return None;
    }
    let declared = matches!(statement.kind(), "const_declaration" | "var_declaration");
    if declared && is_top_level(draft, statement) {
        // Outside of functions there is nowhere else to look: a constant is the same everywhere, and a variable holds what it
        // was declared with until a function runs.
        let code = format!("; func init() {{ {probe}.Show({expression}) }}");
        return (wanted.look == Look::After)
            .then(|| vec![Edit::insert(statement.end_byte(), code)]);
    }
    if !has_room(draft, statement) {
        return None;
    }
    let before = |code: String| Edit::insert(statement.start_byte(), format!("{code}; "));
    let after = |code: String| Edit::insert(statement.end_byte(), format!("; {code}"));
    let shown = format!("{probe}.Show({expression})");
    if wanted.look == Look::AtEnd {
        let (at, precedes) = end_of_body(draft, statement)?;
        let code = match precedes {
            true => format!("{shown}; "),
            false => format!("; {shown}"),
        };
        return Some(vec![Edit::insert(at, code)]);
    }
    Some(match wanted.look {
        Look::After | Look::Holds => vec![after(shown)],
        Look::Change => vec![before(shown.clone()), after(shown)],
        Look::Targets => vec![after(format!("{probe}.Targets({expression})"))],
        Look::Shared => vec![after(format!("{probe}.Shared({expression})"))],
        Look::Allocates => vec![
            before(format!("{probe}.Before()")),
            after(format!("{probe}.Allocates()")),
        ],
        Look::Itself => vec![
            Edit::insert(statement.start_byte(), format!("{probe}.Show(")),
            Edit::insert(statement.end_byte(), ")".to_owned()),
        ],
        Look::Called | Look::AtEnd => return None,
    })
}

/// Where code can be put at the end of the body in which a statement stands, and whether a statement follows it there.
fn end_of_body(draft: &Draft, statement: Node) -> Option<(usize, bool)> {
    let fragment = statement
        .parent()
        .is_some_and(|parent| parent.kind() == "source_file");
    if fragment {
        let last = &draft.snippet.items[*draft.body.last()?];
        let returns = draft.snippet.code()[last.span.clone()].starts_with("return");
        return Some(match returns {
            true => (last.span.start, true),
            false => (last.span.end, false),
        });
    }
    let within = statement.parent()?;
    let mut cursor = within.walk();
    let statements = within.named_children(&mut cursor);
    let last = statements.filter(|it| it.kind() != "comment").last()?;
    Some(match last.kind() {
        "return_statement" => (last.start_byte(), true),
        _ => (last.end_byte(), false),
    })
}

/// Where the function of the draft ends that ends on `line`.
fn function_ending_on(draft: &Draft, line: usize) -> Option<usize> {
    let items = draft.top.iter().map(|&at| &draft.snippet.items[at]);
    let functions =
        items.filter(|item| matches!(item.kind, ItemKind::Func(_) | ItemKind::Method { .. }));
    let mut ends = functions.map(|item| item.span.end);
    ends.find(|end| line_of(draft.snippet.code(), *end) == line)
}

/// Whether code can be put in front of a statement and behind it.
fn has_room(draft: &Draft, statement: Node) -> bool {
    if matches!(
        statement.kind(),
        "return_statement"
            | "break_statement"
            | "continue_statement"
            | "goto_statement"
            | "function_declaration"
            | "method_declaration"
            | "type_declaration"
    ) {
        return false;
    }
    !is_top_level(draft, statement)
}

/// Whether a statement stands outside of functions.
fn is_top_level(draft: &Draft, statement: Node) -> bool {
    let at_root = statement
        .parent()
        .is_some_and(|parent| parent.kind() == "source_file");
    at_root
        && !draft
            .body
            .iter()
            .any(|&at| draft.snippet.items[at].span == statement.byte_range())
}
