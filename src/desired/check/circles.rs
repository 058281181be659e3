//! References that come back to where they started.

use std::collections::{BTreeMap, VecDeque};

/// The shortest way from `start` to a node that is a goal, both ends included.
pub(super) fn path<T: Ord + Copy, I: IntoIterator<Item = T>>(
    start: T,
    next: impl Fn(T) -> I,
    is_goal: impl Fn(T) -> bool,
) -> Option<Vec<T>> {
    let mut came_from: BTreeMap<T, Option<T>> = BTreeMap::from([(start, None)]);
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        if is_goal(node) {
            let mut way = vec![node];
            while let Some(Some(before)) = way.last().and_then(|node| came_from.get(node)) {
                way.push(*before);
            }
            way.reverse();
            return Some(way);
        }
        for neighbour in next(node) {
            came_from.entry(neighbour).or_insert_with(|| {
                queue.push_back(neighbour);
                Some(node)
            });
        }
    }
    None
}

/// A circle in words: `a takes from b takes from a`.
pub(super) fn in_words(way: &[impl ToString]) -> String {
    way.iter().map(ToString::to_string).collect::<Vec<_>>().join(" takes from ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_way_is_found_and_a_dead_end_is_none() {
        let next = |node: u8| match node {
            1 => vec![2, 3],
            2 | 3 => vec![4],
            4 => vec![1],
            _ => vec![],
        };
        assert_eq!(path(1, next, |node| node == 4), Some(vec![1, 2, 4]));
        assert_eq!(path(5, next, |node| node == 4), None);
    }
}
