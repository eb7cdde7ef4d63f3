//! What looks like a value that Go prints, and where in a comment it ends.

use std::sync::LazyLock;

use regex::Regex;

use super::lexicon::is_cjk;

// One value as fmt prints it or as Go writes it.
const ATOM: &str = r#"(?:-?(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns)){2,}|[-+]?(?:0[xXbBoO][0-9a-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?i?)(?:[a-zµ%]{1,2})?|\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}:\d{2}|"[^"]*"|`[^`]*`|“[^”]*”|'[^']+'|true|false|nil|<nil>|\[[^\]]*\](?:\s*\[[^\]]*\])*|&?(?:[A-Za-z_][\w.]*)?\{[^}]*\}|map\[[^\]]*\]|&\[[^\]]*\]|\([-+]?\d[^()]*\))"#;

pattern!(ONE, &format!(r"^{ATOM}$"));
pattern!(
    MANY,
    &format!(r"^{ATOM}(?:(?:\s*[,，、;；]\s*|\s+){ATOM})*$")
);
// ASCII only: `a的值` speaks of a.
pattern!(WORD, r"^[*&]?[A-Za-z_][A-Za-z0-9_.*/-]*[!?]?$");
// Addresses, dates and clock times: true for one run only.
pattern!(ADDRESS, r"0x(?:c0|14)[0-9a-f]{6,}");
pattern!(
    FLEETING,
    r"0x(?:c0|14)[0-9a-f]{6,}|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}:\d{2}:\d{2}\b"
);

// What a list, a map or a struct starts with: `[`, `&{`, `map[`, `[]string{`, `main.T{`.
pattern!(
    OPENS,
    r"^&?(?:(?:\[\d*\]|\*)*(?:[A-Za-z_][\w.]*)?\{|(?:map)?\[)"
);
/// Words that begin a remark on the value before them.
const REMARKS: [&str; 13] = [
    " because ",
    " coz ",
    " since ",
    " as ",
    " for ",
    " instead of ",
    " rather than ",
    ", not ",
    " to stderr",
    " to stdout",
    " to standard ",
    " 到标准",
    " 到 std",
];
// `24 bytes`: a number and what it counts.
pattern!(
    COUNTED,
    r"(?i)^(?P<value>-?\d+)\s+(?:bytes?|bits?|characters?|chars|runes?|elements?|items?|entries|nanoseconds|milliseconds|seconds)$"
);
// `still 0`, `now [9 9]`, `仍然是 3`: a word of the author's before the value.
pattern!(
    ADVERB,
    r"(?i)^(?:(?:may|might|can|could) be\s+|(?:maybe|perhaps|possibly|probably)\s+|(?:可能|也许|大概|应该|通常|一般)(?:会)?(?:是|为)\s*|(?:is |it's |they are )?(?:still|now|also|again|just|only|always|nothing but)\s+(?:it's |it is |they are |prints |printing |outputs |gives |equals )?|(?:i\.e\.|that is|namely|也就是(?:说)?|即)[,，:：]?\s*|(?:and |so |but )?it(?:'s| is)(?: now| still)?\s+|(?:first|then|next|finally|lastly)\s+(?:comes|it's|prints|it prints)\s+|(?:先|然后|接着|再|最后)(?:是|打印|输出)(?:的是)?\s*|(?:这里|此处|所以|因此|因而|于是|那么)?(?:值|结果)?(?:仍然|依然|仍旧|还|仍|依旧|也|现在|此时|变|变成|结果|实际|其实|总|始终)?(?:是|为|成|还是)\s*[:：]?\s*)"
);
// `都是 0`, `both true`: the same for each value that is printed.
pattern!(
    EACH,
    r"(?i)^(?:(?:两个|两者|全部|它们)?(?:都|均|全)(?:是|为|等于|输出|打印)?\s*|(?:both|all)(?: are| print| give)?\s+)(?P<value>\S.*)$"
);
// `3 three times`, `"x" twice`, `打印 3 次 x`
pattern!(
    TIMES,
    r"(?i)^(?P<value>\S.*?),?\s+(?P<times>twice|(?:two|three|four|five|ten|\d+)\s+times)$|^(?P<many>[\d两三四五十]+)\s*次\s*(?P<what>\S.*)$|^(?P<this>\S.*?)\s*[,，]?\s*(?:重复|打印|输出|各)?\s*(?P<count>[\d两三四五十]+)\s*次$"
);

