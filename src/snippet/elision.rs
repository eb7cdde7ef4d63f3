//! What authors leave out, and what stands between their code that is none.
//!
//! Most blocks parse as they stand. Of one that does not, what is clearly no code is blanked or mended, one
//! rule at a time, and each only if more of the block parses then. Everything keeps its place: the text
//! stays as long as it was, with the same lines.
//!
//! | in the note | becomes | then |
//! | --- | --- | --- |
//! | line numbers before every line | blanks | it is run |
//! | `$ go run x.go` | blanks | it is run |
//! | a line of prose between statements, `或` between alternatives | blanks | it is run |
//! | `...` on a line of its own, in braces, among arguments | blanks | it is compiled |
//! | `...` among the fields of a struct or the methods of an interface | blanks | it is run |
//! | `x := ...`, `if ... {` | a name nothing declares, which a stand-in may take the place of | it is compiled |
//! | `// type T struct {`, where the code uses `T` and nothing else declares it | the declaration | it is run |
//! | `type fmt.Stringer interface {…}`: the package before the name that is declared | the name | it is run |
//! | `（`, `，` where Go has `(`, `,` | those | it is run |
//! | `“` where Go has `"` | that | it is compiled |
//!
//! Code with something left out is compiled and never run: what it would do is not what the author's whole
//! program does. Fields that no code shown uses are none of that; but no claim is refuted without them.

mod commented;
mod prose;
mod text;

use std::ops::Range;

use regex::Regex;

use self::prose::{bare_words, prose};
use self::text::{free, full_width, is_free};
use super::syntax::Syntax;

pattern!(DOTS, r"\.{3,}|…+|。{3,}");
pattern!(NUMBER, r"^\s*(\d+)(?:[.:|)]|\s|$)\s?");
pattern!(
    COMMAND,
    r"(?m)^[ \t]*[$%#>❯➜][ \t]+\S[^\n]*$|^[ \t]*(?:go (?:run|build|test|vet|mod|get|install)|cd|mkdir|curl|export) [^\n(){}=]*$"
);
// Words that stand between alternatives, and rulers.
pattern!(
    BETWEEN,
    r"(?m)^[ \t]*(?:(?:或者?|以及|等价于|等同于|相当于|or|vs\.?)[:：]?|[-=*~─]{3,})[ \t]*$"
);
pattern!(BLANK_COMMENT, r"(,[ \t]*)/\*[^*\n]*\*/[ \t]*(,)");
// A comment that says that code is left out where it stands.
pattern!(
    LEFT_OUT,
    r"^(?://|/\*)\s*(?:\.{3,}|…+)|省略|此处略|(?:其[他它]|剩余|剩下)的?(?:代码|字段|逻辑|方法|实现|操作)|(?i)\bomitted\b|\brest of (?:the|your)\b|\b(?:other|more|your) (?:code|fields|methods)\b"
);

// A declaration that is quoted with the name of its package.
pattern!(
    OF_PACKAGE,
    r"(?m)^(?:type|func|var|const)[ \t]+([a-z][a-z0-9_]*\.)[\pL_]"
);

// A comment line that stands for code: dots, or words for "the rest".
pattern!(
    DOTS_IN_COMMENT,
    r"(?m)^\s*(?://|/\*)\s*(?:\.{3,}|…|省略|其他字段|其它字段|其余|other fields|omitted|rest of)"
);

/// Whether a comment in the code says that something is left out: `// ... other fields`.
pub fn is_partial(code: &str) -> bool {
    DOTS_IN_COMMENT.is_match(code)
}

/// Code in which what is none was blanked or mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The code, as long as before.
    pub text: String,
    /// Where something is left out.
    pub gaps: Vec<Gap>,
}

/// A place at which something is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The byte of the code.
    pub at: usize,
    /// Whether it is fields of a struct or methods of an interface, without which the rest does what it does.
    pub of_members: bool,
}

/// A way to read code, and where something is left out then.
type Rule = fn(&str) -> Option<(String, Vec<usize>)>;

const RULES: [Rule; 7] = [
    numbers,
    commands,
    of_package,
    dots,
    blank_comments,
    prose,
    full_width,
];

/// The code mended, if that makes more of it Go.
pub fn mend(code: &str) -> Option<Mended> {
    // A word between alternatives may parse as an expression; as a statement it is none.
    let text = between(code).map_or_else(|| code.to_owned(), |(text, _)| text);
    let text = bare_words(&text).unwrap_or(text);
    let text = commented::declared(&text).unwrap_or(text);
    mend_by(code, text, &RULES)
}

/// The code without dots that stand for code, if that makes more of it Go.
pub fn mend_dots(code: &str) -> Option<Mended> {
    mend_by(code, code.to_owned(), &[dots])
}

