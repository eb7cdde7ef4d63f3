//! Claims about values and types of things that are not printed: `s2 := s1[1:3] // s2: [2, 3]`,
//! `s = append(s, 4) // len=4`, `p := new(int) // p是*int类型`, `len(s) // 3`.

pub(super) mod argument;
mod types;

use tree_sitter::Node;

use crate::snippet::Syntax;
use crate::snippet::probe::{Glance, Look, specs};

use super::trailing::Builder;
use super::{Claim, Confidence, Kind, Subject, change, returned, spelled, value};
use types::{BARE_TYPE, PACKAGE_TYPE};

pub(super) use types::is_own_type;

// `s2: [2, 3]`, `x = 5`, `s1变成[1 2 3]`, `x 的值为 5`, `设置x为42`
pattern!(
    NAMED,
    r"^(?:(?:此时|现在|并|且|所以|于是|最终|这时|then|now|so)\s*)?(?:(?:设置|将|把|sets?)\s*)?(?P<name>\*?[A-Za-z_][0-9A-Za-z_]*(?:\.[0-9A-Za-z_]+|\[[0-9A-Za-z_\x22]+\])*)\s*(?:的值|现在|此时)?\s*(?:变成|变为|变成了|变为了|设为|设置为|也变成|也变为|也变成了|也是|也为|等于|仍然是|仍是|还是|仍为|为|是|==|=|:|：|is now|is still|is|becomes|equals|to)\s*(?P<value>\S.*)$"
);
// `值为10`, `值是 "a"`, `value is 3`: of the variable that the line gives a value to.
pattern!(
    NAMELESS,
    r"(?i)(?:^|[\s，,；;])(?:的)?(?:值(?:为|是|变为|变成|等于|[:：=])|(?:溢出|回绕|自增)?(?:后)?(?:变成|变为|成为)了?|value(?: is|[:=])|(?:now )?(?:becomes|wraps(?: around)? to|overflows to))\s*(?P<value>\S.*)$"
);
// `len=4 cap=6`, `len(s) == 0`, `长度为10，容量为100`, `有 3 个元素`
pattern!(
    LENGTH,
    r"(?i)(?:(?:(?P<owner>[A-Za-z_][0-9A-Za-z_]*)\.)?(?-u:\b)len(?:gth)?(?-u:\b)\s*(?:\(\s*(?P<of>[0-9A-Za-z_]+)\s*\))?|长度|元素(?:个数|数量))\s*(?:仍为|变为|变成|也是|也为|is|是|为|=|==|:|：)?\s*(?P<value>\d+)(?-u:\b)|(?:有|包含|含有?)\s*(?P<count>\d+)\s*个元素"
);
pattern!(
    CAPACITY,
    r"(?i)(?:(?:(?P<owner>[A-Za-z_][0-9A-Za-z_]*)\.)?(?-u:\b)cap(?:acity)?(?-u:\b)\s*(?:\(\s*(?P<of>[0-9A-Za-z_]+)\s*\))?|容量|缓冲区?大小)\s*(?:仍为|变为|变成|扩容到|也是|也为|is|是|为|=|==|:|：)?\s*(?P<value>\d+)(?-u:\b)"
);
// `len 和 cap 都为 3`, `长度和容量都是0`
pattern!(
    BOTH,
    r"(?i)(?:(?-u:\b)(?:len(?:gth)?|cap(?:acity)?)(?-u:\b)|长度|容量)\s*(?:和|与|、|,|，|and|/)\s*(?:(?-u:\b)(?:cap(?:acity)?|len(?:gth)?)(?-u:\b)|容量|长度)\s*(?:都|均|are both|both|are)?\s*(?:是|为|=|:|：)?\s*(?P<value>\d+)(?-u:\b)"
);
pattern!(
    EMPTY_TEXT,
    r"(?i)^(?:空字符串|空串|(?:the |an )?empty string)$"
);
// Calls and conversions that can be evaluated again.
pattern!(
    HARMLESS,
    r"(?:\b(?:len|cap|string|unsafe\.(?:Sizeof|Offsetof|Alignof))|\[\](?:rune|byte)|\b(?:u?int\d*|float\d+))\("
);
// `s == nil`, `a.b != c`, `len(s) > 3`, `err 不为 nil`, `p is nil`
pattern!(
    CONDITION,
    r"^(?P<left>[A-Za-z_*&][0-9A-Za-z_.\[\]()]*)\s*(?P<sign>==|!=|<=|>=|<|>|不为|不是|不等于|is not|isn't|为|是|is)\s*(?P<right>nil|[A-Za-z_&][0-9A-Za-z_.\[\]()]*|\d+)$"
);

