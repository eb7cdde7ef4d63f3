//! Expected output that stands on lines of its own: in a block, or in comment lines one below the other.
//!
//! ```text
//! "> // 3\r\n"
//!  ─────         prefix: lists, quotes, indentation, the comment's marker
//!       ─        content
//!        ────    line break
//! ```

use std::ops::Range;

use super::align::{Item, Step, align};
use super::edit::Edit;
use super::words;
use crate::note::Block;
use crate::verdict::{edited, text};

/// Where a line of expected output stands in a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Bytes from the start of the note's line to where the content may start: what a new line needs.
    pub prefix: Range<usize>,
    /// Bytes of the content.
    pub content: Range<usize>,
    /// Where the next line of the note starts.
    pub next: usize,
    /// Whether something else stands on the line too, so that it can't be deleted.
    pub shared: bool,
}

/// One line as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row {
    /// An old line with its new content.
    Old(usize, String),
    /// A new line.
    New(String),
}

impl Line {
    /// The line of `text` on which `content` stands.
    pub fn at(text: &str, content: Range<usize>) -> Self {
        let start = text[..content.start]
            .rfind(['\n', '\r'])
            .map_or(0, |at| at + 1);
        let end = text[content.end..]
            .find(['\n', '\r'])
            .map_or(text.len(), |at| content.end + at);
        Self {
            prefix: start..content.start,
            next: end + line_break(&text[end..]).len(),
            content,
            shared: false,
        }
    }
}

/// The line break that `text` starts with.
fn line_break(text: &str) -> &str {
    ["\r\n", "\n", "\r"]
        .into_iter()
        .find(|found| text.starts_with(found))
        .unwrap_or_default()
}

/// The lines of a block's code; `None` where they are not the note's own bytes (entities in `<pre>`).
pub fn of_block(text: &str, block: &Block) -> Option<Vec<Line>> {
    (0..block.code.lines.len())
        .map(|number| {
            let start = block.code.lines[number].note;
            let content = start..start + block.code.line_text(number).len();
            (text.get(content.clone())? == block.code.line_text(number))
                .then(|| Line::at(text, content))
        })
        .collect()
}

/// How faithful the new lines are to the author's style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fidelity {
    /// His separators, quotes, empty lines and indentation.
    Styled,
    /// The output as it is.
    Plain,
}

/// The edits that make `lines` say `observed`.
pub fn edits(text: &str, lines: &[Line], observed: &str, fidelity: Fidelity) -> Option<Vec<Edit>> {
    let old: Vec<&str> = lines
        .iter()
        .map(|line| &text[line.content.clone()])
        .collect();
    let new: Vec<&str> = observed.trim_end().lines().map(str::trim_end).collect();
    if lines.is_empty() || new.is_empty() {
        return None;
    }
    render(text, lines, &rows(&old, &new, fidelity))
}

/// Whether a line stands for any lines.
fn is_dots(line: &str) -> bool {
    matches!(line.trim(), "..." | "…" | "……" | "......")
}

fn rows(old: &[&str], new: &[&str], fidelity: Fidelity) -> Vec<Row> {
    let styled = fidelity == Fidelity::Styled;
    let items: Vec<Item> = old
        .iter()
        .map(|line| match line {
            line if is_dots(line) => Item::Wild,
            line if edited::is_frame(line) => Item::Optional,
            line if line.trim().is_empty() && styled => Item::Optional,
            _ => Item::Plain,
        })
        .collect();
    let indent = if styled { common_indent(old, new) } else { "" };
    let same = |i: usize, j: usize| {
        let (old, new) = (old[i].trim_end(), new[j]);
        old == new
            || styled && old.strip_prefix(indent) == Some(new)
            || styled && text::compare(old, new).is_some()
            || styled && remarked(old, new).is_some_and(|(said, _)| said == new)
    };
    align(&items, new.len(), same)
        .into_iter()
        .filter_map(|step| match step {
            Step::Stay(i) => Some(Row::Old(i, old[i].to_owned())),
            Step::Pair(i, j) if same(i, j) => Some(Row::Old(i, old[i].to_owned())),
            Step::Pair(i, j) if styled => {
                let bare = old[i].strip_prefix(indent).unwrap_or(old[i]);
                let (bare, remark) = remarked(bare, new[j]).unwrap_or((bare, ""));
                Some(Row::Old(
                    i,
                    format!("{indent}{}{remark}", words::respell(bare, new[j])),
                ))
            }
            Step::Pair(i, j) => Some(Row::Old(i, new[j].to_owned())),
            Step::Added(j) => Some(Row::New(
                format!("{indent}{}", new[j]).trim_end().to_owned(),
            )),
            Step::Gone(_) => None,
        })
        .collect()
}

