//! A template's digest: the same for two texts that mean the same.

use std::fmt::{self, Write as _};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The output that carries a stack's template digest.
///
/// An output and not a tag, because a stack's tags propagate to its resources: a new digest would change all.
pub const DIGEST_OUTPUT: &str = "AvmTemplateDigest";

/// The SHA-256 of a template's canonical form, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Digest(pub(super) String);

impl Digest {
    /// Takes the value of a stack's [`DIGEST_OUTPUT`] as a digest.
    pub fn from_output(value: &str) -> Self {
        Self(value.to_owned())
    }

    /// The digest of a document in long form.
    pub(super) fn of(value: &Value) -> Self {
        let mut text = String::new();
        canonical(value, &mut text);
        Self::of_text(&text)
    }

    /// The digest of a text, byte for byte.
    pub fn of_text(text: &str) -> Self {
        Self(Sha256::digest(text).iter().fold(String::new(), |mut digits, byte| {
            // Writing to a string cannot fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        }))
    }

    /// The whole digest.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The first twelve digits: enough for people.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.get(..12).unwrap_or(&self.0))
    }
}

/// A value as JSON without blanks and with sorted keys, whatever order the map keeps.
///
/// A number and the text of its digits are two different values here. Most properties take either, but in those
/// that hold free JSON (a state machine's definition, an event pattern) `true` and `"true"` differ, and only the
/// resource's type knows which is which. Taking them for the same would hide a change that AWS makes; taking them
/// for different costs at worst an update that changes no more than the digest's output.
fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                canonical(&Value::String(key.clone()), text);
                text.push(':');
                canonical(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                canonical(item, text);
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&value.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_canonical_form_has_sorted_keys_and_keeps_the_order_of_lists() {
        let mut text = String::new();
        canonical(&json!({"b": [2, "2", true, null], "a": {"d": "x\"\n", "c": 1.5}}), &mut text);
        assert_eq!(text, r#"{"a":{"c":1.5,"d":"x\"\n"},"b":[2,"2",true,null]}"#);
    }

    #[test]
    fn a_digest_is_a_sha_256_and_shows_its_first_twelve_digits() {
        let digest = Digest::of(&json!({}));
        // SHA-256 of the two characters `{}`.
        assert_eq!(
            digest.as_str(),
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
        assert_eq!(digest.to_string(), "44136fa355b3");
    }
}
