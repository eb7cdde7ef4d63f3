//! What comments and prose say of a run as a whole: that its output differs from run to run, what comes before
//! what, with which code it exits, what `go vet` reports.

use crate::note::Prose;
use crate::snippet::Snippet;

use super::comment::Comment;
use super::lexicon::{CONDITIONAL, HEDGED};
use super::{Claim, Confidence, Form, Kind, Subject};

// The output differs: it must be said of order, output or result.
pattern!(
    VARIES,
    r"(?i)(?:顺序|次序|输出|结果|打印)[^，。；\n]{0,8}?(?:不固定|不定|不确定|不唯一|不一致|随机|不可预测|不能保证|无法保证|没有保证|每次[^，。；\n]{0,6}不(?:一定)?(?:同|一样))|(?:每次|每一次)[^，。；\n]{0,8}(?:顺序|次序|输出|结果|打印)[^，。；\n]{0,6}不(?:一定)?(?:同|一样|一致)|(?:随机|任意)(?:的)?顺序|每次(?:运行|执行)[^，。；\n]{0,10}不(?:一定)?(?:同|一样)|\b(?:random|unspecified|undefined|arbitrary|any|unpredictable)\s+order\b|\border\b[^.;\n]{0,20}\b(?:random|undefined|unspecified|not guaranteed|not deterministic|unpredictable|varies|may vary|may differ)\b|\bnon-?deterministic\b|\bin (?:a )?different orders?\b[^.;\n]{0,24}\b(?:each|every|run|runs|time)\b|\b(?:two|different|several|separate) runs\b[^.;\n]{0,40}\b(?:different|differ)\b|\b(?:differs?|varies|vary) (?:from run to run|between runs|on every run|each time)\b|\bnot the same (?:each|every) time\b|不同的(?:顺序|次序|输出|结果)|\bmay print either\b|\boutput (?:varies|may vary|differs|may differ|is random|is unpredictable)\b"
);
// It is the same each time.
pattern!(
    SAME,
    r"(?i)(?:顺序|次序|输出|结果)(?:总|始终|一定|永远)?(?:都)?(?:是)?(?:固定|确定|唯一|不变)的|(?:每次)(?:运行|执行)?[^，。；\n]{0,8}(?:都)?(?:相同|一样|一致)|\balways (?:prints?|outputs?)\b[^.;\n]{0,20}\bsame\b|\bthe same (?:order|output) (?:every|each) time\b|\bdeterministic (?:order|output)\b|\border is (?:fixed|deterministic|guaranteed)\b"
);
// `exit status 2`, `退出码 1`; "exit codes" in general have no number.
pattern!(
    EXIT,
    r"(?i)(?:\bexit(?:s|ed)?(?:\s+with)?(?:\s+(?:a\s+)?(?:status|code))+|退出(?:状态)?码|退出状态|返回码)\s*(?:is|of|为|是)?\s*[:：=]?\s*(?P<code>\d{1,3})\b"
);
// `先打印 2 再打印 1`, `prints 2 before 1`, `prints a, then b`.
pattern!(
    FIRST_THEN,
    r#"(?i)先(?:会)?(?:打印|输出)(?:出)?\s*[`"“]?(?P<a>[\w\[\].-]+|[^\s`"“”，,。；]{1,12}?)[`"”]?\s*[,，]?\s*(?:然后|之后|接着|再|后)(?:再)?(?:会)?(?:打印|输出)(?:出)?\s*[`"“]?(?P<b>[\w\[\].-]+|[^\s`"“”，,。；]{1,12})[`"”]?|\b(?:prints?|outputs?)\s+[`"]?(?P<c>[\w\[\].-]+?)[`"]?(?:\s+first)?,?\s+(?:and\s+)?(?:then|before)\s+(?:prints?\s+)?[`"]?(?P<d>[\w\[\].-]+?)[`"]?(?:[\s,.;!]|$)"#
);
// `cat、dog、fish 各打印 100 次`, `each printed 10 times`.
pattern!(
    EACH,
    r"(?P<names>[A-Za-z_]\w*(?:\s*[,，、]\s*(?:and\s+)?[A-Za-z_]\w*)+)\s*(?:各|分别|依次)*(?:打印|输出|出现)?\s*(?:(?:各|分别)\s*(?:打印|输出|出现)?\s*)?(?P<count>\d{1,6})\s*(?:次|遍)|(?P<words>[A-Za-z_]\w*(?:\s*,\s*(?:and\s+)?[A-Za-z_]\w*)+)(?:\s+are)?(?:\s+each)?(?:\s+printed)?(?:\s+each)?\s+(?P<times>\d{1,6}) times"
);
// `init 只会打印一次`, `x is printed only once`
pattern!(
    OFTEN,
    r#"(?i)[`"“]?(?P<name>[A-Za-z_]\w*)[`"”]?\s*(?:只|仅|总共|一共|就|都|也|会|被|能)+(?:打印|输出)(?:了)?\s*(?P<count>\d{1,4}|一|两|三)\s*(?:次|遍)|[`"]?\b(?P<word>[A-Za-z_]\w*)[`"]? (?:is|gets|will be) printed (?:only |just |exactly )?(?P<times>once|twice|\d{1,4} times)"#
);
// `go vet 会报 …`, `go vet: …`, `vet: …`.
pattern!(
    VET,
    r"(?i)^[^。；\n]{0,24}?\bgo vet\b\s*(?:工具)?\s*(?:[(（][^()（）]{1,20}[)）]\s*|(?:since|from|as of|自|从)?\s*go\s*1\.\d+\s*(?:\+|起|开始)?\s*)?(?P<not>(?:并)?(?:不会|不|没有|没)|(?:does not|doesn't|won't|will not|has no|no)\b)?\s*(?:会|将|能|可以|可能会?|will|would|can|may|might)?\s*(?:报(?:告|错|警告)?|提示|警告|检查出|检查到|检测到|发现|指出|reports?|complains?|complaints?|warns?|flags?|catches|detects|says|warnings?|[:：])\s*(?:[:：]|about|that)?\s*(?P<message>.*)$|^vet\s*(?:[(（][^()（）]{1,20}[)）]|(?:since|from|as of)?\s*go\s*1\.\d+\+?)?\s*[:：]\s*(?P<said>.+)$"
);
// What speaks of another run than the one at hand.
pattern!(
    ELSEWHERE,
    r"(?i)\?|？|吗|是否|避免|防止|保证了|为了|should|must|要求|需要"
);

