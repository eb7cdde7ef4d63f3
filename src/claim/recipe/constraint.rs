//! `//go:build` constraints, for Go's own tests.

/// Whether an expression of tags holds on this machine, for Go's own tests.
pub fn holds(expression: &str) -> bool {
    let tokens = tokens(expression);
    let mut at = 0;
    let value = either(&tokens, &mut at);
    value && at == tokens.len()
}

fn tokens(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, '_' | '.') {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
        match (c, found.last_mut()) {
            ('&' | '|', Some(last)) if last.len() == 1 && last.starts_with(c) => last.push(c),
            (c, _) if !c.is_whitespace() => found.push(c.to_string()),
            _ => {}
        }
    }
    if !word.is_empty() {
        found.push(word);
    }
    found
}

fn either(tokens: &[String], at: &mut usize) -> bool {
    let mut value = both(tokens, at);
    while tokens.get(*at).is_some_and(|token| token == "||") {
        *at += 1;
        value |= both(tokens, at);
    }
    value
}

fn both(tokens: &[String], at: &mut usize) -> bool {
    let mut value = one(tokens, at);
    while tokens.get(*at).is_some_and(|token| token == "&&") {
        *at += 1;
        value &= one(tokens, at);
    }
    value
}

fn one(tokens: &[String], at: &mut usize) -> bool {
    let Some(token) = tokens.get(*at) else {
        return false;
    };
    *at += 1;
    match token.as_str() {
        "!" => !one(tokens, at),
        "(" => {
            let value = either(tokens, at);
            *at += 1;
            value
        }
        tag => is_set(tag),
    }
}

fn is_set(tag: &str) -> bool {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    let released = tag
        .strip_prefix("go1.")
        .is_some_and(|minor| minor.parse::<u32>().is_ok());
    released || tag == system || tag == processor || matches!(tag, "gc" | "test_run")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_read_as_the_go_command_reads_them() {
        for (expression, expected) in [
            ("gc", true),
            ("!gc", false),
            ("gc && !plan9", true),
            ("plan9 || (gc && go1.21)", true),
            ("plan9 || wasm", false),
            ("!(plan9 || gc)", false),
        ] {
            assert_eq!(holds(expression), expected, "{expression}");
        }
    }
}
