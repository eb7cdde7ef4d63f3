//! The exported names of a package, read from its source: for toolchains that carry no list of them
//! (before 1.23). It reads declarations as gofmt lays them out, which all of the standard library is.

use std::collections::BTreeSet;

use camino::Utf8Path;

/// The exported package-level names declared in the Go files of `folder`, tests left out. Build
/// constraints are not looked at: a name that exists on any system counts.
pub fn exported_names(folder: &Utf8Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let Ok(entries) = folder.read_dir_utf8() else {
        return names;
    };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        if name.ends_with(".go")
            && !name.ends_with("_test.go")
            && let Ok(source) = std::fs::read_to_string(entry.path())
        {
            collect(&source, &mut names);
        }
    }
    names
}

fn collect(source: &str, names: &mut BTreeSet<String>) {
    let mut in_group = false;
    for line in source.lines() {
        if in_group {
            match line.strip_prefix('\t') {
                Some(rest) => names.extend(list_of_names(rest)),
                None => in_group = line != ")",
            }
            continue;
        }
        let Some((keyword, rest)) = line.split_once(' ') else {
            continue;
        };
        match keyword {
            "const" | "var" | "type" if rest == "(" => in_group = true,
            "const" | "var" | "type" | "func" => names.extend(list_of_names(rest)),
            _ => {}
        }
    }
}

/// The exported ones of the names that `text` starts with, separated by commas: `A, B = 1, 2`. A method's
/// declaration starts with its receiver's parenthesis and so gives none.
fn list_of_names(text: &str) -> impl Iterator<Item = String> {
    let mut open = true;
    text.split(", ")
        .map_while(move |part| {
            let end = part
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(part.len());
            let wanted = open;
            open = end == part.len();
            wanted.then(|| &part[..end])
        })
        .filter(|name| name.starts_with(|c: char| c.is_uppercase()))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_give_their_exported_names() {
        let source = "\
package p

// Doc is no name.
const Max = 10
var A, B = Other, 2
type T[P any] struct {
\tField int
}
const (
\t// Comment
\tX = iota
\ty
\tZ, W = 1, Call(2)
)
func (t T) Method() {}
func Generic[P any](p P) {}
func Plain() {
\tLocal := 1
}
func private() {}
";
        let mut names = BTreeSet::new();
        collect(source, &mut names);
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        assert_eq!(
            names,
            ["A", "B", "Generic", "Max", "Plain", "T", "W", "X", "Z"]
        );
    }
}