/// The value and type claims of a comment behind `statement`.
pub fn read(builder: &Builder, syntax: &Syntax, statement: Node, line: usize) -> Vec<Claim> {
    let text = builder.comment.text.as_str();
    if let Some(claim) = returned::read(builder, syntax, statement, line) {
        return vec![claim];
    }
    if !matches!(
        statement.kind(),
        "short_var_declaration"
            | "assignment_statement"
            | "var_declaration"
            | "const_declaration"
            | "expression_statement"
            | "inc_statement"
            | "dec_statement"
            | "send_statement"
            | "for_statement"
    ) {
        return Vec::new();
    }
    let speech = Speech {
        builder,
        syntax,
        statement,
        line,
        assigned: assigned(syntax, statement, line),
    };
    let mut claims = sizes(&speech, text);
    claims.extend(types::said(&speech, text));
    if !claims.is_empty() {
        claims.extend(
            parts(text)
                .into_iter()
                .filter_map(|part| condition(&speech, part)),
        );
    }
    if claims.is_empty() {
        claims.extend(
            parts(text)
                .into_iter()
                .filter_map(|part| named(&speech, part)),
        );
    }
    if claims.is_empty() {
        claims.extend(change::read(&speech, text));
    }
    if claims.is_empty() {
        claims.extend(bare(&speech, text));
    }
    claims
}

/// A comment and the statement it speaks of.
pub(super) struct Speech<'a> {
    pub builder: &'a Builder<'a>,
    pub syntax: &'a Syntax,
    pub statement: Node<'a>,
    pub line: usize,
    /// What the statement gives a value to: `x`, or `v, ok`.
    pub assigned: Option<String>,
}

impl Speech<'_> {
    /// A claim about what `expression` is, looked at like this.
    pub fn claim(
        &self,
        kind: Kind,
        look: Look,
        expression: &str,
        expected: &str,
        confidence: Confidence,
    ) -> Claim {
        Claim {
            subject: Subject::Value(Glance {
                line: self.line,
                expression: expression.to_owned(),
                look,
            }),
            ..self.builder.claim(kind, expected, confidence)
        }
    }

    /// A claim about the value of `expression` after the line.
    pub fn value(&self, expression: &str, expected: &str, confidence: Confidence) -> Claim {
        // A nil slice or map looks like an empty one: it is asked, not shown.
        if expected.trim() == "nil" && !expression.contains([',', '(']) {
            let expression = format!("{expression} == nil");
            return self.claim(Kind::Value, Look::Holds, &expression, "", confidence);
        }
        self.claim(Kind::Value, Look::After, expression, expected, confidence)
    }

    /// Whether the name that an expression starts with stands in the code.
    pub fn knows(&self, expression: &str) -> bool {
        let base = expression.trim_start_matches(['*', '&']);
        let end = base
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(base.len());
        known(self.syntax, &base[..end])
    }

    /// The one variable that the statement gives a value to.
    fn variable(&self) -> Option<&str> {
        self.assigned.as_deref().filter(|name| !name.contains(','))
    }
}

