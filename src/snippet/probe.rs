//! Probes: which line printed what, and what a variable holds that nobody prints.
//!
//! A probed program is a second one. A probe changes escape results and capacities of slices, so
//! panics, escapes and plain output are always judged on the program without probes.
//!
//! Printing is marked, not replaced: `fmt.Println(x)` becomes `gosnipPrint(3).Println(x)`, which writes a
//! mark, calls `fmt.Println` with the same arguments, and writes another mark. So it works under
//! `defer`, with `go` and in loops. Any other statement gets a mark before and behind it. Marks go to
//! stdout between control characters: `\x01<3\x02` … `\x01>3\x02`, values as `\x01=0\x1f…\x02`.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::draft::Draft;
use super::source::Edit;
use super::syntax::{Syntax, enclosing_statement};

/// What a program's probes are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probes {
    /// Lines (from 0) whose output is marked.
    pub lines: BTreeSet<usize>,
    /// What is looked at.
    pub values: Vec<Glance>,
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
}

/// What a probed program wrote: its text without marks, and what each probe saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probed {
    /// The output without marks.
    pub text: String,
    /// What each marked line wrote, each time it ran.
    pub lines: Vec<Segment>,
    /// For each value probe (by index), what it saw each time.
    pub values: Vec<(usize, Value)>,
}

/// One time that a marked line ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segment {
    /// The line (from 0).
    pub line: usize,
    /// What was written meanwhile.
    pub text: String,
    /// Whether it came to its end; a line that panics or blocks does not.
    pub finished: bool,
}

/// A value as Go shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Value {
    /// `%v`
    pub text: String,
    /// `%T`
    pub kind: String,
}

const SUPPORT: &str = r#"
type gosnipPrint int

func (line gosnipPrint) start() { gosnipos.Stdout.WriteString(gosnipfmt.Sprintf("\x01<%d\x02", int(line))) }
func (line gosnipPrint) end()   { gosnipos.Stdout.WriteString(gosnipfmt.Sprintf("\x01>%d\x02", int(line))) }

func (line gosnipPrint) Println(a ...interface{}) (int, error) {
	line.start()
	defer line.end()
	return gosnipfmt.Println(a...)
}

func (line gosnipPrint) Print(a ...interface{}) (int, error) {
	line.start()
	defer line.end()
	return gosnipfmt.Print(a...)
}

func (line gosnipPrint) Printf(format string, a ...interface{}) (int, error) {
	line.start()
	defer line.end()
	return gosnipfmt.Printf(format, a...)
}

type gosnipValue int

// value shows its arguments: several are the results of one call.
func (probe gosnipValue) value(values ...any) {
	text, kind := "", ""
	for i, value := range values {
		if i > 0 {
			text, kind = text+" ", kind+", "
		}
		text, kind = text+gosnipfmt.Sprint(value), kind+gosnipfmt.Sprintf("%T", value)
	}
	gosnipos.Stdout.WriteString(gosnipfmt.Sprintf("\x01=%d\x1f%s\x1f%s\x02", int(probe), text, kind))
}

func (probe gosnipValue) targets(list any) {
	targets := []any{}
	for i, v := 0, gosnipreflect.ValueOf(list); i < v.Len(); i++ {
		targets = append(targets, v.Index(i).Elem().Interface())
	}
	probe.value(targets)
}

func (probe gosnipValue) shared(list any) {
	v := gosnipreflect.ValueOf(list)
	same := v.Len() > 1
	for i := 1; i < v.Len(); i++ {
		same = same && v.Index(i).Pointer() == v.Index(0).Pointer()
	}
	probe.value(same)
}

var gosnipMallocs uint64

func (probe gosnipValue) before() { gosnipMallocs = gosnipAllocated() }

func (probe gosnipValue) allocates() { probe.value(gosnipAllocated() > gosnipMallocs) }

var gosnipStats gosnipruntime.MemStats

func gosnipAllocated() uint64 {
	gosnipruntime.ReadMemStats(&gosnipStats)
	return gosnipStats.Mallocs
}
"#;

const IMPORTS: [&str; 4] = [
    "import gosnipfmt \"fmt\"\n",
    "import gosnipos \"os\"\n",
    "import gosnipreflect \"reflect\"\n",
    "import gosnipruntime \"runtime\"\n",
];

