//! Quotes of Go's own source: `type hchan struct`, `func mallocgc(…)`, pieces of `src/net/http/…`.
//!
//! The rule: a block without a `main` of its own quotes Go's source if
//! - it has a comment that names a file of Go's tree (`src/runtime/chan.go`, `sync/mutex.go`), or a compiler
//!   directive that only the standard library may use (`//go:systemstack`), or
//! - its package clause is `runtime`, or
//! - it is made of declarations, declares a name that only Go's runtime and standard library have, and prints nothing with
//!   `fmt`, which those can't import, or
//! - it uses such a name and nothing in the note declares it, or
//! - it declares a name that a package of the standard library exports, and uses another name of that package without
//!   the package's, which nothing in the note declares: `type Once struct { m Mutex }`.
//!
//! Such a block is not about what the note's reader would run, so nothing in it is a claim. What compiles is
//! still type-checked.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::report::Shape;

use super::item::ItemKind;
use super::{Context, Snippet};

static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?m)^\s*(?://|/?\*).*(?:\bsrc/(?:runtime|sync|net|reflect|context|internal|os|time|bytes|bufio|io|strings|syscall|cmd|builtin|errors|fmt|sort|math|container|database|encoding|log|testing|unsafe|unicode|strconv|plugin|path|html|text|hash|go|crypto|archive|compress|slices|maps|iter|unique|weak)/[\w/.-]+|\b(?:go/)?runtime/\w+\.go\b|\bsync/(?:mutex|rwmutex|waitgroup|once|pool|map|cond|atomic/\w+)\.go\b|\bcontext/context\.go\b|\breflect/(?:type|value)\.go\b)",
    )
    .expect("a constant")
});

static DIRECTIVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*//go:(?:systemstack|nowritebarrier(?:rec)?|yeswritebarrierrec|notinheap|nosplit|linkname)\b")
        .expect("a constant")
});

/// Names that only Go's runtime and standard library declare. They are unexported, and no word of another
/// program's subject. Maps and the scheduler of older versions are among them.
static NAMES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    "_defer _panic expunged _type acquireSudog acquirem addtimer allgs allocmcache bgscavenge bgsweep bmap \
     bodyEOFSignal bucketCnt bucketShift casgstatus chanbuf chanparkcommit chanrecv chanrecv1 \
     chanrecv2 chansend chansend1 chantype checkTimers closechan copystack cputicks deferproc \
     deferreturn dropg eface entersyscall evacuate exitsyscall findObject findRunnable \
     findrunnable forcegc freedefer funcval gcAssistAlloc gcBgMarkWorker gcController gcDrain \
     gcMarkDone gcMarkTermination gcStart gcSweep gcTrigger gcWork gcenable gcphase getcallerpc \
     getcallersp getg getitab gfget globrunqget globrunqput gobuf gogo gomaxprocs gopanic gopark \
     goparkunlock goready gorecover goschedImpl greyobject growWork growslice guintptr handoffp \
     hashGrow hchan hmap iface inheritTime itab largeAlloc lockWithRank lockedm makechan makemap \
     makemap_small makeslice mallocgc mapaccess1 mapaccess2 mapassign mapdelete mapextra \
     mapiterinit mapiternext maptype mcache mcall mcentral memclrNoHeapPointers mheap mheap_ \
     morestack mspan muintptr mutexLocked mutexStarving mutexWaiterShift mutexWoken netpollblock \
     netpollinit netpollunblock newarray newdefer newm newobject newproc1 newstack park_m \
     parkunlock_c persistConn persistentalloc plainError poolLocal poolLocalInternal preemptone \
     procresize propagateCancel ptrmask puintptr raceacquire raceenabled racereadpc racerelease \
     readyWithTime releaseSudog releasem runqget runqgrab runqput runqsteal \
     runtime_SemacquireMutex runtime_Semrelease runtime_canSpin runtime_doSpin rwmutexMaxReaders \
     schedt startTheWorldWithSema starvationThresholdNs stopTheWorldWithSema sudog sweepone \
     sysmon systemstack timersBucket traceEvGoBlock tryPutIdleConn typeOff typedmemclr \
     typedmemmove typedslicecopy unlockf unsafe_New waitReasonZero waitq wakep wbBuf writeBarrier"
        .split_whitespace()
        .collect()
});

fn is_of_go(name: &str) -> bool {
    NAMES.contains(name) || name.starts_with("runtime_Sem")
}

