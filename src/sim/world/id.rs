//! Ids that look like AWS's and depend on nothing but their parts.

use crate::template::Digest;

/// So many hexadecimal digits, at most 64.
pub(in crate::sim) fn hex(parts: &[&str], digits: usize) -> String {
    Digest::of_text(&parts.join("\n")).as_str().chars().take(digits).collect()
}

/// A UUID's form.
pub(in crate::sim) fn uuid(parts: &[&str]) -> String {
    let digits = hex(parts, 32);
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}