impl Probes {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.values.is_empty()
    }

    /// The Go code the probes need, put at the end of a program that declares these names.
    pub fn support(&self, declared: &BTreeSet<&str>) -> String {
        if self.is_empty() {
            String::new()
        } else if declared.contains("error") {
            // In such a program nothing can name what `fmt.Println` gives.
            SUPPORT
                .replace(" (int, error) {", " {")
                .replace("return gosnipfmt", "gosnipfmt")
        } else {
            SUPPORT.to_owned()
        }
    }

    /// The imports the probes need.
    pub fn imports(&self) -> &'static [&'static str] {
        if self.is_empty() { &[] } else { &IMPORTS }
    }

    /// The call of a function that nothing else calls; what it gives is shown if that is asked for.
    pub fn call(&self, function: &str, arguments: &str) -> String {
        let call = format!("{function}({arguments})");
        match self
            .values
            .iter()
            .position(|glance| glance.expression == call && glance.look == Look::After)
        {
            Some(index) => format!("\tgosnipValue({index}).value({call})\n"),
            None => format!("\t{call}\n"),
        }
    }
}

/// The functions of `fmt` that print to stdout.
const PRINTS: [&str; 3] = ["fmt.Println", "fmt.Printf", "fmt.Print"];

/// The statement that a comment behind the code of `line` (from 0) speaks of: the outermost one that
/// starts and ends on the line, the last of several; or else the innermost that ends there, or the loop,
/// branch or group of names whose head or member stands there.
pub fn statement_on(syntax: &Syntax, line: usize) -> Option<Node<'_>> {
    let mut whole: Option<Node> = None;
    let mut ending: Option<Node> = None;
    let mut head: Option<Node> = None;
    for node in syntax.walk(syntax.root()) {
        let heads = is_headed(node) && node.start_position().row == line
            || is_group(node) && has_member(node, line);
        let ends = node.end_position().row == line;
        if !node.is_named() || node.kind() == "comment" || !(ends || heads) {
            continue;
        }
        if node.parent().is_none() || enclosing_statement(node) != Some(node) {
            continue;
        }
        if !ends {
            head = Some(node);
            continue;
        }
        if node.start_position().row == line {
            let inside = whole.is_some_and(|outer| node.end_byte() <= outer.end_byte());
            if !inside {
                whole = Some(node);
            }
        } else {
            ending = Some(node);
        }
    }
    whole.or(ending).or(head)
}

fn is_group(node: Node) -> bool {
    matches!(node.kind(), "var_declaration" | "const_declaration")
}

/// Whether one of the names of a `var ( … )` or `const ( … )` is declared on `line`.
fn has_member(group: Node, line: usize) -> bool {
    (group.start_position().row..group.end_position().row).contains(&line)
        && specs(group)
            .iter()
            .any(|spec| spec.end_position().row == line)
}

/// The members of a `var` or `const` declaration.
pub fn specs(declaration: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = declaration.walk();
    let mut specs = Vec::new();
    for child in declaration.named_children(&mut cursor) {
        match child.kind() {
            "var_spec" | "const_spec" => specs.push(child),
            "var_spec_list" => {
                let mut cursor = child.walk();
                specs.extend(
                    child
                        .named_children(&mut cursor)
                        .filter(|it| it.kind() == "var_spec"),
                );
            }
            _ => {}
        }
    }
    specs
}

fn is_headed(node: Node) -> bool {
    matches!(
        node.kind(),
        "for_statement"
            | "if_statement"
            | "expression_switch_statement"
            | "type_switch_statement"
            | "select_statement"
    )
}

/// The calls in `statement` that print to stdout and start on `line`.
pub fn print_calls<'t>(syntax: &'t Syntax, statement: Node<'t>, line: usize) -> Vec<Node<'t>> {
    syntax
        .walk(statement)
        .filter(|node| {
            node.kind() == "call_expression"
                && node
                    .child_by_field_name("function")
                    .is_some_and(|callee| PRINTS.contains(&syntax.of(callee)))
                // A call over several lines ends on the comment's line.
                && (node.start_position().row == line || node.end_position().row == line)
        })
        .collect()
}

/// The lines of the code (from 0) on which a call ends that prints, also by `println`.
pub fn print_lines(syntax: &Syntax) -> std::collections::BTreeSet<usize> {
    syntax
        .walk(syntax.root())
        .filter(|node| {
            node.kind() == "call_expression"
                && node.child_by_field_name("function").is_some_and(|callee| {
                    let callee = syntax.of(callee);
                    PRINTS.contains(&callee) || matches!(callee, "print" | "println")
                })
        })
        .map(|node| node.end_position().row)
        .collect()
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
    if calls.is_empty() {
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
            Edit::insert(
                statement.start_byte(),
                format!("gosnipPrint({line}).start(); "),
            ),
        );
        draft.edit(
            snippet.block,
            Edit::insert(statement.end_byte(), format!("; gosnipPrint({line}).end()")),
        );
    } else {
        for call in calls {
            draft.edit(
                snippet.block,
                Edit {
                    at: call.start_byte(),
                    remove: "fmt".len(),
                    insert: format!("gosnipPrint({line})"),
                },
            );
        }
    }
    draft.probes.lines.insert(line);
    true
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

