//! The program itself, as a shell starts it: pipes that close, signals, a log, a timeline.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// A starter folder of its own.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        assert!(folder.output("init").status.success());
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_avm"));
        command.arg("-C").arg(self.path()).args(line.split_whitespace());
        command.env_remove("AVM_LOG").stdin(Stdio::null());
        command
    }

    fn output(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Standard output whose reader has gone before the first byte.
fn without_reader(mut command: Command) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    child.wait_with_output().unwrap()
}

#[test]
fn a_reader_that_goes_away_is_no_failure_and_nobody_is_told() {
    let folder = Folder::new();
    let saved = folder.path().join("plan.json").display().to_string();
    assert!(folder.output(&format!("plan --sandbox --out {saved}")).status.success());
    let lines = [
        "--help".to_owned(),
        "--version".to_owned(),
        "-q validate".to_owned(),
        "-q plan --sandbox".to_owned(),
        "-q plan --sandbox --format json".to_owned(),
        "-q plan --sandbox --format html".to_owned(),
        format!("-q show {saved}"),
        "-q create payments --dry-run --sandbox --email p@example.com --ou Workloads --baseline \
         standard"
            .to_owned(),
        "-q update --dry-run --sandbox".to_owned(),
        "-q policy plan".to_owned(),
        "-q schema plan".to_owned(),
        "-q completions bash".to_owned(),
        "-q update --yes --sandbox".to_owned(),
    ];
    for line in lines {
        let read = folder.output(&line);
        // A run changes what the next one finds.
        let expected = if line.contains("--yes") { Some(0) } else { read.status.code() };
        let unread = without_reader(folder.command(&line));
        assert_eq!(unread.status.code(), expected, "{line}");
        assert_eq!(text(&unread.stderr), text(&read.stderr), "{line}");
    }
    let changes = without_reader(folder.command("-q plan --sandbox=new --detailed-exitcode"));
    assert_eq!(changes.status.code(), Some(2), "the exit code speaks of AWS");
}

#[test]
fn a_log_that_nobody_reads_ends_nothing() {
    let folder = Folder::new();
    for form in ["text", "json"] {
        let line = format!("plan --sandbox -vvv --log-format {form}");
        let mut command = folder.command(&line);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stderr.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{form}");
        assert!(!output.stdout.is_empty(), "{form}");
    }
}

#[test]
fn every_line_of_a_json_log_is_an_object_with_the_runs_id() {
    let folder = Folder::new();
    let output = folder.output("update --yes --sandbox -vv --log-format json");
    assert_eq!(output.status.code(), Some(0));
    let err = text(&output.stderr);
    let lines: Vec<Value> = err.lines().filter(|line| line.starts_with('{')).map(read).collect();
    assert!(lines.len() > 100, "{err}");
    let run = lines[0]["run"].as_str().unwrap();
    assert_eq!(run.len(), 8);
    for line in &lines {
        assert_eq!(line["run"], run, "{line}");
        for word in ["timestamp", "level", "target", "message", "spans"] {
            assert!(!line[word].is_null(), "{word}: {line}");
        }
        assert_eq!(line["spans"][0]["run"], run, "{line}");
    }
    let has = |message: &str| lines.iter().any(|line| line["message"] == message);
    assert!(has("wave begun") && has("step begun") && has("step done") && has("wave ended"));
    let calls: Vec<_> = lines
        .iter()
        .filter(|line| line["target"] == "avm::call" && line["message"] == "close")
        .collect();
    assert!(calls.iter().any(|line| line["span"]["operation"] == "CreateStack"), "{err}");
    assert!(calls.iter().all(|line| line["span"]["attempts"].is_u64()));
}

