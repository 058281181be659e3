//! Values that are sent to AWS and shown to nobody.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::EnvironmentVariable;

/// What stands in the place of a secret, also where AWS masks one.
pub const MASK: &str = "****";

/// A shorter secret than this is not looked for in texts: its few letters stand in every other word, and their absence
/// would tell it.
const SHORTEST: usize = 4;

/// A value for a `NoEcho` parameter. It cannot be printed, compared by accident with what is printed, or serialized:
/// there is no `Display` and no `Serialize`, and `Debug` masks it.
///
/// It is not wiped from memory when it is dropped. The environment it came from and the requests that the SDK makes of it
/// hold copies that nobody wipes.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The secrets of a run, by the variables that they were in.
#[derive(Clone, Debug, Default)]
pub struct Secrets(BTreeMap<EnvironmentVariable, Secret>);

/// A parameter's value in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterInput {
    /// The value.
    Value(String),
    /// A value for a `NoEcho` parameter.
    Secret(Secret),
    /// The value that the stack has already (`UsePreviousValue`). Only for an update of a stack that has the parameter.
    Previous,
}

impl Secret {
    /// A secret.
    pub fn new(value: String) -> Self {
        Self(value)
    }

    /// The value itself: for a request to AWS, and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl Secrets {
    /// The secret that was in a variable; `None` if the variable is not set.
    pub fn get(&self, variable: &EnvironmentVariable) -> Option<&Secret> {
        self.0.get(variable)
    }

    /// The text with every secret in it masked: what AWS answers may repeat what it was sent, since it masks `NoEcho`
    /// values where it describes a stack, and not in what a resource's own service says.
    #[must_use]
    pub fn masked(&self, text: &str) -> String {
        let mut values: Vec<_> = self.0.values().map(Secret::expose).collect();
        // The longest first: one secret may be the beginning of another.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        let known = values.into_iter().filter(|value| value.len() >= SHORTEST);
        known.fold(text.to_owned(), |text, value| text.replace(value, MASK))
    }
}

impl FromIterator<(EnvironmentVariable, Secret)> for Secrets {
    fn from_iter<I: IntoIterator<Item = (EnvironmentVariable, Secret)>>(secrets: I) -> Self {
        Self(secrets.into_iter().collect())
    }
}

impl ParameterInput {
    /// The value, unless it is a secret or not told.
    pub fn open(&self) -> Option<&str> {
        match self {
            Self::Value(value) => Some(value),
            Self::Secret(_) | Self::Previous => None,
        }
    }
}

impl From<String> for ParameterInput {
    fn from(value: String) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for ParameterInput {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(values: &[(&str, &str)]) -> Secrets {
        let secret = |(name, value): &(&str, &str)| {
            (name.parse().unwrap(), Secret::new((*value).to_owned()))
        };
        values.iter().map(secret).collect()
    }

    #[test]
    fn a_secret_is_in_no_debug_output() {
        let secrets = secrets(&[("DB_PASSWORD", "hunter2!")]);
        let secret = secrets.get(&"DB_PASSWORD".parse().unwrap()).unwrap();
        let shown =
            format!("{secrets:?} {secrets:#?} {:?}", ParameterInput::Secret(secret.clone()));
        assert!(shown.contains("DB_PASSWORD") && shown.contains(MASK), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn what_aws_repeats_is_masked_the_longest_secret_first() {
        let secrets = secrets(&[("A", "hunter2"), ("B", "hunter2-two"), ("C", "x")]);
        let told = secrets.masked("the password hunter2-two is like hunter2; x marks it");
        assert_eq!(told, "the password **** is like ****; x marks it");
    }
}
