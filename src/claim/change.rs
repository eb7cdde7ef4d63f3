//! What changes with a line, and what pointers point to: `modify(a) // a 不变`,
//! `s2[0] = 9 // s1 也被修改了`, `ps = append(ps, &v) // 都指向同一个地址`.

use crate::snippet::probe::Look;

use super::valued::{Speech, parts};
use super::{Claim, Confidence, Kind, value};

const NAME: &str = r"(?P<name>\*?[A-Za-z_][0-9A-Za-z_]*(?:\.[0-9A-Za-z_]+|\[[0-9A-Za-z_\x22]+\])*)";

pattern!(
    UNCHANGED,
    &format!(
        r"(?i)^(?:(?:并|也|都)?不会?(?:再)?(?:影响|修改|改变)(?:到)?(?:原来的|原)?\s*{NAME}(?:的值|本身)?$|(?:但)?\s*{}\s*(?:的值|本身)?\s*(?:不变|没变|未变|不会(?:改)?变|保持不变|不受影响|没有(?:改变|变化|被修改)|不会被?(?:修改|影响|改变)|is (?:unchanged|unaffected|not (?:changed|modified|affected))|(?:stays|remains) (?:the same|unchanged)|does ?n[o']t change)$|(?:does not|doesn't|won't|will not) (?:change|affect|modify) {}$)",
        NAME.replace("name", "subject"),
        NAME.replace("name", "object")
    )
);
pattern!(
    CHANGED,
    &format!(
        r"(?i)^(?:(?:会|将|同时)?(?:也)?(?:会)?(?:修改|改变|影响)(?:了|到了?)?\s*{NAME}(?:的值)?$|{}\s*(?:的值)?\s*(?:也|同时|跟着)?\s*(?:会|将)?(?:被|受到?)?(?:改变|修改|改|变|变化|影响)了?$|{} is (?:also )?(?:changed|modified|affected)(?: too| as well)?$|(?:also )?(?:changes|modifies|affects) {}(?: too| as well)?$)",
        NAME.replace("name", "subject"),
        NAME.replace("name", "object"),
        NAME.replace("name", "target")
    )
);
// `所有指针都指向同一个地址`, `all pointers point to the same variable`
pattern!(
    SHARED,
    r"(?i)(?:都|均|全都?)(?:是|指向|保存了?)(?:了)?(?:同一个?|相同的?)(?:地址|变量|内存|位置|元素|指针)|(?:all|both)\b.{0,24}\b(?:point|refer)s? to the same\b|same address"
);
// `ptrs中的元素都指向最后一个值3`
pattern!(
    TARGETS,
    r"(?i)(?:都|均|全都?)指向(?:了)?(?:最后(?:的|一个)?(?:元素|值|数)?)?\s*(?P<value>\S.*)$|all\b.{0,24}\bpoint to\b\s*(?P<said>\S.*)$"
);

/// The claims of this kind in a comment behind (or below) a statement.
pub(super) fn read(speech: &Speech, text: &str) -> Vec<Claim> {
    if let Some(claim) = pointers(speech, text) {
        return vec![claim];
    }
    parts(text)
        .into_iter()
        .filter_map(|part| changed(speech, part))
        .collect()
}

fn changed(speech: &Speech, part: &str) -> Option<Claim> {
    let (found, negated) = match (UNCHANGED.captures(part), CHANGED.captures(part)) {
        (Some(found), _) => (found, true),
        (None, Some(found)) => (found, false),
        (None, None) => return None,
    };
    let name = ["name", "subject", "object", "target"]
        .iter()
        .find_map(|group| found.name(group))?
        .as_str();
    // A name that the code lacks ("原数组") cannot be looked at.
    if !speech.knows(name) {
        return None;
    }
    let certain = Confidence::Certain;
    let claim = speech.claim(Kind::Value, Look::Change, name, "", certain);
    Some(Claim { negated, ..claim })
}

fn pointers(speech: &Speech, text: &str) -> Option<Claim> {
    let list = list_of_pointers(speech, text)?;
    // They are all there when the loop is over.
    let speech = Speech {
        line: loop_end(speech).unwrap_or(speech.line),
        assigned: None,
        ..*speech
    };
    let certain = Confidence::Certain;
    if SHARED.is_match(text) {
        return Some(speech.claim(Kind::Value, Look::Shared, list, "", certain));
    }
    let found = TARGETS.captures(text)?;
    let said = found.name("value").or(found.name("said"))?.as_str();
    value::is_value(said).then(|| speech.claim(Kind::Value, Look::Targets, list, said, certain))
}

/// The last line of the loop around the statement.
fn loop_end(speech: &Speech) -> Option<usize> {
    let mut node = Some(speech.statement);
    while let Some(at) = node {
        if at.kind() == "for_statement" {
            return Some(at.end_position().row);
        }
        node = at.parent();
    }
    None
}

/// The list a comment speaks of: one that the statement (or the loop that it is) adds pointers to.
fn list_of_pointers<'a>(speech: &Speech<'a>, text: &str) -> Option<&'a str> {
    let syntax = speech.syntax;
    let mut lists: Vec<&str> = Vec::new();
    for node in syntax.walk(speech.statement) {
        if node.kind() != "assignment_statement" {
            continue;
        }
        let (Some(left), Some(right)) = (
            node.child_by_field_name("left"),
            node.child_by_field_name("right"),
        ) else {
            continue;
        };
        let grows = syntax.of(right).starts_with("append(");
        let takes = syntax
            .walk(right)
            .any(|inner| inner.kind() == "unary_expression" && syntax.of(inner).starts_with('&'));
        if grows && takes {
            lists.push(syntax.of(left));
        }
    }
    let named = lists.iter().find(|list| text.contains(**list));
    named.or(lists.first()).copied()
}
