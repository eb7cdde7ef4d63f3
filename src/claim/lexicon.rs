//! The words by which notes, Chinese and English, announce what a program does.
//!
//! Every list states one rule each. A word that only sometimes announces a claim is left out: a claim
//! missed costs less than a claim invented.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Kind, value, wording};

pattern!(
    /// A lead word with a colon or an equals sign: what follows is the output, whatever it looks like. `输出: `,
    /// `打印结果：`, `Output: `.
    pub(super) LEAD_MARKED,
    r"(?i)^(?:(?:这里|此处|此时|这时|现在|仍然|仍旧|依然|依旧|还是|照样|同样|因此|所以)*(?:会|将)?(?:最终|最后|依次|运行|执行|打印|程序)?(?:输出|打印|结果)(?:结果|内容|顺序|如下)*(?:是|为)?\s*[:：=]\s*|(?:输出|打印|写)?(?:到)?标准(?:输出|错误)(?:输出)?(?:是|为)?\s*[:：]\s*|(?:the\s+)?(?:output|outputs|result|results|prints|print|printed|stdout|stderr|standard output|standard error)\s*(?:is|order)?\s*[:：=]\s*|(?:outputs?|results?)\s*[-–—]+\s+|(?:вывод|результат|выведет|напечатает)\s*:\s*)"
);
pattern!(
    /// An arrow in front of a comment. Some put it before what is printed, others before all that they remark on a line
    /// (`x++ // => x is now 11`): it says nothing of what follows.
    pub(super) ARROW,
    r"^(?:=>|==>|-->|->|→|⇒)\s*"
);
pattern!(
    /// A lead word alone: what follows is the output if it looks like a value.
    pub(super) LEAD_BARE,
    r"(?i)^(?:这里|此处|现在)?(?:每次(?:运行|执行|调用)?)?(?:都|均|总是|始终)?(?:可能|也许|有时)?(?:会|将|将会|应该)?(?:依次|最终|直接)?(?:输出|打印)(?:出|结果)?(?:是|为|了)?\s*|^(?:(?:it|this)\s+)?(?:(?:still|now|always|just|only)\s+)?(?:will\s+|would\s+|may\s+|might\s+|could\s+)?(?:still\s+)?(?:outputs?|prints?|printed|printing)\s+"
);
pattern!(
    /// "It can happen": one occurrence confirms the claim.
    pub(super) HEDGED,
    r"(?i)可能|也许|或许|有时|大概率|不一定|有几率|一般|通常|\bmay\b|\bmight\b|\bcould\b|\bcan\b|\bpossibly\b|\bsometimes\b|\bprobably\b|\busually\b|\blikely\b"
);
pattern!(
    /// A condition the code at hand may not meet.
    pub(super) CONDITIONAL,
    r"(?i)如果|假如|若|的话|除非|改成|改为|换成|要是|\bif\b|\bunless\b|\bwhen\b"
);
pattern!(
    /// Approximate amounts: nothing that can be compared.
    pub(super) APPROXIMATE,
    r"(?i)大约|左右|约为|近似|≈|\b(?:about|around|roughly)\s+[\d~$\x22]|\bapproximately\b|类似|比如|例如|e\.g\.|for example|something like"
);

