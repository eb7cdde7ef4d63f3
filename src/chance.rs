//! What chance may decide in a program: by its words and its syntax, so that too much is taken for open
//! rather than too little. Whatever a third-party package does inside is open: nobody here has read it.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use crate::build::{imports, starts_goroutines};
use crate::snippet::syntax::Syntax;
use crate::toolchain::modules::is_foreign;

/// Whether what a program does may differ from run to run: it has goroutines, several ready channels, maps
/// in unknown order, random numbers or clocks, or asks the system.
pub fn may_vary(source: &str) -> bool {
    const WORDS: [&str; 13] = [
        "go ", ".Go(", "select {", "map[", "rand.", "time.", "sync.", "0x", "%p", "unsafe.",
        "runtime.", "context.", "os.",
    ];
    WORDS.iter().any(|word| source.contains(word)) || uses_modules(source)
}

/// Whether a program imports packages of third parties.
pub fn uses_modules(source: &str) -> bool {
    // Most sources have no such text anywhere, and need no closer look.
    source.contains("import") && imports(source).iter().any(|it| is_foreign(&it.path))
}

/// Whether the order of a program's goroutines is the scheduler's to choose. One that asks for a single processor asks
/// for the order that the scheduler has there.
pub fn is_scheduled(source: &str) -> bool {
    static ALONE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\bGOMAXPROCS\(\s*1\s*\)").expect("a constant"));
    (starts_goroutines(source) || uses_modules(source)) && !ALONE.is_match(source)
}

/// Whether a program can have something to do with the clock.
pub fn asks_the_clock(source: &str) -> bool {
    let mut found = source.match_indices("time.");
    found.any(|(at, _)| {
        let before = source[..at].chars().next_back();
        before.is_none_or(|it| it != '_' && !it.is_alphanumeric())
    })
}

/// The sources of chance whose odds are known, so that it is known how many runs settle the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    /// It may range over a map: where that begins is one of eight slots.
    pub maps: bool,
    /// It may draw one of two: a `select` with several cases that may be ready, random numbers, the order of
    /// a `sync.Map`.
    pub draws: bool,
}

impl Chance {
    /// What may be open in a program.
    pub fn of(source: &str) -> Self {
        if uses_modules(source) {
            return Self {
                maps: true,
                draws: true,
            };
        }
        let has = |words: &[&str]| words.iter().any(|word| source.contains(word));
        // A map's type may be written elsewhere: in a package that is imported.
        let has_maps = has(&["map[", "\"net/", "\"go/", "\"maps\"", "reflect.", "expvar."]);
        let maybe_maps = has_maps && has(&["range", "maps.", "MapRange", "MapKeys"]);
        let maybe_selects = has(&["select"]);
        if !maybe_maps && !maybe_selects && !has(&["rand.", "sync.Map"]) {
            return Self {
                maps: false,
                draws: false,
            };
        }
        let syntax = Syntax::parse(source);
        let nodes = || syntax.walk(syntax.root());
        Self {
            maps: maybe_maps
                && (has(&["maps.", "MapRange", "MapKeys"])
                    || nodes().any(|node| may_range_over_a_map(&syntax, node))),
            draws: draws_numbers(source)
                || has(&["sync.Map"]) && has(&[".Range("])
                || nodes().any(|node| may_choose(&syntax, node)),
        }
    }
}

/// Whether random numbers are drawn. A generator with a constant seed gives the same ones each time, unless
/// the package's own functions are called too.
fn draws_numbers(source: &str) -> bool {
    const SEEDED: [&str; 9] = [
        "rand.New(",
        "rand.NewSource(",
        "rand.NewPCG(",
        "rand.NewZipf(",
        "rand.NewChaCha8(",
        "rand.Rand",
        "rand.Source",
        "rand.Zipf",
        "rand.PCG",
    ];
    source
        .match_indices("rand.")
        .any(|(at, _)| !SEEDED.iter().any(|word| source[at..].starts_with(word)))
        || source.contains("rand.NewSource(time")
}

