//! Listings of output as authors edit them: with remarks behind lines, and with lines left out.

use std::sync::LazyLock;

use regex::Regex;

use crate::claim::lexicon::is_cjk;

use super::text;

// `a [9 2]   ← through b`, `2   // the second`, `3 (又一次)`: what stands behind a line of output.
static POINTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<said>.*?)\s*(?:←|⟵|⇐|👈|\s<(?:-+|=+)\s)\s*\S.*$").expect("a constant")
});
static COMMENTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<said>.*?)(?:^|\s)\s*(?://|#)\s*(?P<remark>\S.*)$").expect("a constant")
});
static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<said>.*\S)\s*[（(](?P<remark>[^()（）]*)[）)]\s*$").expect("a constant")
});

// What an editor or the playground writes around the output of a program.
static FRAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:Process finished with (?:the )?exit code -?\d+.*|\[?Program exited\b.*|\[(?:Running|Done)\] .*|Process exiting with code: \d+.*|(?:API|DAP) server listening at: \S+|Detaching and terminating target process|进程已结束[，,].*|成功[:：] 进程退出代码.*|请按任意键继续.*|Press any key to (?:continue|close).*)$")
        .expect("a constant")
});

/// Whether a line is what an editor, a terminal or the playground writes before or behind the output of a program.
pub fn is_frame(line: &str) -> bool {
    FRAME.is_match(line.trim())
}

/// A listing without what its author says of its lines: what is printed as it stands stays. `None` if nothing of it is
/// a remark.
pub(super) fn bare(listing: &str, observed: &str) -> Option<String> {
    let printed = |said: &str| {
        let mut lines = observed.lines();
        lines.any(|line| text::compare(said, line).is_some())
    };
    let mut found = false;
    let mut lines = Vec::new();
    for line in listing.lines() {
        match without_remark(line).filter(|_| !printed(line)) {
            Some("") => found = true,
            Some(said) if printed(said) => {
                found = true;
                lines.push(said);
            }
            _ => lines.push(line),
        }
    }
    found.then(|| lines.join("\n"))
}

/// A line of a listing without the remark that may stand behind it.
pub fn without_remark(line: &str) -> Option<&str> {
    if is_frame(line) {
        return Some("");
    }
    const KINDS: [Kind; 3] = [
        (&POINTED, |_| true),
        (&COMMENTED, in_words),
        (&BRACKETED, in_chinese),
    ];
    KINDS.iter().find_map(|(pattern, fits)| {
        let found = pattern.captures(line)?;
        let remark = found.name("remark").map_or("", |it| it.as_str());
        let said = found.name("said")?;
        fits(remark).then(|| line[..said.end()].trim_end())
    })
}

/// A pattern, and whether the words that it finds are a remark.
type Kind = (&'static LazyLock<Regex>, fn(&str) -> bool);

/// `# 5` and `// 5` may be output.
fn in_words(remark: &str) -> bool {
    let words = remark.split_whitespace();
    let words = words.filter(|word| word.chars().all(char::is_alphabetic));
    in_chinese(remark) || words.count() > 1
}

fn in_chinese(remark: &str) -> bool {
    remark.chars().any(is_cjk)
}

/// Whether a listing that leaves out lines (`...`) shows nothing but lines of the output, in their order. Who points at
/// lines of a listing shows those that matter, and not every gap has its dots.
pub(super) fn is_selection(listing: &str, observed: &str) -> bool {
    let mut observed = observed.lines();
    let mut shown = listing.lines().filter(|line| !line.trim().is_empty());
    text::has_wildcard(listing)
        && shown.all(|line| {
            is_dots(line) || observed.any(|printed| text::compare(line, printed).is_some())
        })
}

/// Whether a line is nothing but dots, which stand for lines that are left out.
fn is_dots(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.chars().all(|c| matches!(c, '.' | '…'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_taken_off() {
        for (listing, output) in [
            ("a [9 2]   # changed through b\nb [9 2]", "a [9 2]\nb [9 2]"),
            ("a [9 2]  ← through b", "a [9 2]"),
            ("s1 =[1 2]\ns2 =[9]  <-- 被覆盖了", "s1 =[1 2]\ns2 =[9]"),
            ("3   // 第一次\n4 (第二次)", "3\n4"),
            ("# 第一次\n3", "3"),
            ("1 (一)  ← first\n2 (二)", "1 (一)\n2 (二)"),
            ("3\n\nProcess finished with exit code 0", "3\n"),
        ] {
            assert_eq!(bare(listing, output).as_deref(), Some(output), "{listing}");
        }
        for (listing, output) in [
            ("item # 5", "item"),
            ("http://example.com/a b", "http:"),
            ("x<-y", "x"),
            ("f (x y)", "f"),
            ("a # five of them", "b"),
            ("2 (二)", "2 (二)"),
        ] {
            assert_eq!(bare(listing, output), None, "{listing}");
        }
    }

    #[test]
    fn lines_may_be_left_out_without_dots_if_others_are_with_them() {
        let output = "a\nb\nc\nd\ne";
        assert!(is_selection("a\n...\nc\ne", output));
        assert!(!is_selection("a\n...\ne\nc", output));
        assert!(!is_selection("a\n...\nx", output));
        assert!(!is_selection("a\nc", output));
    }
}