pattern!(
    /// The line is not reached, or what it prints is never printed.
    pub(super) NOT_REACHED,
    r"(?i)^(?:[❌✗×]\s*)?(?:注意[:：]?)?(?:这里|此处|这行|这一行|该行|这句|这条语句|这段代码|下面的代码|代码)?(?:就|都|也)?(?:(?:永远|根本|并|绝)?(?:不会|不再|没有|没|无法|不能)\s*(?:被)?(?:执行|打印|输出|运行|走|到达|进入)(?:到|到这里|到此|到这行|出来)?|执行不到|走不到|到不了)(?:这里|这一行|这行|(?:这个|该|此|这条)?(?:分支|case|路径))?(?:[，,。！!；;（(]|$)|[，,]\s*(?:所以|因此|因而|故|于是)?(?:这里|这行|它|该语句)?(?:永远|根本|也|就|都)?(?:不会|不再|无法)(?:被)?(?:执行|打印|输出|运行)(?:到|出来)?[。！!]?$|^(?:this (?:line |code )?(?:is |will )?)?(?:never|not|won't be|will not be|will never be) (?:be )?(?:executed|reached|printed|called|run|runs|prints|executes)(?:[.,;!(]|$)|^unreachable(?: code)?(?:[.,;!(]|$)"
);
pattern!(
    /// The line is reached.
    pub(super) REACHED,
    r"(?i)^(?:这里|这行|这一行|该行|这句)?(?:仍然|依然|还是|也)?(?:会|能)(?:被)?执行(?:到)?(?:这里|这行|这一行|到这里|到这行)?(?:[，,。！!；;（(]|$)|^(?:这里|这行)?(?:仍然|依然|还是|也)?会(?:被)?(?:打印|输出)(?:出来|到)?(?:[，,。！!；;（(]|$)|^(?:this (?:line )?)?(?:(?:will be|is|gets)(?: still)? )?(?:executed|reached|printed)(?:[.,;!(]|$)"
);
pattern!(
    /// A panic that does no harm, since something recovers from it.
    pub(super) RECOVERS,
    r"(?i)\b(?:recovers|catches|swallows|handles|turns)\b[^.]{0,24}\bpanic|\bpanic\b[^.]{0,24}\b(?:is|gets|was) (?:recovered|caught|handled)|\bpanics?\s+(?:recovered|caught|handled|swallowed)\b|(?:捕获|恢复|拦截|吞掉)(?:了|到|住)?[^，。]{0,12}panic|panic[^，。]{0,12}被[^，。]{0,12}(?:捕获|恢复|recover)"
);
pattern!(
    /// A panic that nothing recovers from; see [`is_uncaught`].
    pub(super) UNCAUGHT,
    r"(?i)(?:不会被?|无法被?|不能被?|没有被|没被)[^，。；]{0,24}(?:捕获|recover)|(?:捕获|recover)不(?:到|了)|(?:won't|will not|not|cannot|can't|never) be (?:recovered|caught)|^(?:会|将|导致|直接)*(?:整个)?(?:程序|进程)(?:也|都)?(?:会|将|直接|随之|因此|跟着)*(?:崩溃|挂掉|异常退出)(?:[，,。！!；;（(]|$)|^(?:this )?(?:crashes|kills|takes down|brings down) the (?:whole |entire )?(?:program|process)(?:[.,;!(]|$)"
);

/// What a phrase says that a line of code does, other than printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Panics.
    Panic,
    /// Ends in a fatal error.
    Fatal,
    /// Deadlocks.
    Deadlock,
    /// Blocks, for ever.
    BlocksForEver,
    /// Blocks, perhaps only until something else happens.
    Blocks,
    /// Does not compile.
    CompileError,
    /// Fails in one way or the other.
    Fails,
}

impl Behaviour {
    /// The kind of claim that says so.
    pub fn kind(self) -> Kind {
        match self {
            Self::Panic => Kind::Panic,
            Self::Fatal => Kind::Fatal,
            Self::Deadlock => Kind::Deadlock,
            Self::Blocks | Self::BlocksForEver => Kind::Blocks,
            Self::CompileError | Self::Fails => Kind::CompileError,
        }
    }
}

/// A phrase that says what a line does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// What it does.
    pub behaviour: Behaviour,
    /// The message it quotes; empty if none.
    pub message: String,
    /// Said not to happen.
    pub negated: bool,
    /// Said to happen perhaps.
    pub hedged: bool,
    /// The words may as well describe; see [`wording`].
    pub descriptive: bool,
}

const PREFIX: &str = r"^(?:[❌✗×✘!！]\s*)?(?:错误\s*[:：]\s*|报错\s*[:：]?\s*|error\s*[:：]\s*)?(?:这里|此处|这行|这一行|这|该行|程序|this|it|that|the next line)?\s*(?:就|都|也)?\s*";
const MODAL: &str = r"(?:会|将会|将|必然|一定会|直接|引发|触发|导致|抛出|产生|发生|造成|可能会?|也许会?|will|would|may|might|could|can|causes?|triggers?|produces?|results? in|leads? to|a|an|runtime|运行时|[:：]|\s)*";

