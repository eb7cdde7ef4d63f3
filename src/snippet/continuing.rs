//! What is done with a variable between its declaration and the block that uses it: there it goes on from that.
//!
//! ```text
//! words := strings.Fields(text)
//! sort.Strings(words)            ← comes along
//! fmt.Println(words)             ← does not: it changes nothing, and its output is that of its own block
//!
//! words = words[1:]              ← comes along, too: a block of the same section, between the two
//! ```
//! If what a block does with it can't be repeated silently – it prints among other things, waits, ends the program – nothing
//! of that block comes along, and nothing of those behind it. Goroutines and what is sent to a channel with room for it come
//! along where all of the chain does. Either way no claim is refuted by the value, since blocks between may change it.

mod effect;

use super::item::{Item, ItemKind};
use crate::report::Shape;

use super::Snippet;
use super::context::{Context, Declaration};

use self::effect::{Effect, effect, gives_away};

// A channel that takes something before anybody waits for it.
pattern!(HAS_ROOM, r"make\(chan [^()]*,");
// Comments that say that the statement before them ends the program, or is none.
pattern!(
    ENDS,
    r"(?i)panic|error|fatal|deadlock|invalid|illegal|block|错误|报错|异常|死锁|阻塞|崩溃|编译|非法|不能|不可|恐慌|失败"
);

/// The statements before block `until` that come along with a variable, in their order: of its own block, and of those
/// between which go on with it.
pub(super) fn following(context: &Context, of: &Declaration, until: usize) -> Vec<Declaration> {
    let Some(own) = context.snippet(of.block) else {
        return Vec::new();
    };
    let names = &own.items[of.item].names;
    let is_between = |block: usize| context.same_section(block, of.block);
    let between = (of.block + 1..until).filter(|block| is_between(*block));
    let mut found = Vec::new();
    let mut at_once = false;
    for block in std::iter::once(of.block).chain(between) {
        let Some(snippet) = context.snippet(block) else {
            continue;
        };
        let first = if block == of.block { of.item + 1 } else { 0 };
        if block != of.block && snippet.shape != Shape::Statements {
            continue;
        }
        if snippet.items[first..]
            .iter()
            .any(|item| declares(item, names))
        {
            break;
        }
        let Some(statements) = done_with(context, snippet, of, first, &mut at_once) else {
            // Goroutines without what waits for them do something else.
            return if at_once { Vec::new() } else { found };
        };
        found.extend(statements);
    }
    found
}

fn declares(item: &Item, names: &[String]) -> bool {
    let again = matches!(item.kind, ItemKind::Var | ItemKind::Type | ItemKind::Const)
        || item.kind == ItemKind::ShortVar && item.names.iter().all(|name| names.contains(name));
    again && item.names.iter().any(|name| names.contains(name))
}

