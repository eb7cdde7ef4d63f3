//! Bytes to text: which encoding a note is in, and what to do about bytes that fit none.
//!
//! The rules, in this order:
//!
//! 1. A byte order mark says UTF-8 or UTF-16.
//! 2. A NUL byte makes the file binary: an error.
//! 3. What is valid UTF-8 is UTF-8.
//! 4. What is valid GB18030 (which contains GBK) is that, if as UTF-8 it would have more invalid
//!    sequences than valid multi-byte characters, and if at least half of its two-byte characters
//!    have no ASCII byte in them. Chinese text fulfils both; UTF-8 with a damaged character fails
//!    the first, a Latin-1 `é` in English text the second.
//! 5. Where few bytes are wrong (at most 8 sequences, or one in 100 bytes), the text is UTF-8 with
//!    damage: each invalid sequence becomes U+FFFD and is reported.
//! 6. Anything else is an error. Guessing on would make claims of noise.

use super::{Encoding, Problem};
use crate::position::LineIndex;

/// A decoded note.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: Encoding,
    /// The invalid bytes.
    pub(super) problems: Vec<Problem>,
}

/// Why bytes are not text, and the offset of the byte that says so.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotText {
    /// There is a NUL.
    Binary(usize),
    /// Neither UTF-8 nor UTF-16 nor GB18030.
    Unknown(usize),
}

/// Decode a note by the rules above.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Decoded, NotText> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(&bytes)
        && encoding != encoding_rs::UTF_8
    {
        return utf16(encoding, &bytes[mark..]);
    }
    if let Some(nul) = bytes.iter().position(|&byte| byte == 0) {
        return Err(NotText::Binary(nul));
    }
    let (bytes, encoding) = match bytes.strip_prefix("\u{feff}".as_bytes()) {
        Some(rest) => (rest.to_vec(), Encoding::Utf8Bom),
        None => (bytes, Encoding::Utf8),
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(sound(text, encoding)),
        Err(error) => not_utf8(error.as_bytes(), encoding, error.utf8_error().valid_up_to()),
    }
}

/// Text without problems.
fn sound(text: String, encoding: Encoding) -> Decoded {
    Decoded {
        text,
        encoding,
        problems: Vec::new(),
    }
}

fn utf16(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Result<Decoded, NotText> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    if let Some(nul) = text.find('\0') {
        return Err(NotText::Binary(nul));
    }
    let mut decoded = sound(text.into_owned(), Encoding::Utf16);
    if damaged {
        let places = decoded.text.match_indices('\u{fffd}').map(|(at, _)| at);
        decoded.problems = problems(&decoded.text, places, "an invalid UTF-16 code unit");
    }
    Ok(decoded)
}

/// Decode what is not UTF-8; `first` is the first invalid byte.
fn not_utf8(bytes: &[u8], encoding: Encoding, first: usize) -> Result<Decoded, NotText> {
    let (valid, invalid) = multi_byte_sequences(bytes);
    if encoding == Encoding::Utf8
        && invalid > valid
        && let Some(text) = gb18030(bytes)
    {
        return Ok(sound(text, Encoding::Gbk));
    }
    if invalid <= 8 || invalid <= bytes.len() / 100 {
        return Ok(damaged_utf8(bytes, encoding));
    }
    Err(NotText::Unknown(first))
}

/// How many multi-byte characters there are as UTF-8, and how many invalid sequences.
fn multi_byte_sequences(bytes: &[u8]) -> (usize, usize) {
    bytes.utf8_chunks().fold((0, 0), |(valid, invalid), chunk| {
        let multi_byte = chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        (
            valid + multi_byte,
            invalid + usize::from(!chunk.invalid().is_empty()),
        )
    })
}

/// The text as GB18030, if it is valid and looks like Chinese (rule 4).
fn gb18030(bytes: &[u8]) -> Option<String> {
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    let (mut high, mut mixed) = (0usize, 0usize);
    let mut rest = bytes.iter();
    while let Some(lead) = rest.next() {
        if *lead >= 0x81 {
            match rest.next() {
                Some(0x80..) => high += 1,
                _ => mixed += 1,
            }
        }
    }
    (high >= mixed).then(|| text.into_owned())
}

/// UTF-8 with each invalid sequence replaced and reported.
fn damaged_utf8(bytes: &[u8], encoding: Encoding) -> Decoded {
    let mut text = String::with_capacity(bytes.len());
    let mut places = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            places.push(text.len());
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    let problems = problems(&text, places.into_iter(), "bytes that are not UTF-8");
    Decoded {
        text,
        encoding,
        problems,
    }
}

