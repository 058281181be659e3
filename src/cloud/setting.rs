//! Settings, as they cross the ports.

/// What AWS says of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingState<T> {
    /// The value; `None` where nothing was ever set and AWS's own default holds.
    pub value: Option<T>,
    /// Whether a policy of the organization decides it, so that the account cannot.
    pub managed_by_organization: bool,
}
