//! Lines that are said to crash by what goes wrong on them rather than by the word "panic": `s[i] // 下标越界`,
//! `1 / zero // integer divide by zero`, `delete(m, "x") // 对 nil map 执行 delete 会 panic`.
//!
//! The rule: the line does something that can go wrong at run time (an index, a division, a call, …), the comment
//! names what goes wrong or ends in "… 会 panic" and "… deadlocks", and it neither denies nor limits it. A line
//! that declares, returns or branches can only be described by such words.

use tree_sitter::Node;

use crate::snippet::Syntax;
use crate::snippet::probe::print_calls;

use super::lexicon::{CONDITIONAL, HEDGED};
use super::trailing::{Builder, calls, is_alone};
use super::{Claim, Confidence, Kind, Subject};

// What the runtime says of it, behind a sigh at most.
pattern!(
    MESSAGE,
    r"(?i)^(?:(?:boom|oops|bang|crash(?:es)?|fails)\s*[!,.:]*\s*)?(?P<message>(?:index|slice bounds) out of range.*|(?:integer )?divide by zero|(?:runtime error: )?invalid memory address.*|nil pointer dereference|assignment to entry in nil map|send on closed channel|close of (?:closed|nil) channel|interface conversion: .*)$"
);
// The same in Chinese, as the author calls it.
pattern!(
    CALLED,
    r"(?i)^(?:这里|此处|这行|会|将|发生|触发|引发|报|运行时)*(?:(?:数组|切片|下标|索引|字符串)*(?:访问)?越界|空指针(?:异常|引用|解引用|错误)?|(?:整数)?(?:除以?零|除以 ?0|除 ?0)|类型断言失败|对 ?nil ?map ?(?:写入?|赋值))了?(?:错误|异常)?[，, ]*(?:会|将|就|直接|导致|触发|引发|报错|,)*\s*(?:panic|宕机|崩溃)?\s*[。！!]?$"
);
// A sentence that ends in what happens.
pattern!(
    PANICS,
    r"(?i)^(?P<before>.{0,40}?)(?:(?:会|将|将会|必然|一定会?|直接|就|导致|引发|触发)+\s*(?:发生|引发|触发|导致)?\s*panic|[:：]\s*panic)\s*[。！!]?$"
);
pattern!(
    DEADLOCKS,
    r"(?i)^(?P<before>.{0,40}?)(?:会|将|就|必然|导致|造成|引发|产生|发生)+(?:发生|造成|引发|产生)?死锁\s*[。！!]?$"
);
pattern!(
    DENIED,
    r"(?i)不|没|避免|防止|否则|如|以免|而|捕获|恢复|处理|模拟|\?|？|吗|\b(?:no|not|never|avoids?|prevents?|instead|recover)\b|n't\b"
);
// `s[0]`, `e.Error()`: code that the words are about.
pattern!(CODE, r"[A-Za-z_][A-Za-z0-9_.]*(?:\[[^\]]*\]|\([^()]*\))");
// Words that name another time than this one: what they say need not happen here.
pattern!(
    OTHER_TIME,
    r"重复|再次|再|多次|两次|以后|之后|后|超过|大于|时$|时会|第二|other|again|twice|空时"
);

/// The claim that the line crashes, if the comment makes it.
pub(super) fn read(
    builder: &Builder,
    syntax: &Syntax,
    statement: Option<Node>,
    line: usize,
) -> Option<Claim> {
    let statement = statement?;
    let text = builder.comment.text.trim();
    if CONDITIONAL.is_match(text) || !may_fail(syntax, statement, line) {
        return None;
    }
    let what_if = matches!(builder.subject, Subject::WhatIf { .. });
    if let Some(found) = MESSAGE.captures(text) {
        return Some(builder.claim(Kind::Panic, &found["message"], Confidence::Certain));
    }
    if CALLED.is_match(text) {
        return Some(builder.claim(Kind::Panic, "", Confidence::Likely));
    }
    let (kind, before) = if let Some(found) = PANICS.captures(text) {
        (Kind::Panic, found.name("before")?.as_str().to_owned())
    } else {
        let found = DEADLOCKS.captures(text)?;
        (Kind::Deadlock, found.name("before")?.as_str().to_owned())
    };
    // `panic(x) // 这里会 panic` describes the call.
    if DENIED.is_match(&before) || calls(syntax, statement, "panic") {
        return None;
    }
    // `s := make([]int, 0) // 此时 s[0] 会 panic`: of other code than the line has.
    let blank = |text: &str| text.replace([' ', '\t'], "");
    let own = blank(syntax.of(statement));
    if CODE
        .find_iter(&before)
        .any(|code| !own.contains(&blank(code.as_str())))
    {
        return None;
    }
    // On a line that is switched off, the words are about what it would do, however they put it.
    let sure =
        what_if || !OTHER_TIME.is_match(&before) && (kind == Kind::Panic || is_alone(syntax));
    let confidence = if sure {
        Confidence::Likely
    } else {
        Confidence::Weak
    };
    Some(Claim {
        hedged: HEDGED.is_match(text),
        ..builder.claim(kind, "", confidence)
    })
}

/// Whether the line does something that can go wrong when it runs. A print call's own work cannot.
pub(super) fn may_fail(syntax: &Syntax, statement: Node, line: usize) -> bool {
    const ACTS: [&str; 8] = [
        "expression_statement",
        "short_var_declaration",
        "assignment_statement",
        "var_declaration",
        "send_statement",
        "inc_statement",
        "dec_statement",
        "defer_statement",
    ];
    let prints = print_calls(syntax, statement, line);
    ACTS.contains(&statement.kind())
        && syntax.walk(statement).any(|node| match node.kind() {
            "index_expression"
            | "slice_expression"
            | "type_assertion_expression"
            | "send_statement" => true,
            "binary_expression" => syntax.of(node).contains(['/', '%']),
            "unary_expression" => syntax.of(node).starts_with(['*', '<']),
            "selector_expression" => !prints
                .iter()
                .any(|call| call.child_by_field_name("function") == Some(node)),
            "call_expression" => !prints.contains(&node) && syntax.of(node) != "recover()",
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_wrong_has_names() {
        for text in [
            "下标越界",
            "空指针 panic",
            "数组越界 panic",
            "会越界",
            "整数除零，会 panic",
        ] {
            assert!(CALLED.is_match(text), "{text}");
        }
        for text in ["检查是否越界", "防止越界", "空指针检查", "越界的下标"] {
            assert!(!CALLED.is_match(text), "{text}");
        }
        assert!(MESSAGE.is_match("boom! slice bounds out of range"));
        assert!(!MESSAGE.is_match("checks for index out of range"));
    }

    #[test]
    fn sentences_may_end_in_it() {
        let before = |text: &str| {
            let found = PANICS.captures(text).or_else(|| DEADLOCKS.captures(text))?;
            (!DENIED.is_match(&found["before"])).then(|| found["before"].to_owned())
        };
        assert!(before("对 nil map 执行 delete 会 panic").is_some());
        assert!(before("往已关闭的 channel 发送数据：panic").is_some());
        assert!(before("再写两个就会死锁").is_some());
        assert!(before("不会 panic").is_none());
        assert!(before("先判断，避免 map 为 nil 时会 panic").is_none());
        assert!(OTHER_TIME.is_match(&before("重复关闭也会 panic").unwrap_or_default()));
    }
}
