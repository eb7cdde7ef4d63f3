//! A Go file as a note: one block, which is all of it.

use camino::{Utf8Path, Utf8PathBuf};

use crate::position::LineIndex;

use super::{Block, Code, CodeLine, Encoding, Note, Origin, Part};

/// Whether the file at `path` is a Go file, by its name.
pub fn is_go(path: &Utf8Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("go"))
}

/// Read a Go file's text.
pub fn parse(path: Utf8PathBuf, text: String, encoding: Encoding) -> Note {
    let lines = LineIndex::new(&text);
    let mut code = Code::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        code.lines.push(CodeLine {
            code: code.text.len(),
            note: at,
        });
        at += line.len();
        code.text.push_str(line.trim_end_matches(['\r', '\n']));
        code.text.push('\n');
    }
    let count = u32::try_from(code.lines.len()).unwrap_or(u32::MAX);
    let block = Block {
        id: "#1".to_owned(),
        span: 0..text.len(),
        line: 1,
        end_line: count.max(1),
        info: "go".to_owned(),
        origin: Origin::File,
        closed: true,
        code,
        headings: Vec::new(),
        directives: Vec::new(),
    };
    Note {
        path,
        lines,
        blocks: vec![block],
        parts: vec![Part::Block(0)],
        encoding,
        output: None,
        problems: Vec::new(),
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_file_is_a_line_of_the_code() {
        let text = "// run\r\n\r\npackage main\r\nfunc main() {}";
        let note = parse("x.go".into(), text.to_owned(), Encoding::Utf8);
        let block = &note.blocks[0];
        assert_eq!(block.code.text, "// run\n\npackage main\nfunc main() {}\n");
        assert_eq!((block.line, block.end_line), (1, 4));
        let offset = block.code.text.find("func").unwrap();
        assert_eq!(&note.text[block.code.note_offset(offset)..][..4], "func");
        assert_eq!(block.language(), "go");
    }
}