/// Whether a text says that what is printed, or its order, differs from run to run.
pub fn varies(text: &str) -> bool {
    VARIES.is_match(text)
}

/// The claims of a comment.
pub fn of_comment(snippet: &Snippet, comment: &Comment) -> Vec<Claim> {
    let form = if comment.trailing {
        Form::TrailingComment
    } else {
        Form::OwnLineComment
    };
    read(&comment.text)
        .into_iter()
        .map(|said| {
            let subject = if said.kind == Kind::Vet && comment.trailing {
                Subject::Line(comment.line)
            } else {
                Subject::Block
            };
            said.claim(snippet.block, comment.body.clone(), form, subject)
        })
        .collect()
}

/// The claims of a paragraph behind a block.
pub fn of_prose(prose: &Prose, snippet: &Snippet) -> Vec<Claim> {
    let text = prose.text();
    let mut claims = Vec::new();
    let mut start = 0;
    for sentence in text.split_inclusive(['。', '\n', '；', '！']) {
        let span = prose.note_offset(start)..prose.note_offset(start + sentence.trim_end().len());
        start += sentence.len();
        // A sentence that ends in a colon introduces what comes, and does not speak of the block before.
        if sentence.trim_end().ends_with([':', '：']) {
            continue;
        }
        let said = read(sentence.trim_end_matches(['。', '\n', '；', '！'])).into_iter();
        // What prose says of order is read in `sequence`.
        for said in said.filter(|said| !said.expected.contains('→')) {
            claims.push(said.claim(snippet.block, span.clone(), Form::Prose, Subject::Block));
        }
    }
    claims
}

/// What a sentence says.
struct Said {
    kind: Kind,
    text: String,
    expected: String,
    negated: bool,
    hedged: bool,
}

impl Said {
    fn claim(
        self,
        block: usize,
        span: std::ops::Range<usize>,
        form: Form,
        subject: Subject,
    ) -> Claim {
        Claim {
            block,
            span,
            form,
            kind: self.kind,
            subject,
            versions: super::version::limits(&self.text),
            text: self.text,
            expected: self.expected,
            hedged: self.hedged,
            negated: self.negated,
            confidence: Confidence::Likely,
            stream: None,
        }
    }
}

