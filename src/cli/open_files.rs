//! How many connections this process may have open.

use std::fs;

/// The most calls that may be under way: a call has a connection, and connections that rest for a while count, too.
/// `None` where the system does not tell.
pub(super) fn room_for_calls() -> Option<usize> {
    // The file is Linux's.
    room(&fs::read_to_string("/proc/self/limits").ok()?)
}

/// Half of the soft limit, which is 1,024 as a rule (`ulimit -n`).
fn room(limits: &str) -> Option<usize> {
    let soft = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let soft: usize = soft.split_whitespace().next()?.parse().ok()?;
    Some((soft / 2).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_soft_limit_is_for_calls() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units\n\
                      Max open files            1024                 524288               files\n";
        assert_eq!(room(limits), Some(512));
        assert_eq!(
            room("Max open files            unlimited            unlimited            files"),
            None
        );
        assert_eq!(room(""), None);
    }
}
