//! Multiple choice: options under a block, and the right one named after them, at the end of the note, or by a
//! mark. What the right one says is claimed; the others claim nothing.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::note::{Note, Part};
use crate::snippet::Snippet;

use super::lexicon::{self, Behaviour};
use super::prose::HEADS_ANSWER;
use super::{Claim, Confidence, Form, Kind, Subject, value};

// `A. 3`, `- B) panic`, `（C）编译错误`, `**D**: nothing`.
pattern!(
    LETTERED,
    r"^[ \t>]*(?:[-*+]\s+)?(?:\[[ xX]\]\s+)?[(（]?\*{0,2}(?P<name>[A-H])\*{0,2}\s*[.:：、)）．]\s*\*{0,2}\s*(?P<text>.*)$"
);
// `1. 2.5`, `- 3`: options only where one of them is marked.
pattern!(
    LISTED,
    r"^[ \t>]*(?:(?P<name>\d{1,2})[.)、]|[-*+])\s+(?P<text>\S.*)$"
);
// The marks of the right one.
pattern!(
    MARK,
    r"(?i)\*+\s*correct\s*\*+|[✅✔☑√]️?|[(（]\s*(?:correct|right|正确|正确答案|答案)\s*[)）]|<--\s*(?:correct|answer)|^\[[xX]\]\s*"
);
// `答案：B`, `Answer: **C**`, `正确答案是 D`, `选 B`.
pattern!(
    ANSWER,
    r"(?i)^[ \t>*#-]*(?:(?:参考|正确|标准)?(?:答案|选项|答\s*(?:[:：]|\b))(?:(?:及|和|与)?(?:解析|分析|解释))?|(?:the\s+)?(?:correct\s+|right\s+)?(?:answer|choice|option|solution)(?:\s*(?:/|&|and)\s*(?:solution|explanation))?|(?:应该|正确)?选择?)\s*(?:is|是|为|应为|选)?\s*[:：]?\s*[*`（(]*\s*(?P<name>[A-H])\b"
);
// A part of the note with nothing but answers.
pattern!(
    ANSWERS,
    r"(?i)^\s*(?:参考|正确|习题)?(?:答案|解答|解析)|^\s*(?:answers?|solutions?|answer key)\b"
);
// `### 1. D`, `2) B`, `第3题：C`, `Q4: A`.
pattern!(
    NUMBERED,
    r"(?i)^[ \t>#*-]*(?:第|Q|question|问题|题目?)?\s*(?P<number>\d{1,3})\s*题?\s*[.:：、)）]?\s*(?:(?:答案|answer)\s*[:：]?)?\s*[*`（(]*(?P<name>[A-H])(?:[^\w]|$)"
);
pattern!(
    NUMBER,
    r"(?i)^\s*(?:第|Q|question|问题|题目?)?\s*(?P<number>\d{1,3})\s*(?:题|[.:：、)）]|$|\s)"
);
pattern!(
    LEAD,
    r"(?i)^(?:会|将)?(?:输出|打印|结果)(?:为|是|结果)?\s*[:：]?\s*|^(?:it\s+)?(?:prints?|outputs?|displays)\s*:?\s*"
);

/// An option of a question.
struct Choice {
    name: String,
    /// Bytes of the note.
    span: Range<usize>,
    text: String,
    marked: bool,
}

/// What was found: the claims, and the parts of the note in which options stand, which claim nothing.
#[derive(Debug, Default)]
pub struct Found {
    /// What the right options say.
    pub claims: Vec<Claim>,
    /// Bytes of the note.
    pub options: Vec<Range<usize>>,
}

/// The questions of a note.
pub fn find(note: &Note, snippets: &[Option<&Snippet>]) -> Found {
    let key = answer_key(note);
    let mut found = Found::default();
    let mut ordinal = 0;
    let mut of_heading = None;
    for (at, part) in note.parts.iter().enumerate() {
        if let Part::Heading { text, .. } = part {
            of_heading = number(text);
        }
        let Part::Block(block) = part else { continue };
        let Some(snippet) = snippets.get(*block).copied().flatten() else {
            continue;
        };
        if !snippet.is_go() {
            continue;
        }
        let region = region(note, snippets, at);
        let options = options(note, region.clone());
        let Some(last) = options.last() else { continue };
        ordinal += 1;
        found.options.push(options[0].span.start..last.span.end);
        let number = of_heading.unwrap_or(ordinal);
        let right = options
            .iter()
            .find(|option| option.marked)
            .map(|option| option.name.clone())
            .or_else(|| answer_after(note, last.span.end..region.end))
            .or_else(|| key.get(&number).cloned());
        let chosen = right.and_then(|name| options.iter().find(|option| option.name == name));
        found
            .claims
            .extend(chosen.and_then(|option| claim(*block, option)));
    }
    found
}

