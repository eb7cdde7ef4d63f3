//! Output that stands as it is at the end of a block, under a comment that announces it or the command that runs
//! the program above:
//!
//! ```text
//! fmt.Println("a")            func main() { … }
//! // 输出结果                  $ go run main.go
//! a                           a
//! ```

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::elision::blank_range;
use super::{Syntax, item};

static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?im)^//[ \t]*(?:程序|最终)?(?:运行|执行|打印|输出)?(?:结果|输出|打印)(?:内容|结果)?(?:如下|为|是)?[ \t]*[:：]?[ \t]*$|^//[ \t]*(?:the )?(?:program )?(?:outputs?|prints|result)[ \t]*(?:is)?[ \t]*:?[ \t]*$|^[ \t]*[$%>❯➜][ \t]*go run\b[^\n]*$")
        .expect("a constant")
});

/// Output in the code of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawOutput {
    /// Bytes of the code.
    pub span: Range<usize>,
    /// What stands there.
    pub text: String,
    /// Whether the command that runs the code stands above it, rather than a comment.
    pub by_command: bool,
}

/// The output at the end of `code`, and the code with it blanked.
///
/// The rule: under a comment that announces output and nothing else, or a `go run` below code, what follows to the end of the block is no
/// Go: it does not parse, or is values that stand as statements. A comment line among it ends it.
pub fn find(code: &str) -> Option<(RawOutput, String)> {
    let lead = LEAD.find_iter(code).last()?;
    let by_command = !lead.as_str().starts_with("//");
    if by_command && code[..lead.start()].trim().is_empty() {
        return None;
    }
    let start = lead.end() + code[lead.end()..].find('\n')? + 1;
    let rest = &code[start..];
    let first = rest.lines().find(|line| !line.trim().is_empty())?;
    if first.trim_start().starts_with("//") || rest.contains("//") || rest.contains("func ") {
        return None;
    }
    let syntax = Syntax::parse(rest);
    let is_go = syntax.error_bytes() == 0
        && item::items(&syntax)
            .iter()
            .any(|item| item.is_code() && !item.expression);
    if is_go {
        return None;
    }
    let end = start + rest.trim_end().len();
    let mut blanked = code.to_owned();
    blank_range(&mut blanked, start..end);
    let output = RawOutput {
        span: start..end,
        text: code[start..end].to_owned(),
        by_command,
    };
    Some((output, blanked))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str) -> Option<String> {
        find(code).map(|(output, _)| output.text)
    }

    #[test]
    fn output_under_its_lead_is_taken_out_of_the_code() {
        let (output, blanked) = find("f()\n// 输出结果\na 1\npanic: boom\n").unwrap();
        assert_eq!(output.text, "a 1\npanic: boom");
        assert_eq!(blanked.trim_end(), "f()\n// 输出结果");
        assert_eq!(found("f()\n//输出：\n1\n2\n").as_deref(), Some("1\n2"));
        assert_eq!(
            found("f()\n// Output:\n[1 2] true\n").as_deref(),
            Some("[1 2] true")
        );
    }

    #[test]
    fn output_below_the_command_that_runs_the_code() {
        let code = "func main() { f() }\n$ go run main.go\nhi\n";
        assert_eq!(found(code).as_deref(), Some("hi"));
        assert_eq!(found("$ go run main.go\nhi\n"), None);
    }

    #[test]
    fn code_and_comments_under_a_lead_stay() {
        for code in [
            "// 输出\nfmt.Println(1)\n",
            "f()\n// Output:\n// 1\n",
            "// 打印结果\nfor i := range 3 {\n\tfmt.Println(i)\n}\n",
            "f()\n// 输出 3\nx\n",
        ] {
            assert_eq!(found(code), None, "{code}");
        }
    }
}
