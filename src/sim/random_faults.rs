//! Faults that nobody has planned.

use super::fault::FaultKind;

/// Faults that strike calls at random, the same ones for the same seed. Whoever uses it prints the seed.
#[derive(Clone, Debug)]
pub struct RandomFaults {
    random: fastrand::Rng,
    rate: f64,
    kinds: Vec<FaultKind>,
}

impl RandomFaults {
    /// One call in `1 / rate` is struck, by one of [`FaultKind::EVERYDAY`].
    pub fn new(seed: u64, rate: f64) -> Self {
        let kinds = FaultKind::EVERYDAY.to_vec();
        Self { random: fastrand::Rng::with_seed(seed), rate, kinds }
    }

    /// Only faults of these kinds.
    #[must_use]
    pub fn of(self, kinds: &[FaultKind]) -> Self {
        Self { kinds: kinds.to_vec(), ..self }
    }

    pub(super) fn looks_back(&self) -> bool {
        self.kinds.contains(&FaultKind::Invisible)
    }

    pub(super) fn strike(&mut self) -> Option<FaultKind> {
        if self.random.f64() >= self.rate {
            return None;
        }
        self.random.choice(&self.kinds).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(seed: u64) -> Vec<Option<FaultKind>> {
        let mut faults = RandomFaults::new(seed, 0.1);
        (0..10_000).map(|_| faults.strike()).collect()
    }

    #[test]
    fn a_seed_decides_which_calls_are_struck_and_by_what() {
        assert_eq!(struck(1), struck(1));
        assert_ne!(struck(1), struck(2));
        let kinds: std::collections::BTreeSet<_> = struck(1).into_iter().flatten().collect();
        assert_eq!(kinds.len(), FaultKind::EVERYDAY.len());
        let count = struck(1).into_iter().flatten().count();
        assert!((900..1_100).contains(&count), "{count}");
    }
}
