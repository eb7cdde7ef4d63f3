//! Tests, benchmarks, fuzz targets and examples, and the `main` that runs them as `go test` does.
//!
//! `go test` generates a `main` that hands all of them to package `testing`. So does this, with the flags
//! `-test.v -test.bench=. -test.benchtime=1x`: what each test said is seen, and each benchmark runs once.
//! A file that is extracted gets no such `main`: it is a `_test.go` file, and `go test` brings its own.
//!
//! Statements that speak to a `t` or `b` which nothing around them declares (`t.Errorf("got %d", n)`) are the body of a
//! test or benchmark; they get the function back that was left out.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use super::Snippet;
use super::item::{Item, ItemKind};
use super::source::Edit;
use super::syntax::Syntax;

/// What `go test` would find in a program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tests {
    tests: Vec<String>,
    benchmarks: Vec<String>,
    fuzz_targets: Vec<String>,
    examples: Vec<Example>,
    /// Whether there is a `TestMain`.
    main: bool,
    /// Whether `go test` itself is to run them, so that no `main` is needed.
    pub file: bool,
}

/// An example that says what it prints.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Example {
    name: String,
    output: String,
    unordered: bool,
}

// As in cmd/go and go/doc.
static OUTPUT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*(unordered )?output:").expect("a constant"));

impl Tests {
    /// The tests among these functions; `None` if there are none (examples alone are called like
    /// any function without parameters).
    pub fn among<'i>(items: impl IntoIterator<Item = (&'i Syntax, &'i Item)>) -> Option<Self> {
        let mut tests = Self::default();
        for (syntax, item) in items {
            let Some(name) = item.names.first() else {
                continue;
            };
            match part(item) {
                Some(Part::Test) => tests.tests.push(name.clone()),
                Some(Part::Benchmark) => tests.benchmarks.push(name.clone()),
                Some(Part::Fuzz) => tests.fuzz_targets.push(name.clone()),
                Some(Part::Main) => tests.main = true,
                Some(Part::Example) => tests.examples.extend(example(syntax, item)),
                None => {}
            }
        }
        let some = [&tests.tests, &tests.benchmarks, &tests.fuzz_targets]
            .iter()
            .any(|names| !names.is_empty());
        some.then_some(tests)
    }

    /// The test or benchmark that is made of statements.
    pub fn of_body(body: Body) -> Self {
        let names = vec![body.function().to_owned()];
        match body {
            Body::Test => Self {
                tests: names,
                ..Self::default()
            },
            Body::Benchmark => Self {
                benchmarks: names,
                ..Self::default()
            },
        }
    }

    /// Whether the name is one of a test, benchmark, fuzz target or example that is run.
    pub fn runs(&self, name: &str) -> bool {
        [&self.tests, &self.benchmarks, &self.fuzz_targets]
            .iter()
            .any(|names| names.iter().any(|known| known == name))
            || self.examples.iter().any(|example| example.name == name)
    }

    /// The name that their function was given, if it is statements whose function the note left out.
    pub fn given_name(&self) -> Option<&'static str> {
        let names = [Body::Test, Body::Benchmark].map(Body::function);
        names.into_iter().find(|name| self.runs(name))
    }

    /// The imports that the generated `main` needs.
    pub fn imports(&self) -> Vec<&'static str> {
        let mut imports = vec![
            "import gosnipflag \"flag\"\n",
            "import gosniptesting \"testing\"\n",
        ];
        if self.needs_start() {
            imports.push("import gosniptestdeps \"testing/internal/testdeps\"\n");
        }
        if self.needs_start() && !self.main {
            imports.push("import gosnipexit \"os\"\n");
        }
        imports
    }

    /// Whether `testing.Main` does not suffice: it knows no fuzz targets and no `TestMain`.
    fn needs_start(&self) -> bool {
        self.main || !self.fuzz_targets.is_empty()
    }

    /// The `main` that runs them.
    pub fn main(&self) -> String {
        let mut text = String::from(
            "func main() {\n\tgosniptesting.Init()\n\tgosnipflag.Set(\"test.v\", \"true\")\n\
             \tgosnipflag.Set(\"test.bench\", \".\")\n\tgosnipflag.Set(\"test.benchtime\", \"1x\")\n",
        );
        let list = |kind: &str, names: &[String]| {
            let entries: Vec<String> = names
                .iter()
                .map(|name| format!("{{{name:?}, {name}}}"))
                .collect();
            format!("[]gosniptesting.{kind}{{{}}}", entries.join(", "))
        };
        let examples: Vec<String> = self
            .examples
            .iter()
            .map(
                |Example {
                     name,
                     output,
                     unordered,
                 }| {
                    // Go's interpreted strings know all escapes that Rust's debug format writes, but for `\u{…}`,
                    // which stands for characters that nobody can read.
                    format!("{{{name:?}, {name}, {output:?}, {unordered}}}")
                },
            )
            .collect();
        let examples = format!("[]gosniptesting.InternalExample{{{}}}", examples.join(", "));
        let tests = list("InternalTest", &self.tests);
        let benchmarks = list("InternalBenchmark", &self.benchmarks);
        if self.needs_start() {
            let targets = list("InternalFuzzTarget", &self.fuzz_targets);
            let run = if self.main {
                "TestMain(all)"
            } else {
                "gosnipexit.Exit(all.Run())"
            };
            text.push_str(&format!(
                "\tall := gosniptesting.MainStart(gosniptestdeps.TestDeps{{}}, {tests}, {benchmarks}, {targets}, {examples})\n\t{run}\n}}\n"
            ));
        } else {
            text.push_str(&format!(
                "\tgosniptesting.Main(func(string, string) (bool, error) {{ return true, nil }}, {tests}, {benchmarks}, {examples})\n}}\n"
            ));
        }
        text
    }
}