/// `len=4 cap=6`: of what is named, or else of what the line gives a value to.
pub(super) fn sizes(speech: &Speech, text: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    if let Some(found) = BOTH.captures(text) {
        if let Some(name) = speech.variable() {
            for function in ["len", "cap"] {
                let expression = format!("{function}({name})");
                claims.push(speech.value(&expression, &found["value"], Confidence::Certain));
            }
        }
        return claims;
    }
    for (pattern, function) in [(&*LENGTH, "len"), (&*CAPACITY, "cap")] {
        for found in pattern.captures_iter(text) {
            // `s.len=0`, as other languages would write it, is of `s`.
            let of = found.name("of").or(found.name("owner"));
            let of = of.map(|name| name.as_str());
            let changed = speech.variable().or_else(|| emptied(speech));
            let Some(name) = of.or(changed).filter(|name| speech.knows(name)) else {
                continue;
            };
            let said = found.name("value").or(found.name("count"));
            let said = said.map_or("", |said| said.as_str());
            let expression = format!("{function}({name})");
            claims.push(speech.value(&expression, said, Confidence::Certain));
        }
    }
    claims
}

/// The variable whose length a call on its own changes: `clear(m)`, `delete(m, k)`.
fn emptied<'a>(speech: &Speech<'a>) -> Option<&'a str> {
    let call = speech.syntax.of(speech.statement);
    let list = call
        .strip_prefix("clear(")
        .or_else(|| call.strip_prefix("delete("))?;
    let name = list.split([',', ')']).next()?.trim();
    (!name.contains(['.', '[', '('])).then_some(name)
}

// Words behind a value that say of the code which gives it that it fails.
pattern!(
    FAILING,
    r"(?i)\s(?:这样|这么写|则|也|就|会|将|是)*(?:编译|报错|出错|panic|非法|不合法|不允许)|\s(?:is|would|will|gives|causes|does)\s(?:be\s|not\s|a\s|an\s)*(?:compil|error|illegal|invalid|not allowed|panic)|\spanics\b"
);

/// `s2: [2, 3]`, `s1变成[1 2 3]`, `s == nil`: what a name that the code has is worth.
fn named(speech: &Speech, part: &str) -> Option<Claim> {
    // `断言成功 n=3`: a Chinese remark, a blank, and then the value.
    let part = match part.rsplit_once(' ') {
        Some((remark, last)) if remark.ends_with(super::lexicon::is_cjk) && last.contains('=') => {
            last
        }
        _ => part,
    };
    if let Some(claim) = condition(speech, part) {
        return Some(claim);
    }
    if let Some(found) = NAMED.captures(part) {
        let (name, said) = (&found["name"], found["value"].trim());
        // `x := 5 // x = 5` says again what the code says; it is true, and worth no probe.
        let says_more = computes(speech) || speech.variable() != Some(name);
        // `x = "8" 会编译报错`: what another line would do.
        if FAILING.is_match(said) {
            return None;
        }
        if speech.knows(name) && value::starts_with_value(said) && says_more {
            return Some(speech.value(name, said, Confidence::Certain));
        }
    }
    let found = NAMELESS.captures(part)?;
    let said = found["value"].trim();
    let name = speech.variable()?;
    value::starts_with_value(said).then(|| speech.value(name, said, Confidence::Likely))
}

/// A condition in Go about names of the code: it holds after the line.
fn condition(speech: &Speech, part: &str) -> Option<Claim> {
    let found = CONDITION.captures(part.trim())?;
    let (left, right) = (&found["left"], &found["right"]);
    let sign = match &found["sign"] {
        "不为" | "不是" | "不等于" | "is not" | "isn't" => "!=",
        "为" | "是" | "is" => "==",
        sign => sign,
    };
    let is_literal =
        right.starts_with(|c: char| c.is_ascii_digit()) || matches!(right, "true" | "false");
    // `x == 5` is better looked at as a value: a reader wants to see which one it is.
    if sign == "==" && is_literal || left.matches('(').count() != left.matches(')').count() {
        return None;
    }
    let spoken = &found["sign"] != sign;
    let of_code = |side: &str| {
        let inner = side.trim_start_matches("len(").trim_start_matches("cap(");
        matches!(side, "nil" | "true" | "false")
            || is_literal && side == right
            || speech.knows(inner)
    };
    // In words, only `nil` is sure to be Go: "x is y" may say what x is for.
    if !of_code(left) || !of_code(right) || spoken && right != "nil" {
        return None;
    }
    let expression = format!("{left} {sign} {right}");
    Some(speech.claim(
        Kind::Value,
        Look::Holds,
        &expression,
        "",
        Confidence::Certain,
    ))
}

