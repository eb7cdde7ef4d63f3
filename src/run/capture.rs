//! Keeping what a process writes: all of it if it is little, else the beginning and the end.

use std::collections::VecDeque;

use super::Output;

/// The bytes of one stream.
#[derive(Debug)]
pub(super) struct Captured {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    half: usize,
    written: u64,
}

impl Captured {
    /// Keeps up to `limit` bytes, half of them from the beginning and half from the end.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            head: Vec::new(),
            tail: VecDeque::new(),
            half: limit / 2,
            written: 0,
        }
    }

    /// Adds what was read.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.written += bytes.len() as u64;
        let room = self.half - self.head.len();
        let (head, rest) = bytes.split_at(room.min(bytes.len()));
        self.head.extend_from_slice(head);
        // Of a rest longer than the tail only its end can stay.
        self.tail
            .extend(&rest[rest.len().saturating_sub(self.half)..]);
        let over = self.tail.len().saturating_sub(self.half);
        self.tail.drain(..over);
    }

    /// How many bytes were written in all.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// The bytes up to where the first were left out, and how many were not kept or come after that.
    pub(super) fn into_head(self) -> (Vec<u8>, u64) {
        let Self {
            mut head,
            tail,
            written,
            ..
        } = self;
        if written == (head.len() + tail.len()) as u64 {
            head.extend(tail);
        }
        let omitted = written - head.len() as u64;
        (head, omitted)
    }

    /// The text. Where bytes were left out a line of its own says how many.
    pub(super) fn into_output(self) -> Output {
        let Self {
            mut head,
            tail,
            written,
            ..
        } = self;
        let omitted = written - (head.len() + tail.len()) as u64;
        if omitted == 0 {
            head.extend(tail);
            let text = lossy(head);
            return Output { text, omitted };
        }
        let (head, tail) = (lossy(head), lossy(tail.into()));
        let text = format!("{head}\n[… {omitted} bytes left out …]\n{tail}");
        Output { text, omitted }
    }
}

/// Text, with U+FFFD for what is no UTF-8.
fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(limit: usize, chunks: &[&str]) -> Output {
        let mut captured = Captured::new(limit);
        for chunk in chunks {
            captured.push(chunk.as_bytes());
        }
        captured.into_output()
    }

    #[test]
    fn what_fits_is_kept_as_it_is() {
        let all = output(8, &["ab", "cdef", "gh"]);
        assert_eq!(
            all,
            Output {
                text: "abcdefgh".into(),
                omitted: 0
            }
        );
    }

    #[test]
    fn over_the_limit_head_and_tail_stay_whatever_the_chunks() {
        let expected = Output {
            text: "abcd\n[… 3 bytes left out …]\nhijk".into(),
            omitted: 3,
        };
        assert_eq!(output(8, &["abcdefghijk"]), expected);
        assert_eq!(output(8, &["abc", "def", "ghij", "k"]), expected);
        assert_eq!(
            output(8, &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]),
            expected
        );
    }

    #[test]
    fn a_character_cut_in_two_chunks_is_whole() {
        let mut captured = Captured::new(100);
        let bytes = "错误".as_bytes();
        captured.push(&bytes[..2]);
        captured.push(&bytes[2..]);
        assert_eq!(captured.into_output().text, "错误");
    }

    #[test]
    fn invalid_bytes_become_replacement_characters() {
        let mut captured = Captured::new(100);
        captured.push(b"a\xffb");
        assert_eq!(captured.into_output().text, "a\u{fffd}b");
    }
}
