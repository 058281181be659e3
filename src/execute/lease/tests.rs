use super::*;
use crate::cloud::LeasePlace;
use crate::sim::{Fault, FaultKind, SimulatedCloud, Simulation, SimulationSettings};

const BUCKET: &str = "acme-avm";

fn simulation() -> Simulation {
    Simulation::new(SimulationSettings::default()).with_bucket("management", "eu-west-1", BUCKET)
}

fn claim(run: &str) -> Claim {
    let organization = Simulation::ORGANIZATION.parse().unwrap();
    Claim::new(BUCKET, &organization, run, "update", "arn:aws:iam::111111111111:user/ci")
}

fn place() -> LeasePlace {
    claim("any").place
}

/// Without waiting for anybody.
async fn taken<'a>(aws: &'a SimulatedCloud, run: &str) -> Taken<'a, SimulatedCloud> {
    take(aws, &claim(run), Duration::ZERO, || false, |_| {}).await.unwrap()
}

async fn ours<'a>(aws: &'a SimulatedCloud, run: &str) -> Lease<'a, SimulatedCloud> {
    let Taken::Ours(lease) = taken(aws, run).await else { panic!("{run} has no lease") };
    lease
}

async fn pass(time: Duration) {
    tokio::time::advance(time).await;
}

/// Keeps a lease for so long; whether it was lost by then.
async fn kept(lease: &Lease<'_, SimulatedCloud>, time: Duration) -> Option<Loss> {
    tokio::time::timeout(time, lease.keep()).await.ok()
}

#[tokio::test(start_paused = true)]
async fn of_two_runs_one_gets_the_lease_and_the_other_hears_which() {
    let aws = simulation().cloud();
    let (one, two) = tokio::join!(taken(&aws, "one"), taken(&aws, "two"));
    let (holder, winner) = match (one, two) {
        (Taken::Ours(_), Taken::Theirs(holder)) => (holder, "one"),
        (Taken::Theirs(holder), Taken::Ours(_)) => (holder, "two"),
        (one, two) => panic!("{one:?} and {two:?}"),
    };
    assert_eq!(holder.run(), winner);
    assert!(holder.to_string().contains("user/ci"), "{holder}");
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_was_given_back_is_free_at_once() {
    let aws = simulation().cloud();
    ours(&aws, "one").await.release().await.unwrap();
    assert_eq!(aws.lease(&place()).await.unwrap(), None);
    ours(&aws, "two").await;
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_nobody_renews_is_taken_over_when_it_ends_and_not_before() {
    let aws = simulation().cloud();
    ours(&aws, "killed").await;
    pass(VALID.saturating_sub(Duration::from_secs(5))).await;
    assert!(matches!(taken(&aws, "next").await, Taken::Theirs(_)));
    pass(Duration::from_secs(6)).await;
    ours(&aws, "next").await;
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_renewed_lasts_for_hours_and_says_since_when() {
    let aws = simulation().cloud();
    let lease = ours(&aws, "long").await;
    assert_eq!(kept(&lease, Duration::from_hours(6)).await, None);
    let Taken::Theirs(holder) = taken(&aws, "other").await else { panic!("taken over") };
    assert!(holder.to_string().ends_with("for 360 minutes"), "{holder}");
    lease.release().await.unwrap();
    assert_eq!(aws.lease(&place()).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn who_waits_gets_the_lease_soon_after_it_is_free() {
    let aws = simulation().cloud();
    let first = ours(&aws, "first").await;
    let begun = Instant::now();
    let ends = async {
        assert_eq!(kept(&first, Duration::from_mins(47)).await, None);
        first.release().await.unwrap();
    };
    let second = claim("second");
    let waits = take(&aws, &second, Duration::from_hours(1), || false, |_| {});
    let (taken, ()) = tokio::join!(waits, ends);
    assert!(matches!(taken, Ok(Taken::Ours(_))), "{taken:?}");
    let late = begun.elapsed().saturating_sub(Duration::from_mins(47));
    assert!(late <= LOOK_EVERY + Duration::from_secs(1), "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn who_waits_has_no_more_patience_than_it_says_and_can_be_stopped() {
    let aws = simulation().cloud();
    let first = ours(&aws, "first").await;
    let second = claim("second");
    let patience = Duration::from_mins(30);
    for (stop_at, waited) in
        [(Duration::MAX, patience), (Duration::from_mins(2), Duration::from_mins(2))]
    {
        let begun = Instant::now();
        let stopped = || begun.elapsed() >= stop_at;
        let waits = take(&aws, &second, patience, stopped, |_| {});
        let taken = tokio::select! {
            taken = waits => taken.unwrap(),
            loss = first.keep() => panic!("{loss:?}"),
        };
        assert!(matches!(taken, Taken::Theirs(_)));
        let late = begun.elapsed().saturating_sub(waited);
        assert!(begun.elapsed() >= waited && late < Duration::from_secs(2), "{late:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_lost_loses_no_lease() {
    let simulation = simulation();
    let aws = simulation.cloud();
    let lost = || simulation.fault(Fault::new(FaultKind::LostAnswer).on("s3:PutObject"));
    lost();
    let lease = ours(&aws, "one").await;
    lost();
    assert_eq!(kept(&lease, Duration::from_mins(30)).await, None);
    assert!(matches!(taken(&aws, "two").await, Taken::Theirs(_)));
    lease.release().await.unwrap();
    assert_eq!(aws.lease(&place()).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_slept_too_long_stops_at_once_and_leaves_the_next_ones_lease_alone() {
    let aws = simulation().cloud();
    let sleeper = ours(&aws, "sleeper").await;
    pass(Duration::from_hours(1)).await;
    let next = ours(&aws, "next").await;
    // It does not even ask who has it by now: it may go on with nothing.
    assert_eq!(kept(&sleeper, Duration::from_mins(1)).await, Some(Loss::NotRenewed(None)));
    sleeper.release().await.unwrap();
    assert!(aws.lease(&place()).await.unwrap().is_some());
    next.release().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_somebody_deletes_is_lost() {
    let aws = simulation().cloud();
    let lease = ours(&aws, "one").await;
    let found = aws.lease(&place()).await.unwrap().unwrap();
    assert!(aws.delete_lease(&place(), &found.version).await.unwrap());
    assert_eq!(kept(&lease, Duration::from_mins(10)).await, Some(Loss::Gone));
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_cannot_be_renewed_is_tried_again_and_given_up_before_it_ends() {
    let simulation = simulation();
    let aws = simulation.cloud();
    let lease = ours(&aws, "one").await;
    let begun = Instant::now();
    let denied = Fault::new(FaultKind::AccessDenied).on("s3:PutObject");
    simulation.fault(denied.lasting(Duration::from_mins(3)));
    // It is denied from 3:20 to 6:20, and then it is not.
    assert_eq!(kept(&lease, Duration::from_mins(20)).await, None);
    simulation.fault(Fault::new(FaultKind::AccessDenied).on("s3:PutObject").for_ever());
    let Some(Loss::NotRenewed(Some(error))) = kept(&lease, Duration::from_mins(20)).await else {
        panic!("nothing was lost")
    };
    assert_eq!(error.code, "AccessDenied");
    let left = lease.left();
    assert!(left > Duration::from_mins(2) && left < VALID, "{left:?} {:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn without_the_bucket_there_is_no_lease() {
    let aws = Simulation::new(SimulationSettings::default()).cloud();
    let error = take(&aws, &claim("one"), Duration::ZERO, || false, |_| {}).await.unwrap_err();
    assert_eq!(error.code, "NoSuchBucket");
}