fn anchored(core: &str) -> Regex {
    Regex::new(&format!("(?i){PREFIX}{MODAL}(?:{core})")).expect("a constant")
}

static PANIC: LazyLock<Regex> = LazyLock::new(|| {
    anchored(
        r"panics?\b\s*(?:[:：]\s*(?P<message>\S.*))?|panic(?:[!！。,，（(]|$)|(?:发生|引发|触发)?(?:恐慌|运行时错误|宕机)|(?P<runtime>runtime error: .*)",
    )
});
static FATAL: LazyLock<Regex> =
    LazyLock::new(|| anchored(r"fatal error\s*[:：]\s*(?P<message>.*)"));
static DEADLOCK: LazyLock<Regex> = LazyLock::new(|| {
    anchored(r"(?:(?:all goroutines are asleep|所有协程).{0,6}deadlock!?|dead\s?locks?\b|死锁)")
});
static FOR_EVER: LazyLock<Regex> = LazyLock::new(|| {
    anchored(
        r"(?:永远|永久(?:性)?|一直|无限期?)(?:地|的)?(?:被)?(?:阻塞|挂起)|(?:陷入|进入)(?:了)?(?:永远|永久|永久性)(?:的)?(?:阻塞|等待)|阻塞(?:到)?(?:永远|永久)|blocks?\s+for\s?ever|blocked\s+for\s?ever|block(?:s|ed|ing)? (?:forever|indefinitely)|(?:hangs?|waits?|stuck)(?: for\s?ever)?$|never (?:returns|ends|finishes|completes)\b|(?:永远|永久|一直)(?:卡(?:住|死)|等待|等下去)(?:[。，,！!]|$)|永远(?:不会|无法)(?:返回|结束)",
    )
});
// Alone or with a remark in brackets: `wg.Wait() // 阻塞等待所有任务` describes.
static BLOCKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        "(?i){PREFIX}{MODAL}(?:被)?(?:阻塞(?:住|在这里|在此)?|blocks?|blocking|blocked)\\s*[。.!！]?\\s*(?:[（(].*[)）])?$"
    ))
    .expect("a constant")
});
static COMPILE_ERROR: LazyLock<Regex> = LazyLock::new(|| {
    anchored(
        r"(?:编译(?:时|期|器)?\s*(?:就|会|将|直接)?\s*(?:错误|报错|出错|失败|不通过|不过|不了|error)|(?:不能|无法|不可以?)(?:通过)?编译(?:通过)?|通不过编译|compil(?:e|er|ation)(?:[ -]time)?\s+(?:error|fails?|failure)|(?:does not|doesn't|won't|will not|cannot|can't|fails? to) compile|not compile)\s*(?:[:：,，]\s*(?P<message>\S.*))?|(?P<quoted>(?:[A-Za-z_]\w*(?: is)? undefined here|invalid operation|cannot use|cannot assign|cannot call pointer method|cannot take (?:the )?address|undefined|(?:[A-Za-z_]\w* )?declared (?:and|but) not used|syntax error|missing return|assignment mismatch|invalid argument|cannot convert|cannot infer|(?:[A-Za-z_]\w* )?redeclared in this block|no new variables on left side|(?:not enough|too many) (?:arguments|return values)|(?:\S+ )?does not (?:satisfy|implement)|(?:\S+ )?\(?mismatched types|impossible type (?:assertion|switch)|cannot range over|cannot call non-function|cannot indirect|non-boolean condition|invalid recursive type|import cycle|label \S+ defined and not used|duplicate (?:key|case|method|field)|unexported|missing method|first argument to append|(?:constant )?(?:\S+ )?overflows (?:u?int\d*|byte|rune|float\d*)|\x22[\w./-]+\x22 imported and not used|imported and not used)\b.*)",
    )
});
static COMPILES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)不会(?:导致|产生|有|出现)?编译(?:时)?(?:错误|报错|失败)|^[\p{Han}&&[^不才就改如否未没]]{0,6}?(?:可以|能|能够)(?:正常)?(?:通过)?编译(?:通过)?(?:[，,。！!；;（(]|$)|^编译(?:能)?通过|^(?:it )?compiles(?: fine| ok)?\b|no compile error|^(?:✅\s*|✓\s*)?(?:ok|okay|合法|valid|legal)(?:[!！。.，,;；（(]|$|\s*[:：]\s*(?P<rest>.*))",
    )
    .expect("a constant")
});
static NO_PANIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)不会?(?:再|引发|触发|导致|发生|产生)?\s*(?:panic|恐慌|宕机)|\b(?:no|not|never|won't|doesn't|does not|will not|without(?: a)?) panic")
        .expect("a constant")
});
// "Works": the line comes to its end.
static WORKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:这里|此处|这样|仍然?|也)?(?:可以|能够?|会)?正常(?:工作|运行|关闭|执行|写入|读取|访问|使用|返回|输出|打印|发送|接收|添加|删除|调用)(?:[，,。！!；;（(]|$)|^(?:这里|这样|也|都|并)*(?:(?:没有?|没)问题|不会(?:有|出|出现)?(?:任何)?(?:问题|出错))(?:[，,。！!；;（(]|$)|^(?:this )?works?(?: fine| ok| well)?(?:[.,;!(]|$)|^(?:this is )?(?:fine|no problem)(?:[.,;!(]|$)")
        .expect("a constant")
});
static NO_DEADLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)不会?(?:再|引发|触发|导致|发生|产生|造成)?死锁|\b(?:no|not|never|won't|doesn't|does not|will not|without) dead\s?lock")
        .expect("a constant")
});
static NO_BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)不会?(?:再|被)?阻塞|非阻塞|\bnon-?blocking\b|\b(?:not|never|won't|doesn't|does not|will not) block")
        .expect("a constant")
});
// A message of the runtime's at the end of a sentence: `写入 nil map 触发 panic: assignment to entry in nil map`.
static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:会|将|触发|引发|导致|造成|抛出|产生|报|causes?|triggers?|results? in|raises?|throws?|with|gives?|ends? in)(?:错|了|出)?\s*(?:an? |the )?(?P<kind>panic|fatal error)\s*[:：]\s*(?P<message>[A-Za-z].*)$")
        .expect("a constant")
});
// `panics without the check above`: what happens where something is not there, as it is here perhaps.
static LIMITED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:without|unlike)\b").expect("a constant"));
// `a panic in here kills the program`: of any panic.
static A_PANIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:a|an|any|the|every) (?:runtime )?panic (?P<verb>[a-z]+)")
        .expect("a constant")
});
static DENIED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)不会|没有|避免|防止|\b(?:no|not|never|avoids?|instead of)\b|n't\b")
        .expect("a constant")
});
static FAILS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:[❌✗×✘]\s*)?(?:error|错误|报错|会报错|出错|非法|invalid|illegal|not allowed|不允许|不合法|失败)[!！。.]?$|^(?:这里|这行|这样)?(?:仍然|依然|还是|也|同样|直接|就|都|[^，。；,;如若则]{0,3}因为[^，。；,;]{1,16}而)*(?:会)?报错(?:[，,。！!（(]|$)")
        .expect("a constant")
});