// `小于 1000`, `可能少于 3`, `less than 1000`, `不一定是 1000`
pattern!(
    COMPARED,
    r"(?i)^(?:这里|结果|它|值|最终|输出|打印|可能|也许|通常|往往|一般|大概率|很|总是|一定|会|将|the result |it |will |may |might |could |can |is |be |usually |often |prints |probably |likely )*\s*(?P<sign>小于等于|大于等于|不超过|不少于|小于|少于|大于|超过|多于|不到|不足|不等于|不一定(?:是|等于|为)|不(?:总|都)?是|不为|<=|>=|!=|<|>|less than|fewer than|greater than|more than|at most|at least|not(?: be)?(?: always| necessarily)?(?: equal to)?)\s*(?P<value>-?\d[\d_]*(?:\.\d+)?)\s*(?:$|[，,。.;；（(])"
);

/// What a comment says of a number without giving it, in Go: `< 1000` for "可能小于 1000".
pub fn compared(text: &str) -> Option<String> {
    let found = COMPARED.captures(text.trim())?;
    let sign = match &*found["sign"].to_lowercase() {
        "小于等于" | "不超过" | "<=" | "at most" => "<=",
        "大于等于" | "不少于" | ">=" | "at least" => ">=",
        "小于" | "少于" | "不到" | "不足" | "<" | "less than" | "fewer than" => "<",
        "大于" | "超过" | "多于" | ">" | "greater than" | "more than" => ">",
        _ => "!=",
    };
    Some(format!("{sign} {}", found["value"].replace('_', "")))
}

/// Whether `observed` is a number of which the comparison is true; `None` if `text` is no comparison.
pub fn compares(text: &str, observed: &str) -> Option<bool> {
    let (sign, bound) = text.split_once(' ')?;
    let bound: f64 = bound.parse().ok()?;
    let holds: fn(f64, f64) -> bool = match sign {
        "<" => |one, other| one < other,
        ">" => |one, other| one > other,
        "<=" => |one, other| one <= other,
        ">=" => |one, other| one >= other,
        "!=" => |one, other| (one - other).abs() > f64::EPSILON,
        _ => return None,
    };
    Some(
        observed
            .trim()
            .parse()
            .is_ok_and(|number| holds(number, bound)),
    )
}

/// What stands behind a value that is spoken of, rather than printed.
const SPEAKS_OF: [char; 18] = [
    '的', '是', '乘', '加', '减', '除', '到', '至', '或', '和', '与', '次', '倍', '比', '大', '小',
    '不', '以',
];

// `(1+2i)`: the one thing in round brackets that Go prints.
pattern!(COMPLEX, r"^\([-+]?\d[\d.e]*[-+]\d[\d.e]*i\)$");

/// Whether what stands in round brackets behind a value is said of it: `5 (101)`, and not `(1, 2) (3, 4)`.
fn is_aside(before: &str, next: &str) -> bool {
    next.starts_with('(') && !before.contains('(') && !COMPLEX.is_match(next)
}

/// Whether `text` is one value.
pub fn is_value(text: &str) -> bool {
    let text = text.trim();
    ONE.is_match(text) || is_enclosed(text)
}

/// Whether `text` is a list, a map or a struct, however deep, and nothing else.
fn is_enclosed(text: &str) -> bool {
    let Some(opening) = OPENS.find(text) else {
        return false;
    };
    let mut depth = 0i32;
    for (at, c) in text
        .char_indices()
        .skip_while(|(at, _)| at + 1 < opening.end())
    {
        match c {
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            // `[[b的地址]的指针]` describes.
            return at + c.len_utf8() == text.len() && !text.chars().any(is_cjk);
        }
    }
    false
}

/// Whether `text` is one or more values with commas or spaces between.
pub fn is_values(text: &str) -> bool {
    let text = text.trim();
    MANY.is_match(text) || {
        let pieces = pieces(text);
        !pieces.is_empty() && pieces.iter().all(|piece| is_value(piece))
    }
}

// `3 个元素`, `2 elements`: a number of things.
pattern!(
    COUNT,
    r"(?i)^\d+\s*(?:个|条|次|项|位|字节|种|行|elements?|items?|bytes?|entries|characters?|runes?|times)"
);

/// Whether `text` says how many there are of something.
pub fn is_count(text: &str) -> bool {
    COUNT.is_match(text.trim())
}

