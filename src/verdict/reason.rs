//! What kind of error a compiler's message, or an author's wording of one, speaks of.
//!
//! Authors put messages into their own words ("cannot compare [2]int == [3]int"), and the compiler's wordings
//! changed over the years. Two messages of one kind, about the same line, give the same reason.

use std::sync::LazyLock;

use regex::Regex;

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

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    KINDS
        .iter()
        .map(|kind| Regex::new(kind).expect("a constant"))
        .collect()
});

/// Whether both speak of an error of the same kind. A message may be of several.
pub(super) fn same(one: &str, other: &str) -> bool {
    PATTERNS
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
}
