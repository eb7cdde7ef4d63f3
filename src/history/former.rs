//! What the library did before, put into the program, so that any Go can play that past: functions of package slices as
//! they were before Go 1.22, when those that shorten a slice left what is behind its end as it was; and tags of structs
//! without the option `omitzero`, which encoding/json did not know before Go 1.24.

use crate::snippet::{Source, Syntax};

/// The functions that changed.
const NAMES: [&str; 5] = ["Compact", "CompactFunc", "Delete", "DeleteFunc", "Replace"];

/// The option of a tag.
const OPTION: &str = ",omitzero";

/// What they did. Their names are as long as `slices.Delete`, so that everything stays in its place.
const FUNCTIONS: &str = "
func slices_Delete[S ~[]E, E any](s S, i, j int) S {
	_ = s[i:j]
	return append(s[:i], s[j:]...)
}

func slices_DeleteFunc[S ~[]E, E any](s S, del func(E) bool) S {
	i := 0
	for _, v := range s {
		if !del(v) {
			s[i] = v
			i++
		}
	}
	return s[:i]
}

func slices_Compact[S ~[]E, E comparable](s S) S {
	return slices_CompactFunc(s, func(a, b E) bool { return a == b })
}

func slices_CompactFunc[S ~[]E, E any](s S, eq func(E, E) bool) S {
	if len(s) < 2 {
		return s
	}
	i := 1
	for k := 1; k < len(s); k++ {
		if !eq(s[k], s[k-1]) {
			s[i] = s[k]
			i++
		}
	}
	return s[:i]
}

func slices_Replace[S ~[]E, E any](s S, i, j int, v ...E) S {
	_ = s[i:j]
	tail := append(S(nil), s[j:]...)
	values := append(S(nil), v...)
	total := i + len(values) + len(tail)
	if total > cap(s) {
		s = append(make(S, 0, total), s[:i]...)
	}
	s = s[:total]
	copy(s[i:], values)
	copy(s[i+len(values):], tail)
	return s
}

// The package stays imported for something.
func slices_() { _ = slices.Contains[[]int] }
";

/// Whether a program calls one of these functions, under the names that the library gives them.
pub fn applies(program: &str) -> bool {
    let calls = |name: &&str| program.contains(&format!("slices.{name}"));
    program.contains("\"slices\"") && NAMES.iter().any(calls)
}

/// A program whose structs do not have the option; `None` if none has it.
pub fn tags(source: &Source) -> Option<Source> {
    let syntax = Syntax::parse(&source.text);
    let points: Vec<usize> = syntax
        .walk(syntax.root())
        .filter_map(|node| node.child_by_field_name("tag"))
        .filter_map(|tag| Some(tag.start_byte() + syntax.of(tag).find(OPTION)?))
        .collect();
    let mut former = source.clone();
    for point in &points {
        // An option that nobody knows is not minded; everything stays in its place.
        let range = *point..*point + OPTION.len();
        former.text.replace_range(range, ",unknown_");
    }
    (!points.is_empty()).then_some(former)
}

/// A program with the functions as they were; `None` if it uses none of them.
pub fn slices(source: &Source) -> Option<Source> {
    if !applies(&source.text) {
        return None;
    }
    let syntax = Syntax::parse(&source.text);
    let points: Vec<usize> = syntax
        .walk(syntax.root())
        .filter(|node| node.kind() == "selector_expression")
        .filter_map(|node| {
            let (operand, field) = (
                node.child_by_field_name("operand")?,
                node.child_by_field_name("field")?,
            );
            let ours = syntax.of(operand) == "slices" && NAMES.contains(&syntax.of(field));
            ours.then(|| operand.end_byte())
        })
        .collect();
    let mut former = source.clone();
    for point in &points {
        former.text.replace_range(*point..*point + 1, "_");
    }
    former.push(FUNCTIONS);
    (!points.is_empty()).then_some(former)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        let mut source = Source::default();
        source.push(text);
        source
    }

    #[test]
    fn calls_are_replaced_and_texts_are_not() {
        let program = "package main\n\nimport \"slices\"\n\nfunc main() {\n\tprintln(\"slices.Delete\")\n\t_ = slices.Delete([]int{1}, 0, 1)\n}\n";
        let former = slices(&source(program)).unwrap();
        assert!(former.text.contains("println(\"slices.Delete\")"));
        assert!(former.text.contains("_ = slices_Delete([]int{1}, 0, 1)"));
        assert!(former.text.contains("func slices_Delete["));
    }

    #[test]
    fn options_are_taken_out_of_tags_alone() {
        let program = "package main\n\ntype T struct {\n\tN int `json:\"n,omitzero\"`\n}\n\nvar s = \",omitzero\"\n";
        let former = tags(&source(program)).unwrap().text;
        assert!(former.contains("`json:\"n,unknown_\"`"), "{former}");
        assert!(former.contains("s = \",omitzero\""));
        assert_eq!(former.len(), program.len());
    }

    #[test]
    fn programs_without_them_stay() {
        assert_eq!(
            slices(&source(
                "package main\n\nimport \"slices\"\n\nvar _ = slices.Contains[[]int]\n"
            )),
            None
        );
        assert_eq!(
            slices(&source("package main\n\nvar slices struct{ Delete int }\n")),
            None
        );
    }
}