/// A bare value or type: of what the line gives a value to, or of the expression that it is.
fn bare(speech: &Speech, text: &str) -> Option<Claim> {
    let likely = Confidence::Likely;
    if let Some(name) = speech.variable()
        && let Some(found) = BARE_TYPE.captures(text)
    {
        return Some(speech.claim(Kind::Type, Look::After, name, &found["type"], likely));
    }
    if let Some(name) = speech.variable()
        && PACKAGE_TYPE.is_match(text)
    {
        return Some(speech.claim(Kind::Type, Look::After, name, text, Confidence::Weak));
    }
    let candidates = value::candidates(text);
    let Some(values) = candidates.into_iter().find(|it| value::is_values(it)) else {
        if let Some(names) = speech.assigned.as_deref()
            && is_tuple(speech, names, text)
        {
            return Some(speech.value(names, text.trim(), likely));
        }
        if EMPTY_TEXT.is_match(text) && is_zero_value(speech, "\"\"") {
            return Some(speech.value(speech.variable()?, "\"\"", likely));
        }
        return spelled(speech, text);
    };
    let whole = values == text.trim();
    if let Some(expression) = lone_expression(speech) {
        // The result of a call may be dropped on purpose; the comment may speak of what it does.
        let calls = HARMLESS.replace_all(expression, "").contains('(');
        let (look, confidence) = match calls {
            true => (Look::Itself, Confidence::Weak),
            false if whole => (Look::After, likely),
            false => (Look::After, Confidence::Weak),
        };
        return Some(speech.claim(Kind::Value, look, expression, text, confidence));
    }
    let names = speech.assigned.as_deref()?;
    // Behind an assignment: what the variable is worth now. With a remark behind it, the value may be
    // of something else, unless it is a list and a comma ends it.
    let listed = text
        .trim()
        .strip_prefix(values.as_str())
        .is_some_and(|rest| rest.starts_with([',', '，', ';', '；', '。']))
        && values.ends_with([']', '}'])
        && value::is_value(&values);
    let confidence = if whole || listed {
        likely
    } else {
        Confidence::Weak
    };
    let confidence = if whole && is_zero_value(speech, text.trim()) {
        likely
    } else if computes(speech) {
        confidence
    } else {
        return None;
    };
    Some(speech.value(names, text, confidence))
}

/// `before, after, found := strings.Cut(…) // k v true`: as many as there are variables, values and pieces of what
/// the line spells.
fn is_tuple(speech: &Speech, names: &str, text: &str) -> bool {
    let pieces = value::pieces(text.trim());
    let line = speech.syntax.of(speech.statement);
    let literals = || line.split('"').skip(1).step_by(2);
    let spelled = |piece: &str| value::is_word(piece) && literals().any(|it| it.contains(piece));
    pieces.len() > 1
        && pieces.len() == names.split(',').count()
        && pieces.iter().any(|piece| value::is_value(piece))
        && pieces
            .iter()
            .all(|piece| value::is_value(piece) || spelled(piece))
}

/// A whole string literal of the code, behind something that gets a value: a constant repeats the one before it;
/// of other things it may as well say what they are for.
fn spelled(speech: &Speech, text: &str) -> Option<Claim> {
    let literals = spelled::literals(speech.syntax, None);
    let name = speech.variable().filter(|_| literals.contains(&text))?;
    let confidence = match speech.statement.kind() {
        "const_declaration" => Confidence::Likely,
        _ => Confidence::Weak,
    };
    computes(speech).then(|| speech.value(name, text, confidence))
}

