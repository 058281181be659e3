//! What was told once is not told again.

use std::collections::BTreeMap;

use super::entry::{Entry, Line, Mark, words};
use super::group::Outline;

/// Fewer lines are as short as a hint at what stands above.
const FEWEST: usize = 2;

/// What was told beneath a line the last time.
type Told = BTreeMap<(Mark, Line), Vec<Entry>>;

impl Outline {
    /// The outline for somebody who reads it from top to bottom: what stands beneath the same line further above is
    /// not said again. What is blocked or lost is told in full.
    #[must_use]
    pub fn told_once(mut self) -> Self {
        let mut told = Told::new();
        let rest = self.rest.iter_mut().flat_map(|group| &mut group.entries);
        for entry in self.organization.iter_mut().chain(rest) {
            if matches!(entry.mark, Mark::Action(_)) {
                tell(entry, &mut told);
            }
        }
        self
    }
}

fn tell(entry: &mut Entry, told: &mut Told) {
    let now = entry.children.clone();
    let Some(last) = told.insert((entry.mark, entry.line.clone()), now) else { return };
    let is_new = |child: &Entry| !last.contains(child);
    let new = entry.children.iter().filter(|child| is_new(child)).count();
    // A line that is missing now would seem to stand there still.
    if last.len() != entry.children.len() || last.len() - new < FEWEST {
        return;
    }
    entry.children.retain(is_new);
    let hint = if new == 0 { " (as above)" } else { " (the rest as above)" };
    entry.line.0.push(words(hint));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Action;
    use crate::render::outline::Group;
    use crate::render::outline::group::tests::group;

    fn stack(children: &[&str]) -> Entry {
        let children = children.iter().map(|text| Entry::detail([words(*text)]));
        Entry::new(Mark::Action(Action::Create), [words("stack a")]).with(children)
    }

    fn told(groups: Vec<Group>) -> Vec<Entry> {
        let outline = Outline { rest: groups, ..Outline::default() }.told_once();
        outline.rest.into_iter().flat_map(|group| group.entries).collect()
    }

    #[test]
    fn only_what_is_new_is_said_again() {
        let first = stack(&["a", "b", "c"]);
        let entries = told(vec![
            group(vec![first.clone()]),
            group(vec![stack(&["a", "b", "d"]), stack(&["a", "b", "d"])]),
        ]);
        assert_eq!(entries[0], first);
        assert_eq!(entries[1].line.to_string(), "stack a (the rest as above)");
        assert_eq!(entries[1].children, stack(&["d"]).children);
        assert_eq!(entries[2].line.to_string(), "stack a (as above)");
        assert!(entries[2].children.is_empty());
    }

    #[test]
    fn a_hint_is_at_the_last_time_and_never_hides_that_a_line_is_missing() {
        let entries = told(vec![group(vec![
            stack(&["a", "b", "c"]),
            stack(&["a", "b"]),
            stack(&["a", "b", "c"]),
        ])]);
        assert_eq!(entries[1], stack(&["a", "b"]));
        assert_eq!(entries[2], stack(&["a", "b", "c"]));
    }

    #[test]
    fn one_line_is_repeated_rather_than_hinted_at() {
        let entries = told(vec![group(vec![stack(&["a"]), stack(&["a"])])]);
        assert_eq!(entries[1], stack(&["a"]));
    }
}