/// The code to put in for a look, or `None` where a statement cannot be looked at.
fn glance_edits(
    draft: &Draft,
    syntax: &Syntax,
    wanted: &Glance,
    index: usize,
) -> Option<Vec<Edit>> {
    let statement = statement_on(syntax, wanted.line)?;
    if !draft.covers(statement.start_byte()) {
        return None;
    }
    let expression = &wanted.expression;
    let probe = format!("gosnipValue({index})");
    if statement.kind() == "const_declaration" && is_top_level(draft, statement) {
        // A constant is the same everywhere; outside of functions there is nowhere else to look.
        let code = format!("; func init() {{ {probe}.value({expression}) }}");
        return (wanted.look == Look::After)
            .then(|| vec![Edit::insert(statement.end_byte(), code)]);
    }
    if !has_room(draft, statement) {
        return None;
    }
    let before = |code: String| Edit::insert(statement.start_byte(), format!("{code}; "));
    let after = |code: String| Edit::insert(statement.end_byte(), format!("; {code}"));
    let shown = format!("{probe}.value({expression})");
    Some(match wanted.look {
        Look::After | Look::Holds => vec![after(shown)],
        Look::Change => vec![before(shown.clone()), after(shown)],
        Look::Targets => vec![after(format!("{probe}.targets({expression})"))],
        Look::Shared => vec![after(format!("{probe}.shared({expression})"))],
        Look::Allocates => vec![
            before(format!("{probe}.before()")),
            after(format!("{probe}.allocates()")),
        ],
        Look::Itself => vec![
            Edit::insert(statement.start_byte(), format!("{probe}.value(")),
            Edit::insert(statement.end_byte(), ")".to_owned()),
        ],
    })
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

/// Take a probed program's output apart.
pub fn read(output: &str) -> Probed {
    let mut probed = Probed::default();
    // Marked lines that are running: nested when a marked call prints through another marked line.
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut rest = output;
    while let Some(at) = rest.find('\x01') {
        push(&mut probed.text, &mut open, &rest[..at]);
        rest = &rest[at + 1..];
        let Some(end) = rest.find('\x02') else {
            break;
        };
        let mark = &rest[..end];
        rest = &rest[end + 1..];
        if let Some(line) = mark.strip_prefix('<').and_then(|line| line.parse().ok()) {
            open.push((line, String::new()));
        } else if let Some(line) = mark
            .strip_prefix('>')
            .and_then(|line| line.parse::<usize>().ok())
        {
            if let Some(at) = open.iter().rposition(|(of, _)| *of == line) {
                let (line, text) = open.remove(at);
                probed.lines.push(Segment {
                    line,
                    text,
                    finished: true,
                });
            }
        } else if let Some(value) = mark.strip_prefix('=') {
            let mut parts = value.split('\x1f');
            let index = parts.next().and_then(|index| index.parse().ok());
            let mut part = || parts.next().unwrap_or_default().to_owned();
            let (text, kind) = (part(), part());
            if let Some(index) = index {
                probed.values.push((index, Value { text, kind }));
            }
        }
    }
    push(&mut probed.text, &mut open, rest);
    // A line that never finished (it panicked, or time was up) still wrote what it wrote.
    probed
        .lines
        .extend(open.into_iter().map(|(line, text)| Segment {
            line,
            text,
            finished: false,
        }));
    probed
}

fn push(text: &mut String, open: &mut [(usize, String)], written: &str) {
    text.push_str(written);
    for (_, output) in open {
        output.push_str(written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out_again() {
        let probed = read("a\n\x01<3\x02b\n\x01>3\x02c\x01=0\x1f[2 3]\x1f[]int\x02\n");
        assert_eq!(probed.text, "a\nb\nc\n");
        assert_eq!(probed.lines[0].text, "b\n");
        assert!(probed.lines[0].finished);
        assert_eq!(probed.values[0].1.kind, "[]int");
    }

    #[test]
    fn a_comment_speaks_of_the_statement_before_it() {
        let code = "for _, f := range fs {\n\tf() // 3\n} // end\na(); b() // last\ndefer fmt.Println(1,\n\t2) // two\n";
        let syntax = Syntax::parse(code);
        let text = |line| syntax.of(statement_on(&syntax, line).unwrap()).to_owned();
        assert_eq!(text(1), "f()");
        assert!(text(2).starts_with("for"));
        assert_eq!(text(3), "b()");
        assert!(text(5).starts_with("defer"));
    }
}
