//! Prose about what becomes of a whole program: "上面的代码无法编译", "这段程序会 panic", "this program deadlocks",
//! "下面的代码会发生死锁：".
//!
//! The rule: a sentence counts if its subject is the code ("上面的代码", "this program", "运行后") or nothing at all,
//! and it says what happens without a condition. It speaks of the block right above, or, where it says "下面" or
//! "the following", of the one right below. Everything else that only mentions a panic or a deadlock is a
//! weak guess, which is no claim unless it proves true.

mod headed;

use crate::note::{Note, Part, Prose};
use crate::snippet::Snippet;

use super::lexicon::{APPROXIMATE, CONDITIONAL, HEDGED, RECOVERS};
use super::{Claim, Confidence, Form, Kind, Subject, race, version};
use headed::answered;
pub(super) use headed::ending;

// The subject that makes a sentence one about the code.
pattern!(
    pub(super) OF_CODE,
    r"(?i)^(?:[-*>\s]*)(?:答案[:：]?|结果[:：]?|所以|因此|那么|此时|其实|但是?|然而)?[，,]?\s*(?:(?:上面|上述|以上|下面|以下|下述|这段|该段|这个|该|本)(?:的)?(?:这段|那段|这个|几行|两行)?(?:代码|程序|例子|示例|语句|写法|片段)|程序|代码|编译(?:时)?|编译器|运行(?:时|后|这段代码|上面的代码|程序)?|执行(?:时|后)?|(?:the (?:following |above |previous |last |next )?|this |that )(?:code|program|example|snippet|line|function|call|one)(?: above| below)?|running (?:this|it|the code|the program)|it|this|you(?:'ll| will)? get)\b?"
);
pattern!(
    BELOW,
    r"(?i)下面|以下|下述|如下|\bfollowing\b|\bbelow\b|\bthe next (?:program|code|example|snippet|one|block)\b"
);
pattern!(
    COMPILE,
    r"(?i)编译(?:时)?(?:会|将|就|器会)?(?:直接)?(?:报错|出错|失败|错误|不通过|不过)|(?:不能|无法|不会|没法|没办法)(?:通过)?编译(?:通过)?|通不过编译|compil(?:e|er|ation)(?:[ -]time)? (?:error|fails?|failure)|(?:does not|doesn't|won't|will not|cannot|can't|fails? to|not) compile|(?:导致|产生|引发|出现)(?:一个)?编译(?:时)?错误"
);
pattern!(
    PANIC,
    r"(?i)(?:会|将|就|直接|导致|引发|触发|抛出|发生|产生|出现)(?:一个)?\s*(?:panic|恐慌|宕机|运行时错误)|panics?\b|运行时恐慌|(?:空指针|越界|nil)[^。；]{0,16}崩溃|(?:程序|代码|进程|而是|就)(?:会|将|就|直接|随之|因此|也|都|立即)*崩溃"
);
pattern!(
    DEADLOCK,
    r"(?i)死锁|\bdeadlocks?\b|all goroutines are asleep"
);
pattern!(
    HANGS,
    r"(?i)\bhangs?\b(?: forever)?|\bblocks? for ?ever\b|\bnever (?:ends|terminates|returns|finishes|exits)\s*(?:[.,;:!]|$)|(?:一直|永远|永久(?:性)?)(?:地|的)?(?:被)?(?:阻塞|挂起|卡住|卡死|等待下去)|陷入(?:了)?(?:永远|永久|永久性|无限)?(?:的)?阻塞|(?:会|就)卡(?:死|住)"
);
// What the race detector says of the program.
pattern!(
    DETECTOR,
    r"(?i)(?:-race\b|race detector|竞态检测(?:器|工具)?|竞争检测(?:器|工具)?)[^.。；\n]{0,40}?(?P<not>\b(?:not|never|no longer)\b|n't\b|不会|没有)?[^.。；\n]{0,8}?(?:\b(?:reports?|detects?|finds?|complains?|warns?|flags?|shows?|prints?|catches)\b|报(?:告|出|错)?|检测(?:到|出)|发现|提示|警告|输出)[^.。；\n]{0,24}?(?:\braces?\b|数据竞[争态]|竞态|竞争)"
);
// What the detector is there for, or what to do with it.
pattern!(
    ADVISES,
    r"(?i)^\s*(?:to |in order to |use |try |always |you can |you should |remember)|\bwhich (?:reports|detects|finds)\b|\b(?:can|will) (?:help|be used)\b|可以?(?:用|使用|通过|借助)|用来|用于|建议|推荐|务必"
);
// It waits, and not for ever.
pattern!(UNTIL, r"(?i)直到|等到|除非|\buntil\b|\bunless\b");
pattern!(
    NEGATED,
    r"(?i)不(?:会|再|能|要|应)|没有?|避免|防止|而不是|解决|\b(?:no|not|never|avoid\w*|prevent\w*|without|instead of)\b|n't\b"
);
pattern!(
    UNHARMED,
    r"(?i)(?:程序|代码|程序就|它)(?:也|就)?不会(?:再)?(?:崩溃|panic|宕机|挂掉|异常退出)|(?:程序|代码)(?:会|能|可以)?(?:继续)?正常(?:运行|执行)"
);
// It comes to its end, and nothing is wrong then: a deadlock is no panic, and no such end either.
pattern!(
    ENDS_WELL,
    r"(?i)(?:程序|代码|进程|它|[后，,、并]|然后|最后|最终)\s*(?:会|能|可以|能够|也|就|都|将)*正常(?:地)?(?:退出|结束|终止)(?:[。，,；;！!（(]|$)|\b(?:exits?|ends?|finish(?:es)?|terminates?|completes?) (?:normally|cleanly|successfully|gracefully|without (?:an? |any )?(?:errors?|panic(?:king)?))\b"
);
pattern!(
    QUOTED,
    r"(?i)^(?:panic|fatal error)\s*[:：]\s*(?P<message>\S.*)$"
);

