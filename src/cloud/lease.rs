//! A lease: an object of S3 that says which run may write, and that S3 replaces only on a condition.

use std::time::{Duration, SystemTime};

/// Where a lease is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasePlace {
    /// A bucket of the management account, in the home region.
    pub bucket: String,
    /// The object's key.
    pub key: String,
}

/// A lease as it stands in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLease {
    /// What was written there; empty if that is too long to be a lease.
    pub text: String,
    /// What S3 knows this writing by: another one, also of the same text by somebody else, may have another.
    pub version: String,
    /// When it was written, by S3's clock.
    pub written: SystemTime,
    /// How long that was ago when S3 answered, by the same clock. Nobody else's clock comes into it.
    pub age: Duration,
}

/// What became of a conditional writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeaseWrite {
    /// It is written.
    Written {
        /// What S3 knows it by.
        version: String,
        /// When, by S3's clock.
        at: SystemTime,
    },
    /// What is there is not what the condition says, or somebody wrote at the same time. Nothing was written by this
    /// attempt; an earlier one whose answer was lost may have been.
    Changed,
}
