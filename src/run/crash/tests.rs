//! The form of crash reports, where it is hard to provoke; the texts that Go really writes are tried in
//! `tests/run_crashes.rs`.

use super::*;

fn crash(text: &str) -> (String, Crash) {
    let (own, crash) = split(text, &End::Exited(2));
    (own, crash.unwrap_or_else(|| panic!("no crash in {text:?}")))
}

#[test]
fn the_dispatcher_of_a_shared_binary_does_not_show() {
    let report = "panic: boom\n\ngoroutine 1 [running]:\nmain.f({0x1, 0x2}, 0x3)\n\t/b/main.go:7 +0x1d\n\
                  main.main()\n\t/b/main.go:9\nmain.main()\n\t/b/gosnip_dispatch.go:12 +0x5f\n";
    let (_, crash) = crash(report);
    assert_eq!(
        crash.report,
        "panic: boom\n\ngoroutine 1 [running]:\nmain.f({0x1, 0x2}, 0x3)\n\t/b/main.go:7 +0x1d\n\
         main.main()\n\t/b/main.go:9\n"
    );
    let frame = |function: &str, line| Frame {
        function: function.to_owned(),
        line,
    };
    assert_eq!(crash.frames, [frame("main.f", 7), frame("main.main", 9)]);
}

#[test]
fn frames_of_methods_and_generic_functions_keep_their_names() {
    let report = "panic: boom\n\ngoroutine 1 [running]:\nmain.(*T).M(0x0?)\n\t/b/main.go:7 +0x1d\n\
                  main.Map[...](...)\n\t/b/main.go:9\nfmt.Println(...)\n\t/go/src/fmt/print.go:1\n";
    let functions: Vec<String> = crash(report)
        .1
        .frames
        .into_iter()
        .map(|frame| frame.function)
        .collect();
    assert_eq!(functions, ["main.(*T).M", "main.Map[...]"]);
}

#[test]
fn older_go_does_not_indent_the_further_lines_of_a_message() {
    let (own, crash) =
        crash("mine\npanic: l1\nl2\n\ngoroutine 1 [running]:\nmain.main()\n\t/b/main.go:3 +0x1d\n");
    assert_eq!((own.as_str(), crash.message.as_str()), ("mine\n", "l1\nl2"));
}

#[test]
fn what_other_goroutines_write_after_the_report_is_the_program_s() {
    let (own, crash) =
        crash("panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/b/main.go:3 +0x1d\nlate\n");
    assert_eq!(own, "late\n");
    assert!(crash.report.ends_with("+0x1d\n"));
}

#[test]
fn a_wait_has_no_duration() {
    let text = "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive (nil chan), 2 minutes]:\n\
                main.main()\n\t/b/main.go:3 +0x1d\n";
    assert_eq!(
        crash(text).1.wait.as_deref(),
        Some("chan receive (nil chan)")
    );
}

#[test]
fn a_goroutine_on_another_thread_has_no_stack_but_belongs_to_the_report() {
    let text = "fatal error: concurrent map writes\n\ngoroutine 7 [running]:\n\
                \tgoroutine running on other thread; stack unavailable\ncreated by main.main in goroutine 1\n\
                \t/b/main.go:3 +0x1d\n";
    let (own, crash) = crash(text);
    assert_eq!((own.as_str(), crash.kind), ("", CrashKind::Fatal));
    assert_eq!(crash.frames, []);
}

#[test]
fn only_exit_code_2_or_a_signal_makes_a_crash() {
    let text = "panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/b/main.go:3 +0x1d\n";
    for end in [
        End::Exited(0),
        End::Exited(1),
        End::TimedOut { busy: true },
        End::OutputLimit,
    ] {
        assert_eq!(split(text, &end), (text.to_owned(), None));
    }
    assert!(split(text, &End::Signaled(6)).1.is_some());
}

#[test]
fn a_death_in_the_runtime_itself_is_for_want_of_memory() {
    let text = "SIGSEGV: segmentation violation\nPC=0x42985d m=0 sigcode=1 addr=0x0\n\n\
                goroutine 0 gp=0x5248e0 m=0 mp=0x5256a0 [idle]:\nruntime.f()\n\t/go/src/runtime/x.go:1 +0x1\n\n\
                rax    0x0\nrip    0x42985d\n";
    let (own, crash) = crash(text);
    assert_eq!(own, "");
    assert!(crash.is_out_of_memory());
}

#[test]
fn a_race_report_that_was_cut_off_is_still_one() {
    let text = "mine\n==================\nWARNING: DATA RACE\nWrite at 0x1 by goroutine 7:\n  main.f()\n      /b/main.go:8 +0x4\n";
    let (own, crash) = split(text, &End::TimedOut { busy: false });
    assert_eq!(own, "mine\n");
    assert_eq!(
        crash.unwrap().frames,
        [Frame {
            function: "main.f".to_owned(),
            line: 8
        }]
    );
}

proptest::proptest! {
    #[test]
    fn nothing_is_lost_whatever_the_text(text in "(panic: |fatal error: |goroutine 1 \\[running\\]:|\n|\t|x|错|=|SIGABRT: |runtime: ){0,24}") {
        let (own, crash) = split(&text, &End::Exited(2));
        let report = crash.map_or(0, |crash| crash.report.len());
        proptest::prop_assert_eq!(own.len() + report, text.len());
    }
}
