//! What a plain word means in YAML 1.1.

use super::node::{Kind, Node};

/// A scalar's meaning as CloudFormation reads it: YAML 1.1, where `yes` is a boolean and `0777` is octal.
///
/// Three things that YAML 1.1 would read stay text, because the readers of it mean them so: dates (`2012-10-17`
/// is a policy's version), numbers in base sixty (`22:22` is a pair of ports), and numbers beyond 64 bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// Nothing: an empty value, `~` or `null`.
    Null,
    /// `true`, `yes`, `on` and their opposites, in lower case, upper case or with a capital.
    Bool(bool),
    /// A whole number: decimal, `0x` hexadecimal, `0b` binary, or octal after a leading `0`.
    Int(i64),
    /// A number with a point or an exponent; always finite.
    Float(f64),
    /// Everything else, and everything between quotes or behind a tag.
    Text(&'a str),
}

impl Node {
    /// The meaning of a scalar; `None` for a list or a mapping. The text as written is [`Node::text`].
    pub fn scalar(&self) -> Option<Scalar<'_>> {
        match &self.kind {
            // Only a word without a tag is guessed at: `!Ref yes` names something called "yes".
            Kind::Scalar { text, plain: true } if self.tag.is_none() => {
                Some(Scalar::of_plain(text))
            }
            Kind::Scalar { text, .. } => Some(Scalar::Text(text)),
            Kind::Sequence(_) | Kind::Mapping(_) => None,
        }
    }
}

impl<'a> Scalar<'a> {
    /// What `text` means when it is written without quotes.
    pub fn of_plain(text: &'a str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Null,
            "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
                Self::Bool(true)
            }
            "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
                Self::Bool(false)
            }
            _ => int(text)
                .map(Self::Int)
                .or_else(|| float(text).map(Self::Float))
                .unwrap_or(Self::Text(text)),
        }
    }
}

/// A whole number of YAML 1.1; `_` may stand between the digits.
fn int(text: &str) -> Option<i64> {
    let (sign, digits) = split_sign(text);
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x', ..] => (16, &digits[2..]),
        [b'0', b'b', ..] => (2, &digits[2..]),
        // An 8 or a 9 makes it no octal number, and a decimal one does not start with 0: `012345678901`, an
        // account id, is text.
        [b'0', _, ..] => (8, &digits[1..]),
        [b'0'..=b'9', ..] => (10, digits),
        _ => return None,
    };
    let digits = digits.replace('_', "");
    // A sign here would be a second one, which `from_str_radix` takes.
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    i64::from_str_radix(&format!("{sign}{digits}"), radix).ok()
}

/// A number with a point or an exponent; the infinities and not-a-number, which JSON lacks, are text.
fn float(text: &str) -> Option<f64> {
    let (sign, rest) = split_sign(text);
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (rest, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |digits: &str| digits.chars().all(|c| c.is_ascii_digit() || c == '_');
    let is_exponent = |exponent: &str| {
        let (_, digits) = split_sign(exponent);
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    };
    let starts_with_digit =
        if whole.is_empty() { fraction } else { whole }.starts_with(|c: char| c.is_ascii_digit());
    let is_float = (exponent.is_some() || mantissa.contains('.'))
        && starts_with_digit
        && is_digits(whole)
        && is_digits(fraction)
        && exponent.is_none_or(is_exponent);
    if !is_float {
        return None;
    }
    format!("{sign}{}", rest.replace('_', ""))
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

fn split_sign(text: &str) -> (&str, &str) {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    text.split_at(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_have_the_spellings_of_yaml_1_1_and_no_others() {
        for word in ["yes", "On", "TRUE", "true", "YES"] {
            assert_eq!(Scalar::of_plain(word), Scalar::Bool(true), "{word}");
        }
        for word in ["no", "Off", "FALSE"] {
            assert_eq!(Scalar::of_plain(word), Scalar::Bool(false), "{word}");
        }
        for word in ["y", "n", "yEs", "tRUE"] {
            assert_eq!(Scalar::of_plain(word), Scalar::Text(word));
        }
    }

    #[test]
    fn whole_numbers_come_in_four_bases() {
        let cases = [
            ("0", 0),
            ("42", 42),
            ("-1_000", -1_000),
            ("+7", 7),
            ("0x1F", 31),
            ("0b101", 5),
            ("0777", 511),
        ];
        for (text, number) in cases {
            assert_eq!(Scalar::of_plain(text), Scalar::Int(number), "{text}");
        }
    }

    #[test]
    fn numbers_with_a_point_or_an_exponent_are_floats() {
        for (text, number) in
            [("1.5", 1.5), ("-.5", -0.5), ("1.", 1.0), ("1e3", 1000.0), ("1_0.2E-1", 1.02)]
        {
            assert_eq!(Scalar::of_plain(text), Scalar::Float(number), "{text}");
        }
    }

    #[test]
    fn account_ids_dates_ports_and_huge_numbers_stay_text() {
        let texts = [
            "012345678901",
            "2012-10-17",
            "22:22",
            "99999999999999999999",
            ".inf",
            ".nan",
            "1e999",
            "0x",
            "0_x",
            "+-1",
            "-",
            "+",
            ".",
            "._1",
            "1.2.3",
            "10.0.0.0/8",
            "1e",
            "_1",
            "--1",
            "0b2",
            "1__e5x",
            "e5",
        ];
        for text in texts {
            assert_eq!(Scalar::of_plain(text), Scalar::Text(text));
        }
    }
}