/// A range clause, unless what is ranged over is no map by its very form: a number, a string, a list in
/// place, or a name that is a list, a channel or a number wherever the program gives it a value or a type.
fn may_range_over_a_map(syntax: &Syntax, node: Node<'_>) -> bool {
    if node.kind() != "range_clause" {
        return false;
    }
    let Some(right) = node.child_by_field_name("right") else {
        return true;
    };
    match right.kind() {
        "identifier" => !is_never_a_map(syntax, syntax.of(right)),
        _ => !is_no_map(syntax, right),
    }
}

/// Whether an expression or a type is no map by its form.
fn is_no_map(syntax: &Syntax, node: Node<'_>) -> bool {
    match node.kind() {
        "int_literal"
        | "interpreted_string_literal"
        | "raw_string_literal"
        | "slice_type"
        | "array_type"
        | "channel_type"
        | "slice_expression"
        | "func_literal"
        | "function_type" => true,
        "type_identifier" => matches!(syntax.of(node), "int" | "string" | "uint" | "int64"),
        "composite_literal" => node
            .child_by_field_name("type")
            .is_some_and(|it| it.kind() == "implicit_length_array_type" || is_no_map(syntax, it)),
        "call_expression" => {
            let callee = node.child_by_field_name("function");
            let callee = callee.map(|it| syntax.of(it)).unwrap_or_default();
            let first = node
                .child_by_field_name("arguments")
                .and_then(|arguments| arguments.named_child(0));
            match callee {
                "len" | "cap" | "append" | "string" | "[]byte" | "[]rune" => true,
                "make" => first.is_some_and(|it| is_no_map(syntax, it)),
                _ => callee.starts_with("strings.") || callee.starts_with("slices."),
            }
        }
        "type_conversion_expression" => node
            .child_by_field_name("type")
            .is_some_and(|it| is_no_map(syntax, it)),
        _ => false,
    }
}

/// Whether every declaration and assignment of this name gives it something that is no map, and there is
/// one.
fn is_never_a_map(syntax: &Syntax, name: &str) -> bool {
    let mut seen = false;
    for node in syntax.walk(syntax.root()) {
        let (names, given) = match node.kind() {
            "short_var_declaration" | "assignment_statement" => (
                node.child_by_field_name("left"),
                node.child_by_field_name("right"),
            ),
            "var_spec" | "parameter_declaration" | "const_spec" => {
                let mut cursor = node.walk();
                let named = node
                    .children_by_field_name("name", &mut cursor)
                    .any(|it| syntax.of(it) == name);
                if named {
                    let of_type = node.child_by_field_name("type");
                    let value = node.child_by_field_name("value");
                    let value = value.and_then(|list| list.named_child(0));
                    if !of_type.or(value).is_some_and(|it| is_no_map(syntax, it)) {
                        return false;
                    }
                    seen = true;
                }
                continue;
            }
            // A variable of a loop, a received value, a case of a type switch: of unknown type.
            "range_clause"
            | "receive_statement"
            | "type_switch_statement"
            | "variadic_parameter_declaration" => {
                let field = match node.kind() {
                    "type_switch_statement" => "alias",
                    "variadic_parameter_declaration" => "name",
                    _ => "left",
                };
                let names = node.child_by_field_name(field);
                if names.is_some_and(|list| mentions(syntax, list, name)) {
                    return false;
                }
                continue;
            }
            _ => continue,
        };
        let (Some(names), Some(given)) = (names, given) else {
            continue;
        };
        if !mentions(syntax, names, name) {
            continue;
        }
        // `a, b := f()`: not known which is what.
        let single = names.named_child_count() == 1 && given.named_child_count() == 1;
        let is_list = given.named_child(0).is_some_and(|it| is_no_map(syntax, it));
        if !single || !is_list {
            return false;
        }
        seen = true;
    }
    seen
}

