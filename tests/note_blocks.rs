//! Notes as they are written: where their blocks stand, and what each byte of code is in the note.

use gosnip::note::read::from_bytes;
use gosnip::note::{Block, Encoding, Note, Origin, Part, markdown};

fn note(text: &str) -> Note {
    markdown::parse("a.md".into(), text.to_owned(), Encoding::Utf8)
}

/// A block on one line: `LINE:COLUMN-END_LINE:COLUMN origin info | LINE:COLUMN code | …`.
fn describe(note: &Note, block: &Block) -> String {
    let start = note.position(block.span.start);
    let end = note.position(block.span.end);
    assert_eq!((start.line, end.line), (block.line, block.end_line));
    let origin = match block.origin {
        Origin::Fence => "fence",
        Origin::Indented => "indented",
        Origin::Html => "html",
        Origin::File => "file",
    };
    let mut text = format!(
        "{}:{}-{}:{} {origin} {}{}",
        start.line,
        start.column,
        end.line,
        end.column,
        block.info,
        if block.closed { "" } else { " unclosed" },
    );
    for (at, line) in block.code.lines.iter().enumerate() {
        let place = note.position(line.note);
        let code = block.code.line_text(at);
        text += &format!(" | {}:{} {code}", place.line, place.column);
    }
    text
}

fn blocks(text: &str) -> Vec<String> {
    let note = note(text);
    let blocks = note.blocks.iter();
    blocks.map(|block| describe(&note, block)).collect()
}

