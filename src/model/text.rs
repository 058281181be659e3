//! The one way in which a word becomes a checked value.

/// A word that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not {what}: {expected}")]
pub struct ParseError {
    /// What was wanted, with its article: "an account id".
    pub what: &'static str,
    /// The word as it was given.
    pub value: String,
    /// What is allowed, or which rule was broken.
    pub expected: String,
}

impl ParseError {
    pub(super) fn new(what: &'static str, value: &str, expected: impl Into<String>) -> Self {
        Self { what, value: value.to_owned(), expected: expected.into() }
    }
}

/// Declares a checked string: parsing, printing, serde and JSON Schema, all through one check.
///
/// `check` answers `Err(expectation)` for a word that is refused; `pattern` is the same rule as far as a
/// JSON Schema can say it, for editors.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $what:literal, $pattern:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text, as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let check: fn(&str) -> Result<(), String> = $check;
                check(text)
                    .map(|()| Self(text.to_owned()))
                    .map_err(|expected| $crate::model::ParseError::new($what, text, expected))
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::model::ParseError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}

pub(super) use checked_text;

/// `Err(expectation)` unless `holds`: the shape that [`checked_text`] wants of a check.
pub(super) fn expect(holds: bool, expectation: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(expectation.to_owned()) }
}

/// Whether `text` has between `min` and `max` characters, all of which satisfy `allowed`.
pub(super) fn made_of(text: &str, min: usize, max: usize, allowed: fn(char) -> bool) -> bool {
    (min..=max).contains(&text.chars().count()) && text.chars().all(allowed)
}
