//! What the standard library came to have, and since when: names that an older Go lacks.
//!
//! `library.txt` has a line for each version and package: `1.24 strings Lines …`; methods and fields are written
//! `Type.Name`, and a package that came with that version has a `+` before it. It was made from the files `api/go1.N.txt` of the Go distribution, from 1.13 on; `tests/library.rs`
//! says whether it still agrees with those of the present Go, and makes it anew.

use std::sync::LazyLock;

use regex::Regex;

use super::features::Needed;

/// One line: since when a package has these names.
struct Addition {
    since: u32,
    package: &'static str,
    /// Whether there was no such package before.
    new: bool,
    names: Vec<&'static str>,
}

static ADDITIONS: LazyLock<Vec<Addition>> = LazyLock::new(|| {
    let lines = include_str!("library.txt").lines();
    let read = |line: &'static str| {
        let mut words = line.split(' ');
        let since = words.next()?.strip_prefix("1.")?.parse().ok()?;
        let package = words.next()?;
        Some(Addition {
            since,
            new: package.starts_with('+'),
            package: package.trim_start_matches('+'),
            names: words.collect(),
        })
    };
    lines.filter_map(read).collect()
});

static UNDEFINED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^undefined: (?P<package>\w+)\.(?P<name>\w+)").expect("a constant")
});
static NO_METHOD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"type \*?"?(?:[\w./]*/)?(?P<package>\w+)"?\.(?P<type>\w+)(?:\[.*\])? has no field or method (?P<name>\w+)|unknown field (?P<field>\w+) in struct literal of type \*?"?(?:[\w./]*/)?(?P<of>\w+)"?\.(?P<struct>\w+)"#)
        .expect("a constant")
});

/// What a compiler of 1.`minor` lacks, if its complaint is about a name that the standard library got later; `source` is
/// the program's text, which says which packages it means.
pub fn lacking(message: &str, source: &str, minor: u32) -> Option<Needed> {
    let absent = message
        .strip_prefix("package ")
        .and_then(|rest| rest.strip_suffix(" is not in std"));
    if let Some(path) = absent {
        let mut new = ADDITIONS.iter().filter(|it| it.new && it.since > minor);
        return new.find(|it| it.package == path).map(came);
    }
    let (package, name) = if let Some(found) = UNDEFINED.captures(message) {
        (found["package"].to_owned(), found["name"].to_owned())
    } else {
        let found = NO_METHOD.captures(message)?;
        let group = |one, other| found.name(one).or(found.name(other)).map(|it| it.as_str());
        let of = group("type", "struct")?;
        let name = group("name", "field")?;
        (group("package", "of")?.to_owned(), format!("{of}.{name}"))
    };
    let addition = ADDITIONS.iter().find(|addition| {
        addition.since > minor
            && element(addition.package) == package
            && addition.names.contains(&name.as_str())
    })?;
    let imported = source.contains(&format!("\"{}\"", addition.package));
    let is_method = name.contains('.');
    (imported || is_method).then(|| needed(addition.since, &format!("`{package}.{name}`")))
}

static SAID_UNDEFINED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)undefined|has no field or method|unresolved reference|not declared|未定义|没有定义|没有.{0,6}(?:方法|函数)|找不到|不存在")
        .expect("a constant")
});
static MEMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?P<of>[\w\])}]+)\.(?P<name>[A-Z]\w*)").expect("a constant"));

/// A name of the library that a text says is undefined, as `package.Name` or `variable.Method`, and that the program
/// uses. Of methods with that name in the packages that the program imports, all must be of one age.
pub fn once_undefined(said: &str, source: &str) -> Option<Needed> {
    if !SAID_UNDEFINED.is_match(said) {
        return None;
    }
    let imported = |addition: &&Addition| source.contains(&format!("\"{}\"", addition.package));
    MEMBER.captures_iter(said).find_map(|member| {
        let (of, name) = (&member["of"], &member["name"]);
        if !source.contains(&format!(".{name}")) {
            return None;
        }
        let of_package = ADDITIONS
            .iter()
            .filter(imported)
            .find(|addition| element(addition.package) == of && addition.names.contains(&name));
        if let Some(addition) = of_package {
            return Some(needed(addition.since, &format!("`{of}.{name}`")));
        }
        let methods = ADDITIONS.iter().filter(imported).flat_map(|addition| {
            let names = addition.names.iter().filter_map(|it| it.split_once('.'));
            let alike = names.filter(|(_, method)| *method == name);
            alike.map(move |(on, method)| (addition, on, method))
        });
        let methods: Vec<_> = methods.collect();
        let (addition, on, method) = *methods.first()?;
        let one_age = methods.iter().all(|(it, ..)| it.since == addition.since);
        let package = element(addition.package);
        one_age.then(|| needed(addition.since, &format!("`{package}.{on}.{method}`")))
    })
}

/// The first version (1.x) that has all the packages that a program imports and the names that it uses of them, as far
/// as they came later than the first Go with modules; 0 if none did.
pub fn least(imports: &[&str], source: &str) -> u32 {
    let imported = ADDITIONS.iter().filter(|it| imports.contains(&it.package));
    let used = imported.filter(|addition| {
        let package = element(addition.package);
        let mut names = addition.names.iter().filter(|name| !name.contains('.'));
        addition.new || names.any(|name| uses(source, package, name))
    });
    used.map(|addition| addition.since).max().unwrap_or(0)
}

