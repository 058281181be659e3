//! What is the same in many places, kept once.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A value that is kept once for all places that have it. Who changes it, changes it for one place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared<T>(Arc<T>);

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

/// The values of one kind that were seen so far.
#[derive(Debug)]
pub(super) struct Known<T>(RefCell<Vec<Shared<T>>>);

/// More kinds of the same than this are not the same everywhere, and are not worth the search.
const MOST: usize = 64;

impl<T: PartialEq> Known<T> {
    /// The value, shared with the places where an equal one was seen.
    pub(super) fn share(&self, value: T) -> Shared<T> {
        let mut known = self.0.borrow_mut();
        if let Some(same) = known.iter().find(|known| ***known == value) {
            return Shared(Arc::clone(&same.0));
        }
        let new = Shared::from(value);
        if known.len() < MOST {
            known.push(Shared(Arc::clone(&new.0)));
        }
        new
    }
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_kept_once_and_changed_apart() {
        let known = Known::default();
        let (one, mut two, other) =
            (known.share(vec![1]), known.share(vec![1]), known.share(vec![2]));
        assert!(Arc::ptr_eq(&one.0, &two.0) && !Arc::ptr_eq(&one.0, &other.0));
        two.push(3);
        assert_eq!((&*one, &*two), (&vec![1], &vec![1, 3]));
    }
}
