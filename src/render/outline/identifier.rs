//! The identifiers in a sentence of ours, told from its words.

use super::entry::{Part, value, words};
use crate::model::{AccountName, Region};

/// The prefixes of identifiers that EC2 gives.
const PREFIXES: [&str; 9] = ["vpc", "subnet", "igw", "eni", "sg", "rtb", "acl", "i", "nat"];

/// A sentence in parts: ARNs, account ids, addresses, regions and the account's own name are values.
pub(super) fn apart(text: &str, own: Option<&AccountName>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    if let Some(name) = own
        && let Some(after) =
            text.strip_prefix("account ").and_then(|text| text.strip_prefix(name.as_str()))
    {
        parts.extend([words("account "), value(name.as_str())]);
        rest = after;
    }
    let mut plain = String::new();
    for token in rest.split_inclusive(is_border) {
        let word = token.trim_end_matches(is_border);
        let core = word.trim_end_matches([':', '.']);
        if is_identifier(core) {
            if !plain.is_empty() {
                parts.push(words(std::mem::take(&mut plain)));
            }
            parts.push(value(core));
            plain.push_str(&token[core.len()..]);
        } else {
            plain.push_str(token);
        }
    }
    if !plain.is_empty() {
        parts.push(words(plain));
    }
    parts
}

fn is_border(character: char) -> bool {
    character.is_whitespace() || ",;()<>\"'".contains(character)
}

fn is_identifier(word: &str) -> bool {
    let hexadecimal = |text: &str| text.len() >= 4 && text.bytes().all(|b| b.is_ascii_hexdigit());
    word.starts_with("arn:")
        || word.contains('@')
        || (word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_digit()))
        || word
            .split_once('-')
            .is_some_and(|(prefix, id)| PREFIXES.contains(&prefix) && hexadecimal(id))
        || word.parse::<Region>().is_ok_and(|region| region.is_known())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_values_and_all_else_is_words() {
        let parts = apart("default VPC vpc-0a1b2c3d of 123456789012, in eu-west-1: kept", None);
        let expected = [
            words("default VPC "),
            value("vpc-0a1b2c3d"),
            words(" of "),
            value("123456789012"),
            words(", in "),
            value("eu-west-1"),
            words(": kept"),
        ];
        assert_eq!(parts, expected);
        assert_eq!(apart("stack avm-config-1", None), [words("stack avm-config-1")]);
    }

    #[test]
    fn the_name_of_the_account_itself_is_a_value() {
        let own = "Payments UAT".parse().unwrap();
        let parts = apart("account Payments UAT <a@b.example>", Some(&own));
        let expected = [
            words("account "),
            value("Payments UAT"),
            words(" <"),
            value("a@b.example"),
            words(">"),
        ];
        assert_eq!(parts, expected);
    }
}
