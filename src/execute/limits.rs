//! How much is done side by side.

/// How much is done side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Accounts side by side (`--max-accounts`).
    pub accounts: usize,
    /// Regions side by side in each account (`--max-regions`).
    pub regions: usize,
}

impl Default for Limits {
    /// 512 account-regions at once: 30 connections to each of 17 regional endpoints, and a rate of `AssumeRole`
    /// far below the 600 per second that STS allows (aws-behaviour §9.3).
    fn default() -> Self {
        Self { accounts: 32, regions: 16 }
    }
}

/// The accounts that AWS makes at the same time; more are refused (organizations quotas).
pub(super) const CONCURRENT_CREATIONS: usize = 5;

/// The regions that one run opts in to, over all accounts. AWS's quota page says that it works on fifty at a time for
/// an organization, and other pages of AWS's say twenty (account management quotas, aws-behaviour §3).
pub(super) const CONCURRENT_OPT_INS: usize = 20;
