//! Texts that AWS asks a certain form of.

use super::decoder::{Decode, Decoder};
use crate::desired::shape::{BucketName, ContactEmail, PhoneNumber, Text};
use crate::document::Node;

impl Decode for BucketName {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = decoder.text(node, "a bucket's name")?;
        let at_the_ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let well_formed = (3..=63).contains(&text.len())
            && text.chars().all(|c| at_the_ends(c) || c == '.' || c == '-')
            && text.starts_with(at_the_ends)
            && text.ends_with(at_the_ends);
        if !well_formed {
            let message = format!(
                "{text:?} is not a bucket's name: expected 3 to 63 lower-case letters, digits, dots and hyphens"
            );
            decoder.push(decoder.fault(&node.span, "invalid-bucket", message));
        }
        well_formed.then(|| Self(text.to_owned()))
    }
}

impl<const MAX: usize> Decode for Text<MAX> {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = decoder.text(node, "a text")?;
        contact(node, decoder, text, &format!("1 to {MAX} characters"), |text| {
            (1..=MAX).contains(&text.chars().count())
        })
        .map(Self)
    }
}

impl Decode for ContactEmail {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = decoder.text(node, "an e-mail address")?;
        let expected = "an e-mail address of up to 254 characters";
        contact(node, decoder, text, expected, is_contact_email).map(Self)
    }
}

impl Decode for PhoneNumber {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = decoder.text(node, "a telephone number")?;
        let expected = "1 to 25 digits, blanks and ()+-";
        contact(node, decoder, text, expected, |text| {
            let allowed = |c: char| c.is_ascii_digit() || c.is_whitespace() || "()+-".contains(c);
            (1..=25).contains(&text.chars().count()) && text.chars().all(allowed)
        })
        .map(Self)
    }
}

/// The text, if AWS takes it for a part of a contact.
fn contact(
    node: &Node,
    decoder: &mut Decoder<'_>,
    text: &str,
    expected: &str,
    is_right: impl Fn(&str) -> bool,
) -> Option<String> {
    if is_right(text) {
        return Some(text.to_owned());
    }
    let message = format!("{text:?} cannot be a contact's: AWS takes {expected}");
    decoder.push(decoder.fault(&node.span, "invalid-contact", message));
    None
}

/// What the Account Management API reference asks of `EmailAddress`.
fn is_contact_email(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let Some((local, domain)) = text.split_once('@') else { return false };
    let Some((host, top)) = domain.rsplit_once('.') else { return false };
    text.len() <= 254
        && !local.is_empty()
        && local.chars().all(|c| word(c) || "+=.#|!&-".contains(c))
        && !host.is_empty()
        && host.chars().all(|c| word(c) || ".-".contains(c))
        && !top.is_empty()
        && top.chars().all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_contact_may_have_less_form_than_that_of_a_root_user() {
        for text in ["a@b.c", "aws+security@example.co.uk", "a_b|c@x-y.com"] {
            assert!(is_contact_email(text), "{text}");
        }
        for text in ["a@b", "@b.c", "a@.c", "a@b.", "a b@c.d", "a@b@c.d", "a@b.c-d"] {
            assert!(!is_contact_email(text), "{text}");
        }
    }
}