/// What stands between commas and blanks outside of brackets and quotes.
pub fn pieces(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut quoted, mut start) = (0i32, None, 0);
    for (at, c) in text.char_indices() {
        match (quoted, c) {
            (Some(quote), c) if c == quote => quoted = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quoted = Some(c),
            (None, '[' | '{' | '(') => depth += 1,
            (None, ']' | '}' | ')') => depth -= 1,
            (None, c) if depth <= 0 && (c.is_whitespace() || ",，、;；".contains(c)) => {
                found.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found.retain(|piece| !piece.is_empty());
    found
}

/// The value that is claimed for each of several (`都是 0`, `both true`).
pub fn for_each(text: &str) -> Option<String> {
    let found = EACH.captures(text.trim())?;
    candidates(&found["value"])
        .into_iter()
        .find(|value| is_value(value))
}

// `[]int{1, 2}`, `map[string]int{"a": 1}`
pattern!(
    LITERAL,
    r"^(?:\[\d*\]|(?P<map>map)\[\w+\])\*?[A-Za-z_][\w.]*\{(?P<inner>[^{}]*)\}$"
);
// `0和5`, `3 and 4`
pattern!(JOINED, r"(?i)\s*(?:和|与|以及)\s*|\s+(?:and|&)\s+");

// `prints y first`, `"a" again`
pattern!(
    PLACE,
    r"(?i)^(?P<value>\S+)\s+(?:first|last|again|too|as well|here|now|either|immediately|at once|right away|instantly)$"
);

/// Where the value starts behind a word of the author's (`still 0`, `仍然是 3`), or behind how it comes about
/// (`2*2 => 4`).
pub fn behind_words(text: &str) -> Option<usize> {
    let arrow = ["=>", "→", "->"]
        .iter()
        .find_map(|arrow| Some(text.rfind(arrow)? + arrow.len()));
    let start = arrow.or_else(|| Some(ADVERB.find(text)?.end()))?;
    let start = text.len() - text[start..].trim_start().len();
    (start > 0 && starts_with_value(&text[start..])).then_some(start)
}

/// How often, where a text starts with it: " twice, then", "三次。".
pub fn times(text: &str) -> Option<usize> {
    static HOW_OFTEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^\s*(?:(?:just|only|exactly|一共|总共|共|各)\s*)?(?P<times>once|twice|three times|[一两三]次|\d{1,4}\s*(?:times|次|遍))(?:[\s,.;!，。；！（(]|$)")
            .expect("a constant")
    });
    how_often(&HOW_OFTEN.captures(text)?["times"])
}

/// The number that words of a note give, `times` or `次` behind it or not: `twice`, `three times`, `两`, `12次`.
pub fn how_often(words: &str) -> Option<usize> {
    let words = words.to_lowercase();
    let number = words
        .trim_end_matches("times")
        .trim_end_matches(['次', '遍']);
    Some(match number.trim() {
        "once" | "一" => 1,
        "twice" | "two" | "两" | "二" => 2,
        "three" | "三" => 3,
        "four" | "四" => 4,
        "five" | "五" => 5,
        "ten" | "十" => 10,
        digits => digits.parse().ok()?,
    })
}

/// What is claimed to be printed several times (`3 three times`), in full: a line for each time.
pub fn repeated(text: &str) -> Option<String> {
    let found = TIMES.captures(text.trim().trim_end_matches(['.', '。', '!', '！']))?;
    let group = |names: [&str; 3]| names.into_iter().find_map(|name| found.name(name));
    let value = group(["value", "what", "this"])?.as_str();
    let times = how_often(group(["times", "many", "count"])?.as_str())?;
    let value = value.trim_end_matches([',', '，']).trim();
    (is_value(value) && (1..=200).contains(&times)).then(|| vec![value; times].join("\n"))
}

/// Whether `text` is a single word that a program could print, such as `Alice` or `main.T`.
pub fn is_word(text: &str) -> bool {
    WORD.is_match(text.trim())
}

/// Whether `text` holds something that is different in every run.
pub fn is_fleeting(text: &str) -> bool {
    FLEETING.is_match(text)
}

/// Whether `text` holds the address of a value on the heap or stack.
pub fn is_address(text: &str) -> bool {
    ADDRESS.is_match(text)
}

/// The ways to read `text` as an expected output, the whole of it first: what follows a delimiter may
/// be the author's remark (`[5 32]，升序`, `"5", function call`, `6（字节数）`).
pub fn candidates(text: &str) -> Vec<String> {
    let text = text.trim();
    let mut found = vec![text.to_owned()];
    let mut add = |candidate: &str| {
        let candidate = candidate
            .trim()
            .trim_end_matches(['。', '，', '；', ',', ';'])
            .trim();
        // `8 bytes`: a number and what it counts.
        let counted = COUNTED
            .captures(candidate)
            .map(|found| found["value"].to_owned());
        for candidate in std::iter::once(candidate.to_owned()).chain(counted) {
            if !candidate.is_empty() && !found.contains(&candidate) {
                found.push(candidate);
            }
        }
    };
    // `false!`: the author's surprise.
    let calm = text.trim_end_matches(['!', '！', '.', '。']);
    if is_values(calm) {
        add(calm);
    }
    if let Some(found) = PLACE.captures(calm) {
        add(&found["value"]);
    }
    // `[]int{1, 2}`: the literal of what is printed as `[1 2]`.
    if let Some(found) = LITERAL.captures(calm) {
        let open = found.name("map").map_or("[", |_| "map[");
        add(&format!("{open}{}]", &found["inner"]));
    }
    // `24 bytes`, `still 0`
    if let Some(found) = COUNTED.captures(calm) {
        add(&found["value"]);
    }
    if let Some(adverb) = ADVERB.find(text) {
        let inner = candidates(&text[adverb.end()..]);
        inner
            .iter()
            .filter(|it| is_values(it))
            .for_each(|value| add(value));
    }
    // `0和5`, `3 and 4`: a word between two values joins them.
    if let Some(joint) = JOINED.find(calm) {
        let (first, second) = (&calm[..joint.start()], &calm[joint.end()..]);
        if is_values(first) && is_values(second) {
            add(&format!("{first}, {second}"));
        }
    }
    let mut depth = 0i32;
    let mut quoted: Option<char> = None;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        match quoted {
            Some(quote) => {
                if c == quote {
                    quoted = None;
                }
                before = Some(c);
                continue;
            }
            None if matches!(c, '"' | '`') => quoted = Some(c),
            None => {}
        }
        let rest = &text[at..];
        let remark = rest.trim_start_matches(['，', '；', ',', ';', ' ', '\t']);
        // `1, 2, 3` goes on: what follows the first comma is no remark.
        let goes_on = {
            let next = pieces(remark);
            let words =
                next.iter().all(|word| is_word(word)) && remark.matches(' ').count() < next.len();
            next.first().is_some_and(|next| is_value(next) && !is_aside(&text[..at], next))
                // `two, two` and `one, two, three` are lists, too.
                || words && is_word(&text[..at]) && (next.contains(&&text[..at]) || next.len() > 1 && remark.contains(','))
        };
        let cuts = depth == 0
            && at > 0
            && !goes_on
            && (matches!(c, '，' | '。' | '；' | '（' | '！' | '—' | '←')
                || (matches!(c, ',' | ';') && rest[1..].starts_with(|next: char| {
                    matches!(next, ' ' | '\t') || is_cjk(next)
                }))
                // `"9": the counter goes on`
                || (matches!(c, ':' | '：' | '.') && !rest[c.len_utf8()..].starts_with(|next: char| next.is_ascii_graphic())
                    && is_values(&text[..at]))
                // `[1 2],sorted`
                || (matches!(c, ',' | ';') && is_enclosed(&text[..at]))
                || REMARKS.iter().any(|word| rest.starts_with(word))
                || rest.starts_with(" (")
                || rest.starts_with("  ")
                || rest.starts_with(" - ")
                || rest.starts_with(" -- ")
                || rest.starts_with(" //")
                || rest.starts_with(" #")
                || c == '('
                || c == '\t'
                // `打印a的值` speaks of a; `输出6字节` gives 6; `3 的平方` and `3 是质数` speak of 3.
                || (is_cjk(c) && !SPEAKS_OF.contains(&c) && before.is_some_and(|before| before.is_ascii()) && is_values(&text[..at])));
        if cuts {
            add(&text[..at]);
        }
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
        before = Some(c);
    }
    found
}