/// Which function statements are the body of that only `go test` calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// `func TestFragment(t *testing.T)`
    Test,
    /// `func BenchmarkFragment(b *testing.B)`
    Benchmark,
}

pattern!(
    SPEAKS_TO_T,
    r"\bt\.(?:(?:Error|Fatal|Log|Skip)f?\(|Run\([^()]*, func|(?:Helper|Parallel|FailNow|TempDir)\(\)|Cleanup\()"
);
pattern!(
    SPEAKS_TO_B,
    r"\bb\.(?:N\b|Loop\(\)|ResetTimer\(\)|ReportAllocs\(\)|RunParallel\()"
);

impl Body {
    /// What these statements (items of a snippet) are the body of, if of one of both.
    pub fn of(snippet: &Snippet, statements: &[usize]) -> Option<Self> {
        let speaks = |name: &str, pattern: &Regex| {
            let declared = |at: &usize| snippet.items[*at].names.iter().any(|it| it == name);
            let speaks = |at: &usize| {
                let span = snippet.items[*at].span.clone();
                let node = snippet.syntax.at(span.clone());
                pattern.is_match(&snippet.code()[span])
                    && node.is_some_and(|node| is_selected_from(&snippet.syntax, node, name))
            };
            !statements.iter().any(declared) && statements.iter().any(speaks)
        };
        if speaks("t", &SPEAKS_TO_T) {
            Some(Self::Test)
        } else if speaks("b", &SPEAKS_TO_B) {
            Some(Self::Benchmark)
        } else {
            None
        }
    }

    /// The name of the function.
    fn function(self) -> &'static str {
        match self {
            Self::Test => "TestFragment",
            Self::Benchmark => "BenchmarkFragment",
        }
    }

    /// The name of its parameter.
    pub fn parameter(self) -> &'static str {
        match self {
            Self::Test => "t",
            Self::Benchmark => "b",
        }
    }

    /// Its first line.
    pub fn opening(self) -> String {
        let (name, parameter) = (self.function(), self.parameter());
        let kind = parameter.to_uppercase();
        format!("func {name}({parameter} *testing.{kind}) {{\n")
    }
}

