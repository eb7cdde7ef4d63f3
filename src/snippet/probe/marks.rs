//! What probes wrote, read back from the marks in a program's output. [`own`](crate::toolchain::stdlib::own) writes them.

/// What a probed program wrote: its text without marks, and what each probe saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probed {
    /// The output without marks.
    pub text: String,
    /// What each marked line wrote, each time it ran.
    pub lines: Vec<Segment>,
    /// For each value probe (by index), what it saw each time.
    pub values: Vec<(usize, Value)>,
}

/// One time that a marked line ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segment {
    /// The line (from 0).
    pub line: usize,
    /// What was written meanwhile.
    pub text: String,
    /// If that is nothing but the end of a line of the output: that line.
    pub ends: String,
    /// Whether it came to its end; a line that panics or blocks does not.
    pub finished: bool,
}

/// A value as Go shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Value {
    /// `%v`
    pub text: String,
    /// `%T`
    pub kind: String,
}

/// Take a probed program's output apart.
pub fn read(output: &str) -> Probed {
    let mut probed = Probed::default();
    // Marked lines that are running: nested when a marked call prints through another marked line.
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut rest = output;
    while let Some(at) = rest.find('\x01') {
        push(&mut probed.text, &mut open, &rest[..at]);
        rest = &rest[at + 1..];
        let Some(end) = rest.find('\x02') else {
            break;
        };
        let mark = &rest[..end];
        rest = &rest[end + 1..];
        if let Some(line) = mark.strip_prefix('<').and_then(|line| line.parse().ok()) {
            open.push((line, String::new()));
        } else if let Some(line) = mark
            .strip_prefix('>')
            .and_then(|line| line.parse::<usize>().ok())
        {
            if let Some(at) = open.iter().rposition(|(of, _)| *of == line) {
                let (line, text) = open.remove(at);
                let before = probed.text.strip_suffix('\n').filter(|_| text == "\n");
                let ends = before.and_then(|before| before.rsplit('\n').next());
                probed.lines.push(Segment {
                    line,
                    text,
                    ends: ends.unwrap_or_default().to_owned(),
                    finished: true,
                });
            }
        } else if let Some(value) = mark.strip_prefix('=') {
            let mut parts = value.split('\x1f');
            let index = parts.next().and_then(|index| index.parse().ok());
            let mut part = || parts.next().unwrap_or_default().to_owned();
            let (text, kind) = (part(), part());
            if let Some(index) = index {
                probed.values.push((index, Value { text, kind }));
            }
        }
    }
    push(&mut probed.text, &mut open, rest);
    // A line that never finished (it panicked, or time was up) still wrote what it wrote.
    probed
        .lines
        .extend(open.into_iter().map(|(line, text)| Segment {
            line,
            text,
            ends: String::new(),
            finished: false,
        }));
    probed
}

fn push(text: &mut String, open: &mut [(usize, String)], written: &str) {
    text.push_str(written);
    for (_, output) in open {
        output.push_str(written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_line_knows_the_line() {
        let probed = read("a\n1 2 \x01<3\x02\n\x01>3\x02\x01<4\x02\n\x01>4\x02");
        assert_eq!(probed.lines[0].ends, "1 2 ");
        assert_eq!(probed.lines[1].ends, "");
    }

    #[test]
    fn marks_are_taken_out_again() {
        let probed = read("a\n\x01<3\x02b\n\x01>3\x02c\x01=0\x1f[2 3]\x1f[]int\x02\n");
        assert_eq!(probed.text, "a\nb\nc\n");
        assert_eq!(probed.lines[0].text, "b\n");
        assert!(probed.lines[0].finished);
        assert_eq!(probed.values[0].1.kind, "[]int");
    }
}