pattern!(
    /// A `recover` that does nothing.
    pub(super) POWERLESS,
    r"(?i)^(?:[❌✗×]\s*)?(?:这里|此处|这样)?(?:的)?(?:recover(?:\(\))?\s*)?(?:是)?(?:无效|不起作用|没用|没有用|没有作用|不生效|不会生效)(?:的)?(?:[，,。！!；;：:（(]|$)|^(?:this )?(?:does nothing|doesn't work|does not work|has no effect|no effect|useless|ineffective)(?:[.,;:!(]|$)"
);

pattern!(
    /// A `recover` that does what it is there for.
    pub(super) EFFECTIVE,
    r"(?i)^(?:[✅✓]\s*)?(?:这里|此处|这样)?(?:的)?(?:recover(?:\(\))?\s*)?(?:是)?(?:有效|生效|起作用)(?:的)?(?:[，,。！!；;：:（(]|$)|^(?:这里|这样|此处)?(?:可以|能够?|成功|正常)+(?:地)?(?:捕获|恢复|recover)(?:到|住)?(?:了)?\s*(?:这个|该|此|上面的|下面的)?\s*(?:panic|异常)?(?:[，,。！!；;（(]|$)|^(?:this )?(?:works|catches (?:it|the panic)|recovers)(?:[.,;:!(]|$)"
);

