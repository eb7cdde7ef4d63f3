//! What a comment says of types: `p := new(int) // p是*int类型`, `// h is a time.Duration`, `// slice of int`.

use crate::snippet::Syntax;
use crate::snippet::probe::Look;

use super::{Claim, Confidence, Kind, Speech, known};

// `类型是 *int`, `type: int`, `动态类型 int`, `p是*int类型`, `// int 类型`
pattern!(
    TYPE,
    r"(?i)(?:^|[\s，,；;])(?:(?P<name>[A-Za-z_][0-9A-Za-z_]*)\s*)?(?:的)?(?:动态|静态|具体|底层)?(?:类型(?:是|为|[:：])?|\btype\s*(?:is|[:：])?)\s*(?P<after>[*\[\]A-Za-z][0-9A-Za-z_.*\[\]{}() ]*)|(?:^|[\s，,；;])(?P<what>[A-Za-z_][0-9A-Za-z_]*)\s*(?:是|为|is an?|is)\s*(?:一个)?\s*(?P<before>[*\[\]A-Za-z][0-9A-Za-z_.*\[\]{}()]*)\s*(?:类型|type\b)"
);
// `// rune (int32)`: nothing but the name of one of Go's own types.
pattern!(
    pub(super) BARE_TYPE,
    r"^(?P<type>(?:\*|\[\d*\])*(?:u?int(?:8|16|32|64)?|uintptr|float(?:32|64)|complex(?:64|128)|string|bool|rune|byte|error))\s*(?:\([^()]*\)|（[^（）]*）)?$"
);
// `h is a time.Duration`, `p is a *Stack`
pattern!(
    IS_A,
    r"^(?P<what>[A-Za-z_]\w*)\s+(?:is|has type|has the type|is of type|的类型是|是)\s*(?:an?\s+|一个)?(?P<type>[*\[\]]*(?:[a-z]\w*\.[A-Z]\w*|[A-Z]\w*))$"
);
// `a channel of type`, `values of the type`
pattern!(
    OF_PARTS,
    r"(?i)\b(?:channels?|chans?|slices?|arrays?|maps?|lists?|pointers?|elements?|values?|items?|keys?|fields?|arguments?|parameters?)\s+of\s+(?:the\s+)?type\b"
);
// `类型的切片`
pattern!(
    PARTS,
    r"(?i)^\s*的?\s*(?:切片|数组|指针|通道|管道|映射|字典|元素|slice|array|map|chan|channel|pointer)"
);
pattern!(IS, r"(?i)是|为|\bis\b");
// `slice of int`, `pointer to string`, `int 切片`: a type in words.
pattern!(
    WORDED_TYPE,
    r"(?i)^(?:an? )?(?:(?P<kind>slice of|pointer to|channel of|array of (?P<size>\d+)) (?:an? )?(?P<of>[a-z]\w*)s?|(?P<type>u?int\d*|float\d+|string|bool|byte|rune)\s*(?:类型)?的?(?P<zh>切片|指针|通道))$"
);
pattern!(
    TYPE_NAME,
    r"^(?:\*|\[\d*\]|chan |<-chan |map\[[0-9A-Za-z_]+\])*(?:[A-Za-z_][0-9A-Za-z_]*\.)?[A-Za-z_][0-9A-Za-z_]*(?:\{\})?$"
);
// `// time.Duration`: perhaps a type, perhaps a function.
pattern!(pub(super) PACKAGE_TYPE, r"^(?:\*|\[\d*\])*[a-z]\w*\.[A-Z]\w*$");
/// Whether a text is nothing but the name of one of Go's own types.
pub fn is_own_type(text: &str) -> bool {
    BARE_TYPE.is_match(text)
}

/// A type in words (`slice of int`) as Go writes it.
fn worded_type(text: &str) -> Option<String> {
    const OWN: [&str; 7] = ["int", "string", "bool", "byte", "rune", "float", "error"];
    let found = WORDED_TYPE.captures(text.trim())?;
    let of = found.name("of").or(found.name("type"))?.as_str();
    let of = match of {
        "ints" | "strings" | "bools" | "bytes" | "runes" => of.trim_end_matches('s'),
        of => of,
    };
    let kind = found.name("kind").or(found.name("zh"))?.as_str();
    let before = match kind.to_lowercase().as_str() {
        "slice of" | "切片" => "[]".to_owned(),
        "pointer to" | "指针" => "*".to_owned(),
        "channel of" | "通道" => "chan ".to_owned(),
        _ => format!("[{}]", found.name("size")?.as_str()),
    };
    let known = OWN.iter().any(|own| of.starts_with(own));
    known.then(|| format!("{before}{of}"))
}

/// `p是*int类型`, `动态类型 int`.
pub(super) fn said(speech: &Speech, text: &str) -> Option<Claim> {
    let likely = Confidence::Likely;
    if let (Some(said), Some(name)) = (worded_type(text), speech.variable()) {
        return Some(speech.claim(Kind::Type, Look::After, name, &said, likely));
    }
    if let Some(found) = IS_A.captures(text)
        && speech.knows(&found["what"])
    {
        let said = &found["type"];
        let of_code = said.contains('.') || declares_type(speech.syntax, said);
        if of_code {
            return Some(speech.claim(Kind::Type, Look::After, &found["what"], said, likely));
        }
    }
    let found = TYPE.captures(text)?;
    let said = found
        .name("after")
        .or(found.name("before"))?
        .as_str()
        .trim();
    let all = found.get(0)?;
    // `a channel of type int`, `int 类型的切片` name the type of what is in there.
    if OF_PARTS.is_match(&text[..all.end()]) || PARTS.is_match(&text[all.end()..]) {
        return None;
    }
    // `type omitted`: a word behind "type" is one only if Go or the code knows it as such.
    let marked = all.as_str().contains([':', '：']) || IS.is_match(all.as_str());
    if !marked && found.name("after").is_some() && !is_type(speech.syntax, said) {
        return None;
    }
    let name = found.name("name").or(found.name("what"));
    let name = name
        .map(|name| name.as_str())
        .filter(|name| known(speech.syntax, name))
        .or(speech.variable())?;
    let certain = Confidence::Certain;
    TYPE_NAME
        .is_match(said)
        .then(|| speech.claim(Kind::Type, Look::After, name, said, certain))
}

/// Whether a word is a type by its form, one of Go's own, or one that the code declares.
fn is_type(syntax: &Syntax, said: &str) -> bool {
    said.contains(['.', '[', ' ', '{'])
        || BARE_TYPE.is_match(said)
        || matches!(said, "any" | "func" | "struct" | "interface" | "nil")
        || declares_type(syntax, said)
}

/// Whether the code declares the type that a name such as `*Stack` is of.
fn declares_type(syntax: &Syntax, name: &str) -> bool {
    let name = name.trim_start_matches(['*', '[', ']']);
    syntax.walk(syntax.root()).any(|node| {
        node.kind() == "type_spec"
            && node
                .child_by_field_name("name")
                .is_some_and(|it| syntax.of(it) == name)
    })
}
