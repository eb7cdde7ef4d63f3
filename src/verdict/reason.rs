//! What kind of error a compiler's message, or an author's wording of one, speaks of.
//!
//! Authors put messages into their own words ("cannot compare [2]int == [3]int"), and the compiler's wordings
//! changed over the years. Two messages of one kind, about the same line, give the same reason.

use std::sync::LazyLock;

use regex::Regex;

// What the runtime panics with.
const CRASHES: [&str; 6] = [
    r"(?i)out of (?:range|bounds)|beyond (?:the )?(?:cap|len|end|range)|越界|超出(?:范围|容量|长度)",
    r"(?i)nil (?:pointer|func|reference|deref)|null pointer|invalid memory address|空指针|nil ?指针|空函数",
    r"(?i)nil map|空(?:的 ?)?map",
    r"(?i)divide by zero|division by zero|divided by (?:0|zero)|除(?:以|数为|零|0)",
    r"(?i)interface conversion|type assertion|类型断言|断言失败",
    r"(?i)(?:close of|closing an?) closed|close .{0,12}twice|重复关闭",
];
const KINDS: [&str; 11] = [
    r"(?i)not used|\bunused\b|未(?:被)?使用|没有(?:被)?使用",
    r"(?i)\bundefined\b|undeclared|not defined|no field or method|未定义|没有定义",
    r"(?i)unknown field|has no field",
    r"(?i)cannot compare|can't compare|can only be compared|cannot be compared|incomparable|operator (?:==|!=) not defined|[=!]= .*mismatched|不能比较|无法比较|不可比较",
    r"(?i)mismatch|cannot use|can't use|cannot assign|can't assign|cannot convert|can't convert|incompatible|does not implement|missing method|类型不匹配|没有实现|未实现",
    r"(?i)(?:cannot|can't) take (?:the )?address|not addressable|unaddressable|取地址|不可寻址",
    r"(?i)overflow|truncated|out of range|溢出|截断",
    r"(?i)missing return|缺少(?:返回|return)",
    r"(?i)redeclared|no new variables|duplicate|重复(?:声明|定义)|重新声明",
    r"(?i)not exported|unexported|未导出|不可导出",
    r"(?i)syntax error|unexpected|语法错误",
];

fn compiled(kinds: &[&str]) -> Vec<Regex> {
    kinds
        .iter()
        .map(|kind| Regex::new(kind).expect("a constant"))
        .collect()
}

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| compiled(&KINDS));
static CRASH_PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| compiled(&CRASHES));

/// Whether both speak of an error of the same kind. A message may be of several.
pub(super) fn same(one: &str, other: &str) -> bool {
    both_of(&PATTERNS, one, other)
}

// What the runtime's own words fill in: which index, which types. Who quotes them means these.
static FILLED_IN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\[-?\d*:?-?\d*(?::-?\d*)?\]|interface conversion: .+ is .+, not ")
        .expect("a constant")
});

/// Whether an author's words and Go's message speak of the same kind of panic.
pub(super) fn same_crash(author: &str, message: &str) -> bool {
    !FILLED_IN.is_match(author) && both_of(&CRASH_PATTERNS, author, message)
}

fn both_of(kinds: &[Regex], one: &str, other: &str) -> bool {
    kinds
        .iter()
        .any(|kind| kind.is_match(one) && kind.is_match(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_words_for_one_error() {
        for (author, compiler) in [
            (
                "cannot compare [2]int == [3]int",
                "invalid operation: a == d (mismatched types [2]int and [3]int)",
            ),
            ("unused: f", "declared and not used: f"),
            (
                "溢出",
                "cannot use 300 (untyped int constant) as uint8 value (overflows)",
            ),
            (
                "can't take address of Point literal",
                "cannot take address of Point{}",
            ),
        ] {
            assert!(same(author, compiler), "{author} / {compiler}");
        }
        for (author, compiler) in [
            ("x undefined", "declared and not used: x"),
            ("missing return", "undefined: y"),
            ("unknown fields", "undefined: y"),
        ] {
            assert!(!same(author, compiler), "{author} / {compiler}");
        }
    }

    #[test]
    fn other_words_for_one_panic() {
        let message = "runtime error: slice bounds out of range [:9] with capacity 4";
        assert!(same_crash("beyond capacity", message));
        assert!(same_crash(
            "空指针",
            "invalid memory address or nil pointer dereference"
        ));
        assert!(!same_crash("nil map", message));
        assert!(!same_crash(
            "slice bounds out of range [:7] with capacity 4",
            message
        ));
        assert!(!same_crash(
            "interface conversion: interface {} is string, not int",
            "interface conversion: interface {} is int, not string"
        ));
    }
}
