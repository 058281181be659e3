//! What a run writes into its lease.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::VALID;
use crate::cloud::{LeasePlace, StoredLease};
use crate::model::OrganizationId;

/// Who wants a lease, and of what.
#[derive(Clone, Debug)]
pub struct Claim {
    pub(super) place: LeasePlace,
    run: String,
    command: String,
    caller: String,
}

/// The object. When it was written S3 knows best, so that only what S3 does not know is in it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct Record {
    pub(super) run: String,
    pub(super) command: String,
    pub(super) caller: String,
    /// How long it is good for from when it was written.
    pub(super) valid_seconds: Option<u64>,
    /// When the run has taken it, in seconds since 1970 by S3's clock; absent until the first renewal, since that is the
    /// date of the object itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) taken: Option<u64>,
}

impl Claim {
    /// A run of `command` by the caller, which writes to the organization; the bucket has its lease.
    pub fn new(
        bucket: &str,
        organization: &OrganizationId,
        run: &str,
        command: &str,
        caller: &str,
    ) -> Self {
        let key = format!("avm/lease/{organization}.json");
        Self {
            place: LeasePlace { bucket: bucket.to_owned(), key },
            run: run.to_owned(),
            command: command.to_owned(),
            caller: caller.to_owned(),
        }
    }

    /// Where the lease is: `s3://BUCKET/KEY`.
    pub fn address(&self) -> String {
        format!("s3://{}/{}", self.place.bucket, self.place.key)
    }

    pub(super) fn text(&self, taken: Option<SystemTime>) -> String {
        let taken = taken.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        let record = Record {
            run: self.run.clone(),
            command: self.command.clone(),
            caller: self.caller.clone(),
            valid_seconds: Some(VALID.as_secs()),
            taken: taken.map(|since| since.as_secs()),
        };
        serde_json::to_string(&record).expect("text and numbers have a form in JSON")
    }

    /// Whether what is there was written by this run.
    pub(super) fn is_in(&self, found: &StoredLease) -> bool {
        Record::of(found).run == self.run
    }
}

impl Record {
    /// What an object says, as far as it is one of ours.
    pub(super) fn of(found: &StoredLease) -> Self {
        serde_json::from_str(&found.text).unwrap_or_default()
    }
}