// How the runtime's own messages begin: an author's words after `panic:` are a remark.
pattern!(
    GO_SAYS,
    r"^(?:runtime error: |interface conversion: |assignment to entry in nil map|send on closed channel|close of |all goroutines are asleep)"
);
// A question about the code that comes: "有什么问题？", "what's wrong with this code?"
pattern!(
    ASKED,
    r"(?i)(?:有|存在)(?:什么|啥|哪些|何)?\s*(?:问题|错误|bug|毛病)|会(?:发生|出现)什么|会怎(?:么)?样|(?:能|可以|会)[^。？?]{0,12}(?:吗|么)[？?]?\s*$|what(?:'s| is) (?:the )?(?:wrong|problem|bug)|what (?:happens|will happen)|\bdoes (?:it|this)[^.?]{0,40}\?"
);
// The answer to "what happens?": it starts with what does.
pattern!(
    ANSWERS,
    r"(?i)^(?:答(?:案)?\s*[:：]\s*)?(?:不能|不可以|会?报错|编译(?:失败|报错|错误|不通过)|(?:可以|能)(?:正常|成功)?(?:通过)?编译|(?:会)?死锁|(?:会|先|依次)*(?:打印|输出)|no[,.]|running it\b)"
);
pattern!(
    FINE,
    r"(?i)^(?:答(?:案)?\s*[:：]\s*)?(?:(?:这段|上面的?|该|此|下面的?)*(?:代码|程序)?)(?:是)?(?:可以|能够?|会)(?:正常|成功|顺利)?(?:通过)?编译(?:通过)?(?:的)?(?:[，,。；!！]|$)|^(?:yes[,.] )?(?:it|this|the (?:above |following )?(?:code|program))(?: above)? compiles(?: fine| just fine| without (?:any )?errors?| ok)?(?:[,.;!]|$)"
);
// What leads from a program to the message it ends with.
pattern!(
    ENDS_IN,
    r"(?i)(?:报错?|错误|失败|崩溃|抛出|触发|引发|得到|出现|提示|输出|结果|\b(?:crash(?:es)?|fails?|dies|panics|ends|exits|aborts|gets?|gives|produces|reports?|says|complains|errors?)(?: out)?(?: with| by| that)?(?: the| an?)?(?: message| error)?)(?:是|为|了|信息|出)*\s*[:：，,]?\s*$"
);
// The compiler's words.
pattern!(
    REFUSAL,
    r"^(?:\./\S+: )?(?:cannot (?:use|assign|convert|call|take|infer|range|refer)|undefined: |invalid (?:operation|argument|receiver)|missing return|assignment mismatch|declared and not used|(?:not enough|too many) (?:arguments|return)|no new variables|impossible type|duplicate case)"
);