/// The expression that a statement is, such as `len(s)` or `a == b`.
fn lone_expression<'a>(speech: &Speech<'a>) -> Option<&'a str> {
    if speech.statement.kind() != "expression_statement" {
        return None;
    }
    let expression = speech.statement.named_child(0)?;
    Some(speech.syntax.of(expression))
}

/// A comment's parts: split at commas outside of brackets and quotes.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0i32, 0);
    for (at, c) in text.char_indices() {
        match c {
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => depth -= 1,
            ',' | '，' | ';' | '；' | '。' if depth <= 0 => {
                found.push(text[start..at].trim());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    found.push(text[start..].trim());
    found
}

/// What a statement gives values to, as Go writes it: `x`, or `v, ok`.
pub(super) fn assigned(syntax: &Syntax, statement: Node, line: usize) -> Option<String> {
    let names: Vec<&str> = match statement.kind() {
        "var_declaration" | "const_declaration" => {
            let spec = spec_on(statement, line)?;
            let mut cursor = spec.walk();
            spec.children_by_field_name("name", &mut cursor)
                .filter(|name| name.is_named())
                .map(|name| syntax.of(name))
                .collect()
        }
        "inc_statement" | "dec_statement" => {
            let operand = statement.named_child(0)?;
            vec![syntax.of(operand)]
        }
        "short_var_declaration" | "assignment_statement" => {
            let left = statement.child_by_field_name("left")?;
            let mut cursor = left.walk();
            left.named_children(&mut cursor)
                .map(|name| syntax.of(name))
                .collect()
        }
        _ => return None,
    };
    let plain = |name: &&str| {
        !name.is_empty()
            && *name != "_"
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == '.')
    };
    (!names.is_empty() && names.iter().all(plain)).then(|| names.join(", "))
}

/// The member of a declaration that ends on `line`.
fn spec_on(declaration: Node<'_>, line: usize) -> Option<Node<'_>> {
    let found = |spec: &Node| spec.end_position().row == line;
    specs(declaration).into_iter().find(found)
}

/// Whether the name stands in the code.
pub(super) fn known(syntax: &Syntax, name: &str) -> bool {
    syntax
        .walk(syntax.root())
        .any(|node| node.kind() == "identifier" && syntax.of(node) == name)
}

/// Whether a statement only declares a variable, and the comment gives what may be its zero value: `var p *int // nil`.
/// Another number behind it may be a limit or a unit.
fn is_zero_value(speech: &Speech, said: &str) -> bool {
    let declares = speech.statement.kind() == "var_declaration"
        && spec_on(speech.statement, speech.line)
            .is_some_and(|spec| spec.child_by_field_name("value").is_none());
    let number = said.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+'));
    declares && (!number || said.trim_matches(['0', '.', '+', 'i', '(', ')']).is_empty())
}

/// Whether the statement does more than to write a literal down.
fn computes(speech: &Speech) -> bool {
    let (syntax, statement) = (speech.syntax, speech.statement);
    if statement.kind() == "const_declaration" {
        // Without a value of its own it has that of the line before, and with `iota` another one.
        let value = spec_on(statement, speech.line).map(|it| it.child_by_field_name("value"));
        return value.is_some_and(|value| match value {
            Some(value) => syntax
                .walk(value)
                .any(|node| matches!(node.kind(), "iota" | "binary_expression")),
            None => true,
        });
    }
    let right = statement
        .child_by_field_name("right")
        .or_else(|| statement.child_by_field_name("value"))
        .unwrap_or(statement);
    let changes = statement
        .child_by_field_name("operator")
        .is_some_and(|operator| {
            statement.kind() == "assignment_statement" && syntax.of(operator) != "="
        });
    if matches!(statement.kind(), "inc_statement" | "dec_statement") || changes {
        return true;
    }
    syntax.walk(right).any(|node| {
        matches!(
            node.kind(),
            "call_expression"
                | "binary_expression"
                | "slice_expression"
                | "index_expression"
                | "unary_expression"
                | "type_conversion_expression"
                | "type_assertion_expression"
        )
    })
}