/// What a block does with a variable from its item `first` on; `None` if that can't be repeated. `at_once` tells whether
/// goroutines have to do with it.
fn done_with(
    context: &Context,
    snippet: &Snippet,
    of: &Declaration,
    first: usize,
    at_once: &mut bool,
) -> Option<Vec<Declaration>> {
    let own = context.snippet(of.block)?;
    let names = &own.items[of.item].names;
    let has_room = HAS_ROOM.is_match(&own.code()[own.items[of.item].span.clone()]);
    let mut found = Vec::new();
    for (at, item) in snippet.items.iter().enumerate().skip(first) {
        let mentioned = names.iter().any(|name| item.mentions.contains(name));
        let statement = snippet.syntax.at(item.span.clone())?;
        // `err := json.Unmarshal(data, &v)` fills a variable while it declares another.
        let fills =
            item.kind == ItemKind::ShortVar && gives_away(&snippet.syntax, statement, names);
        if !mentioned || item.kind != ItemKind::Statement && !fills {
            continue;
        }
        let comment = &snippet.code()[item.span.end..item.extent.end];
        let effect = effect(context, &snippet.syntax, statement);
        // What another block does with it in passing may need what nothing shows.
        let known =
            |name: &String| context.declares(name) || snippet.qualified[at].contains_key(name);
        if snippet.block != of.block && !snippet.needs[at].iter().all(known) {
            return None;
        }
        match effect {
            Effect::None => continue,
            _ if ENDS.is_match(comment) => return None,
            Effect::Silent => {}
            Effect::Starts => *at_once = true,
            Effect::Sends if *at_once || has_room => *at_once = true,
            Effect::Sends | Effect::Other => return None,
        }
        found.push(Declaration {
            block: snippet.block,
            item: at,
            ..of.clone()
        });
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snippet::tests::note_of;

    /// The code that comes along with the first variable of the first block to what stands behind the last one.
    fn along_of(blocks: &[&str]) -> Vec<String> {
        let (snippets, context) = note_of(blocks);
        let declaration = Declaration {
            block: 0,
            item: 0,
            name: snippets[0].items[0].names[0].clone(),
            local: true,
        };
        let following = following(&context, &declaration, blocks.len());
        let text = |it: &Declaration| {
            let snippet = &snippets[it.block];
            snippet.code()[snippet.items[it.item].span.clone()].to_owned()
        };
        following.iter().map(text).collect()
    }

    fn along(code: &str) -> Vec<String> {
        along_of(&[code])
    }

    #[test]
    fn what_changes_a_variable_comes_along() {
        assert_eq!(
            along(
                "words := []string{\"b\", \"a\"}\nsort.Strings(words)\nn := len(words)\nfmt.Println(words, n, len(words))\n\
                 words[0] = \"c\"\nfor i := range words {\n\twords[i] += \"!\"\n}\nn++\nfor _, w := range words {\n\tfmt.Println(w)\n}\n"
            ),
            [
                "sort.Strings(words)",
                "words[0] = \"c\"",
                "for i := range words {\n\twords[i] += \"!\"\n}"
            ]
        );
    }

    #[test]
    fn functions_of_the_note_may_only_look() {
        let shown = |function: &str| {
            along_of(&[
                "box := Box{2}\nbox.n++\nfmt.Println(area(box), box.Area())\n",
                &format!("func area(b Box) int {{\n\t{function}\n}}\n"),
                "func (b *Box) Area() int {\n\treturn b.n\n}\n",
            ])
        };
        assert_eq!(shown("sum := 0\n\tsum += b.n\n\treturn sum"), ["box.n++"]);
        assert_eq!(shown("b.list[0]++\n\treturn 1"), [""; 0]);
        assert_eq!(shown("return other(b)"), [""; 0]);
    }

    #[test]
    fn what_fills_a_variable_comes_along() {
        assert_eq!(
            along("var v any\nerr := json.Unmarshal(data, &v)\nn := len(v)\n"),
            ["err := json.Unmarshal(data, &v)"]
        );
    }

    #[test]
    fn blocks_between_go_on_with_it() {
        let first = "box := Box{2}\n";
        assert_eq!(
            along_of(&[first, "box.n++\n", "fmt.Println(box)\n", "box.n *= 2\n"]),
            ["box.n++", "box.n *= 2"]
        );
        assert_eq!(
            along_of(&[first, "box.n += more\n", "box.n *= 2\n"]),
            [""; 0]
        );
        assert_eq!(
            along_of(&[
                first,
                "box.n++\n",
                "use(box); fmt.Println(grow(box))\n",
                "box.n *= 2\n"
            ]),
            ["box.n++"]
        );
        assert_eq!(along_of(&[first, "box := Box{3}\nbox.n++\n"]), [""; 0]);
        assert_eq!(along_of(&[first, "func main() {\n\tbox.n++\n}\n"]), [""; 0]);
    }

    #[test]
    fn goroutines_come_along_with_all_they_need() {
        let work = "func work(in <-chan int) {\n\tfor range in {\n\t}\n}\n";
        let loud = "func work(in <-chan int) {\n\tfmt.Println(<-in)\n}\n";
        let jobs = "jobs := make(chan int)\n";
        assert_eq!(
            along_of(&[jobs, work, "go work(jobs)\n", "jobs <- 1\nclose(jobs)\n"]),
            ["go work(jobs)", "jobs <- 1", "close(jobs)"]
        );
        assert_eq!(along_of(&[jobs, loud, "go work(jobs)\n"]), [""; 0]);
        assert_eq!(along_of(&[jobs, "jobs <- 1\n"]), [""; 0]);
        assert_eq!(
            along_of(&["jobs := make(chan int, 1)\n", "jobs <- 1\n"]),
            ["jobs <- 1"]
        );
        assert_eq!(
            along_of(&[jobs, work, "go work(jobs)\n", "<-jobs\n"]),
            [""; 0]
        );
    }

    #[test]
    fn what_can_not_be_repeated_silently_keeps_all_of_it_away() {
        for more in [
            "for _, w := range words {\n\tfmt.Println(next(w))\n}\n",
            "fmt.Println(next(words))\n",
            "go use(words)\n",
            "words <- \"a\"\n",
            "words[7] = \"x\" // panic\n",
            "for {\n\tuse(words)\n}\n",
        ] {
            assert_eq!(
                along(&format!("words := f()\nuse(words)\n{more}")),
                [""; 0],
                "{more}"
            );
        }
    }
}
