//! The compiler's messages that tell something of a type.

// `(variable of struct type T)`, `(value of type *T)`: what an expression is.
pattern!(
    pub(super) USED_AS,
    r"^cannot use .* \((?:[^()]* of (?:\w+ )?type (?P<from>.+)|untyped (?P<constant>\w+)(?: constant.*)?|(?:untyped )?nil)\) as (?P<to>.+?) value in "
);
pattern!(pub(super) NIL_AS, r"^cannot use nil as (.+?) value in ");
pattern!(
    pub(super) OPERAND,
    r"\((?:[^()]*of (?:\w+ )?type |(?:variable|value|field) of type )(\*?[\pL_][\pL\pN_]*)\)"
);
pattern!(pub(super) NON_NUMERIC, r"\(non-numeric type ([\pL_][\pL\pN_]*)\)$");
pattern!(pub(super) MISMATCHED, r"\(mismatched types (.+) and (.+)\)$");
pattern!(
    pub(super) UNTYPED_TO,
    r"^cannot convert .*\(untyped (\w+) constant.*\) to type ([\pL_][\pL\pN_]*)$"
);
pattern!(
    pub(super) COMPARED_WITH_NIL,
    r"^invalid operation: ([\pL_][\pL\pN_]*) [!=]= nil "
);
// A case of a `switch` that looks at an empty struct.
pattern!(
    pub(super) CASE,
    r"^cannot convert .*\(untyped (\w+) constant.*\) to type struct\{\}$"
);
pattern!(
    pub(super) NO_MEMBER,
    r"undefined \(type \*?([\pL_][\pL\pN_]*) has no field or method ([\pL_][\pL\pN_]*)"
);
pattern!(
    pub(super) NO_FIELD,
    r"^unknown field ([\pL_][\pL\pN_]*) in struct literal of type ([\pL_][\pL\pN_]*)$"
);
pattern!(
    pub(super) RESULTS,
    r"^assignment mismatch: (\d+) variables? but (.+?)(?:\(.*\))? returns? (\d+|no) values?"
);
pattern!(
    pub(super) WANTED,
    r"(?s)^not enough return values.*have \((.*)\)\s*want \((.*)\)"
);
pattern!(
    pub(super) MISSING_METHOD,
    r"\*?(?:\w+\.)?\b(?P<type>[\pL_][\pL\pN_]*) does not implement (?P<interface>.*) \(missing method (?P<method>[\pL_][\pL\pN_]*)\)"
);
// The name of an interface, with the arguments of a generic one.
pattern!(pub(super) NAMED, r"^[\pL_][\pL\pN_]*(?:\.[\pL_][\pL\pN_]*)?(?:\[.*\])?$");
pattern!(
    pub(super) WRONG_METHOD,
    r"(?s)\*?\b(?P<type>[\pL_][\pL\pN_]*) does not implement (?P<interface>\S+) \(wrong type for method (?P<method>[\pL_][\pL\pN_]*)\)\s*have \w+(?P<have>\(.*?)\s*\n\s*want \w+(?P<want>\(.*)$"
);
pattern!(
    pub(super) TOO_MANY_VALUES,
    r"^too many values in struct literal of type ([\pL_][\pL\pN_]*)$"
);
pattern!(pub(super) QUALIFIED, r"\b([a-z]\w*)\.([A-Z]\w*)");