/// Whether code has `package.name` in it, as whole words.
fn uses(code: &str, package: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let qualified = format!("{package}.{name}");
    code.match_indices(&qualified).any(|(at, _)| {
        !code[..at].ends_with(|c| word(c) || c == '.')
            && !code[at + qualified.len()..].starts_with(word)
    })
}

/// The same for a name that nothing declares: a package that Go got later.
pub fn missing(name: &str, minor: u32) -> Option<Needed> {
    let mut new = ADDITIONS.iter().filter(|it| it.new && it.since > minor);
    new.find(|it| it.package == name || element(it.package) == name)
        .map(came)
}

/// The same for a name by which `code` calls a package that Go got later: only if it uses what is in there, for a
/// variable may have that name too.
pub fn used(name: &str, code: &str, minor: u32) -> Option<Needed> {
    let mut new = ADDITIONS.iter().filter(|it| it.new && it.since > minor);
    let uses = |addition: &&Addition| {
        let mut members = addition.names.iter();
        element(addition.package) == name
            && members.any(|member| code.contains(&format!("{name}.{member}")))
    };
    new.find(uses).map(came)
}

/// A package came.
fn came(addition: &Addition) -> Needed {
    needed(addition.since, &format!("package `{}`", addition.package))
}

fn needed(since: u32, what: &str) -> Needed {
    Needed {
        since,
        language: since - 1,
        what: format!("{what} is there since Go 1.{since}"),
    }
}

/// The name by which code calls a package.
fn element(package: &str) -> &str {
    let mut elements = package.rsplit('/');
    let last = elements.next().unwrap_or_default();
    match last {
        "v2" => elements.next().unwrap_or_default(),
        last => last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn since(message: &str, imports: &str, minor: u32) -> Option<u32> {
        lacking(message, imports, minor).map(|needed| needed.since)
    }

    #[test]
    fn names_of_the_library_are_known_with_their_versions() {
        let (strings, atomic) = ("import \"strings\"", "import \"sync/atomic\"");
        assert_eq!(since("undefined: strings.Lines", strings, 21), Some(24));
        assert_eq!(since("undefined: strings.Cut", strings, 17), Some(18));
        assert_eq!(since("undefined: atomic.Int64", atomic, 18), Some(19));
        let method = "wg.Go undefined (type sync.WaitGroup has no field or method Go)";
        assert_eq!(since(method, "", 24), Some(25));
        assert_eq!(
            since(&method.replace("sync.", "\"sync\"."), "", 24),
            Some(25)
        );
        let package = "package math/rand/v2 is not in std";
        assert_eq!(since(package, "", 21), Some(22));
        assert_eq!(since("package hello/greet is not in std", "", 21), None);
        let field = "unknown field Protocols in struct literal of type http.Server";
        assert_eq!(since(field, "", 23), Some(24));
        assert_eq!(missing("slices", 20).map(|it| it.since), Some(21));
        assert_eq!(missing("iter", 22).map(|it| it.since), Some(23));
    }

    #[test]
    fn a_program_needs_the_newest_of_what_it_uses() {
        assert_eq!(least(&["fmt", "strings"], "strings.Cut(s, t)"), 18);
        assert_eq!(
            least(&["slices", "strings"], "slices.Sort(strings.Fields(s))"),
            21
        );
        assert_eq!(least(&["strings"], "strings.CutList(s)"), 0);
        assert_eq!(least(&["fmt"], "strings.Cut(s, t)"), 0);
    }

    #[test]
    fn what_is_said_to_be_undefined_once_was() {
        let since = |said, source| once_undefined(said, source).map(|it| it.since);
        let group = "import \"sync\"\nvar wg sync.WaitGroup\nwg.Go(func() {})";
        assert_eq!(since("wg.Go undefined", group), Some(25));
        let split = "import \"strings\"\nstrings.SplitSeq(s, t)";
        assert_eq!(since("undefined: strings.SplitSeq", split), Some(24));
        assert_eq!(since("strings.SplitSeq 未定义", split), Some(24));
        // Not said, not used, not imported, always there.
        assert_eq!(since("strings.SplitSeq is slow", split), None);
        assert_eq!(since("undefined: strings.Lines", split), None);
        assert_eq!(
            since("undefined: strings.SplitSeq", "strings.SplitSeq(s, t)"),
            None
        );
        let always = "import \"strings\"\nstrings.Split(s, t)";
        assert_eq!(since("undefined: strings.Split", always), None);
    }

    #[test]
    fn what_this_go_has_or_no_go_has_is_not_needed() {
        let strings = "import \"strings\"";
        assert_eq!(since("undefined: strings.Lines", strings, 24), None);
        assert_eq!(since("undefined: strings.Nonsense", strings, 21), None);
        // Another package of that name.
        let other = "import \"example.com/strings\"";
        assert_eq!(since("undefined: strings.Lines", other, 21), None);
        assert_eq!(since("undefined: User", "", 21), None);
        assert_eq!(missing("slices", 21), None);
        let since = |name, code| used(name, code, 21).map(|it| it.since);
        assert_eq!(since("weak", "w := weak.Make(p)"), Some(24));
        assert_eq!(since("iter", "for iter.Next() {}"), None);
        assert_eq!(missing("strings", 12), None);
    }
}
