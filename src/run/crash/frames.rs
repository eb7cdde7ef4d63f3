//! Stack frames: a line with the function, then an indented line with file, line and offset.

use super::Frame;

/// The file name that every program is compiled under.
const PROGRAM: &str = "main.go";

/// The file name of the code that calls the program in a shared binary, which no reader should see.
const DISPATCHER: &str = "gosnip_dispatch.go";

/// The text without the dispatcher's frames.
pub(super) fn without_dispatcher(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.split_inclusive('\n') {
        if position(line).is_some_and(|(file, _)| file == DISPATCHER) {
            lines.pop();
        } else {
            lines.push(line);
        }
    }
    lines.concat()
}

/// The program's frames of the first goroutine of a trace, innermost first.
pub(super) fn of_first_goroutine(trace: &str) -> Vec<Frame> {
    let Some(start) = trace
        .split_inclusive('\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line))
        })
        .find(|(_, line)| line.starts_with("goroutine "))
        .map(|(start, _)| start)
    else {
        return Vec::new();
    };
    of(trace[start..].split("\n\n").next().unwrap_or_default())
}

/// The program's frames of one stack; where a goroutine was created is not one.
pub(super) fn of(stack: &str) -> Vec<Frame> {
    let lines: Vec<&str> = stack.lines().collect();
    lines
        .windows(2)
        .filter_map(|pair| {
            let (file, line) = position(pair[1])?;
            let function = pair[0].trim_start();
            (file == PROGRAM && !function.starts_with("created by ")).then(|| Frame {
                function: without_arguments(function).to_owned(),
                line,
            })
        })
        .collect()
}

/// The file's name and the line, of an indented line such as `\t/dir/main.go:5 +0x1d`.
fn position(line: &str) -> Option<(&str, u32)> {
    let place = line.strip_prefix(['\t', ' '])?.trim();
    // The offset is missing for inlined calls; with registers shown there is more after it.
    let place = place.find(" +0x").map_or(place, |at| &place[..at]);
    let (path, line) = place.rsplit_once(':')?;
    let file = path.rsplit(['/', '\\']).next()?;
    Some((file, line.parse().ok()?))
}

/// `main.(*T).M` of `main.(*T).M(0x1, {0x2, 0x3})`.
fn without_arguments(call: &str) -> &str {
    match call.rfind('(') {
        Some(at) if call.ends_with(')') => &call[..at],
        _ => call,
    }
}
