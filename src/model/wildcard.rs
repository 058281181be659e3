//! IAM's patterns.

/// Whether a pattern of IAM's, in which `*` stands for any characters and `?` for one, stands for the whole text.
///
/// A star that has to take more than it was given is the last one that was met: so the time is the product of the two
/// lengths at most, and a pattern of a thousand stars is no way to stop a program.
pub fn wildcard_matches(pattern: &str, text: &str) -> bool {
    let mut pattern = pattern.chars();
    let mut text = text.chars();
    // Where to go on, if what follows the last star does not fit: behind the star, and one character further on.
    let mut retry = None;
    loop {
        let mut rest = pattern.clone();
        match (rest.next(), text.clone().next()) {
            (Some('*'), _) => {
                pattern = rest;
                retry = Some((pattern.clone(), text.clone()));
                continue;
            }
            (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {
                pattern = rest;
                text.next();
                continue;
            }
            (None, None) => return true,
            (Some(_) | None, _) => {}
        }
        let Some((behind, further)) = &mut retry else { return false };
        if further.next().is_none() {
            return false;
        }
        pattern = behind.clone();
        text = further.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_know_stars_and_question_marks() {
        for (pattern, text, fits) in [
            ("kms:*", "kms:Decrypt", true),
            ("kms:De?rypt", "kms:Decrypt", true),
            ("*AWSReservedSSO_*", "role/AWSReservedSSO_Admin_1", true),
            ("*a*b", "aab", true),
            ("*a*b", "aaba", false),
            ("*\u{e9}?", "caf\u{e9}s", true),
            ("kms:Put", "kms:PutKeyPolicy", false),
            ("?", "", false),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(wildcard_matches(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_of_many_stars_is_answered_at_once() {
        assert!(!wildcard_matches(&"*a".repeat(200), &("a".repeat(199) + "b")));
        assert!(!wildcard_matches(&format!("{}x", "*".repeat(50_000)), &"a".repeat(200)));
    }
}