fn mentions(syntax: &Syntax, list: Node<'_>, name: &str) -> bool {
    syntax
        .walk(list)
        .any(|node| node.kind() == "identifier" && syntax.of(node) == name)
}

/// A `select` with two cases at least that may be ready at the same time. A case that waits for a timer of its
/// own or for the end of a context is ready at another time than the others, as far as chance goes.
fn may_choose(syntax: &Syntax, node: Node<'_>) -> bool {
    if node.kind() != "select_statement" {
        return false;
    }
    let mut cursor = node.walk();
    let cases = node
        .named_children(&mut cursor)
        .filter(|case| case.kind() == "communication_case")
        .filter_map(|case| case.child_by_field_name("communication"))
        .filter(|case| {
            !["time.After(", ".Done()"]
                .iter()
                .any(|word| syntax.of(*case).contains(word))
        });
    cases.count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(body: &str) -> String {
        format!("package main\n\nfunc main() {{\n{body}\n}}\n")
    }

    #[test]
    fn a_range_over_what_may_be_a_map_is_open() {
        let maps = |body: &str| Chance::of(&program(body)).maps;
        assert!(maps("m := map[int]int{}\nfor range m {}"));
        assert!(maps("for k := range map[int]int{1: 1} { _ = k }"));
        assert!(maps(
            "var s []map[int]int\nfor _, m := range s { for range m {} }"
        ));
        assert!(maps("m := map[int]int{}\nx := m\nfor range x {}"));
        assert!(maps("ks := slices.Sorted(maps.Keys(map[int]int{}))"));
        assert!(maps(
            "_ = map[int]int{}\nx, y := f()\nfor range y {}\n_ = x"
        ));
        assert!(!maps("for i := range 3 { _ = i }"));
        assert!(!maps("m := map[int]int{}\nfor i := range 3 { m[i] = i }"));
        assert!(!maps(
            "m := map[int]int{}\nfor _, s := range []int{1} { m[s] = s }"
        ));
        assert!(!maps(
            "m := map[int]int{}\ns := []int{1}\nfor _, x := range s { m[x] = x }"
        ));
        assert!(!maps(
            "m := map[int]chan int{}\nc := make(chan int)\nfor range c {}\n_ = m"
        ));
        assert!(maps(
            "s := []int{1}\n{ s := map[int]int{}\nfor range s {} }\n_ = s"
        ));
    }

    #[test]
    fn all_is_open_in_what_third_parties_have_written() {
        let source = "package main\n\nimport (\n\t\"fmt\"\n\tl \"a.b/c\"\n)\n\nfunc main() { fmt.Println(l.X()) }\n";
        let all = Chance {
            maps: true,
            draws: true,
        };
        assert_eq!(Chance::of(source), all);
        assert!(may_vary(source) && is_scheduled(source));
        let standard = source.replace("a.b/c", "net/netip");
        assert!(!may_vary(&standard) && !is_scheduled(&standard));
        // A path that the program prints is no import.
        assert!(!may_vary(&program("println(`import \"a.b/c\"`)")));
    }

    #[test]
    fn a_select_that_can_choose_and_random_numbers_are_draws() {
        let draws = |body: &str| Chance::of(&program(body)).draws;
        assert!(draws("select {\ncase <-a:\ncase <-b:\n}"));
        assert!(draws(
            "select {\ncase x := <-a:\n_ = x\ncase b <- 1:\ndefault:\n}"
        ));
        assert!(!draws(
            "select {\ncase <-a:\ncase <-time.After(time.Second):\n}"
        ));
        assert!(!draws("select {\ncase <-a:\ndefault:\n}"));
        assert!(!draws("select {}"));
        assert!(draws("println(rand.Intn(2))"));
        assert!(!draws(
            "r := rand.New(rand.NewSource(1))\nprintln(r.Intn(2))"
        ));
        assert!(draws(
            "r := rand.New(rand.NewSource(time.Now().UnixNano()))\n_ = r"
        ));
        assert!(draws("var m sync.Map\nm.Range(f)"));
    }
}