/// Whether a comment says that its line comes to its end as it should.
pub fn says_it_works(text: &str) -> bool {
    WORKS.is_match(text.trim())
}

/// Whether a comment says of a panic that nothing catches it.
pub fn is_uncaught(text: &str) -> bool {
    UNCAUGHT.is_match(text) || POWERLESS.is_match(text)
}

/// Whether a comment says that a `recover` catches the panic.
pub fn speaks_of_recover(text: &str) -> bool {
    EFFECTIVE.is_match(text)
}

/// Read a phrase that says what a line of code does. `None`: it says nothing of the kind.
///
/// The phrase must start with what it says ("panic: …", "会引发 panic", "this will block"): a sentence
/// that merely mentions the word describes or explains.
pub fn phrase(text: &str) -> Option<Phrase> {
    let text = text.trim();
    let hedged = HEDGED.is_match(text);
    let say = |behaviour, message: &str, negated| {
        Some(Phrase {
            behaviour,
            message: tidy_message(message),
            negated,
            hedged,
            descriptive: !negated && LIMITED.is_match(text),
        })
    };
    // `v, ok := m[k] // ok: true` gives the value of a variable.
    let is_name = |found: &Captures| {
        found
            .name("rest")
            .is_some_and(|it| value::starts_with_value(it.as_str()))
    };
    if COMPILES
        .captures(text)
        .is_some_and(|found| !is_name(&found))
    {
        return say(Behaviour::CompileError, "", true);
    }
    if NO_PANIC.is_match(text) || WORKS.is_match(text) && !CONDITIONAL.is_match(text) {
        return say(Behaviour::Panic, "", true);
    }
    if NO_DEADLOCK.is_match(text) {
        return say(Behaviour::Deadlock, "", true);
    }
    if NO_BLOCK.is_match(text) {
        return say(Behaviour::Blocks, "", true);
    }
    if CONDITIONAL.is_match(text) {
        return None;
    }
    if let Some(found) = COMPILE_ERROR.captures(text) {
        let quoted = found.name("quoted");
        let message = found.name("message").or(quoted);
        let said = say(
            Behaviour::CompileError,
            message.map_or("", |message| message.as_str()),
            false,
        );
        let descriptive =
            quoted.is_some_and(|it| wording::describes(&text[..it.start()], it.as_str()));
        return said.map(|said| Phrase {
            descriptive,
            ..said
        });
    }
    if FOR_EVER.is_match(text) {
        return say(Behaviour::BlocksForEver, "", false);
    }
    if let Some(found) = FATAL.captures(text) {
        let message = found.name("message").map_or("", |message| message.as_str());
        let behaviour = if message.contains("deadlock") {
            Behaviour::Deadlock
        } else {
            Behaviour::Fatal
        };
        return say(behaviour, message, false);
    }
    if DEADLOCK.is_match(text) {
        return say(Behaviour::Deadlock, "", false);
    }
    // What a `*runtime.PanicNilError` says: text that is printed, and announces nothing.
    if text.starts_with("panic called with nil argument") {
        return None;
    }
    if RECOVERS.is_match(text) && !text.starts_with("panic:") {
        return None;
    }
    // `panic 之后的代码`, `panic 也算一次`: what is said of a panic says of no line that it panics.
    let of_panic = |found: &Captures| {
        let end = found.get(0).map_or(0, |all| all.end());
        let rest = text[end..].trim_start();
        let goes_on = ["也", "之", "后", "时", "的", "前", "值", "信息", "算"];
        found.name("message").is_none() && goes_on.iter().any(|word| rest.starts_with(word))
    };
    let happens = |verb: &str| {
        [
            "is", "occurs", "happens", "here", "at", "with", "because", "as",
        ]
        .contains(&verb)
    };
    if A_PANIC
        .captures(text)
        .is_some_and(|found| !happens(&found["verb"]))
    {
        return None;
    }
    if let Some(found) = PANIC.captures(text).filter(|found| !of_panic(found)) {
        let message = found.name("message").or_else(|| found.name("runtime"));
        return say(
            Behaviour::Panic,
            message.map_or("", |message| message.as_str()),
            false,
        );
    }
    if let Some(found) = QUOTED.captures(text).filter(|_| !DENIED.is_match(text)) {
        let behaviour = match &found["kind"] {
            kind if kind.eq_ignore_ascii_case("panic") => Behaviour::Panic,
            _ if found["message"].contains("deadlock") => Behaviour::Deadlock,
            _ => Behaviour::Fatal,
        };
        return say(behaviour, &found["message"], false);
    }
    if BLOCKS.is_match(text) {
        return say(Behaviour::Blocks, "", false);
    }
    if FAILS.is_match(text) {
        return say(Behaviour::Fails, "", false);
    }
    None
}

