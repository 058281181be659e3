//! Things that are told once and named by number.

use std::collections::BTreeMap;

/// Things in the order in which they were first met.
#[derive(Debug)]
pub(super) struct Numbered<T>(BTreeMap<T, usize>);

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord> Numbered<T> {
    /// The thing's number.
    pub(super) fn of(&mut self, thing: T) -> usize {
        let next = self.0.len();
        *self.0.entry(thing).or_insert(next)
    }

    /// The things, each at its number.
    pub(super) fn into_things(self) -> Vec<T> {
        let mut things: Vec<_> = self.0.into_iter().collect();
        things.sort_by_key(|(_, number)| *number);
        things.into_iter().map(|(thing, _)| thing).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_met_again_keeps_its_number() {
        let mut words = Numbered::default();
        assert_eq!(["b", "a", "b", "c"].map(|word| words.of(word)), [0, 1, 0, 2]);
        assert_eq!(words.into_things(), ["b", "a", "c"]);
    }
}