fn mend_by(code: &str, mut text: String, rules: &[Rule]) -> Option<Mended> {
    let mut left_out = Vec::new();
    let mut syntax = Syntax::parse(&text);
    for rule in rules {
        if syntax.error_bytes() == 0 {
            break;
        }
        let Some((tried, leaves_out)) = rule(&text) else {
            continue;
        };
        let mended = Syntax::parse(&tried);
        if mended.error_bytes() < syntax.error_bytes() {
            (text, syntax) = (tried, mended);
            left_out.extend(leaves_out);
        }
    }
    if text == code || !has_code(&syntax) {
        return None;
    }
    let gaps = left_out.into_iter().map(|at| Gap {
        at,
        of_members: is_among_members(&syntax, at),
    });
    let gaps = gaps.collect();
    Some(Mended { text, gaps })
}

/// Whether a place lies directly among the fields of a struct or the methods of an interface.
fn is_among_members(syntax: &Syntax, at: usize) -> bool {
    let node = syntax.at(at..at);
    node.is_some_and(|node| matches!(node.kind(), "field_declaration_list" | "interface_type"))
}

/// Whether anything but comments is left: a block of nothing but commands or prose is no Go.
fn has_code(syntax: &Syntax) -> bool {
    let root = syntax.root();
    let mut cursor = root.walk();
    root.named_children(&mut cursor)
        .any(|node| node.kind() != "comment")
}

/// Whether a comment says that something is left out where it stands.
pub fn is_left_out(comment: &str) -> bool {
    LEFT_OUT.is_match(comment)
}

/// Line numbers, counting up, before every line that has text.
fn numbers(code: &str) -> Option<(String, Vec<usize>)> {
    let mut ranges = Vec::new();
    let mut last: Option<u64> = None;
    let mut start = 0;
    for line in code.split_inclusive('\n') {
        if !line.trim().is_empty() {
            let found = NUMBER.captures(line)?;
            let number: u64 = found[1].parse().ok()?;
            if last.is_some_and(|last| number <= last) {
                return None;
            }
            last = Some(number);
            let end = found.get(0)?.end().min(line.trim_end_matches('\n').len());
            ranges.push(start..start + end);
        }
        start += line.len();
    }
    (ranges.len() > 1).then(|| (blanked(code, ranges), Vec::new()))
}

/// The package before the name that a quoted declaration declares.
fn of_package(code: &str) -> Option<(String, Vec<usize>)> {
    let free = free(code);
    let ranges: Vec<Range<usize>> = OF_PACKAGE
        .captures_iter(code)
        .filter_map(|found| found.get(1))
        .map(|package| package.range())
        .filter(|range| is_free(&free, range.start))
        .collect();
    (!ranges.is_empty()).then(|| (blanked(code, ranges), Vec::new()))
}

fn commands(code: &str) -> Option<(String, Vec<usize>)> {
    without(code, &COMMAND)
}

fn between(code: &str) -> Option<(String, Vec<usize>)> {
    without(code, &BETWEEN)
}

/// The code without what the pattern matches outside of strings and comments.
fn without(code: &str, pattern: &Regex) -> Option<(String, Vec<usize>)> {
    let free = free(code);
    let ranges: Vec<Range<usize>> = pattern
        .find_iter(code)
        .map(|found| found.range())
        .filter(|range| is_free(&free, range.start + blank_start(&code[range.clone()])))
        .collect();
    (!ranges.is_empty()).then(|| (blanked(code, ranges), Vec::new()))
}

fn blank_start(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Dots that stand for code.
fn dots(code: &str) -> Option<(String, Vec<usize>)> {
    let free = free(code);
    let mut text = code.to_owned();
    let mut names = 0;
    let mut left_out = Vec::new();
    for found in DOTS.find_iter(code) {
        if !is_free(&free, found.start()) {
            continue;
        }
        let before = code[..found.start()].trim_end_matches([' ', '\t']);
        let after = code[found.end()..].trim_start_matches([' ', '\t', '\n']);
        let last = before.chars().next_back();
        // `[...]T`, `f(x...)`, `func(x ...T)` are Go.
        let array = last == Some('[') && after.starts_with(']');
        let spread = after.starts_with(')')
            && before.len() == found.start()
            && last.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ')' | ']' | '}'));
        let variadic = code[found.end()..]
            .starts_with(|c: char| c.is_alphabetic() || matches!(c, '*' | '[' | '_' | '('));
        if found.as_str() == "..." && (array || spread || variadic) {
            continue;
        }
        left_out.push(found.start());
        let mut range = found.range();
        if last == Some(',') {
            range.start = before.len() - 1;
        } else if after.starts_with(',') && code[found.end()..].starts_with(',') {
            range.end += 1;
        }
        blank_range(&mut text, range);
        let word = before
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default();
        let wants_value = last == Some('=')
            || matches!(word, "if" | "switch" | "case" | "return" | "range")
                && !before.ends_with('\n');
        // A name of three letters fits in the place of three dots, or of one character of three bytes.
        if wants_value && names < 26 {
            let name = format!("__{}", char::from(b'a' + names));
            text.replace_range(found.start()..found.start() + name.len(), &name);
            names += 1;
        }
    }
    (text != code).then_some((text, left_out))
}

