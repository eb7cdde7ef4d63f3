//! Answers that something leads to: a word at the start of the paragraph (`Output: …`, `答案：…`), a paragraph, a heading
//! or a summary before it that says nothing else.

use std::sync::LazyLock;

use regex::Regex;

use super::{SENTENCE, claim};
use crate::claim::{Claim, Confidence, spelled, value};
use crate::note::Prose;
use crate::snippet::Snippet;

// `Output: …`, `答案：…` at the start of a paragraph.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:最终|程序|运行|执行|打印|依次|会|将|最后|参考|正确|标准)*(?:输出|打印|结果|答案)(?:结果|内容|顺序)?(?:(?:及|和|与|/|、)?(?:解析|分析|解释|说明))?(?:是|为|如下)?\s*[:：]|^(?:the )?(?:correct )?(?:outputs?|answer|result|prints|solution)(?:\s*(?:/|&|and|or)\s*(?:solution|explanation|output|answer))?(?: is)?\s*:")
        .expect("a constant")
});
pub(super) static LEAD_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[^。.!?\n]{0,16}(?:输出|结果|打印|答案)[^。.!?\n]{0,8}[:：]$|^(?:the )?(?:outputs?|answer|result)(?: is)?\s*:$")
        .expect("a constant")
});
// `<summary>答案</summary>`
pub(in crate::claim) static SUMMARY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)<summary>\s*(?:<[^>]+>\s*)*(?:点击)?(?:查看|展开|显示|show |see |view |the )?(?:the )?(?:参考)?(?:答案|输出|结果|运行结果|answer|output|result)s?(?:(?:及|和|与)?(?:解析|分析|解释))?\s*[:：]?\s*(?:<[^>]+>\s*)*</summary>")
        .expect("a constant")
});

// Headings that say no more than what follows of the code above them. What is expected may stand before its code.
pattern!(
    /// `### Output`, `#### 运行结果`
    pub(in crate::claim) HEADS_OUTPUT,
    r"(?i)^(?:[\d.]+[.、)]?\s*)?(?:(?:程序|代码|测试|示例)?(?:的)?(?:(?:运行|执行|编译)(?:的)?(?:结果|输出|报错|错误)|(?:输出|打印)(?:的)?(?:结果|内容|信息)?)|结果|(?:the |sample |example |program |console |actual )?(?:outputs?|results?))\s*[:：]?$"
);
pattern!(
    /// `### 答案`, `#### Answer`
    pub(in crate::claim) HEADS_ANSWER,
    r"(?i)^(?:[\d.]+[.、)]?\s*)?(?:(?:参考|正确|标准)?答案(?:(?:及|和|与|/|、)?(?:解析|分析|解释|说明))?|(?:the )?(?:correct )?(?:answers?|solution)(?:\s*(?:/|&|and)\s*explanation)?)\s*[:：]?$"
);

pattern!(
    /// `#### 解析`, `### Explanation`: what follows speaks of the code above, and need not say what it prints.
    pub(super) HEADS_REASON,
    r"(?i)^(?:[\d.]+[.、)]?\s*)?(?:(?:答案|代码|原理|原因)?(?:解析|分析|解释|说明)|解答|(?:the )?explanation)\s*[:：]?$"
);

/// A paragraph that starts with a marked lead word: "Output: 0 1 2", "答案：[1 2]". What follows is the output, if
/// it looks like one.
pub(super) fn led(prose: &Prose, text: &str, snippet: &Snippet, first: bool) -> Option<Claim> {
    let text = text.trim();
    let found = LEAD.find(text)?;
    let said = text[found.end()..].trim().trim_end_matches(['。', '；']);
    if said.is_empty() || said.lines().count() > 12 {
        return None;
    }
    // "答案：[b a]。因为 …": the first sentence is the answer, where it is nothing but values.
    let head = SENTENCE
        .find(said)
        .map_or(said, |end| said[..end.start()].trim());
    let said = match value::is_values(head) || is_spelled(head, snippet) {
        true => head,
        false => said,
    };
    let quotes = value::is_values(said) || is_spelled(said, snippet);
    let confidence = if quotes && first {
        Confidence::Certain
    } else if quotes {
        Confidence::Likely
    } else {
        Confidence::Weak
    };
    Some(claim(prose, snippet, said, confidence))
}

/// Whether a text is nothing but values and whole string literals of the code, several of them.
fn is_spelled(text: &str, snippet: &Snippet) -> bool {
    let literals = spelled::literals(&snippet.syntax, None);
    let pieces = value::pieces(text);
    pieces.len() > 1
        && pieces
            .iter()
            .all(|piece| value::is_value(piece) || literals.contains(piece))
}