#[test]
fn every_nesting_gives_exact_lines_and_columns() {
    let cases: &[(&str, &[&str])] = &[
        ("```go\na\nb\n```\n", &["1:1-4:4 fence go | 2:1 a | 3:1 b"]),
        ("~~~ go \na\n~~~", &["1:1-3:4 fence go | 2:1 a"]),
        // Without an end, at the end of the note and of a list.
        ("```go\na", &["1:1-2:2 fence go unclosed | 2:1 a"]),
        ("```go", &["1:1-1:6 fence go unclosed"]),
        ("```go\n```", &["1:1-2:4 fence go"]),
        ("```go\n\n", &["1:1-2:1 fence go unclosed | 2:1 "]),
        (
            "- a\n  ```go\n  b\n\nc\n",
            &["2:3-4:1 fence go unclosed | 3:3 b | 4:1 "],
        ),
        (
            "- ```go\n  a\n- ```go\n  b\n",
            &[
                "1:3-2:4 fence go unclosed | 2:3 a",
                "3:3-4:4 fence go unclosed | 4:3 b",
            ],
        ),
        // A shorter fence, or one of the other kind, is code.
        (
            "````md\n```go\n```\n~~~\n````\n",
            &["1:1-5:5 fence md | 2:1 ```go | 3:1 ``` | 4:1 ~~~"],
        ),
        // In lists and quotes, also on the marker's line.
        (
            "4. **x**：\n   ```go\n   世\n\n     b\n   ```\n",
            &["2:4-6:7 fence go | 3:4 世 | 4:1  | 5:4   b"],
        ),
        (
            "- a\n  + ```GO\n    b\n    ```\n",
            &["2:5-4:8 fence GO | 3:5 b"],
        ),
        (
            "> 引用\n> ```go\n> a\n>b\n>\n> ```\n",
            &["2:3-6:6 fence go | 3:3 a | 4:2 b | 5:2 "],
        ),
        (
            "> - > ```go\n>   > a\n>   > ```  \n",
            &["1:7-3:10 fence go | 2:7 a"],
        ),
        // Headings end lists and quotes without a blank line.
        ("1. a\n## b\n```\nc\n```\n", &["3:1-5:4 fence  | 4:1 c"]),
        // Tabs: one that the list's indentation uses in part is kept whole.
        (
            "- a\n\n\t```go\n\tb\n\t\tc\n\t```\n",
            &["3:2-6:5 fence go | 4:2 b | 5:2 \tc"],
        ),
        ("1. ```go\n\ta\n   ```\n", &["1:4-3:7 fence go | 2:1 \ta"]),
        (">\t```go\n>\ta\n>\t```", &["1:3-3:6 fence go | 2:3 a"]),
        ("```go\na\n```\t \nb\n", &["1:1-3:4 fence go | 2:1 a"]),
        // Line breaks of all kinds.
        (
            "```go\r\na\r\n\r\nb\r\n```\r\n",
            &["1:1-5:4 fence go | 2:1 a | 3:1  | 4:1 b"],
        ),
        (
            "x\r```go\ra\r\rb\r```\r",
            &["2:1-6:4 fence go | 3:1 a | 4:1  | 5:1 b"],
        ),
        (
            "> ```go\r\n> a\r\n>\r\n> ```\r\n",
            &["1:3-4:6 fence go | 2:3 a | 3:2 "],
        ),
        // Indented code.
        (
            "输出：\n\n    0\n      1\n\n    4\n\nx\n",
            &["3:5-6:6 indented  | 3:5 0 | 4:5   1 | 5:1  | 6:5 4"],
        ),
        ("\ta\r\n\tb\r\n", &["1:2-2:3 indented  | 1:2 a | 2:2 b"]),
        ("- a\n\n\t\tb\n", &["3:2-3:4 indented  | 3:2 \tb"]),
        // HTML.
        (
            "<pre><code class=\"language-go\">a &lt;- b\nc</code></pre>\n",
            &["1:1-2:15 html go | 1:32 a <- b | 2:1 c"],
        ),
        (
            "- <pre lang=\"go\">\n  a\n\n  b\n  </pre>\n",
            &["1:3-5:9 html go | 2:3 a | 3:1  | 4:3 b"],
        ),
        (
            "<details>\n<pre>a</pre>\n<pre>b</pre>\n</details>\n",
            &["2:1-2:13 html  | 2:6 a", "3:1-3:13 html  | 3:6 b"],
        ),
        ("<pre>\na\n", &["1:1-2:2 html  unclosed | 2:1 a"]),
        // No blocks: comments, inline code, MDX.
        ("<!--\n\n```go\na\n```\n\n<pre>b</pre>\n-->\n", &[]),
        ("a ```go b``` c\n", &[]),
        (
            "import A from 'a'\nexport const b = {\n\n}\n\n<A c={d}>\n\n```go\ne\n```\n\n</A>\n",
            &["8:1-10:4 fence go | 9:1 e"],
        ),
        // Front matter is no heading and no code.
        (
            "---\ntitle: a\n---\n```go\nb\n```\n",
            &["4:1-6:4 fence go | 5:1 b"],
        ),
        ("", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(blocks(text), *expected, "{text:?}");
    }
}

#[test]
fn the_span_of_a_block_is_its_fences_and_nothing_else() {
    let text = "- a\n  ```go\n  b\n  ```  \n";
    let note = note(text);
    assert_eq!(&text[note.blocks[0].span.clone()], "```go\n  b\n  ```");
}

#[test]
fn code_has_only_newlines_and_keeps_the_one_at_its_end() {
    for text in [
        "```\na\n\nb\n```\n",
        "```\r\na\r\n\r\nb\r\n```\r\n",
        "```\ra\r\rb\r```",
    ] {
        assert_eq!(note(text).blocks[0].code.text, "a\n\nb\n", "{text:?}");
    }
}

#[test]
fn blocks_know_the_headings_above_them() {
    let text =
        "```\n```\n# 一 `go`\n```\n```\n### 二\n```\n```\n## 三\n```\n```\n# 一 go\n```\n```\n";
    let note = note(text);
    let ids: Vec<&str> = note.blocks.iter().map(|block| block.id.as_str()).collect();
    assert_eq!(
        ids,
        ["#1", "一-go#1", "一-go/二#1", "一-go/三#1", "一-go#2"]
    );
    assert_eq!(note.blocks[3].headings, ["一 go", "三"]);
}

#[test]
fn an_id_survives_edits_in_other_sections() {
    let before = note("# a\n```\n```\n# b\n```\n1\n```\n");
    let after = note("# a\n```\n```\n```\n```\n# new\n\n    x\n\n# b\ntext\n```\n1\n```\n");
    assert_eq!(before.blocks[1].id, after.blocks[3].id);
}

/// The bodies of the directives of each block, each checked to be what its span says.
fn directives(text: &str) -> Vec<Vec<String>> {
    let note = note(text);
    let bodies = |block: &Block| {
        let directives = block.directives.iter();
        let checked = directives.map(|(body, span)| {
            assert_eq!(body, &text[span.clone()]);
            body.clone()
        });
        checked.collect()
    };
    note.blocks.iter().map(bodies).collect()
}

#[test]
fn directives_directly_above_a_block_are_its_own() {
    let text = "<!-- gosnip: skip reason=\"伪代码\" -->\n\n<!--gosnip:go=\"<1.22\"-->\n<!-- lint off -->\n```go\n```\n```go\n```\n";
    assert_eq!(
        directives(text),
        [vec!["skip reason=\"伪代码\"", "go=\"<1.22\""], vec![]]
    );
}

#[test]
fn directives_stand_in_lists_in_prose_and_above_pre() {
    for text in [
        "- <!-- gosnip: skip -->\n  ```go\n  ```\n",
        "- <!-- gosnip: skip --> text\n  ```go\n  ```\n",
        "- <!-- gosnip: skip --> *text* <!-- other --> text\n  ```go\n  ```\n",
        "- **text** <!-- gosnip: skip -->：\n  ```go\n  ```\n",
        "> <!-- gosnip: skip -->\n> ```go\n> ```\n",
        "<!-- gosnip: skip -->\n\n    code\n",
        "<!-- gosnip: skip -->\n<pre>code</pre>\n",
        "<!-- gosnip:\r\nskip\r\n-->\r\n```go\r\n```\r\n",
    ] {
        assert_eq!(directives(text), [["skip"]], "{text:?}");
    }
}

#[test]
fn a_directive_without_a_block_is_a_problem_and_not_silence() {
    for between in ["text", "# heading", "---", "<details>", "| a |\n|---|"] {
        let text = format!("a\n\n<!-- gosnip: skip -->\n\n{between}\n\n```go\n```\n");
        let note = note(&text);
        assert!(note.blocks[0].directives.is_empty(), "{text}");
        assert_eq!(note.problems.len(), 1, "{text}");
        let problem = &note.problems[0];
        assert_eq!((problem.position.line, problem.position.column), (3, 14));
        assert!(problem.message.starts_with("`gosnip: skip` does nothing"));
    }
    assert_eq!(note("<!-- gosnip: skip -->").problems.len(), 1);
    assert!(
        note("<!-- gosnip skip -->\n```\n```\n").problems[0]
            .message
            .contains("colon")
    );
    assert!(note("<!-- gosnippets -->\n```\n```\n").problems.is_empty());
}

/// The parts of a note, one line each.
fn parts(text: &str) -> Vec<String> {
    let note = note(text);
    let part = |part: &Part| match part {
        Part::Heading { level, text, .. } => format!("h{level} {text}"),
        Part::Prose(prose) if prose.table => format!("table {}", prose.text()),
        Part::Prose(prose) => format!("prose{} {}", prose.list_depth, prose.text()),
        Part::Html { text, .. } => format!("html {text}"),
        Part::Block(at) => format!("block {at}"),
    };
    note.parts.iter().map(part).collect()
}

#[test]
fn parts_are_what_a_reader_reads_in_order() {
    let text = "\
# 问 *一*
段落 `x` [链接](u)\\
第二行
续 a<br/>b <b>c</b> &lt;
- 甲
  - 乙
    ```go
    ```
  丙
- 丁

<details><summary>答案</summary>

3 2 1

</details>

| a | b |
|---|---|
| `1` | 2 |
|  | 4 |

Title
=====
";
    assert_eq!(
        parts(text),
        [
            "h1 问 一",
            "prose0 段落 x 链接\n第二行\n续 a\nb c <",
            "prose1 甲",
            "prose2 乙",
            "block 0",
            "prose1 丙",
            "prose1 丁",
            "html <details><summary>答案</summary>",
            "prose0 3 2 1",
            "html </details>",
            "table a\tb\n1\t2\n\t4",
            "h1 Title",
        ]
    );
}

#[test]
fn html_around_pre_is_html() {
    assert_eq!(
        parts("<div>\n<pre>a</pre>\n</div>\n"),
        ["html <div>", "block 0", "html </div>"]
    );
}

#[test]
fn prose_knows_where_each_of_its_characters_stands() {
    let text = "> 输出 [1 2] 是 ``a`b``\r\n> **3** &amp; 4\n";
    let note = note(text);
    let Part::Prose(prose) = &note.parts[0] else {
        panic!("{:?}", note.parts);
    };
    let read = prose.text();
    assert_eq!(read, "输出 [1 2] 是 a`b\n3 & 4");
    assert_eq!(
        &text[prose.span.clone()],
        text.trim_start_matches("> ").trim_end()
    );
    for (at, c) in read.char_indices().filter(|(_, c)| !"\n&".contains(*c)) {
        assert!(text[prose.note_offset(at)..].starts_with(c), "{at} {c}");
    }
    let codes: Vec<&str> = prose
        .runs
        .iter()
        .filter(|run| run.code)
        .map(|run| &text[run.span.clone()])
        .collect();
    assert_eq!(codes, ["``a`b``"]);
}

#[test]
fn every_encoding_gives_the_same_blocks() {
    let text =
        "# 输出\n\n程序会输出 3，因为闭包捕获的是变量本身：\n\n- 例\n  ```go\n  // 世界\n  ```\n";
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    let bom = ["\u{feff}", text].concat().into_bytes();
    let utf16 = "\u{feff}".encode_utf16().chain(text.encode_utf16());
    let utf16 = utf16.flat_map(u16::to_le_bytes).collect();
    let crlf = text.replace('\n', "\r\n").into_bytes();
    for bytes in [text.as_bytes().to_vec(), gbk, bom, utf16, crlf] {
        let note = from_bytes(bytes, "a.txt".into()).unwrap();
        let described = describe(&note, &note.blocks[0]);
        assert_eq!(described, "6:3-8:6 fence go | 7:3 // 世界");
        assert!(note.problems.is_empty());
    }
}

#[test]
fn a_note_of_ten_megabytes_is_read_whole() {
    let section = "## 问题\n\n1. 答案：\n   ```go\n   fmt.Println(1) // 1\n   ```\n\n";
    let count = 10_000_000 / section.len() + 1;
    let note = from_bytes(section.repeat(count).into_bytes(), "a.md".into()).unwrap();
    assert_eq!(note.blocks.len(), count);
    let last = note.blocks.last().unwrap();
    assert_eq!(last.id, format!("问题#{count}"));
    assert_eq!(last.line as usize, (count - 1) * 7 + 4);
}

mod laws {
    //! What holds for every note.

    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    /// Check what holds for every note; gives it back for more.
    fn lawful(note: &Note) -> Result<(), TestCaseError> {
        let mut ids = HashSet::new();
        let mut end = 0;
        for block in &note.blocks {
            prop_assert!(
                block.span.start >= end,
                "{:?} starts before {}",
                block.span,
                end
            );
            prop_assert!(block.span.start <= block.span.end);
            end = block.span.end;
            prop_assert!(note.text.get(block.span.clone()).is_some());
            prop_assert!(ids.insert(&block.id), "{} twice", block.id);
            lawful_code(note, block)?;
        }
        let listed = note.parts.iter().filter_map(|part| match part {
            Part::Block(at) => Some(*at),
            _ => None,
        });
        prop_assert!(listed.eq(0..note.blocks.len()));
        lawful_parts(note)
    }

    /// Each line of code is the bytes of the note that the map says, on a line of its own.
    fn lawful_code(note: &Note, block: &Block) -> Result<(), TestCaseError> {
        let code = &block.code;
        prop_assert_eq!(code.text.lines().count(), code.lines.len());
        prop_assert!(block.origin == Origin::Html || !code.text.contains('\r'));
        let mut above = block.line - u32::from(block.origin != Origin::Fence);
        for (at, line) in code.lines.iter().enumerate() {
            let text = code.line_text(at);
            let number = note.lines.line(line.note);
            prop_assert!(number <= block.end_line);
            if block.origin == Origin::Html {
                prop_assert!(number >= block.line);
                continue;
            }
            prop_assert_eq!(number, above + 1);
            above = number;
            prop_assert!(
                note.text[line.note..].starts_with(text),
                "{:?} is not at {}",
                text,
                line.note
            );
        }
        Ok(())
    }

    fn lawful_parts(note: &Note) -> Result<(), TestCaseError> {
        let mut start = 0;
        for part in &note.parts {
            let span = match part {
                Part::Heading { span, .. } | Part::Html { span, .. } => span,
                Part::Prose(prose) => &prose.span,
                Part::Block(at) => &note.blocks[*at].span,
            };
            prop_assert!(note.text.get(span.clone()).is_some(), "{:?}", part);
            prop_assert!(span.start >= start, "{:?} starts before {}", part, start);
            start = span.start;
            if let Part::Prose(prose) = part {
                let text = prose.text();
                prop_assert!((0..=text.len()).all(|at| prose.note_offset(at) <= note.text.len()));
            }
        }
        Ok(())
    }

    /// The start of a line, as notes have them and as they should not.
    fn prefix() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            6 => Just(""), 2 => Just("  "), 1 => Just("   "), 2 => Just("    "), 2 => Just("\t"),
            2 => Just("> "), 1 => Just(">"), 2 => Just("- "), 1 => Just("+ "), 1 => Just("10. "),
            1 => Just(" "), 1 => Just("-\t"),
        ];
        prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
    }

    fn content() -> impl Strategy<Value = &'static str> {
        prop_oneof![
            6 => Just("```go"), 8 => Just("```"), 3 => Just("~~~"), 2 => Just("````"),
            6 => Just("fmt.Println(\"世界\") // 输出"), 4 => Just(""), 2 => Just("## 标题"),
            4 => Just("段落 `code` **b** [1 2] &lt; <br> x"), 2 => Just("<pre><code>a &lt; b"),
            2 => Just("</code></pre>"), 2 => Just("<!--"), 2 => Just("-->"), 1 => Just("---"),
            2 => Just("<!-- gosnip: skip -->"), 2 => Just("<details>"), 1 => Just("| a | b |"),
            1 => Just("|---|---|"), 1 => Just("[^1]: note"), 1 => Just("a [^1]"), 1 => Just("```\t"),
            2 => Just("\tif x {"), 1 => Just("title: a"), 1 => Just("    x := 1"),
        ]
    }

    fn document() -> impl Strategy<Value = String> {
        let line_break = prop_oneof![6 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r")];
        let line = (prefix(), content(), line_break).prop_map(|(a, b, c)| [&a, b, c].concat());
        prop::collection::vec(line, 0..24).prop_map(|lines| lines.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..Default::default() })]

        #[test]
        fn documents_are_mapped_exactly(text in document()) {
            lawful(&note(&text))?;
        }

        #[test]
        fn any_string_is_a_note(text in "[\\PC\n\r\t`~<>!&#;/-]{0,200}") {
            lawful(&note(&text))?;
        }

        #[test]
        fn any_bytes_are_a_note_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(note) = from_bytes(bytes, "a.md".into()) {
                lawful(&note)?;
            }
        }

        #[test]
        fn a_fence_comes_out_of_any_nesting_as_it_went_in(
            code in prop::collection::vec("[a-z世(){}\" \t]{0,12}", 0..8),
            nesting in prop::collection::vec(0..4usize, 0..5),
            line_break in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        ) {
            let first = nesting.iter().map(|&kind| ["> ", "- ", "1. ", "* "][kind]);
            let first: String = first.collect();
            let next = nesting.iter().map(|&kind| ["> ", "  ", "   ", "  "][kind]);
            let next: String = next.collect();
            let mut text = format!("{first}```go{line_break}");
            for line in &code {
                text += &format!("{next}{line}{line_break}");
            }
            text += &format!("{next}```{line_break}");
            let note = note(&text);
            lawful(&note)?;
            prop_assert_eq!(note.blocks.len(), 1);
            let expected: String = code.iter().map(|line| format!("{line}\n")).collect();
            prop_assert_eq!(&note.blocks[0].code.text, &expected);
            prop_assert_eq!(note.blocks[0].end_line as usize, code.len() + 2);
        }
    }
}