/// `1: "a", /* ... */, 12: "b"`: a comment in the place of elements.
fn blank_comments(code: &str) -> Option<(String, Vec<usize>)> {
    let ranges: Vec<Range<usize>> = BLANK_COMMENT
        .captures_iter(code)
        .filter_map(|found| found.get(2).map(|comma| comma.range()))
        .collect();
    let left_out = ranges.iter().map(|range| range.start).collect();
    (!ranges.is_empty()).then(|| (blanked(code, ranges), left_out))
}

fn blanked(code: &str, ranges: Vec<Range<usize>>) -> String {
    let mut text = code.to_owned();
    for range in ranges {
        blank_range(&mut text, range);
    }
    text
}

/// Replace the bytes of `range` by spaces, keeping line breaks.
pub fn blank_range(text: &mut String, range: Range<usize>) {
    let blanks: String = text[range.clone()]
        .bytes()
        .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
        .collect();
    text.replace_range(range, &blanks);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(code: &str) -> (String, bool) {
        let mended = mend(code).unwrap();
        assert_eq!(mended.text.len(), code.len(), "{code}");
        assert_eq!(
            Syntax::parse(&mended.text).error_bytes(),
            0,
            "{}",
            mended.text
        );
        let left_out = mended.gaps.iter().any(|gap| !gap.of_members);
        (mended.text, left_out)
    }

    #[test]
    fn members_of_a_type_may_be_left_out() {
        let code =
            "type T struct {\n\tn int\n\t...\n}\n\ntype I interface { ... }\n\nfunc f() { ... }\n";
        let gaps: Vec<bool> = mend(code)
            .unwrap()
            .gaps
            .iter()
            .map(|it| it.of_members)
            .collect();
        assert_eq!(gaps, [true, true, false]);
        let function = "type T struct {\n\tn func() int\n}\n\nvar t = T{func() int { ... }}\n";
        assert!(!mend(function).unwrap().gaps[0].of_members);
    }

    #[test]
    fn a_comment_may_say_that_something_is_left_out() {
        assert!(is_partial(
            "type T struct {\n\t// ...其他字段\n\tn int\n}\n"
        ));
        assert!(is_partial("type T struct {\n\t// … more\n}\n"));
        assert!(!is_partial("type T struct {\n\tn int // 1, 2, ...\n}\n"));
    }

    #[test]
    fn only_dots_that_stand_for_code_are_elisions() {
        let (text, left_out) = mended(
            "f(a...)\nfunc g() { ... }\n\t...\n…\nx := []int{1, 2, ...}\nvar s = [...]int{1}\n",
        );
        assert!(left_out);
        assert!(text.starts_with("f(a...)\nfunc g() {     }\n"));
        assert!(!text.contains('…') && text.contains("[...]int{1}"));
        assert_eq!(
            mend("f(a...)\nvar s = [...]int{1}\nfunc h(x ...int) {}\n"),
            None
        );
    }

    #[test]
    fn dots_in_the_place_of_a_value_become_a_name() {
        let (text, left_out) = mended("x := ...\nif … {\n\tf(x)\n}\n");
        assert!(left_out);
        assert_eq!(text, "x := __a\nif __b {\n\tf(x)\n}\n");
    }

    #[test]
    fn line_numbers_prompts_and_words_between_leave_nothing_out() {
        assert_eq!(
            mended("1  x := 1\n2  if x > 0 {\n3  }\n"),
            ("   x := 1\n   if x > 0 {\n   }\n".into(), false)
        );
        let (text, left_out) = mended("$ go run main.go\nx := 1\n");
        assert!(!left_out && text.trim_start().starts_with("x := 1"));
        let (text, left_out) = mended("var x = 1\n或者\nx := 1\n");
        assert!(!left_out && !text.contains('或'));
        let (text, left_out) = mended("x := 1\n然后我们再看第二种写法：\ny := 2\n");
        assert!(!left_out && text.contains("y := 2") && !text.contains('然'));
        let (text, _) = mended(
            "type T struct {\n\tx, y int\n\tname string\n}\n\nthen we use it\n\nt := T{}\nand print\nf(t)\n",
        );
        assert!(text.contains("x, y int\n\tname string"), "{text}");
        assert!(
            !text.contains("then") && !text.contains("and print"),
            "{text}"
        );
        let (_, left_out) = mended("x := 1\n这里省略若干代码。\ny := 2\n");
        assert!(left_out);
    }

    #[test]
    fn punctuation_is_mended_outside_of_strings_only() {
        let (text, left_out) = mended("fmt.Println（“你好，世界”，\"一，二\"）\n");
        assert!(left_out && text.contains("\"一，二\""), "{text}");
        assert_eq!(mend("f（1） // 编译错误：全角括号\n"), None);
        assert_eq!(mend("package main\n\nfunc main() { f（1） }\n"), None);
    }

    #[test]
    fn commands_alone_are_no_code() {
        assert_eq!(mend("$ go build ./...\n$ ./server --port 80\n"), None);
    }

    #[test]
    fn code_is_no_prose() {
        assert_eq!(mend("变量 := 1\nfmt.Println(变量)\n"), None);
        assert!(
            is_left_out("// ...")
                && is_left_out("// 其他字段")
                && is_left_out("// rest of the loop")
        );
        assert!(!is_left_out("// 输出 1"));
    }
}
