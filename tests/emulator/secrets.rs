//! Nothing that avm writes has a credential in it, not even at the finest level of its log.

use std::fs;

use crate::harness::{Speed, World};

#[test]
fn the_finest_log_the_trace_the_report_and_the_plan_have_no_credentials_in_them() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    for format in ["text", "json"] {
        let [trace, report, plan] = ["trace.json", "report.json", "plan.json"]
            .map(|name| world.beside(&format!("{format}-{name}")));
        let log = ["--log-format", format, "--trace", trace.to_str().unwrap()];
        let out = ["--out", plan.to_str().unwrap()];
        let report_to = ["--report", report.to_str().unwrap()];
        let create = [&["create", "payments-uat", "--yes"][..], &log, &report_to].concat();
        let plans = [&["plan", "--account", "payments-uat"][..], &log, &out].concat();

        let finest = [("AVM_LOG", "trace"), ("AWS_SECRET_ACCESS_KEY", CALLERS_SECRET)];
        let created = world.start_with(&create, &finest).finish().expect_code(0);
        let created_trace = fs::read_to_string(&trace).unwrap();
        let planned = world.start_with(&plans, &finest).finish().expect_code(0);

        assert!(created.stderr.contains("AssumeRole"), "it is a log");
        assert!(
            created.stderr.contains("hyper") || created.stderr.contains("aws_"),
            "also the SDK's"
        );
        let files = [&trace, &report, &plan].map(|path| fs::read_to_string(path).unwrap());
        let written = [created.text(), planned.text(), created_trace].into_iter().chain(files);
        let secrets = world.secrets();
        assert!(secrets.len() >= 4, "a key and a token for each run: {}", secrets.len());
        for text in written {
            assert!(!text.is_empty());
            for secret in secrets.iter().map(String::as_str).chain([CALLERS_SECRET]) {
                assert!(!text.contains(secret), "a credential is in what was written");
            }
            // The values of the headers that carry them.
            for scheme in ["AWS4-HMAC-SHA256 Credential", "Signature="] {
                assert!(!text.contains(scheme), "a signature is in what was written");
            }
        }
    }
}

const CALLERS_SECRET: &str = "the-callers-own-secret-access-key";
