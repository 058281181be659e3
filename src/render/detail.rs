//! How much of a plan is shown.

/// How much of a plan is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// What is the same in many places once, with its places, and what matters first.
    #[default]
    Grouped,
    /// Every account, region and value (`--verbose`).
    Everything,
}