fn read(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

#[test]
fn a_trace_of_a_run_that_fails_is_whole() {
    let folder = Folder::new();
    let trace = folder.path().join("trace.json");
    let line = format!("plan --sandbox --account nobody --trace {}", trace.display());
    assert_eq!(folder.output(&line).status.code(), Some(1));
    let line = format!("plan --sandbox --trace {}", trace.display());
    assert_eq!(folder.output(&line).status.code(), Some(0));
    let events: Vec<Value> = serde_json::from_str(&fs::read_to_string(&trace).unwrap()).unwrap();
    assert!(events.iter().any(|event| event["name"] == "avm plan"), "{events:?}");
    assert!(events.iter().any(|event| event["cat"] == "call"), "{events:?}");
}

#[test]
fn a_trace_that_cannot_be_written_is_told_before_anything_is_done() {
    let folder = Folder::new();
    let output = folder.output("update --yes --sandbox --trace no/such/folder/trace.json");
    assert_eq!(output.status.code(), Some(1));
    let err = text(&output.stderr);
    assert!(err.contains("cannot write the trace no/such/folder/trace.json"), "{err}");
    assert!(!folder.path().join(".avm/sandbox.json").exists());
}

/// A command that takes a listener for AWS.
#[cfg(unix)]
fn asking(folder: &Folder, line: &str, aws: &std::net::TcpListener) -> Command {
    let mut command = folder.command(line);
    command
        .env("AWS_ENDPOINT_URL", format!("http://{}", aws.local_addr().unwrap()))
        .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "a-secret-key-that-nobody-may-see")
        .env("AWS_SESSION_TOKEN", "a-token-that-nobody-may-see")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("NO_PROXY", "*")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A command that looks at an AWS that never answers, once it has asked.
#[cfg(unix)]
fn waiting(folder: &Folder, line: &str) -> (Child, std::net::TcpStream) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let child = asking(folder, line, &listener).spawn().unwrap();
    // From here on the command waits.
    let (mut stream, _) = listener.accept().unwrap();
    let mut first = [0];
    stream.read_exact(&mut first).unwrap();
    (child, stream)
}

#[cfg(unix)]
#[test]
fn a_look_at_aws_ends_at_once_by_either_signal() {
    let folder = Folder::new();
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let trace = folder.path().join("trace.json");
        let line = format!("plan --trace {}", trace.display());
        let (child, _connection) = waiting(&folder, &line);
        let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{signal}: {}", text(&output.stderr));
        let trace = fs::read_to_string(&trace).unwrap();
        let events: Vec<Value> = serde_json::from_str(&trace).unwrap();
        assert!(events.iter().any(|event| event["cat"] == "call"), "{trace}");
    }
}

#[cfg(unix)]
#[test]
fn at_the_level_trace_the_log_has_no_secret_and_no_signature() {
    let folder = Folder::new();
    for level in ["trace", "aws_smithy_runtime=trace,aws_sigv4=trace,hyper=trace,aws_config=trace"]
    {
        let log = logged(&folder, level);
        assert!(log.lines().count() > 3, "{level}: {log}");
        for secret in ["a-secret-key", "a-token-that", "AWS4-HMAC", "Signature="] {
            assert!(!log.contains(secret), "{level}: {secret} is in the log:\n{log}");
        }
    }
}

#[cfg(unix)]
fn logged(folder: &Folder, level: &str) -> String {
    use std::io::Write as _;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = asking(folder, "plan", &listener);
    let child = command.env("AVM_LOG", level).spawn().unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    let mut request = [0; 4096];
    let length = stream.read(&mut request).unwrap();
    let sent = String::from_utf8_lossy(&request[..length]).into_owned();
    assert!(sent.contains("AWS4-HMAC") && sent.contains("a-token-that"), "{sent}");
    let refusal = r#"{"__type":"AccessDeniedException","Message":"no"}"#;
    write!(
        stream,
        "HTTP/1.1 400 Bad Request\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{refusal}",
        refusal.len()
    )
    .unwrap();
    drop(stream);
    drop(listener);
    text(&child.wait_with_output().unwrap().stderr)
}