// The question that is answered with a word, and what it asks for.
pattern!(
    ASKS_WHETHER,
    r"(?i)(?P<compiles>能否(?:正常|成功)?(?:通过)?编译|(?:能|可以|会)(?:够|正常|成功)*(?:通过)?编译(?:通过|成功)?(?:吗|么|[？?])|是否(?:能|可以|会)(?:够|正常)?(?:通过)?编译|编译能(?:否|不能)?通过|\b(?:does|will|would|can) (?:it|this|the [a-z]+)[^.?\n]{0,30}\bcompiles?\b[^.?\n]{0,20}\?)|(?P<panics>会(?:不会)?(?:发生|引发|导致|触发)?\s*panic\s*(?:吗|么|[？?])|是否会(?:发生|引发)?\s*panic|\b(?:does|will|would) (?:it|this|the [a-z]+)[^.?\n]{0,30}\bpanic\b[^.?\n]{0,20}\?)|(?P<deadlocks>会(?:不会)?(?:发生|造成)?死锁(?:吗|么|[？?])|是否会(?:发生)?死锁|\b(?:does|will|would) (?:it|this|the [a-z]+)[^.?\n]{0,30}\bdeadlock\b[^.?\n]{0,20}\?)"
);
pattern!(
    YES_OR_NO,
    r"(?i)^(?:(?:参考)?答案?|A|answer)?\s*[:：]?\s*(?:(?P<no>不(?:能|会|可以)|否|no\b)|(?P<yes>能|会的?|可以|是的|yes\b))\s*(?:[:：，,。.；;！!（(]|$)"
);

/// What a word says to a question: "能通过编译吗？" "不能，…".
fn yes_or_no(question: &str, answer: &str) -> Option<(Kind, bool, String)> {
    let asked = ASKS_WHETHER.captures(question)?;
    let said = YES_OR_NO.captures(answer)?;
    let yes = said.name("yes").is_some();
    Some(if asked.name("compiles").is_some() {
        (Kind::CompileError, yes, String::new())
    } else if asked.name("panics").is_some() {
        (Kind::Panic, !yes, String::new())
    } else {
        (Kind::Deadlock, !yes, String::new())
    })
}

/// The claims of the paragraphs beside Go blocks.
pub fn claims(note: &Note, snippets: &[Option<&Snippet>]) -> Vec<Claim> {
    let go = |at: usize| {
        let snippet = snippets.get(at).copied().flatten();
        snippet.filter(|snippet| snippet.is_go())
    };
    let mut found = Vec::new();
    for (at, part) in note.parts.iter().enumerate() {
        let Part::Prose(prose) = part else { continue };
        if prose.table {
            continue;
        }
        let near = |part: Option<&Part>| match part {
            Some(Part::Block(block)) => go(*block),
            _ => None,
        };
        let above = at.checked_sub(1).and_then(|at| near(note.parts.get(at)));
        // Below "### 答案" stands what answers for the only block of the section.
        let headed = answered(note, at).and_then(go);
        let above = above.or(headed);
        let below = near(note.parts.get(at + 1));
        // What follows "what is wrong with this code?" and the code answers it.
        let before = at.checked_sub(2).and_then(|at| note.parts.get(at));
        let question = before.filter(|_| above.is_some()).map(|part| match part {
            Part::Prose(prose) => prose.text(),
            Part::Heading { text, .. } => text.clone(),
            _ => String::new(),
        });
        // An item of a list that holds a block speaks of that one, and not of the block in the item before.
        let holds = prose.list_depth > 0
            && matches!(note.parts.get(at + 1), Some(Part::Block(block)) if is_held(note, *block));
        let above = if holds { below } else { above };
        // "When Go itself panics:" leads to what comes, unless that is what the block above does.
        let leads = !matches!(note.parts.get(at + 1), Some(Part::Block(_)));
        found.extend(read(
            prose,
            above,
            below,
            leads,
            headed.is_some(),
            &question.unwrap_or_default(),
        ));
    }
    found
}

/// Whether a block is indented, as one within an item of a list is.
fn is_held(note: &Note, block: usize) -> bool {
    let start = note.blocks[block].span.start;
    let line = note.text[..start].rfind('\n').map_or(0, |at| at + 1);
    let margin = &note.text[line..start];
    margin.len() > 1 && margin.trim().is_empty()
}

