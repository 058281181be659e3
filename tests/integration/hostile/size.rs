//! Much of everything, in bounded time and with a bounded answer.

use std::fmt::Write as _;
use std::fs;

use avm::cli::Exit;

use crate::landing_zone::LandingZone;

#[tokio::test(start_paused = true)]
async fn twenty_thousand_accounts_with_faults_are_told_in_a_page() {
    let zone = LandingZone::acme();
    let mut text = fs::read_to_string(zone.path("landing-zone.yaml")).unwrap();
    let start = text.find("\naccounts:").unwrap();
    text.truncate(start);
    text.push_str("\naccounts:\n");
    for number in 0..20_000 {
        writeln!(
            text,
            "  - {{name: a-{number}, email: a{number}@example.com, ou: X, environment: prd, baseline: none}}"
        )
        .unwrap();
    }
    fs::write(zone.path("landing-zone.yaml"), text).unwrap();
    let said = zone.avm("validate").await;
    assert_eq!(said.exit, Exit::Failure);
    assert!(said.err.len() < 200_000, "{} bytes", said.err.len());
    assert!(said.err.contains(" faults more"), "{}", &said.err[said.err.len() - 500..]);
    let said = zone.avm("validate --format json").await;
    let all: Vec<serde_json::Value> = serde_json::from_str(&said.out).unwrap();
    assert!(all.len() >= 40_000, "{} faults are listed", all.len());
}
