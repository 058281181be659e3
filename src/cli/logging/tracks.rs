//! Where on a timeline something stands: accounts are processes, their regions threads.

use std::collections::BTreeMap;

/// A line of a timeline, on which things follow or contain each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Track {
    /// The process: an account.
    pub(super) process: u32,
    /// The thread: a region of it, or a further line of the region for what happens side by side.
    pub(super) thread: u32,
}

/// An account's region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Group {
    /// The process of the account.
    pub(super) process: u32,
    /// The region, or what else happens in the account.
    pub(super) name: String,
}

/// Which tracks there are, and what is open on them. Grows with accounts and regions, not with calls.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    /// Accounts by id and by name: both are the same process once somebody has said so.
    processes: BTreeMap<String, u32>,
    labels: BTreeMap<u32, String>,
    last: u32,
    groups: BTreeMap<Group, Vec<usize>>,
    /// The tracks, and the spans that are open on each, the outermost first.
    lanes: Vec<(Track, Vec<u64>)>,
}

impl Tracks {
    /// The process of an account, by its name or id, or by both; and its label, if that is to be told.
    pub(super) fn process(&mut self, account: &str, id: Option<&str>) -> (u32, Option<String>) {
        let known =
            id.and_then(|id| self.processes.get(id)).or_else(|| self.processes.get(account));
        let process = known.copied().unwrap_or_else(|| {
            self.last += 1;
            self.last
        });
        for word in [Some(account), id].into_iter().flatten() {
            self.processes.insert(word.to_owned(), process);
        }
        let label = id.map_or_else(|| account.to_owned(), |id| format!("{account} ({id})"));
        let told = self.labels.get(&process);
        // Whoever says less than is known already says nothing new.
        if told.is_some_and(|told| id.is_none() || *told == label) {
            return (process, None);
        }
        self.labels.insert(process, label.clone());
        (process, Some(label))
    }

    /// Puts a span on the first track of its group that is free, or on which the last thing is a span that it is inside
    /// of; on a new one, whose name is given, if there is none.
    pub(super) fn open(
        &mut self,
        span: u64,
        inside_of: &[u64],
        group: Group,
    ) -> (usize, Track, Option<String>) {
        let (process, name) = (group.process, group.name.clone());
        let known = self.groups.entry(group).or_default();
        let lanes = &mut self.lanes;
        let free = known.iter().copied().find(|index| {
            let last = lanes[*index].1.last();
            last.is_none_or(|last| inside_of.contains(last))
        });
        let mut new = None;
        let index = free.unwrap_or_else(|| {
            let thread = u32::try_from(lanes.len() + 1).unwrap_or(u32::MAX);
            known.push(lanes.len());
            let side_by_side = known.len() > 1;
            new = Some(if side_by_side { format!("{name} ({})", known.len()) } else { name });
            lanes.push((Track { process, thread }, Vec::new()));
            lanes.len() - 1
        });
        let (track, open) = &mut self.lanes[index];
        open.push(span);
        (index, *track, new)
    }

    /// Takes a span off its track.
    pub(super) fn close(&mut self, index: usize, span: u64) {
        self.lanes[index].1.retain(|open| *open != span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group() -> Group {
        Group { process: 1, name: "eu-west-1".into() }
    }

    #[test]
    fn what_is_inside_stands_below_and_what_is_side_by_side_stands_beside() {
        let mut tracks = Tracks::default();
        let (step, first, named) = tracks.open(1, &[], group());
        assert_eq!(named.as_deref(), Some("eu-west-1"));
        let (call, below, named) = tracks.open(2, &[1], group());
        assert_eq!((call, below, named), (step, first, None));
        let (_, beside, named) = tracks.open(3, &[1], group());
        assert_ne!(beside, first);
        assert_eq!(named.as_deref(), Some("eu-west-1 (2)"));
        tracks.close(call, 2);
        assert_eq!(tracks.open(4, &[1], group()).1, first);
    }

    #[test]
    fn an_account_is_one_process_by_its_name_and_by_its_id() {
        let mut tracks = Tracks::default();
        let (process, label) = tracks.process("222222222222", None);
        assert_eq!(label.as_deref(), Some("222222222222"));
        let (same, label) = tracks.process("payments", Some("222222222222"));
        assert_eq!((same, label.as_deref()), (process, Some("payments (222222222222)")));
        assert_eq!(tracks.process("payments", None), (process, None));
        assert_ne!(tracks.process("333333333333", None).0, process);
    }
}
