//! What becomes of a program, said below a heading of its own: `### Answer`, `<summary>答案</summary>`.

use crate::claim::Kind;
use crate::claim::prose::{HEADS_ANSWER, HEADS_OUTPUT, SUMMARY};
use crate::note::{Note, Part};

// The letter of an option, perhaps, then what happens, and nothing more than why.
pattern!(
    SAYS,
    r"(?i)^[(（]?(?:[A-H]\b[\s.、:：，,)）]*)?(?:(?:it|会|将|发生|触发|产生|运行时|a|runtime|run-time)\s*)*(?:(?P<compile>编译(?:时)?(?:会)?(?:错误|失败|报错|出错|不通过|不过)|(?:不能|无法)(?:通过)?编译|compil(?:e|er|ation)(?:[ -]time)? (?:error|failure|fails))|(?P<panic>panics?)|死锁|deadlocks?)(?:\s*(?:$|[.,;:!，。；：！（()）]|[—–-]\s)|\s+(?:as|because|since|due)\b)"
);

/// What becomes of a program by what stands in place of its output: `Runtime panic`, "C 编译错误", `Deadlock!`.
pub(in crate::claim) fn ending(text: &str) -> Option<Kind> {
    let said = SAYS.captures(text.trim())?;
    Some(match (said.name("compile"), said.name("panic")) {
        (Some(_), _) => Kind::CompileError,
        (_, Some(_)) => Kind::Panic,
        _ => Kind::Deadlock,
    })
}

/// The block that the part at `at` answers for: a heading or a summary right before it says that the answer comes, and
/// the section has no other block. Options to choose from may stand between them.
pub(super) fn answered(note: &Note, at: usize) -> Option<usize> {
    let lead = at.checked_sub(1)?;
    let announces = match &note.parts[lead] {
        Part::Heading { text, .. } => {
            HEADS_ANSWER.is_match(text.trim()) || HEADS_OUTPUT.is_match(text.trim())
        }
        Part::Html { text, .. } => SUMMARY.is_match(text),
        _ => false,
    };
    let mut section = note.parts[..lead]
        .iter()
        .rev()
        .take_while(|part| !matches!(part, Part::Heading { .. }))
        .filter_map(|part| match part {
            Part::Block(block) => Some(*block),
            _ => None,
        });
    let block = section.next().filter(|_| announces)?;
    section.next().is_none().then_some(block)
}
