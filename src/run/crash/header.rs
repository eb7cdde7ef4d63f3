//! The header of a crash report: messages, marks and the signal.

use super::CrashKind;

/// How a panic's message begins.
pub(super) const PANIC: &str = "panic: ";

/// How a fatal error's message begins.
pub(super) const FATAL: &str = "fatal error: ";

/// What the runtime appends to the message of a panic that was recovered, and that was raised again.
const MARKS: [&str; 2] = [" [recovered]", " [recovered, repanicked]"];

/// Whether a text starts as a crash report does.
pub fn is_heading(text: &str) -> bool {
    text.starts_with(PANIC) || text.starts_with(FATAL)
}

/// The kind of crash and its message.
pub(super) fn kind_and_message(header: &str) -> (CrashKind, String) {
    let fatal = header
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix(FATAL));
    if let Some(message) = fatal {
        let kind = if message.ends_with("deadlock!") {
            CrashKind::Deadlock
        } else {
            CrashKind::Fatal
        };
        return (kind, message.to_owned());
    }
    match panics(header).pop() {
        Some(message) => (CrashKind::Panic, message),
        // A signal: `SIGABRT: abort`.
        None => (
            CrashKind::Fatal,
            header.lines().next().unwrap_or(header).to_owned(),
        ),
    }
}

/// The messages of the panics, the first one first.
pub(super) fn panics(header: &str) -> Vec<String> {
    let header = header.find("\n[signal ").map_or(header, |at| &header[..at]);
    let mut messages: Vec<String> = Vec::new();
    for line in header.lines() {
        if let Some(message) = line.strip_prefix('\t').unwrap_or(line).strip_prefix(PANIC) {
            messages.push(message.to_owned());
        } else if let Some(message) = messages.last_mut() {
            // Since Go 1.18 the runtime indents the further lines of a message; before, it did not.
            message.push('\n');
            message.push_str(line.strip_prefix('\t').unwrap_or(line));
        }
    }
    for message in &mut messages {
        if let Some(bare) = MARKS.iter().find_map(|mark| message.strip_suffix(mark)) {
            message.truncate(bare.len());
        }
    }
    messages
}

/// The text of the `[signal SIGSEGV: …]` line.
pub(super) fn signal(header: &str) -> Option<String> {
    let line = header.lines().find(|line| line.starts_with("[signal "))?;
    Some(
        line.trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned(),
    )
}
