//! `// ERROR "re"`: the messages that the compiler is to give.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A message that the compiler is to give.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The line of the code, from 0.
    pub line: usize,
    /// Bytes of the code: from `ERROR` to the end of its line.
    pub span: Range<usize>,
    /// What the message must match, as written.
    pub pattern: String,
    /// Whether the message is one without a line (`ERRORAUTO`).
    pub auto: bool,
}

impl Wanted {
    /// Whether it is about what the compiler does (escapes, inlining) rather than about what is wrong.
    pub fn is_of_escapes(&self) -> bool {
        OF_ESCAPES.is_match(&self.pattern)
    }
}

static OF_ESCAPES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)escape|moved to heap|leak|inlin|self-assignment|zero-copy|stack object")
        .expect("a constant")
});
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"// (?P<mark>(?:GC_)?ERROR(?P<auto>AUTO)?) (?P<rest>.*)").expect("a constant")
});
// Go's runner knows double quotes only; where there are none, back quotes are meant.
static QUOTED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#""([^"]*)""#).expect("a constant"));
static BACK_QUOTED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"`([^`]*)`").expect("a constant"));
static LINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"LINE(?:(?P<sign>[+-])(?P<delta>\d+))?").expect("a constant"));
/// The messages that `// ERROR` comments ask for, in the order of the code.
pub fn all(code: &str) -> Vec<Wanted> {
    let mut found = Vec::new();
    let mut start = 0;
    for (number, line) in code.split('\n').enumerate() {
        found.extend(of_line(line, number, start));
        start += line.len() + 1;
    }
    found
}

/// The messages that line `number` (from 0), which starts at byte `start`, asks for.
pub fn of_line(line: &str, number: usize, start: usize) -> Vec<Wanted> {
    // A comment in a comment switches it off.
    let marked = line.contains("ERROR") && !line.contains("////");
    let Some(mark) = MARK.captures(line).filter(|_| marked) else {
        return Vec::new();
    };
    let from = start + mark.name("mark").map_or(0, |mark| mark.start());
    let quotes = if QUOTED.is_match(&mark["rest"]) {
        &QUOTED
    } else {
        &BACK_QUOTED
    };
    quotes
        .captures_iter(&mark["rest"])
        .map(|quoted| Wanted {
            line: number,
            span: from..start + line.trim_end().len(),
            pattern: quoted[1].to_owned(),
            auto: mark.name("auto").is_some(),
        })
        .collect()
}

/// A pattern of Go's as one of ours. `LINE` in it means the line it stands on (from 0 here) of `file`.
pub fn compile(pattern: &str, line: usize, file: &str) -> Result<Regex, String> {
    let number = |found: &regex::Captures| {
        let delta = found
            .name("delta")
            .and_then(|delta| delta.as_str().parse::<usize>().ok())
            .unwrap_or(0);
        let line = match found.name("sign").map(|sign| sign.as_str()) {
            Some("-") => (line + 1).saturating_sub(delta),
            _ => line + 1 + delta,
        };
        format!("{file}:{line}")
    };
    let pattern = LINE.replace_all(pattern, number);
    Regex::new(&pattern)
        .or_else(|_| Regex::new(&literal_braces(&pattern)))
        .map_err(|error| {
            let error = error.to_string();
            error.lines().last().unwrap_or_default().to_owned()
        })
}

/// Braces that count nothing stand for themselves in Go's patterns.
fn literal_braces(pattern: &str) -> String {
    static COUNT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\{\d+(?:,\d*)?\}").expect("a constant"));
    let mut text = String::new();
    let mut escaped = false;
    for (at, c) in pattern.char_indices() {
        if !escaped && c == '{' && !COUNT.is_match(&pattern[at..]) {
            text.push('\\');
        }
        escaped = c == '\\' && !escaped;
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_quoted_patterns_of_a_line_are_wanted() {
        let code = "x := 1 // ERROR \"declared\" \"not used\"\n\
            y := 2 // GC_ERROR `a.b`\nz := 3 // GCCGO_ERROR \"no\"\n//// ERROR \"off\"\n\
            w := 4 // ERRORAUTO \"auto\"\n";
        let found: Vec<_> = all(code)
            .into_iter()
            .map(|wanted| (wanted.line, wanted.pattern, wanted.auto))
            .collect();
        assert_eq!(
            found,
            [
                (0, "declared".to_owned(), false),
                (0, "not used".to_owned(), false),
                (1, "a.b".to_owned(), false),
                (4, "auto".to_owned(), true),
            ]
        );
    }

    #[test]
    fn patterns_mean_what_they_mean_to_go() {
        assert!(
            compile("at LINE-1", 4, "main.go")
                .unwrap()
                .is_match("at main.go:4")
        );
        assert!(compile("T{...}", 0, "main.go").unwrap().is_match("T{...}"));
        assert!(compile("a{2}", 0, "main.go").unwrap().is_match("aa"));
        assert!(compile("a(", 0, "main.go").is_err());
    }
}