fn read(text: &str) -> Vec<Said> {
    let text = text.trim();
    if CONDITIONAL.is_match(text) || ELSEWHERE.is_match(text) {
        return Vec::new();
    }
    let said = |kind, expected: String, negated| Said {
        kind,
        text: text.to_owned(),
        expected,
        negated,
        hedged: HEDGED.is_match(text),
    };
    let mut found = Vec::new();
    if let Some(vet) = VET.captures(text) {
        let message = vet.name("message").or(vet.name("said"));
        let message = message.map_or("", |message| message.as_str());
        // In Chinese words the author describes the report, which is not its text.
        let quoted = message.trim_matches(['`', '"', '“', '”', '.', ' ', ':', '：']);
        let quoted = if quoted.chars().any(super::lexicon::is_cjk) {
            ""
        } else {
            quoted
        };
        found.push(said(
            Kind::Vet,
            quoted.to_owned(),
            vet.name("not").is_some(),
        ));
        return found;
    }
    if let Some(exit) = EXIT.captures(text) {
        found.push(said(Kind::Exit, exit["code"].to_owned(), false));
    }
    if let Some(order) = FIRST_THEN.captures(text) {
        let name = |one, other| {
            order
                .name(one)
                .or(order.name(other))
                .map_or("", |it| it.as_str())
        };
        let (first, second) = (name("a", "c"), name("b", "d"));
        if first != second {
            found.push(said(Kind::Order, format!("{first} → {second}"), false));
        }
    } else if let Some(each) = EACH.captures(text) {
        let names = each
            .name("names")
            .or(each.name("words"))
            .map_or("", |it| it.as_str());
        let count = each
            .name("count")
            .or(each.name("times"))
            .map_or("", |it| it.as_str());
        let names: Vec<String> = names
            .split([',', '，', '、'])
            .map(|name| name.trim().trim_start_matches("and ").trim())
            .filter(|name| !name.is_empty())
            .map(|name| format!("{name} × {count}"))
            .collect();
        found.push(said(Kind::Order, names.join(", "), false));
    }
    if let Some(often) = OFTEN.captures(text) {
        let name = often.name("name").or(often.name("word"));
        let count = often.name("count").or(often.name("times"));
        let count = match count.map_or("", |it| it.as_str()) {
            "一" | "once" => "1",
            "两" | "twice" => "2",
            "三" => "3",
            digits => digits.trim_end_matches(" times"),
        };
        let name = name.map_or("", |it| it.as_str());
        // "This is printed once" speaks of a line.
        if !["it", "this", "that", "which", "line", "value"].contains(&name) {
            found.push(said(Kind::Order, format!("{name} × {count}"), false));
        }
    }
    if VARIES.is_match(text) {
        found.push(said(Kind::Nondeterministic, String::new(), false));
    } else if SAME.is_match(text) {
        found.push(said(Kind::Nondeterministic, String::new(), true));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str) -> Vec<(Kind, String, bool)> {
        let said = read(text).into_iter();
        said.map(|said| (said.kind, said.expected, said.negated))
            .collect()
    }

    #[test]
    fn both_languages_are_understood() {
        for (text, kind, expected, negated) in [
            ("输出顺序不确定", Kind::Nondeterministic, "", false),
            ("结果不唯一", Kind::Nondeterministic, "", false),
            ("每次运行结果可能不同", Kind::Nondeterministic, "", false),
            (
                "prints them in random order",
                Kind::Nondeterministic,
                "",
                false,
            ),
            (
                "the order is not guaranteed",
                Kind::Nondeterministic,
                "",
                false,
            ),
            ("may print either", Kind::Nondeterministic, "", false),
            ("每次输出顺序可能不同", Kind::Nondeterministic, "", false),
            ("输出顺序是固定的", Kind::Nondeterministic, "", true),
            ("the order is fixed", Kind::Nondeterministic, "", true),
            ("exit status 2", Kind::Exit, "2", false),
            ("程序退出码为 3", Kind::Exit, "3", false),
            ("it exits with code 1", Kind::Exit, "1", false),
            ("先打印 2 再打印 1", Kind::Order, "2 → 1", false),
            ("prints 2 before 1", Kind::Order, "2 → 1", false),
            ("it prints a, then b", Kind::Order, "a → b", false),
            (
                "cat、dog、fish 各打印 100 次",
                Kind::Order,
                "cat × 100, dog × 100, fish × 100",
                false,
            ),
            (
                "go vet: unreachable code",
                Kind::Vet,
                "unreachable code",
                false,
            ),
            ("go vet 会报错", Kind::Vet, "", false),
            ("go vet does not complain", Kind::Vet, "", true),
            ("`init` 只会打印一次", Kind::Order, "init × 1", false),
            ("done is printed only once", Kind::Order, "done × 1", false),
        ] {
            assert_eq!(says(text), [(kind, expected.to_owned(), negated)], "{text}");
        }
    }

    #[test]
    fn sentences_about_something_else_say_nothing() {
        for text in [
            "如果不加锁，结果不确定",
            "is the order random?",
            "保证了输出顺序",
            "随机数",
            "os.Exit 以给定的状态码退出",
            "运行 go vet 可以检查代码",
            "run go vet before you commit",
            "order the list",
            "first, print the header, then read",
        ] {
            assert_eq!(says(text), [], "{text}");
        }
    }
}