fn read(
    prose: &Prose,
    above: Option<&Snippet>,
    below: Option<&Snippet>,
    leads: bool,
    headed: bool,
    question: &str,
) -> Option<Claim> {
    let text = prose.text();
    let asked = ASKED.is_match(question);
    let mut start = 0;
    for sentence in sentences(&text) {
        let span = prose.note_offset(start)..prose.note_offset(start + sentence.len());
        start += sentence.len();
        let sentence = sentence.trim();
        let Some(snippet) = (if BELOW.is_match(sentence) {
            below
        } else {
            above
        }) else {
            continue;
        };
        if leads && sentence.ends_with([':', '：']) && !OF_CODE.is_match(sentence) {
            continue;
        }
        let answer = yes_or_no(question, sentence).filter(|_| span.start == prose.note_offset(0));
        let answered = answer.is_some();
        let detected = DETECTOR.is_match(sentence) && !ADVISES.is_match(sentence);
        let said = race(sentence, snippet).or_else(|| said(prose, sentence));
        if let Some((kind, negated, expected)) = said.or(answer) {
            // "不安全，运行上面的代码会报错": a word of judgement, and then the code.
            let clauses = sentence.split_inclusive(['，', ',', '：', ':']).take(2);
            let mut end = 0;
            let mut of_code = asked
                || answered
                || detected
                || OF_CODE.is_match(sentence)
                || ANSWERS.is_match(sentence)
                || headed && span.start == prose.note_offset(0) && ending(sentence).is_some();
            for clause in clauses {
                end += clause.len();
                let rest = sentence[end..].trim_start();
                of_code |= clause.chars().count() < 16 && OF_CODE.is_match(rest);
            }
            let confidence = if of_code {
                Confidence::Likely
            } else {
                Confidence::Weak
            };
            return Some(Claim {
                block: snippet.block,
                span,
                form: Form::Prose,
                kind,
                subject: Subject::Block,
                text: sentence.trim_end_matches(['。', '；', '！']).to_owned(),
                expected,
                hedged: HEDGED.is_match(sentence),
                negated,
                confidence,
                versions: version::limits(sentence),
                stream: None,
            });
        }
    }
    None
}

/// A text's sentences, each with its end: a full stop ends one where a blank and no small letter follow.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let rest = &text[end..];
        let stops = matches!(c, '。' | '\n' | '！' | '？' | '；')
            || matches!(c, '.' | '?' | '!')
                && rest.starts_with(' ')
                && rest
                    .trim_start()
                    .starts_with(|next: char| next.is_uppercase());
        if stops {
            found.push(&text[start..end]);
            start = end;
        }
    }
    found.push(&text[start..]);
    found
}

/// Whether a sentence says of a block that starts goroutines that they race, or that they don't.
fn race(sentence: &str, snippet: &Snippet) -> Option<(Kind, bool, String)> {
    let doubtful = CONDITIONAL.is_match(sentence)
        || ADVISES.is_match(sentence)
        || sentence.ends_with(['？', '?']);
    if doubtful || !race::starts_goroutines(snippet) {
        return None;
    }
    let none = match DETECTOR.captures(sentence) {
        Some(found) => found.name("not").is_some() || found[0].contains(" no "),
        None => race::says_none(sentence)?,
    };
    let kind = if none { Kind::NoRace } else { Kind::Race };
    Some((kind, false, String::new()))
}

