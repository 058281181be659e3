//! Objects that S3 writes and deletes on a condition only.

use std::time::{Duration, SystemTime};

use super::call::Call;
use super::ports::SimulatedCloud;
use super::refusal::{Answer, Refusal};
use super::s3::bucket;
use super::world::{Lease, Moment};
use crate::cloud::{ErrorKind, LeasePlace, LeaseWrite, Result, StoredLease};

pub(super) async fn lease(aws: &SimulatedCloud, place: &LeasePlace) -> Result<Option<StoredLease>> {
    aws.call(Call::read("s3:GetObject"), |world| {
        let now = world.clock;
        let found = bucket(world, &place.bucket)?.leases.get(&place.key);
        Ok(found.map(|lease| StoredLease {
            text: lease.text.clone(),
            version: lease.version.clone(),
            written: time(lease.written),
            age: Duration::from_millis(now.0.saturating_sub(lease.written.0)),
        }))
    })
    .await
}

pub(super) async fn write(
    aws: &SimulatedCloud,
    place: &LeasePlace,
    text: &str,
    before: Option<&str>,
) -> Result<LeaseWrite> {
    let written = aws
        .call(Call::write("s3:PutObject"), |world| {
            let (now, version) = (world.clock, world.fresh("etag", 32));
            let bucket = bucket(world, &place.bucket)?;
            check(bucket.leases.get(&place.key), before)?;
            let lease = Lease { text: text.to_owned(), version: version.clone(), written: now };
            bucket.leases.insert(place.key.clone(), lease);
            Ok(LeaseWrite::Written { version, at: time(now) })
        })
        .await;
    match written {
        Err(error) if error.code == FAILED => Ok(LeaseWrite::Changed),
        written => written,
    }
}

pub(super) async fn delete(
    aws: &SimulatedCloud,
    place: &LeasePlace,
    version: &str,
) -> Result<bool> {
    let deleted = aws
        .call(Call::write("s3:DeleteObject"), |world| {
            let bucket = bucket(world, &place.bucket)?;
            check(bucket.leases.get(&place.key), Some(version))?;
            bucket.leases.remove(&place.key);
            Ok(true)
        })
        .await;
    match deleted {
        Err(error) if error.code == FAILED => Ok(false),
        deleted => deleted,
    }
}

const FAILED: &str = "PreconditionFailed";

fn check(found: Option<&Lease>, wanted: Option<&str>) -> Answer<()> {
    if found.map(|lease| lease.version.as_str()) == wanted {
        return Ok(());
    }
    let message = "At least one of the pre-conditions you specified did not hold";
    Err(Refusal::new(ErrorKind::Refused, FAILED, message))
}

/// The world's clock as people have it.
fn time(moment: Moment) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(moment.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::CloudWriter as _;
    use crate::sim::{Fault, FaultKind, Simulation, SimulationSettings};

    #[tokio::test(start_paused = true)]
    async fn only_what_is_as_the_condition_says_is_written_and_deleted() {
        let simulation = Simulation::new(SimulationSettings::default());
        let simulation = simulation.with_bucket("management", "eu-west-1", "acme-avm");
        let aws = simulation.cloud();
        let place = LeasePlace { bucket: "acme-avm".into(), key: "lease".into() };
        let write = async |text, before| aws.write_lease(&place, text, before).await.unwrap();

        assert_eq!(write("a", Some("x")).await, LeaseWrite::Changed);
        let LeaseWrite::Written { version: first, .. } = write("a", None).await else { panic!() };
        assert_eq!(write("b", None).await, LeaseWrite::Changed);
        let LeaseWrite::Written { version, .. } = write("b", Some(&first)).await else { panic!() };
        assert!(!aws.delete_lease(&place, &first).await.unwrap());
        assert_eq!(aws.lease(&place).await.unwrap().unwrap().text, "b");
        // The second attempt finds what the first has done.
        simulation.fault(Fault::new(FaultKind::LostAnswer).on("s3:PutObject"));
        assert_eq!(write("c", Some(&version)).await, LeaseWrite::Changed);
        let now = aws.lease(&place).await.unwrap().unwrap();
        assert_eq!(now.text, "c");
        assert!(aws.delete_lease(&place, &now.version).await.unwrap());
        assert_eq!(aws.lease(&place).await.unwrap(), None);
    }
}