// `x=`, `len(s): `, `长度：`: what a value is of.
pattern!(
    LABEL,
    r"(?:^|[\s,，;；])\s*(?P<label>&?\*?[A-Za-z_][\w.]*(?:\([^()]*\)|\[\w+\])*|[\p{Han}]{1,8})\s*(?:==|=|:|：|是|为|\s)\s*"
);

/// `len=3, cap=6` as its labels and its bare values, where nothing but values is left without the labels.
pub fn labelled(text: &str) -> Option<(Vec<String>, String)> {
    let labels: Vec<String> = LABEL
        .captures_iter(text)
        .map(|found| found["label"].to_owned())
        .filter(|label| !is_value(label))
        .collect();
    if labels.is_empty() {
        return None;
    }
    let bare = LABEL.replace_all(text, " ").trim().to_owned();
    (is_values(&bare) && bare != text.trim()).then_some((labels, bare))
}

/// Where the labels of such a text stand, each with the blanks and marks around it (`, cap=`).
pub fn labels(text: &str) -> Vec<std::ops::Range<usize>> {
    match labelled(text) {
        Some(_) => LABEL.find_iter(text).map(|label| label.range()).collect(),
        None => Vec::new(),
    }
}

/// Whether some reading of `text` starts with a value: then it claims an output.
pub fn starts_with_value(text: &str) -> bool {
    let candidates = candidates(text);
    candidates.iter().any(|candidate| is_values(candidate))
        || candidates
            .iter()
            .any(|it| for_each(it).is_some() || repeated(it).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_from_descriptions() {
        for value in [
            "3",
            "-1.5",
            "[2 3]",
            "[2, 3]",
            "true",
            "\"a b\"",
            "map[a:1]",
            "{1 x}",
            "&{1}",
            "0 false",
            "3, 3, 3",
            "<nil>",
            "5s",
            "{{1 2} 3}",
            "[[1 2] [3]]",
            "W{C:C{P:P{X:8}}, S:2}",
            "map[a:[1 2]]",
            "[]string{\"a\"} 3",
        ] {
            assert!(is_values(value), "{value}");
        }
        for text in [
            "(rather than a minute)",
            "prints address",
            "the value",
            "打印数组",
            "x escapes",
            "a + b",
            "[see above] for details",
        ] {
            assert!(!is_values(text), "{text}");
        }
    }

    #[test]
    fn remarks_are_cut_off() {
        assert!(candidates("[5 32]，升序").contains(&"[5 32]".to_owned()));
        assert!(candidates("6（字节数）").contains(&"6".to_owned()));
        assert!(candidates("\"5\", function call").contains(&"\"5\"".to_owned()));
        assert!(candidates("0, 不会panic").contains(&"0".to_owned()));
        assert!(candidates("99，原map已变").contains(&"99".to_owned()));
        assert!(candidates("5 5,此时还没有扩容").contains(&"5 5".to_owned()));
        assert!(candidates("\"9\": the counter goes on").contains(&"\"9\"".to_owned()));
        assert!(!candidates("1, 2, 3").contains(&"1".to_owned()));
        assert!(!candidates("two, two").contains(&"two".to_owned()));
        assert!(!candidates("one, two, three").contains(&"one".to_owned()));
        assert!(!starts_with_value("3 的 1 次方"));
        assert!(!starts_with_value("3 是质数"));
        assert!(candidates("Rex, the copy").contains(&"Rex".to_owned()));
        assert!(candidates("Rex, unchanged").contains(&"Rex".to_owned()));
        assert!(candidates("[1 2],sorted").contains(&"[1 2]".to_owned()));
        assert!(candidates("24 bytes").contains(&"24".to_owned()));
        assert!(candidates("still 0").contains(&"0".to_owned()));
        assert!(candidates("仍然是 3，没有变").contains(&"3".to_owned()));
        assert!(starts_with_value("[99 2 3]，原map已变"));
        assert!(!starts_with_value("新的闭包实例"));
    }

    #[test]
    fn numbers_may_be_compared_without_being_given() {
        for (text, expected) in [
            ("可能小于 1000", Some("< 1000")),
            ("不一定是 1000", Some("!= 1000")),
            ("may be less than 1000", Some("< 1000")),
            ("at most 3, never more", Some("<= 3")),
            ("小于号", None),
            ("大于 3 个元素", None),
            ("1000", None),
        ] {
            assert_eq!(compared(text).as_deref(), expected, "{text}");
        }
        assert_eq!(compares("< 1000", "998\n"), Some(true));
        assert_eq!(compares("< 1000", "1000"), Some(false));
        assert_eq!(compares("[1 2]", "1"), None);
    }

    #[test]
    fn the_same_for_each_and_again() {
        assert_eq!(for_each("都是 0").as_deref(), Some("0"));
        assert_eq!(for_each("both true").as_deref(), Some("true"));
        assert_eq!(for_each("都是指针"), None);
        assert_eq!(repeated("3 three times").as_deref(), Some("3\n3\n3"));
        assert_eq!(repeated("3 次 1").as_deref(), Some("1\n1\n1"));
        assert_eq!(repeated("two times"), None);
    }
}