/// A quoted message without the author's brackets, quotes and final full stop.
fn tidy_message(message: &str) -> String {
    let message = message.trim();
    // `deadlock!）`: the bracket closes the author's remark.
    let message = match message.chars().last() {
        Some(')') if message.matches('(').count() < message.matches(')').count() => {
            &message[..message.len() - 1]
        }
        Some('）') if !message.contains('（') => message.trim_end_matches('）'),
        _ => message,
    };
    message
        .trim_end_matches(['。', '！'])
        .trim_matches(['`', '"', '“', '”'])
        .trim()
        .to_owned()
}

/// Whether a character is Chinese, Japanese or Korean, or their punctuation.
pub fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str) -> Option<(Behaviour, bool, bool)> {
        phrase(text).map(|phrase| (phrase.behaviour, phrase.negated, phrase.hedged))
    }

    #[test]
    fn phrases_are_understood_in_both_languages() {
        use Behaviour::*;
        for (text, expected) in [
            (
                "panic: assignment to entry in nil map",
                (Panic, false, false),
            ),
            ("会panic", (Panic, false, false)),
            ("引发 panic", (Panic, false, false)),
            ("可能导致panic", (Panic, false, true)),
            ("不会 panic", (Panic, true, false)),
            ("will not panic", (Panic, true, false)),
            (
                "This produces: panic: close of nil channel",
                (Panic, false, false),
            ),
            ("编译错误", (CompileError, false, false)),
            ("compile error: undefined f", (CompileError, false, false)),
            ("不会导致编译错误", (CompileError, true, false)),
            ("invalid operation: a == b", (CompileError, false, false)),
            ("永远阻塞", (BlocksForEver, false, false)),
            ("阻塞", (Blocks, false, false)),
            ("Blocking", (Blocks, false, false)),
            ("Non-blocking", (Blocks, true, false)),
            (
                "fatal error: all goroutines are asleep - deadlock!",
                (Deadlock, false, false),
            ),
            ("死锁", (Deadlock, false, false)),
            ("error", (Fails, false, false)),
            (
                "写入 nil map 触发 panic: assignment to entry in nil map",
                (Panic, false, false),
            ),
            (
                "重复关闭会 panic:close of closed channel",
                (Panic, false, false),
            ),
            ("\"os\" imported and not used", (CompileError, false, false)),
            ("overflows int", (CompileError, false, false)),
        ] {
            assert_eq!(says(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn descriptions_say_nothing() {
        for text in [
            "阻塞等待所有任务完成",
            "如果缓冲区已满，这里会阻塞",
            "这个panic不会被goroutine中的recover捕获",
            "处理panic",
            "Panic caught by recover",
            "continues (panic recovered)",
            "错误：Add应在goroutine外调用",
            "忽略错误",
            "执行任务，返回错误",
            "加锁，避免触发 panic: concurrent map writes",
        ] {
            assert!(
                !matches!(phrase(text), Some(Phrase { negated: false, .. })),
                "{text}: {:?}",
                phrase(text)
            );
        }
    }
}
