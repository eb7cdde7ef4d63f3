//! Markdown to blocks, headings and prose, with exact spans.
