//! What somebody may have meant.

use crate::document::Diagnostic;

/// How many names a message lists when none is near.
const LISTED: usize = 8;

/// The longest word that is compared, in bytes: what is longer is no slip of the finger, and comparing takes the
/// product of two lengths.
const LONGEST: usize = 256;

/// The candidate that differs least from `word`, if it is near enough to have been meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let allowed = (word.chars().count() / 4).max(1);
    let folded = word.to_lowercase();
    let is_start =
        |candidate: &str| word.len() >= 3 && candidate.to_lowercase().starts_with(&folded);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| {
            (strsim::damerau_levenshtein(&folded, &candidate.to_lowercase()), candidate)
        })
        .filter(|(distance, candidate)| *distance <= allowed || is_start(candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Adds what may have been meant; or else what there is, if that is anything and little enough to read.
pub(super) fn suggest<'a>(
    fault: Diagnostic,
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    if let Some(near) = nearest(word, candidates.clone()) {
        return fault.help(format!("did you mean {near}?"));
    }
    let known: Vec<_> = candidates.into_iter().take(LISTED + 1).collect();
    match known.len() {
        1..=LISTED => fault.help(format!("known: {}", known.join(", "))),
        _ => fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_what_was_meant_and_another_word_does_not() {
        let waves = ["core", "canary", "rest"];
        assert_eq!(nearest("canayr", waves), Some("canary"));
        assert_eq!(nearest("CORE", waves), Some("core"));
        assert_eq!(nearest("can", waves), Some("canary"));
        assert_eq!(nearest("production", waves), None);
    }
}
