//! Which accounts, regions and stacks a command is about.

use clap::Args;

use crate::desired::Selection;
use crate::model::AccountName;

/// The options that select. Each may be repeated.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Selection")]
pub(super) struct SelectorArguments {
    /// Accounts by name
    #[arg(long = "account", value_name = "PATTERN")]
    accounts: Vec<String>,
    /// Accounts by organizational unit, units below included
    #[arg(long = "ou", value_name = "PATTERN")]
    ous: Vec<String>,
    /// Accounts by environment
    #[arg(long = "environment", value_name = "PATTERN")]
    environments: Vec<String>,
    /// Accounts by wave
    #[arg(long = "wave", value_name = "PATTERN")]
    waves: Vec<String>,
    /// Regions; other regions are left alone
    #[arg(long = "region", value_name = "PATTERN")]
    regions: Vec<String>,
    /// Stacks; other stacks and all settings are left alone
    #[arg(long = "stack", value_name = "PATTERN")]
    stacks: Vec<String>,
    /// Accounts by tag: KEY or KEY=VALUE
    #[arg(long = "tag", value_name = "PATTERN")]
    tags: Vec<String>,
    /// Accounts to leave out, by name
    #[arg(long = "exclude-account", value_name = "PATTERN")]
    exclude_accounts: Vec<String>,
    /// Accounts to leave out, by organizational unit
    #[arg(long = "exclude-ou", value_name = "PATTERN")]
    exclude_ous: Vec<String>,
    /// Accounts to leave out, by environment
    #[arg(long = "exclude-environment", value_name = "PATTERN")]
    exclude_environments: Vec<String>,
    /// Accounts to leave out, by wave
    #[arg(long = "exclude-wave", value_name = "PATTERN")]
    exclude_waves: Vec<String>,
    /// Regions to leave out
    #[arg(long = "exclude-region", value_name = "PATTERN")]
    exclude_regions: Vec<String>,
    /// Stacks to leave out
    #[arg(long = "exclude-stack", value_name = "PATTERN")]
    exclude_stacks: Vec<String>,
    /// Accounts to leave out, by tag
    #[arg(long = "exclude-tag", value_name = "PATTERN")]
    exclude_tags: Vec<String>,
}

impl SelectorArguments {
    /// The selection.
    pub(super) fn selection(&self) -> Selection {
        let Self {
            accounts,
            ous,
            environments,
            waves,
            regions,
            stacks,
            tags,
            exclude_accounts,
            exclude_ous,
            exclude_environments,
            exclude_waves,
            exclude_regions,
            exclude_stacks,
            exclude_tags,
        } = self.clone();
        Selection {
            accounts,
            ous,
            environments,
            waves,
            regions,
            stacks,
            tags,
            exclude_accounts,
            exclude_ous,
            exclude_environments,
            exclude_waves,
            exclude_regions,
            exclude_stacks,
            exclude_tags,
        }
    }
}

/// The pattern that matches one account and no other.
pub(super) fn exactly(account: &AccountName) -> String {
    globset::escape(account.as_str())
}