/// What some packages export that are often quoted: each line is one package.
const EXPORTED: &str = "\
Mutex RWMutex WaitGroup Once Pool Map Cond Locker
ResponseWriter Request Handler HandlerFunc ServeMux Client Transport RoundTripper Response Server Handle HandleFunc DefaultServeMux
Type Value Kind Method StructField TypeOf ValueOf
Context CancelFunc WithCancel WithTimeout WithValue
Client Call Server ServerCodec ClientCodec
Stmt Tx DB Conn Driver Rows Result Register
Reader Writer Closer ReadWriter ReadCloser WriterTo ReaderFrom";

/// Whether the block's code is a package's own: it declares one of its names and uses another one as its own.
fn is_of_package(snippet: &Snippet, context: &Context) -> bool {
    let items = &snippet.items;
    let declares = |name: &str| {
        items.iter().any(|item| match &item.kind {
            ItemKind::Method { receiver } => receiver == name,
            _ => item.is_declaration() && item.names.iter().any(|it| it == name),
        })
    };
    let lacks = |name: &str| {
        let mut needs = snippet.needs.iter();
        needs.any(|needs| needs.contains(name)) && !declares(name) && !context.declares(name)
    };
    EXPORTED.lines().any(|package| {
        let names = || package.split_whitespace();
        names().any(declares) && names().any(lacks)
    })
}

/// Whether the block quotes the source of Go's runtime or standard library.
pub fn is_runtime_source(snippet: &Snippet, context: &Context) -> bool {
    let code = snippet.code();
    let items = &snippet.items;
    let main = items
        .iter()
        .any(|item| matches!(item.kind, ItemKind::Func(_)) && item.names == ["main"]);
    if main || !snippet.is_go() {
        return false;
    }
    let of_runtime = items
        .iter()
        .any(|item| matches!(&item.kind, ItemKind::Package(name) if name == "runtime"));
    if of_runtime || PLACE.is_match(code) || DIRECTIVE.is_match(code) {
        return true;
    }
    let declared = |name: &str| {
        items
            .iter()
            .any(|item| item.names.iter().any(|it| it == name))
    };
    let declares = items
        .iter()
        .any(|item| item.is_declaration() && item.names.iter().any(|name| is_of_go(name)));
    let uses = || {
        let mut mentions = items.iter().flat_map(|item| &item.mentions);
        mentions.any(|name| is_of_go(name) && !declared(name) && !context.declares(name))
    };
    let made_of_declarations = matches!(
        snippet.shape,
        Shape::Declarations | Shape::File | Shape::Pseudo
    );
    // Neither the runtime nor what it is made of can print with `fmt`: who does shows a model of his own.
    let models = code.contains("fmt.Print");
    made_of_declarations && (declares && !models || is_of_package(snippet, context)) || uses()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snippet::tests::note_of;

    fn quotes(blocks: &[&str]) -> Vec<bool> {
        let (snippets, context) = note_of(blocks);
        snippets
            .iter()
            .map(|snippet| is_runtime_source(snippet, &context))
            .collect()
    }

    #[test]
    fn pieces_of_the_runtime_are_quotes() {
        assert_eq!(
            quotes(&[
                "type hchan struct {\n\tqcount uint\n}\n",
                "// src/runtime/proc.go\nfunc schedule() {\n}\n",
                "//go:systemstack\nfunc wake() {\n}\n",
                "gp := getg()\n",
            ]),
            [true; 4]
        );
    }

    #[test]
    fn what_a_reader_can_run_is_none() {
        assert_eq!(
            quotes(&[
                "type eface struct {\n\ttyp, data unsafe.Pointer\n}\n\nfunc main() {\n}\n",
                "// Mutex is explained in sync\nvar mu sync.Mutex\nmu.Lock()\n",
                "type node struct {\n\tnext *node\n}\n",
                "// see my/src/app/main.go\nx := 1\n",
                "type iface struct {\n\ttab, data unsafe.Pointer\n}\n\nfunc show(v iface) {\n\tfmt.Println(v)\n}\n",
            ]),
            [false; 5]
        );
    }

    #[test]
    fn a_name_that_the_note_declares_is_the_notes_own() {
        let used = "e := eface{}\nfmt.Println(e)\n";
        assert_eq!(quotes(&[used]), [true]);
        let own = "type eface struct {\n\tdata any\n}\nvar e eface\nfmt.Println(e)\n";
        assert_eq!(quotes(&[own, used]), [false, false]);
    }
}
