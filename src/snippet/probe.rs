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
    /// Expressions whose value is shown, each after the statement on its line (from 0).
    pub values: Vec<(usize, String)>,
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
    /// `len`, for what has one.
    pub len: Option<usize>,
    /// `cap`, for what has one.
    pub cap: Option<usize>,
}

const SUPPORT: &str = r#"
type gosnipPrint int

func (line gosnipPrint) start() { gosnipos.Stdout.WriteString(gosnipfmt.Sprintf("\x01<%d\x02", int(line))) }
func (line gosnipPrint) end()   { gosnipos.Stdout.WriteString(gosnipfmt.Sprintf("\x01>%d\x02", int(line))) }

func (line gosnipPrint) Println(a ...any) (int, error) {
	line.start()
	defer line.end()
	return gosnipfmt.Println(a...)
}

func (line gosnipPrint) Print(a ...any) (int, error) {
	line.start()
	defer line.end()
	return gosnipfmt.Print(a...)
}

func (line gosnipPrint) Printf(format string, a ...any) (int, error) {
	line.start()
	defer line.end()
	return gosnipfmt.Printf(format, a...)
}

func gosnipValue(probe int, value any) {
	length, capacity := -1, -1
	switch v := gosnipreflect.ValueOf(value); v.Kind() {
	case gosnipreflect.Slice, gosnipreflect.Chan, gosnipreflect.Array:
		length, capacity = v.Len(), v.Cap()
	case gosnipreflect.Map, gosnipreflect.String:
		length = v.Len()
	}
	gosnipos.Stdout.WriteString(gosnipfmt.Sprintf("\x01=%d\x1f%v\x1f%T\x1f%d\x1f%d\x02", probe, value, value, length, capacity))
}
"#;

const IMPORTS: [&str; 3] = [
    "import gosnipfmt \"fmt\"\n",
    "import gosnipos \"os\"\n",
    "import gosnipreflect \"reflect\"\n",
];

impl Probes {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.values.is_empty()
    }

    /// The Go code the probes need, put at the end of the program.
    pub fn support(&self) -> &'static str {
        if self.is_empty() { "" } else { SUPPORT }
    }

    /// The imports the probes need.
    pub fn imports(&self) -> &'static [&'static str] {
        if self.is_empty() { &[] } else { &IMPORTS }
    }

    /// The call of a function that nothing else calls; what it gives is shown if that is asked for.
    pub fn call(&self, function: &str) -> String {
        let call = format!("{function}()");
        match self.values.iter().position(|probe| probe.1 == call) {
            Some(index) => format!("\tgosnipValue({index}, {call})\n"),
            None => format!("\t{call}\n"),
        }
    }
}

/// The functions of `fmt` that print to stdout.
const PRINTS: [&str; 3] = ["fmt.Println", "fmt.Printf", "fmt.Print"];

/// The statement that a comment behind the code of `line` (from 0) speaks of: the outermost one that
/// starts and ends on the line, the last of several; or else the innermost that ends there.
pub fn statement_on(syntax: &Syntax, line: usize) -> Option<Node<'_>> {
    let mut whole: Option<Node> = None;
    let mut ending: Option<Node> = None;
    for node in syntax.walk(syntax.root()) {
        if !node.is_named() || node.kind() == "comment" || node.end_position().row != line {
            continue;
        }
        if node.parent().is_none() || enclosing_statement(node) != Some(node) {
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
    whole.or(ending)
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

/// Show the value of `expression` after the statement on `line` (from 0). Returns the probe's index.
pub fn show_value(draft: &mut Draft, line: usize, expression: &str) -> Option<usize> {
    let wanted = (line, expression.to_owned());
    if let Some(known) = draft
        .probes
        .values
        .iter()
        .position(|probe| *probe == wanted)
    {
        return Some(known);
    }
    // What a call of a function gives that the driver calls anyway.
    if let Some(function) = expression.strip_suffix("()") {
        if !draft.calls.iter().any(|call| call == function) {
            return None;
        }
        draft.probes.values.push(wanted);
        return Some(draft.probes.values.len() - 1);
    }
    let snippet = std::sync::Arc::clone(&draft.snippet);
    let statement = statement_on(&snippet.syntax, line)?;
    if !draft.covers(statement.start_byte())
        || matches!(
            statement.kind(),
            "return_statement"
                | "break_statement"
                | "continue_statement"
                | "goto_statement"
                | "function_declaration"
                | "method_declaration"
                | "type_declaration"
        )
    {
        return None;
    }
    let top_level = statement
        .parent()
        .is_some_and(|parent| parent.kind() == "source_file");
    if top_level
        && !draft
            .body
            .iter()
            .any(|&at| snippet.items[at].span == statement.byte_range())
    {
        return None;
    }
    let index = draft.probes.values.len();
    draft.edit(
        snippet.block,
        Edit::insert(
            statement.end_byte(),
            format!("; gosnipValue({index}, {expression})"),
        ),
    );
    draft.probes.values.push(wanted);
    Some(index)
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
            let (text, kind, len, cap) = (part(), part(), part(), part());
            if let Some(index) = index {
                let value = Value {
                    text,
                    kind,
                    len: len.parse().ok(),
                    cap: cap.parse().ok(),
                };
                probed.values.push((index, value));
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
        let probed = read("a\n\x01<3\x02b\n\x01>3\x02c\x01=0\x1f[2 3]\x1f[]int\x1f2\x1f4\x02\n");
        assert_eq!(probed.text, "a\nb\nc\n");
        assert_eq!(probed.lines[0].text, "b\n");
        assert!(probed.lines[0].finished);
        assert_eq!(probed.values[0].1.cap, Some(4));
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