/// Whether something is selected from a `name` that stands outside of what declares one.
fn is_selected_from(syntax: &Syntax, node: Node, name: &str) -> bool {
    let declares = |list: Option<Node>| {
        let mut names = list.into_iter().flat_map(|list| syntax.walk(list));
        names.any(|it| it.kind() == "identifier" && syntax.of(it) == name)
    };
    let in_scope = |selector: Node| {
        let mut up = selector.parent().filter(|_| selector != node);
        while let Some(at) = up {
            let list = match at.kind() {
                "func_literal" | "function_declaration" => at.child_by_field_name("parameters"),
                "for_statement" => at
                    .named_child(0)
                    .filter(|it| matches!(it.kind(), "range_clause" | "for_clause"))
                    .and_then(|it| it.named_child(0)),
                _ => None,
            };
            if declares(list) {
                return true;
            }
            up = at.parent().filter(|_| at != node);
        }
        false
    };
    let assigned = syntax
        .walk(node)
        .any(|it| it.kind() == "short_var_declaration" && declares(it.child_by_field_name("left")));
    !assigned
        && syntax
            .walk(node)
            .filter(|it| it.kind() == "selector_expression")
            .filter(|it| {
                let operand = it.child_by_field_name("operand");
                operand.is_some_and(|operand| syntax.of(operand) == name)
            })
            .any(|it| !in_scope(it))
}

/// What `go test` makes of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Test,
    Benchmark,
    Fuzz,
    Example,
    Main,
}

fn part(item: &Item) -> Option<Part> {
    let ItemKind::Func(signature) = &item.kind else {
        return None;
    };
    if !signature.body || signature.generic || signature.results {
        return None;
    }
    let name = item.names.first()?;
    let types: Vec<&str> = signature.types.iter().map(String::as_str).collect();
    let is = |prefix: &str| {
        // As in cmd/go: `Testify` is no test, `Test`, `Test_it` and `TestIt` are.
        name.strip_prefix(prefix)
            .is_some_and(|rest| !rest.starts_with(char::is_lowercase))
    };
    match types.as_slice() {
        ["*testing.M"] if name == "TestMain" => Some(Part::Main),
        ["*testing.T"] if is("Test") => Some(Part::Test),
        ["*testing.B"] if is("Benchmark") => Some(Part::Benchmark),
        ["*testing.F"] if is("Fuzz") => Some(Part::Fuzz),
        [] if is("Example") => Some(Part::Example),
        _ => None,
    }
}

/// Whether `go test` runs the function.
pub fn is_test(item: &Item) -> bool {
    part(item).is_some_and(|part| part != Part::Example)
}

/// Whether the function is an example.
pub fn is_example(item: &Item) -> bool {
    part(item) == Some(Part::Example)
}

/// An example with what it says it prints: in the last comment of its body.
fn example(syntax: &Syntax, item: &Item) -> Option<Example> {
    let body = syntax
        .at(item.span.clone())?
        .child_by_field_name("body")
        .filter(|body| body.kind() == "block")?;
    let mut lines: Vec<&str> = Vec::new();
    let last: Vec<Node> = syntax
        .walk(body)
        .filter(|node| node.kind() == "comment")
        .collect();
    let mut row = None;
    for comment in last.iter().rev() {
        let below = row.is_none_or(|row| comment.end_position().row + 1 == row);
        if !below {
            break;
        }
        row = Some(comment.start_position().row);
        lines.push(syntax.of(*comment));
    }
    // Code below the comment means that it is not the last thing in the body.
    let end = last.last()?.end_byte();
    if !syntax.text[end..body.end_byte().saturating_sub(1)]
        .trim()
        .is_empty()
    {
        return None;
    }
    let text: String = lines
        .iter()
        .rev()
        .map(|line| match line.strip_prefix("//") {
            Some(text) => format!("{}\n", text.strip_prefix(' ').unwrap_or(text)),
            None => line
                .trim_start_matches("/*")
                .trim_end_matches("*/")
                .to_owned(),
        })
        .collect();
    let found = OUTPUT.captures(&text)?;
    Some(Example {
        name: item.names.first()?.clone(),
        unordered: found.get(1).is_some(),
        output: text[found.get(0)?.end()..].trim().to_owned() + "\n",
    })
}

/// The edit that gets a program's own `main` out of the way of the generated one.
pub fn rename_main(syntax: &Syntax, item: &Item) -> Option<Edit> {
    let name = syntax.at(item.span.clone())?.child_by_field_name("name")?;
    Some(Edit {
        at: name.start_byte(),
        remove: name.byte_range().len(),
        insert: "gosnipmain".to_owned(),
    })
}

static TIME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^(\s*--- \w+: .*) \(\d+\.\d+s\)$").expect("a constant"));
static MACHINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^(?:goos|goarch|pkg|cpu): .*\n").expect("a constant"));
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^(Benchmark\S*?)(?:-\d+)?[ \t]+\d+[ \t]+[\d.]+ ns/op.*$").expect("a constant")
});