/// What a sentence says of a program: the kind, whether it is denied, and the message it quotes.
fn said(prose: &Prose, sentence: &str) -> Option<(Kind, bool, String)> {
    if CONDITIONAL.is_match(sentence)
        || APPROXIMATE.is_match(sentence)
        || sentence.ends_with(['？', '?'])
    {
        return None;
    }
    if UNHARMED.is_match(sentence) {
        return Some((Kind::Panic, true, String::new()));
    }
    if let Some(found) = ENDS_WELL.find(sentence) {
        let denied = NEGATED.is_match(last_clause(&sentence[..found.start()]));
        return (!denied).then(|| (Kind::Exit, false, "0".to_owned()));
    }
    let quotes = || {
        let runs = prose.runs.iter();
        runs.filter(|run| run.code && sentence.contains(run.text.as_str()))
            .map(|run| run.text.trim())
    };
    if FINE.is_match(sentence) {
        return Some((Kind::CompileError, true, String::new()));
    }
    if let Some(said) = crash(quotes(), sentence) {
        return Some(said);
    }
    let message = quotes()
        .find_map(|run| QUOTED.captures(run))
        .or_else(|| {
            QUOTED
                .captures(sentence)
                .filter(|found| GO_SAYS.is_match(&found["message"]))
        })
        .map_or(String::new(), |found| found["message"].to_owned());
    [
        (&*COMPILE, Kind::CompileError),
        (&*DEADLOCK, Kind::Deadlock),
        (&*PANIC, Kind::Panic),
        (&*HANGS, Kind::Blocks),
    ]
    .into_iter()
    .find_map(|(pattern, kind)| {
        let found = pattern.find(sentence)?;
        let own = kind == Kind::CompileError;
        let denied = NEGATED.is_match(last_clause(&sentence[..found.start()]));
        // "The deferred function recovers the panic" says what becomes of it.
        let caught = kind == Kind::Panic && RECOVERS.is_match(sentence)
            || kind == Kind::Blocks && UNTIL.is_match(sentence);
        // "It does not deadlock" is left to those who look at lines.
        (!denied && !caught).then(|| {
            (
                kind,
                false,
                if own { String::new() } else { message.clone() },
            )
        })
    })
}

/// What stands behind the last comma of a Chinese sentence: "没有初始化，写入会 panic" denies the one and says the
/// other. English sentences go on behind theirs ("it does not, however, …").
fn last_clause(text: &str) -> &str {
    let comma = text
        .char_indices()
        .rev()
        .find(|(at, c)| *c == '，' || *c == ',' && text[..*at].ends_with(super::lexicon::is_cjk));
    comma.map_or(text, |(at, c)| &text[at + c.len_utf8()..])
}

/// What a sentence quotes of the runtime's or the compiler's words, where it says that this is what comes of it.
fn crash<'t>(
    mut quotes: impl Iterator<Item = &'t str>,
    sentence: &str,
) -> Option<(Kind, bool, String)> {
    let quoted = quotes.find(|run| QUOTED.is_match(run) || REFUSAL.is_match(run))?;
    let at = sentence.find(quoted)?;
    let before = sentence[..at].trim_end_matches(['`', ' ', '"', '“']);
    if !ENDS_IN.is_match(before) || NEGATED.is_match(last_clause(before)) {
        return None;
    }
    let Some(found) = QUOTED.captures(quoted) else {
        return Some((Kind::CompileError, false, quoted.to_owned()));
    };
    let message = found["message"].to_owned();
    let kind = if quoted.to_lowercase().starts_with("panic") {
        Kind::Panic
    } else if message.contains("deadlock") {
        Kind::Deadlock
    } else {
        Kind::Fatal
    };
    Some((kind, false, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(sentence: &str) -> Option<(Kind, bool)> {
        let prose = Prose {
            span: 0..sentence.len(),
            runs: Vec::new(),
            list_depth: 0,
            table: false,
        };
        said(&prose, sentence)
            .filter(|_| OF_CODE.is_match(sentence))
            .map(|(kind, negated, _)| (kind, negated))
    }

    #[test]
    fn sentences_about_the_code_claim() {
        for (sentence, expected) in [
            ("上面的代码无法编译。", (Kind::CompileError, false)),
            ("这段代码编译时会报错", (Kind::CompileError, false)),
            ("This program does not compile", (Kind::CompileError, false)),
            ("该程序会发生死锁", (Kind::Deadlock, false)),
            ("The code above deadlocks", (Kind::Deadlock, false)),
            ("上述代码会触发 panic", (Kind::Panic, false)),
            ("Running this panics", (Kind::Panic, false)),
            ("所以程序不会崩溃", (Kind::Panic, true)),
            ("这段代码可以正常编译。", (Kind::CompileError, true)),
            ("The code above compiles fine.", (Kind::CompileError, true)),
        ] {
            assert_eq!(kind(sentence), Some(expected), "{sentence}");
        }
    }

    #[test]
    fn other_sentences_do_not() {
        for sentence in [
            "向已关闭的通道写入会 panic",
            "如果不初始化，上面的代码会 panic",
            "这段代码不会发生死锁",
            "这段代码避免了死锁",
            "这段代码加了锁，不会发生死锁",
            "上面的代码会 panic 吗？",
            "The code avoids a deadlock",
            "This function never returns an error",
            "程序会一直阻塞，直到收到数据",
        ] {
            assert_eq!(kind(sentence), None, "{sentence}");
        }
    }
}
