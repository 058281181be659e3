//! How much is done side by side.

/// How much is done side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls side by side while AWS is read (`--read-parallelism`).
    pub reads: usize,
    /// Regions of accounts that are worked on side by side (`--parallelism`).
    pub lanes: usize,
}

impl Default for Limits {
    /// 2,000 reads: about a hundred connections to each of 17 regional endpoints of EC2, which read ten thousand
    /// accounts as fast as Organizations lists them. 1,000 regions at once: a changed stack in 1,000 accounts x 17
    /// regions in 17 minutes (aws-behaviour §9.3). A region that is worked on makes a call now and then, and waits.
    fn default() -> Self {
        Self { reads: 2_000, lanes: 1_000 }
    }
}

/// The accounts that AWS makes at the same time; more are refused (organizations quotas).
pub(super) const CONCURRENT_CREATIONS: usize = 5;

/// The regions that one run opts in to, over all accounts. AWS's quota page says that it works on fifty at a time for
/// an organization, and other pages of AWS's say twenty (account management quotas, aws-behaviour §3).
pub(super) const CONCURRENT_OPT_INS: usize = 20;