/// What follows a block up to the next Go block or heading, other than one that its answer stands under.
fn region(note: &Note, snippets: &[Option<&Snippet>], at: usize) -> Range<usize> {
    let start = match &note.parts[at] {
        Part::Block(block) => note.blocks[*block].span.end,
        _ => 0,
    };
    let end = note.parts[at + 1..].iter().find_map(|part| match part {
        Part::Heading { text, span, .. } => {
            (!HEADS_ANSWER.is_match(text.trim())).then_some(span.start)
        }
        Part::Block(block) => snippets
            .get(*block)
            .copied()
            .flatten()
            .filter(|snippet| snippet.is_go())
            .map(|_| note.blocks[*block].span.start),
        _ => None,
    });
    start..end.unwrap_or(note.text.len()).max(start)
}

/// The lines of a part of the note that stand in no code block, with their bytes.
fn lines(note: &Note, region: Range<usize>) -> Vec<(Range<usize>, &str)> {
    let mut start = region.start;
    let mut found = Vec::new();
    for line in note.text[region].split_inclusive('\n') {
        let span = start..start + line.trim_end().len();
        start += line.len();
        if note.block_at(span.start).is_none() {
            found.push((span.clone(), &note.text[span]));
        }
    }
    found
}

/// The options in a part of the note: at least two, in order from A; or a list with one that is marked.
fn options(note: &Note, region: Range<usize>) -> Vec<Choice> {
    let lines = lines(note, region);
    let read = |pattern: &Regex| -> Vec<Choice> {
        let choices = lines.iter().filter_map(|(span, line)| {
            let found = pattern.captures(line)?;
            let text = found.name("text")?.as_str();
            Some(Choice {
                name: found
                    .name("name")
                    .map_or(String::new(), |name| name.as_str().to_owned()),
                span: span.clone(),
                marked: MARK.is_match(text) || line.contains("[x]") || line.contains("[X]"),
                text: MARK.replace_all(text, "").trim().to_owned(),
            })
        });
        choices.collect()
    };
    let mut lettered = read(&LETTERED);
    let in_order = lettered
        .iter()
        .zip('A'..)
        .take_while(|(option, letter)| option.name == letter.to_string())
        .count();
    lettered.truncate(in_order);
    if lettered.len() > 1 {
        return lettered;
    }
    let mut listed = read(&LISTED);
    for (number, option) in listed.iter_mut().enumerate() {
        option.name = format!("{}", number + 1);
    }
    let marked = listed.iter().filter(|option| option.marked).count();
    if listed.len() > 1 && marked == 1 {
        listed
    } else {
        Vec::new()
    }
}

/// The letter that the text after the options names.
fn answer_after(note: &Note, region: Range<usize>) -> Option<String> {
    let lines = lines(note, region.clone());
    let letter = |line: &str| ANSWER.captures(line).map(|found| found["name"].to_owned());
    let direct = lines.iter().find_map(|(_, line)| letter(line.trim()));
    // A fence of its own holds the answer: `答案： A`, and why.
    let fenced = || {
        let blocks = note.blocks_from(region.start).iter();
        let mut within = blocks.take_while(|block| block.span.start < region.end);
        within.find_map(|block| letter(block.code.text.trim_start().lines().next()?.trim()))
    };
    direct.or_else(fenced).or_else(|| {
        // `<details><summary>答案</summary>` and the letter on a line of its own.
        let lead = lines.iter().position(|(_, line)| {
            line.contains("答案") || line.to_lowercase().contains("answer")
        })?;
        lines[lead + 1..]
            .iter()
            .map(|(_, line)| line.trim_matches(['>', ' ', '\t', '*', '`', '.', '。']))
            .find(|line| !line.is_empty())
            .filter(|line| line.len() == 1 && ("A"..="H").contains(line))
            .map(str::to_owned)
    })
}

/// The answers that stand together in a part of their own: question number → letter.
fn answer_key(note: &Note) -> HashMap<usize, String> {
    let headings = note.parts.iter().filter_map(|part| match part {
        Part::Heading { level, text, span } => Some((*level, text, span)),
        _ => None,
    });
    let mut key = HashMap::new();
    let mut within: Option<u8> = None;
    let mut start = 0;
    let mut read = |region: Range<usize>| {
        for (_, line) in lines(note, region) {
            if let Some(found) = NUMBERED.captures(line)
                && let Ok(number) = found["number"].parse()
            {
                key.entry(number)
                    .or_insert_with(|| found["name"].to_owned());
            }
        }
    };
    for (level, text, span) in headings {
        if let Some(above) = within.filter(|above| level <= *above) {
            read(start..span.start);
            let _ = above;
            within = None;
        }
        if within.is_none() && ANSWERS.is_match(text) {
            within = Some(level);
            start = span.end;
        }
    }
    if within.is_some() {
        read(start..note.text.len());
    }
    key
}