/// What a test run wrote, without what differs from run to run and from machine to machine: times, and the
/// figures of benchmarks.
pub fn steady(output: &str) -> String {
    let text = TIME.replace_all(output, "$1 (0.00s)");
    let text = MACHINE.replace_all(&text, "");
    FIGURES.replace_all(&text, "$1").into_owned()
}

static OF_GO_TEST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^(?:=== .*|\s*--- \w+: .*|PASS|FAIL|Benchmark\S*|testing: warning: .*|exit status \d+)\n")
        .expect("a constant")
});

/// What the tests themselves print, without what `go test` says of them.
pub fn printed(output: &str) -> String {
    OF_GO_TEST.replace_all(output, "").into_owned()
}

#[cfg(test)]
mod tests {
    use crate::snippet::Draft;
    use crate::snippet::tests::note_of;

    use super::super::item::items;
    use super::*;

    fn found(code: &str) -> Option<Tests> {
        let syntax = Syntax::parse(code);
        let items = items(&syntax);
        Tests::among(items.iter().map(|item| (&syntax, item)))
    }

    #[test]
    fn only_what_go_test_runs_is_a_test() {
        let tests = found(
            "func TestAdd(t *testing.T) {}\nfunc Testify(t *testing.T) {}\nfunc TestPair(t *testing.T, n int) {}\n\
             func Benchmark_it(b *testing.B) {}\nfunc helper(t *testing.T) {}\n",
        )
        .unwrap();
        assert_eq!(tests.tests, ["TestAdd"]);
        assert_eq!(tests.benchmarks, ["Benchmark_it"]);
        assert!(tests.runs("TestAdd") && !tests.runs("helper"));
        assert!(found("func ExampleAdd() {\n\t// Output: 3\n}\n").is_none());
    }

    #[test]
    fn an_example_says_what_it_prints_in_its_last_comment() {
        let tests = found(
            "func TestAdd(t *testing.T) {}\nfunc ExampleAdd() {\n\t// first\n\tfmt.Println(1)\n\tfmt.Println(2)\n\t// Output:\n\t// 1\n\t// 2\n}\n\
             func ExampleNone() {\n\t// Output: 1\n\tf()\n}\n",
        )
        .unwrap();
        assert_eq!(
            tests.examples,
            [Example {
                name: "ExampleAdd".into(),
                output: "1\n2\n".into(),
                unordered: false
            }]
        );
    }

    #[test]
    fn times_and_figures_are_taken_out() {
        assert_eq!(
            steady(
                "=== RUN   TestA\n--- PASS: TestA (0.01s)\ngoos: linux\ncpu: x\nBenchmarkB-4 \t 1\t  123 ns/op\nPASS\n"
            ),
            "=== RUN   TestA\n--- PASS: TestA (0.00s)\nBenchmarkB\nPASS\n"
        );
    }

    #[test]
    fn statements_may_be_the_body_of_a_test() {
        let body = |blocks: &[&str]| {
            let (snippets, _) = note_of(blocks);
            Draft::of(&snippets[0]).remove(0).test_body
        };
        assert_eq!(body(&["t.Errorf(\"%d\", 1)\n"]), Some(Body::Test));
        assert_eq!(
            body(&["t.Run(tt.name, func(t *testing.T) {})\n"]),
            Some(Body::Test)
        );
        let run = "t.Run(tt.name, func(t *testing.T) {\n\tt.Fatal(1)\n})\n";
        assert_eq!(body(&[run]), Some(Body::Test));
        let each = |name: &str| format!("for _, {name} := range tests {{\n\t{run}}}\n");
        assert_eq!(body(&[&each("tt")]), Some(Body::Test));
        assert_eq!(body(&[&each("t")]), None);
        assert_eq!(body(&["for b.Loop() {\n\tf()\n}\n"]), Some(Body::Benchmark));
        assert_eq!(body(&["t := open()\nt.Error()\n"]), None);
        assert_eq!(body(&["t.Run()\nb.String()\n"]), None);
        assert_eq!(body(&["func f(t *testing.T) {\n\tt.Fatal(1)\n}\n"]), None);
    }
}
