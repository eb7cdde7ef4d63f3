//! Putting `main` back: a program that shares its binary was compiled under a package path of its own,
//! which shows in stack frames, type arguments and `PkgPath`, and which no reader should see.

/// Replaces the package path by `main` wherever it stands as a whole word.
///
/// The path is a hash that stands in no text by accident, so no more is asked of what is around it.
pub(super) fn package_to_main(text: String, package: &str) -> String {
    if package.is_empty() || package == "main" || !text.contains(package) {
        return text;
    }
    let mut renamed = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(package) {
        let (before, from) = rest.split_at(at);
        let after = &from[package.len()..];
        renamed.push_str(before);
        let whole = !renamed.ends_with(is_word) && !after.starts_with(is_word);
        renamed.push_str(if whole { "main" } else { package });
        rest = after;
    }
    renamed.push_str(rest);
    renamed
}

/// Whether the character can stand in an identifier.
fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_path_becomes_main_in_frames_types_and_alone() {
        let rename = |text: &str| package_to_main(text.to_owned(), "g0123");
        assert_eq!(rename("g0123.main.func1()"), "main.main.func1()");
        assert_eq!(
            rename("main.Pair[g0123.Key,int]"),
            "main.Pair[main.Key,int]"
        );
        assert_eq!(rename("g0123"), "main");
        assert_eq!(
            rename("created by g0123.(*T).Run in goroutine 1"),
            "created by main.(*T).Run in goroutine 1"
        );
    }

    #[test]
    fn longer_words_stay() {
        let rename = |text: &str| package_to_main(text.to_owned(), "g0123");
        assert_eq!(
            rename("g01234.main xg0123.main 名g0123 _g0123"),
            "g01234.main xg0123.main 名g0123 _g0123"
        );
    }
}
