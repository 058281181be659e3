//! What CloudFormation's states allow, and how long they last.

use std::time::Duration;

use crate::cloud::StackState;
use crate::sim::settings::SimulationSettings;

/// Whether `UpdateStack` is taken.
pub(super) fn updatable(state: StackState) -> bool {
    matches!(
        state,
        StackState::CreateComplete
            | StackState::UpdateComplete
            | StackState::UpdateFailed
            | StackState::UpdateRollbackComplete
            | StackState::ImportComplete
            | StackState::ImportRollbackComplete
    )
}

/// Whether `DeleteStack` is taken: nothing else is under way, or the stack is still being made.
pub(super) fn deletable(state: StackState) -> bool {
    !state.in_progress() || state == StackState::CreateInProgress
}

/// How long a stack stays in the state by itself; `None` for states that last.
pub(super) fn lasts(state: StackState, settings: &SimulationSettings) -> Option<Duration> {
    let cleanup = matches!(
        state,
        StackState::UpdateCompleteCleanupInProgress
            | StackState::UpdateRollbackCompleteCleanupInProgress
    );
    match state.in_progress() {
        false => None,
        true if cleanup => Some(settings.cleanup),
        true => Some(settings.stack),
    }
}
