//! `avm show`.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use avm::cli::Exit;
use avm::sim::{Fault, FaultKind};
use serde_json::Value;

use crate::landing_zone::LandingZone;

/// The forms that show the same as the command that saved them, and how they begin.
const FORMS: [(&str, &str); 5] = [
    ("text", "Organization\n"),
    ("json", "{\n"),
    ("markdown", "### avm plan: "),
    ("html", "<!doctype html>"),
    ("junit", "<?xml "),
];

#[tokio::test(start_paused = true)]
async fn a_saved_plan_is_shown_as_it_was_when_it_was_made() {
    let zone = LandingZone::acme();
    let file = zone.path("plan.json").display().to_string();
    for (form, beginning) in FORMS {
        let line = format!("plan --account log-archive --format {form} --out {file}");
        let planned = zone.avm(&line).await;
        assert_eq!(planned.exit, Exit::Done, "{}", planned.err);
        zone.simulation.forget_calls();
        let shown = zone.avm(&format!("show {file} --format {form}")).await;
        assert_eq!((shown.exit, shown.err.as_str()), (Exit::Done, ""), "{form}");
        assert!(shown.out.starts_with(beginning), "{form}: {}", shown.out);
        assert_eq!(shown.out, planned.out, "{form}");
        assert_eq!(zone.simulation.calls(), [], "nothing is asked");
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_was_saved_in_an_older_form_is_shown_all_the_same() {
    let zone = LandingZone::acme();
    let file = zone.path("plan.json");
    let said = zone.avm(&format!("plan --account log-archive --out {}", file.display())).await;
    let mut document: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    // What a plan of format 1.1 did not say yet.
    document["format-version"] = "1.1".into();
    document["plan"]["format-version"] = "1.1".into();
    document.as_object_mut().unwrap().remove("costs");
    document["summary"].as_object_mut().unwrap().remove("lost-resources");
    fs::write(&file, document.to_string()).unwrap();
    let shown = zone.avm(&format!("show {}", file.display())).await;
    assert_eq!((shown.exit, shown.out), (Exit::Done, said.out));
}

#[tokio::test(start_paused = true)]
async fn a_saved_report_is_shown_in_every_form() {
    let zone = LandingZone::acme();
    let file = zone.path("report.json").display().to_string();
    assert_eq!(zone.avm("update --account log-archive --yes").await.exit, Exit::Done);
    let id = zone.simulation.account_id("log-archive").unwrap();
    zone.simulation.fault(Fault::new(FaultKind::AccessDenied).in_account(&id).for_ever());
    let run = zone.avm(&format!("update --account log-archive --yes --report {file}")).await;
    assert_eq!(run.exit, Exit::Failure);
    let text = zone.avm(&format!("show {file}")).await;
    assert_eq!(text.exit, Exit::Done);
    assert!(text.out.starts_with("Done (run "), "{}", text.out);
    assert!(
        text.out.contains("1 thing left undone:\n  log-archive: account does not"),
        "{}",
        text.out
    );
    let json = zone.avm(&format!("show {file} --format json")).await;
    assert_eq!(json.out, fs::read_to_string(&file).unwrap());
    let markdown = zone.avm(&format!("show {file} --format markdown")).await;
    assert!(markdown.out.contains(": not all done\n"), "{}", markdown.out);
    let junit = zone.avm(&format!("show {file} --format junit")).await;
    assert!(junit.out.contains("type=\"left-undone\""), "{}", junit.out);
    let html = zone.avm(&format!("show {file} --format html")).await;
    assert!(html.out.starts_with("<!doctype html>"), "{}", html.out);
    assert!(html.out.contains("Left undone"), "{}", html.out);
    let detailed = zone.avm(&format!("show {file} --detailed-exitcode")).await;
    assert_eq!(detailed.exit, Exit::Changes);
}

#[tokio::test(start_paused = true)]
async fn the_exit_code_tells_what_a_plan_holds_only_if_asked() {
    let zone = LandingZone::acme();
    let file = zone.path("plan.json").display().to_string();
    for exit in [Exit::Changes, Exit::Done] {
        let planned = zone.avm(&format!("plan --account log-archive --out {file}")).await;
        assert_eq!(planned.exit, Exit::Done);
        let detailed = zone.avm(&format!("show {file} --detailed-exitcode")).await;
        assert_eq!(detailed.exit, exit, "{}", detailed.out);
        assert_eq!(zone.avm(&format!("show {file}")).await.exit, Exit::Done);
        assert_eq!(zone.avm("update --account log-archive --yes").await.exit, Exit::Done);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_neither_plan_nor_report_is_told_with_its_place() {
    let zone = LandingZone::acme();
    fs::write(zone.path("other.json"), "{\n  \"waves\": []\n}").unwrap();
    fs::write(zone.path("broken.json"), "{\n  \"waves\": [}\n").unwrap();
    let show = |file: &str| format!("show {}", zone.path(file).display());
    let other = zone.avm(&show("other.json")).await;
    assert_eq!((other.exit, other.out.as_str()), (Exit::Failure, ""));
    assert!(
        other.err.contains("other.json: this is neither a plan nor a report that avm has saved"),
        "{}",
        other.err
    );
    let broken = zone.avm(&show("broken.json")).await;
    assert!(broken.err.contains("broken.json:2:13: this is not JSON"), "{}", broken.err);
    assert!(
        broken.err.contains("  caused by: expected value at line 2 column 13"),
        "{}",
        broken.err
    );
}

#[tokio::test(start_paused = true)]
async fn standard_input_is_as_good_as_a_file() {
    let planned = LandingZone::acme().avm("plan --account log-archive --format json").await.out;
    let mut avm = Command::new(env!("CARGO_BIN_EXE_avm"))
        .args(["show", "-", "--format", "json", "--detailed-exitcode"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    avm.stdin.take().unwrap().write_all(planned.as_bytes()).unwrap();
    let output = avm.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), planned);
}
