//! What a program with a clock that jumps wrote: each write comes in a frame that says when it was made.
//!
//! ```text
//! 00 00 'P' 'B'    nanoseconds since 1970 (8 bytes)    length (4 bytes)    that many bytes
//! ```
//!
//! Numbers are big endian. (It is the format of the Go playground, which plays the pauses back.)

use std::time::Duration;

use super::Output;
use super::capture::Captured;

const MAGIC: &[u8] = b"\0\0PB";
const HEADER: usize = MAGIC.len() + 8 + 4;

/// When the clock starts: 2009-11-10 23:00 UTC, in seconds since 1970.
const START: Duration = Duration::from_secs(1_257_894_000);

/// What was played back.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Played {
    /// What was written within the limit.
    pub(super) output: Output,
    /// How late the last write was made, be it over the limit.
    pub(super) last: Duration,
    /// Whether something was written after the limit.
    pub(super) over: bool,
}

/// Takes the frames off, and what was written later than `limit` after the start.
pub(super) fn play(captured: Captured, limit: Duration) -> Played {
    let (bytes, mut omitted) = captured.into_head();
    let mut text = Vec::new();
    let (mut last, mut over) = (Duration::ZERO, false);
    let mut rest = bytes.as_slice();
    while let Some(frame) = Frame::read(rest) {
        last = last.max(frame.at);
        over |= frame.at > limit;
        if over {
            omitted = 0;
        } else {
            text.extend_from_slice(frame.content);
        }
        rest = frame.rest;
    }
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if omitted > 0 {
        text.push_str(&format!("\n[… {omitted} bytes left out …]\n"));
    }
    Played {
        output: Output { text, omitted },
        last,
        over,
    }
}

/// One write.
struct Frame<'a> {
    at: Duration,
    content: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The first one of `bytes`; `None` at the end, or where it is cut off.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (header, rest) = bytes.split_at_checked(HEADER)?;
        let (nanoseconds, length) = header.strip_prefix(MAGIC)?.split_at(8);
        let nanoseconds = u64::from_be_bytes(nanoseconds.try_into().ok()?);
        let length = u32::from_be_bytes(length.try_into().ok()?);
        let (content, rest) = rest.split_at_checked(length as usize)?;
        Some(Self {
            at: Duration::from_nanos(nanoseconds).saturating_sub(START),
            content,
            rest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(kept: usize, writes: &[(u64, &str)]) -> Captured {
        let mut captured = Captured::new(kept);
        for (seconds, text) in writes {
            let at = START + Duration::from_secs(*seconds);
            captured.push(MAGIC);
            captured.push(&(at.as_nanos() as u64).to_be_bytes());
            captured.push(&(text.len() as u32).to_be_bytes());
            captured.push(text.as_bytes());
        }
        captured
    }

    const LONG: Duration = Duration::from_secs(1000);

    #[test]
    fn writes_come_in_their_order_and_the_last_ones_time_is_known() {
        let played = play(captured(1000, &[(0, "a"), (5, "b\n"), (7, "")]), LONG);
        assert_eq!(played.output.text, "ab\n");
        assert_eq!(played.last, Duration::from_secs(7));
        assert!(!played.over);
    }

    #[test]
    fn what_comes_after_the_limit_is_cut_off() {
        let writes = [(1, "a"), (10, "b"), (11, "c")];
        let played = play(captured(1000, &writes), Duration::from_secs(10));
        assert_eq!(played.output.text, "ab");
        assert!(played.over);
    }

    #[test]
    fn of_too_much_only_the_whole_frames_of_the_beginning_are_taken() {
        let writes = [(1, "a"), (2, "b"), (3, "c"), (4, "d")];
        let played = play(captured(2 * (2 * HEADER + 5), &writes[..3]), LONG);
        assert_eq!(played.output.text, "abc");
        let played = play(captured(2 * (HEADER + 5), &writes), LONG);
        assert!(played.output.text.starts_with("a\n[… "), "{played:?}");
        assert!(played.output.omitted > 0);
    }

    #[test]
    fn what_is_no_frame_is_nothing() {
        let mut captured = Captured::new(100);
        captured.push(b"text without a frame");
        assert_eq!(play(captured, LONG).output.text, "");
    }
}
