//! Everything that may go wrong, at every call of every scenario.

use super::arrange::{Arranged, Scenario};
use super::case::Ending;
use super::disturbance::{self, Disturbance};
use super::scenarios;
use super::table::{Cell, holds};

/// A test for each scenario, so that they run side by side and can be run alone.
macro_rules! scenarios {
    ($($name:ident),* $(,)?) => {
        $(
            #[tokio::test(start_paused = true)]
            async fn $name() {
                matrix(stringify!($name)).await;
            }
        )*

        #[test]
        fn every_scenario_has_its_test() {
            let names: Vec<_> = scenarios::ALL.iter().map(|scenario| scenario.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

scenarios![
    vend,
    first_roll_out,
    moved,
    changed_template,
    changed_key,
    removed,
    made_anew,
    adopted,
    default_vpc,
    settings,
    opted_in,
];

async fn matrix(name: &str) {
    let scenario = scenarios::ALL.into_iter().find(|scenario| scenario.name == name).unwrap();
    let arranged = scenario.arrange().await;
    if let Some((by, nth)) = single_case() {
        let by = disturbance::ALL.iter().find(|one| one.name == by).expect("a disturbance");
        let ending = arranged.try_case(by, nth).await;
        return assert!(ending.is_ok(), "{}", told(&arranged, by, nth, &ending.unwrap_err()));
    }
    let mut lost = Vec::new();
    let mut row = Vec::new();
    for by in &disturbance::ALL {
        let mut cell = Cell::default();
        for nth in 1..=arranged.undisturbed.calls.len() {
            match arranged.try_case(by, nth).await {
                Ok(Ending::AtOnce) => cell.at_once += 1,
                Ok(Ending::ByTheNextRun) => cell.by_the_next_run += 1,
                Err(why) => lost.push(told(&arranged, by, nth, &why)),
            }
        }
        row.push(cell);
    }
    let shown = lost.len().min(10);
    assert!(lost.is_empty(), "{} cases lost\n\n{}", lost.len(), lost[..shown].join("\n\n"));
    holds(&arranged, &row);
}

/// The one case that `AVM_CASE=17:access denied` asks for.
#[expect(clippy::disallowed_methods, reason = "how a person asks a test for one case")]
fn single_case() -> Option<(String, usize)> {
    let case = std::env::var("AVM_CASE").ok()?;
    let (nth, by) = case.split_once(':').expect("AVM_CASE=NUMBER:DISTURBANCE");
    Some((by.to_owned(), nth.parse().expect("the number of a call")))
}

/// A case that went wrong, and how to run it alone.
fn told(arranged: &Arranged, by: &Disturbance, nth: usize, why: &str) -> String {
    let Scenario { name, .. } = arranged.scenario;
    let call = &arranged.undisturbed.calls[nth - 1];
    let at = [
        call.account.as_ref().map(ToString::to_string),
        call.region.as_ref().map(ToString::to_string),
    ];
    let at = at.into_iter().flatten().collect::<Vec<_>>().join(" ");
    format!(
        "{name}, {} at call {nth} ({} {at}): {why}\n  AVM_CASE='{nth}:{}' cargo test --test \
         integration -- reliability::matrix::{name}",
        by.name, call.operation, by.name
    )
}
