//! Change sets: those that there are, and those that the emulator lets be pending.

use aws_sdk_cloudformation::types::ExecutionStatus;

use super::member::Member;
use super::world::World;

impl World {
    /// From now on, CloudFormation looks at no change set: all stay pending.
    pub(crate) fn keep_change_sets_pending(&self) {
        self.control("POST", "pending", "");
    }

    /// CloudFormation looks at change sets again.
    pub(crate) fn look_at_change_sets(&self) {
        self.control("DELETE", "pending", "");
    }

    /// Makes every change set two hours older than it is.
    pub(crate) fn let_change_sets_grow_old(&self) {
        self.control("POST", "age", r#"{"seconds": 7200}"#);
    }
}

impl Member<'_> {
    /// What there is in a region that nobody has executed: `STACK is REVIEW_IN_PROGRESS`, `STACK has CREATE_PENDING`
    /// for each of its change sets.
    pub(crate) fn unexecuted(&self, region: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (stack, seen) in self.stacks(region) {
            if seen.status == "REVIEW_IN_PROGRESS" {
                found.push(format!("{stack} is {}", seen.status));
            }
            let call = self.cloudformation(region).list_change_sets().stack_name(&stack);
            let answer = self.wait_for(call.send()).unwrap();
            let waiting = answer
                .summaries()
                .iter()
                .filter(|one| one.execution_status() != Some(&ExecutionStatus::ExecuteComplete));
            found.extend(waiting.map(|one| format!("{stack} has {}", one.status().unwrap())));
        }
        found
    }
}
