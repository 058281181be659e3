//! The patterns of one option.

use std::collections::BTreeSet;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::nearest::nearest;
use super::selection::SelectionError;

/// The longest pattern. Alternatives may stand in alternatives, and each level costs.
const MAX_BYTES: usize = 1_000;

/// Globs, any of which may match. A word matches itself, too, whatever characters it has.
pub(super) struct Patterns {
    globs: GlobSet,
    words: BTreeSet<String>,
}

impl Patterns {
    /// The patterns of `option`; faulty ones, and such that match nothing of `known`, become errors.
    pub(super) fn new(
        option: &'static str,
        patterns: &[String],
        known: &BTreeSet<String>,
        errors: &mut Vec<SelectionError>,
    ) -> Self {
        let mut builder = GlobSetBuilder::new();
        for pattern in patterns {
            if pattern.len() > MAX_BYTES {
                let reason = format!("a pattern has at most {MAX_BYTES} bytes");
                let pattern = format!("{}...", &pattern[..pattern.floor_char_boundary(40)]);
                errors.push(SelectionError::Pattern { option, pattern, reason });
                continue;
            }
            match GlobBuilder::new(pattern).literal_separator(option.ends_with("ou")).build() {
                Ok(glob) => {
                    let matcher = glob.compile_matcher();
                    if !known.contains(pattern) && !known.iter().any(|word| matcher.is_match(word))
                    {
                        errors.push(SelectionError::Nothing {
                            option,
                            pattern: pattern.clone(),
                            nearest: nearest(pattern, known.iter().map(String::as_str))
                                .map(str::to_owned),
                        });
                    }
                    builder.add(glob);
                }
                Err(error) => errors.push(wrong(option, pattern, error.kind())),
            }
        }
        let globs = builder.build().unwrap_or_else(|error| {
            errors.push(wrong(option, &patterns.join(" "), error.kind()));
            GlobSet::empty()
        });
        Self { globs, words: patterns.iter().cloned().collect() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether one of the words matches one of the patterns.
    pub(super) fn match_any<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> bool {
        words.into_iter().any(|word| self.words.contains(word) || self.globs.is_match(word))
    }
}

fn wrong(option: &'static str, pattern: &str, reason: &globset::ErrorKind) -> SelectionError {
    SelectionError::Pattern { option, pattern: pattern.to_owned(), reason: reason.to_string() }
}