/// One problem for each of the first places, and one for all others.
fn problems(text: &str, places: impl Iterator<Item = usize>, what: &str) -> Vec<Problem> {
    const MOST: usize = 10;
    let lines = LineIndex::new(text);
    let mut places = places.peekable();
    let mut problems: Vec<Problem> = places
        .by_ref()
        .take(MOST)
        .map(|at| Problem {
            position: lines.position(text, at),
            message: format!("{what}, read as U+FFFD; save the note as UTF-8"),
        })
        .collect();
    if let Some(&next) = places.peek() {
        problems.push(Problem {
            position: lines.position(text, next),
            message: format!("{what} here and at {} more places", places.count() - 1),
        });
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::position::Position;

    const CHINESE: &str = "# 输出\n\n程序会输出 3，因为闭包捕获的是变量本身。\n";

    fn gbk(text: &str) -> Vec<u8> {
        encoding_rs::GBK.encode(text).0.into_owned()
    }

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        let bytes = units.map(|unit| {
            if little {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        });
        bytes.flatten().collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let bom = [b"\xef\xbb\xbf", CHINESE.as_bytes()].concat();
        for (bytes, encoding) in [
            (CHINESE.as_bytes().to_vec(), Encoding::Utf8),
            (bom, Encoding::Utf8Bom),
            (gbk(CHINESE), Encoding::Gbk),
            (utf16(CHINESE, true), Encoding::Utf16),
            (utf16(CHINESE, false), Encoding::Utf16),
        ] {
            let decoded = decode(bytes).unwrap();
            assert_eq!(
                (decoded.text.as_str(), decoded.encoding),
                (CHINESE, encoding)
            );
            assert!(decoded.problems.is_empty());
        }
    }

    #[test]
    fn gb18030_has_characters_of_four_bytes() {
        let text = "第一：𠮷野家的代码\n";
        let bytes = encoding_rs::GB18030.encode(text).0.into_owned();
        let decoded = decode(bytes).unwrap();
        assert_eq!(
            (decoded.text.as_str(), decoded.encoding),
            (text, Encoding::Gbk)
        );
    }

    #[test]
    fn an_invalid_byte_in_utf8_is_replaced_and_reported_with_its_place() {
        let mut bytes = CHINESE.as_bytes().to_vec();
        let at = CHINESE.find("会").unwrap();
        bytes.insert(at, 0xff);
        let decoded = decode(bytes).unwrap();
        assert_eq!(decoded.encoding, Encoding::Utf8);
        assert_eq!(decoded.text, CHINESE.replace("会", "\u{fffd}会"));
        assert_eq!(decoded.problems.len(), 1);
        assert_eq!(
            decoded.problems[0].position,
            Position { line: 3, column: 3 }
        );
    }

    #[test]
    fn a_character_cut_in_half_does_not_make_utf8_gbk() {
        let mut bytes = CHINESE.as_bytes().to_vec();
        bytes.remove(CHINESE.find("程").unwrap());
        let decoded = decode(bytes).unwrap();
        assert_eq!(decoded.encoding, Encoding::Utf8);
        assert!(decoded.text.contains("输出") && !decoded.problems.is_empty());
    }

    #[test]
    fn one_latin_letter_in_english_is_damage_and_not_chinese() {
        let decoded = decode(b"the caf\xe9s of G\xf6del\n".to_vec()).unwrap();
        assert_eq!(decoded.encoding, Encoding::Utf8);
        assert_eq!(decoded.text, "the caf\u{fffd}s of G\u{fffd}del\n");
    }

    #[test]
    fn a_nul_is_binary_also_in_utf16() {
        assert_eq!(decode(b"ab\0".to_vec()).unwrap_err(), NotText::Binary(2));
        assert_eq!(decode(utf16("ab\0", true)).unwrap_err(), NotText::Binary(2));
    }

    #[test]
    fn an_odd_byte_at_the_end_of_utf16_is_reported() {
        let mut bytes = utf16("ab", true);
        bytes.push(b'c');
        let decoded = decode(bytes).unwrap();
        assert_eq!(decoded.text, "ab\u{fffd}");
        assert_eq!(decoded.problems.len(), 1);
    }

    #[test]
    fn other_encodings_are_an_error() {
        let latin1 = b"d\xe9j\xe0 vu ".repeat(50);
        assert_eq!(decode(latin1).unwrap_err(), NotText::Unknown(1));
    }

    #[test]
    fn many_invalid_bytes_make_a_short_list() {
        let decoded = decode(
            b"\xff\n"
                .iter()
                .copied()
                .chain([b'a'; 200])
                .cycle()
                .take(8000)
                .collect(),
        );
        let problems = decoded.unwrap().problems;
        assert_eq!(problems.len(), 11);
        assert!(
            problems[10].message.contains("at 29 more places"),
            "{problems:?}"
        );
    }

    #[test]
    fn nothing_is_text() {
        assert_eq!(decode(Vec::new()).unwrap().text, "");
    }
}
