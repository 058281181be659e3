//! The run that holds a lease.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::VALID;
use super::claim::Record;
use crate::cloud::StoredLease;

/// Who holds a lease, when somebody else looked at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    run: String,
    command: String,
    caller: String,
    /// How long ago it was taken.
    taken: Duration,
    /// How long it is still good for.
    pub(super) left: Duration,
}

impl Holder {
    /// An object that cannot be read is held by somebody all the same, for as long as ours would be: whoever has put it
    /// there has meant something by it.
    pub(super) fn of(found: &StoredLease) -> Self {
        let record = Record::of(found);
        let valid = record.valid_seconds.map_or(VALID, Duration::from_secs);
        let taken = record.taken.map(Duration::from_secs);
        let taken = taken.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
        let before = taken.and_then(|taken| found.written.duration_since(taken).ok());
        Self {
            run: record.run,
            command: record.command,
            caller: record.caller,
            taken: found.age.saturating_add(before.unwrap_or_default()),
            // Nobody holds it for longer than avm would.
            left: valid.min(VALID).saturating_sub(found.age),
        }
    }

    /// Its run's id; empty if it is none of avm's.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// How long it is still good for, in words: `9 minutes`.
    pub fn left(&self) -> String {
        spoken(self.left)
    }

    /// Whether its time is over.
    pub fn is_over(&self) -> bool {
        self.left.is_zero()
    }
}

impl fmt::Display for Holder {
    /// `run 1a2b3c4d (avm update) of arn:aws:iam::111111111111:user/ci, for 12 minutes`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.run.is_empty() {
            return write!(f, "somebody who is no run of avm");
        }
        let Self { run, command, caller, .. } = self;
        write!(f, "run {run} (avm {command}) of {caller}, for {}", spoken(self.taken))
    }
}

/// A time as people say it, in whole minutes or seconds.
pub(super) fn spoken(time: Duration) -> String {
    let (number, unit) = match time.as_secs() {
        seconds @ ..120 => (seconds, "second"),
        seconds => (seconds / 60, "minute"),
    };
    if number == 1 { format!("{number} {unit}") } else { format!("{number} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(text: &str, age: u64) -> StoredLease {
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(10_000);
        let age = Duration::from_secs(age);
        StoredLease { text: text.to_owned(), version: "v".into(), written, age }
    }

    #[test]
    fn a_holder_is_told_by_run_command_caller_and_time() {
        let text = r#"{"run":"1a2b","command":"update","caller":"arn:x","valid-seconds":600,"taken":9700}"#;
        let holder = Holder::of(&stored(text, 60));
        assert_eq!(holder.to_string(), "run 1a2b (avm update) of arn:x, for 6 minutes");
        assert_eq!(holder.left, Duration::from_mins(9));
        assert!(!holder.is_over());
        assert!(Holder::of(&stored(text, 600)).is_over());
    }

    #[test]
    fn what_nobody_can_read_is_a_lease_of_the_usual_time() {
        for text in
            ["", "{}", "[1", "{\"valid-seconds\": -1}", "{\"valid-seconds\": 18446744073709551615}"]
        {
            assert!(!Holder::of(&stored(text, 599)).is_over(), "{text}");
            assert!(Holder::of(&stored(text, 600)).is_over(), "{text}");
        }
        let endless = r#"{"run":"a","taken":18446744073709551615}"#;
        assert_eq!(Holder::of(&stored(endless, 1)).taken, Duration::from_secs(1));
    }
}