/// The number that a heading gives its question.
fn number(heading: &str) -> Option<usize> {
    NUMBER.captures(heading)?["number"].parse().ok()
}

/// What an option says, if that can be seen.
fn claim(block: usize, option: &Choice) -> Option<Claim> {
    let bare = option.text.trim_matches(['`', '*', '"', ' ']).trim();
    let said = LEAD.replace(bare, "").trim_matches(['`', ' ']).to_owned();
    let phrase = lexicon::phrase(bare)
        .or_else(|| lexicon::phrase(steps(bare).pop()?))
        .filter(|phrase| phrase.behaviour != Behaviour::Fails);
    let said = match steps(&said).as_slice() {
        all @ [_, _, ..] if all.iter().all(|it| value::is_values(it)) => all.join("\n"),
        _ => said,
    };
    let (kind, expected, confidence, negated) = match phrase {
        Some(phrase) => (
            phrase.behaviour.kind(),
            phrase.message,
            Confidence::Certain,
            phrase.negated,
        ),
        None if said.is_empty() => return None,
        None if value::is_values(&said) || value::is_word(&said) && !is_none_of_them(&said) => {
            (Kind::Stdout, said, Confidence::Certain, false)
        }
        // "all of the above", "取决于平台": what cannot be told from output is output only if it is printed.
        None => (Kind::Stdout, said, Confidence::Weak, false),
    };
    Some(Claim {
        block,
        span: option.span.clone(),
        form: Form::Choice,
        kind,
        subject: Subject::Block,
        text: option.text.clone(),
        expected,
        hedged: lexicon::HEDGED.is_match(bare),
        negated,
        confidence,
        versions: None,
        stream: None,
    })
}

/// What an option says comes one after the other: "`0 true` 然后 panic", "6 和 3".
fn steps(text: &str) -> Vec<&str> {
    static THEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\s*[,，、;；]?\s*(?:然后|接着|最后|之后|再|和|,? and then|,? then| and)\s*(?:再|会|输出|打印)*\s*|`\s*[,，、]\s*`")
            .expect("a constant")
    });
    let steps = THEN
        .split(text)
        .map(|step| step.trim_matches(['`', ' ', '。']));
    steps.filter(|step| !step.is_empty()).collect()
}

/// Words that options use for something other than output.
fn is_none_of_them(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "nothing", "none", "error", "yes", "no", "true", "false", "correct", "wrong",
    ];
    WORDS.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<(Kind, String)>, usize) {
        let note = crate::note::markdown::parse(
            "a.md".into(),
            text.to_owned(),
            crate::note::Encoding::Utf8,
        );
        let snippets: Vec<Snippet> = note
            .blocks
            .iter()
            .enumerate()
            .map(|(at, block)| Snippet::read(at, block))
            .collect();
        let borrowed: Vec<Option<&Snippet>> = snippets.iter().map(Some).collect();
        let found = find(&note, &borrowed);
        let claims = found.claims.into_iter();
        (
            claims.map(|claim| (claim.kind, claim.expected)).collect(),
            found.options.len(),
        )
    }

    const CODE: &str = "```go\nfmt.Println(f())\n```\n\n";

    #[test]
    fn the_answer_stands_after_the_options() {
        let two = (Kind::Stdout, "2".to_owned());
        for text in [
            "- A. 1\n- B. 2\n- C. panic\n\n答案：B\n",
            "A: 1\nB: 2\n\nThe correct answer is **B**.\n",
            "A) 1\nB) 2\n\n<details><summary>Answer</summary>\n\nB\n\n</details>\n",
            "1. 1\n2. 2 *CORRECT*\n3. 3\n",
            "- [ ] A. 1\n- [x] B. 2\n",
        ] {
            assert_eq!(
                read(&format!("{CODE}{text}")),
                (vec![two.clone()], 1),
                "{text}"
            );
        }
    }

    #[test]
    fn the_answers_stand_at_the_end() {
        let options = "- A. 1\n- B. panic\n\n";
        let text = format!(
            "### 1. x\n\n{CODE}{options}### 2. y\n\n{CODE}{options}## 答案\n\n### 1. B\n\nwhy\n\n### 2. A\n"
        );
        let expected = vec![(Kind::Panic, String::new()), (Kind::Stdout, "1".to_owned())];
        assert_eq!(read(&text), (expected, 2));
    }

    #[test]
    fn options_without_an_answer_claim_nothing_and_lists_are_no_options() {
        assert_eq!(read(&format!("{CODE}- A. 1\n- B. 2\n")), (vec![], 1));
        assert_eq!(read(&format!("{CODE}1. first\n2. second\n")), (vec![], 0));
        assert_eq!(read(&format!("{CODE}A. alone\n")), (vec![], 0));
    }
}