/// A line of the listing as it is taken for output, and its author's remark behind that, which stays. What Go prints is
/// no remark.
fn remarked<'t>(old: &'t str, new: &str) -> Option<(&'t str, &'t str)> {
    let said = edited::without_remark(old).filter(|said| !said.is_empty())?;
    let (said, remark) = old.split_at(said.len());
    (!new.contains(remark.trim())).then_some((said, remark))
}

/// The blanks before all old lines, if the output itself has none.
fn common_indent<'a>(old: &[&'a str], new: &[&str]) -> &'a str {
    let blanks = |line: &'a str| &line[..line.len() - line.trim_start().len()];
    let indents = old
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| blanks(line));
    let shortest = indents
        .min_by_key(|blanks| blanks.len())
        .unwrap_or_default();
    let own = new.iter().all(|line| line.starts_with([' ', '\t']));
    if own { "" } else { shortest }
}

/// Rows as edits: lines that go are deleted whole, new ones get the prefix and line break of the line
/// before.
fn render(text: &str, lines: &[Line], rows: &[Row]) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    let mut kept = vec![false; lines.len()];
    let mut above: Option<usize> = None;
    for row in rows {
        match row {
            Row::Old(at, content) => {
                let line = &lines[*at];
                kept[*at] = true;
                above = Some(*at);
                if text[line.content.clone()].is_empty() && !content.is_empty() {
                    // Behind a bare `//` or `>` there is no room for text.
                    return None;
                }
                edits.extend(Edit::minimal(text, line.content.clone(), content));
            }
            Row::New(content) => edits.push(inserted(text, lines, above, content)?),
        }
    }
    for (line, kept) in lines.iter().zip(&kept) {
        if !kept && line.shared {
            return None;
        }
        if !kept {
            edits.push(Edit {
                range: line.prefix.start..line.next,
                text: String::new(),
            });
        }
    }
    Some(edits)
}

fn inserted(text: &str, lines: &[Line], above: Option<usize>, content: &str) -> Option<Edit> {
    let model = above.map_or(&lines[0], |above| &lines[above]);
    if model.shared && above.is_none() {
        return None;
    }
    // An empty line may lack the blanks of the others' prefix.
    let prefix = [model]
        .into_iter()
        .chain(lines)
        .find(|line| !line.content.is_empty());
    let prefix = &text[prefix.unwrap_or(model).prefix.clone()];
    let line = format!("{prefix}{content}");
    let line = if content.is_empty() {
        line.trim_end()
    } else {
        &line
    };
    let at = if above.is_some() {
        model.next
    } else {
        model.prefix.start
    };
    // What stands behind the content: blanks, perhaps, and the line break.
    let behind = &text[model.content.end..model.next];
    let own = behind.find(['\n', '\r']).map(|at| &behind[at..]);
    let ending = own.unwrap_or_else(|| usual_break(text));
    let ends = own.is_some();
    Some(Edit {
        range: at..at,
        text: if ends || above.is_none() {
            format!("{line}{ending}")
        } else {
            format!("{ending}{line}")
        },
    })
}

/// The line break a text uses first.
fn usual_break(text: &str) -> &str {
    match text.find(['\n', '\r']).map(|at| line_break(&text[at..])) {
        Some(found) => found,
        None => "\n",
    }
}

/// The edits that make a fence longer than any run of its character that starts a line of `content`.
pub fn lengthen_fence(text: &str, block: &Block, content: &str) -> Vec<Edit> {
    let opening = &text[block.span.clone()];
    let Some(mark) = opening.chars().find(|c| matches!(c, '`' | '~')) else {
        return Vec::new();
    };
    let run = |line: &str| line.chars().take_while(|c| *c == mark).count();
    let start = opening.find(mark).unwrap_or_default();
    let length = run(&opening[start..]);
    let needed = content
        .lines()
        .map(|line| run(line.trim_start()))
        .max()
        .unwrap_or_default();
    if needed < length {
        return Vec::new();
    }
    let more: String = std::iter::repeat_n(mark, needed + 1 - length).collect();
    let insert = |at: usize| Edit {
        range: at..at,
        text: more.clone(),
    };
    let mut edits = vec![insert(block.span.start + start)];
    if block.closed
        && let Some(last) = opening.rfind(mark)
    {
        edits.push(insert(block.span.start + last + 1));
    }
    edits
}
