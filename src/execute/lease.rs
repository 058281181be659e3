//! One run at a time: a lease that a run takes before it writes, renews while it goes on, and gives back.
//!
//! The lease is an object that S3 replaces only on a condition, so that of two runs one gets it. It is good for
//! [`VALID`] from when it was written, and S3's clock says how long that is ago: the age of an object, by the date of the
//! answer that shows it. What this machine's clock says matters to nobody. That the two clocks go equally fast is
//! assumed, since a run knows by its own how long ago it has renewed.

mod claim;
mod holder;

use std::cell::{Cell, RefCell};
use std::time::{Duration, SystemTime};

pub use claim::Claim;
pub use holder::Holder;
use tokio::time::{Instant, timeout_at};

use super::wait;
use crate::cloud::{CloudError, CloudWriter, ErrorKind, LeaseWrite, StoredLease};

/// How long a lease is good for, from its last renewal.
const VALID: Duration = Duration::from_mins(10);
/// How long after a renewal comes the next one.
const RENEW_AFTER: Duration = Duration::from_secs(VALID.as_secs() / 3);
/// How long after the last renewal a run stops that cannot renew it: what is in flight then has the rest.
const STOP_AFTER: Duration = Duration::from_secs(VALID.as_secs() * 3 / 4);
/// How long after a failed renewal comes the next try.
const TRY_AFTER: Duration = Duration::from_secs(10);
/// How often to look whether another run's lease has gone.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How often the lease may change hands while one run tries to take it.
const ROUNDS: usize = 5;

/// What came of asking for a lease.
#[derive(Debug)]
pub enum Taken<'a, C> {
    /// It is ours now.
    Ours(Lease<'a, C>),
    /// It is another run's.
    Theirs(Holder),
}

/// How a lease was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Another run has it.
    TakenOver(Holder),
    /// Somebody has deleted it.
    Gone,
    /// It could not be renewed before its end came near; the last error, if there was an answer at all.
    NotRenewed(Option<CloudError>),
}

/// A lease that is held.
#[derive(Debug)]
pub struct Lease<'a, C> {
    cloud: &'a C,
    claim: Claim,
    /// When it was taken, by S3's clock.
    taken: SystemTime,
    version: RefCell<String>,
    /// No later than when S3 wrote it last.
    renewed: Cell<Instant>,
}

/// Takes the lease, from nobody or from a run whose time is over. Waits for another run for as long as `patience`,
/// unless it is `stopped`; `on_wait` is told of the run each time that it is seen.
///
/// # Errors
///
/// If S3 does not answer or refuses, or the lease changes hands all the time.
pub async fn take<'a, C: CloudWriter>(
    cloud: &'a C,
    claim: &Claim,
    patience: Duration,
    stopped: impl Fn() -> bool,
    on_wait: impl Fn(&Holder),
) -> Result<Taken<'a, C>, CloudError> {
    let end = Instant::now() + patience;
    loop {
        let holder = match take_now(cloud, claim).await? {
            Taken::Ours(lease) => return Ok(Taken::Ours(lease)),
            Taken::Theirs(holder) => holder,
        };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || stopped() {
            return Ok(Taken::Theirs(holder));
        }
        on_wait(&holder);
        // Not earlier than its end can be: dates have whole seconds.
        let pause = LOOK_EVERY.min(holder.left + Duration::from_secs(1)).min(left);
        wait::pause(pause, &stopped).await;
    }
}

async fn take_now<'a, C: CloudWriter>(
    cloud: &'a C,
    claim: &Claim,
) -> Result<Taken<'a, C>, CloudError> {
    let ours = |taken, version, renewed| {
        Taken::Ours(Lease {
            cloud,
            claim: claim.clone(),
            taken,
            version: RefCell::new(version),
            renewed: Cell::new(renewed),
        })
    };
    // Written before anything is read: of an object that is not there S3 says that it may not be read, to whoever may
    // not list the bucket.
    let mut before = None;
    for _ in 0..ROUNDS {
        let sent = Instant::now();
        let written = cloud.write_lease(&claim.place, &claim.text(None), before.as_deref()).await?;
        if let LeaseWrite::Written { version, at } = written {
            return Ok(ours(at, version, sent));
        }
        before = match cloud.lease(&claim.place).await? {
            None => None,
            // The answer to an attempt of our own was lost.
            Some(found) if claim.is_in(&found) => {
                return Ok(ours(found.written, found.version, sent));
            }
            Some(found) => {
                let holder = Holder::of(&found);
                if !holder.is_over() {
                    return Ok(Taken::Theirs(holder));
                }
                Some(found.version)
            }
        };
    }
    let (operation, code) = ("s3:PutObject", "ConditionalRequestConflict");
    let message = format!("the lease {} changes hands all the time", claim.place.key);
    Err(CloudError::new(ErrorKind::Conflict, operation, code, message))
}

impl<C: CloudWriter> Lease<'_, C> {
    /// Renews the lease for as long as it can be renewed; ends when it is lost.
    pub async fn keep(&self) -> Loss {
        let mut last = None;
        let mut due = self.renewed.get() + RENEW_AFTER;
        loop {
            wait::until(due).await;
            let end = self.renewed.get() + STOP_AFTER;
            match timeout_at(end, self.renew()).await {
                Ok(Ok(None)) => {
                    last = None;
                    due = self.renewed.get() + RENEW_AFTER;
                    continue;
                }
                Ok(Ok(Some(loss))) => return loss,
                Ok(Err(error)) => last = Some(error),
                Err(_) => {}
            }
            due = Instant::now() + TRY_AFTER;
            if due >= end {
                return Loss::NotRenewed(last);
            }
        }
    }

    async fn renew(&self) -> Result<Option<Loss>, CloudError> {
        let (sent, place) = (Instant::now(), &self.claim.place);
        let (text, before) = (self.claim.text(Some(self.taken)), self.version.borrow().clone());
        let written = self.cloud.write_lease(place, &text, Some(&before)).await?;
        if let LeaseWrite::Written { version, .. } = written {
            self.version.replace(version);
            self.renewed.set(sent);
            return Ok(None);
        }
        Ok(match self.cloud.lease(place).await? {
            None => Some(Loss::Gone),
            Some(found) if self.claim.is_in(&found) => {
                self.adopt(found);
                None
            }
            Some(found) => Some(Loss::TakenOver(Holder::of(&found))),
        })
    }

    /// Goes on from a writing of our own whose answer was lost.
    fn adopt(&self, found: StoredLease) {
        let now = Instant::now();
        // Dates have whole seconds: it may be older by one.
        let age = found.age + Duration::from_secs(1);
        self.renewed.set(now.checked_sub(age).unwrap_or(self.renewed.get()));
        self.version.replace(found.version);
    }

    /// Gives the lease back. One that is another run's by now is left alone.
    ///
    /// # Errors
    ///
    /// If S3 does not answer or refuses: then the lease ends by itself, [`Lease::left`] from now at the latest.
    pub async fn release(&self) -> Result<(), CloudError> {
        let place = &self.claim.place;
        let version = self.version.borrow().clone();
        if self.cloud.delete_lease(place, &version).await? {
            return Ok(());
        }
        // A renewal may have been under way, and have been carried out.
        if let Some(found) = self.cloud.lease(place).await?
            && self.claim.is_in(&found)
        {
            self.cloud.delete_lease(place, &found.version).await?;
        }
        Ok(())
    }

    /// How long the lease is good for if nobody renews it.
    pub fn left(&self) -> Duration {
        VALID.saturating_sub(self.renewed.get().elapsed())
    }
}

#[cfg(test)]
mod tests;
