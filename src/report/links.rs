//! Links to the notes, for terminals that have them (OSC 8). The interface to the `supports-hyperlinks`
//! crate is here only.

use camino::{Utf8Path, Utf8PathBuf};

use super::paths;

/// Makes places in notes into links.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// The folder that notes are named from; without one nothing is linked.
    folder: Option<Utf8PathBuf>,
    /// The machine on which the files lie: a terminal that shows another one must not open its own.
    host: String,
}

impl Links {
    /// Links for stdout, if what reads it shows them. Where there are no colours (`NO_COLOR`, a pipe) the
    /// writer takes links off with them.
    pub fn of_stdout(current: &Utf8Path) -> Self {
        if !supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout) {
            return Self::default();
        }
        let host = rustix::system::uname();
        Self::to(current, &host.nodename().to_string_lossy())
    }

    fn to(folder: &Utf8Path, host: &str) -> Self {
        Self {
            folder: Some(folder.to_owned()),
            host: host.to_owned(),
        }
    }

    /// `text` with the first `place`, which stands in the file `note`, made into a link.
    pub fn link(&self, text: String, place: &str, note: &str) -> String {
        let Some(folder) = &self.folder else {
            return text;
        };
        let path = paths::uri(folder.join(note).as_str());
        let link = format!(
            "\x1b]8;;file://{}{path}\x1b\\{place}\x1b]8;;\x1b\\",
            paths::uri(&self.host)
        );
        text.replacen(place, &link, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_linked_to_its_file_and_reads_as_before() {
        let links = Links::to(Utf8Path::new("/my notes"), "here");
        let text = links.link("--> 闭.md:3:1 of it".to_owned(), "闭.md:3:1", "闭.md");
        assert_eq!(
            text,
            "--> \x1b]8;;file://here/my%20notes/%E9%97%AD.md\x1b\\闭.md:3:1\x1b]8;;\x1b\\ of it"
        );
        let plain = anstream::adapter::strip_str(&text).to_string();
        assert_eq!(plain, "--> 闭.md:3:1 of it");
    }

    #[test]
    fn without_a_terminal_that_has_links_nothing_changes() {
        let text = Links::default().link("a.md:1:1".to_owned(), "a.md:1:1", "a.md");
        assert_eq!(text, "a.md:1:1");
    }
}
