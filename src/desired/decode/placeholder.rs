//! Words that an example left for its reader to replace.

/// Whether `text` still holds a placeholder: `<account>`, `${EMAIL}`, `CHANGE-ME`, `TODO`, `your-company`.
pub(super) fn is_placeholder(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    encloses(text, "<", ">")
        || encloses(text, "${", "}")
        || words(text).any(|word| word == "TODO")
        || ["change-me", "changeme", "change_me", "your-"].iter().any(|word| has_word(&lower, word))
}

fn encloses(text: &str, open: &str, close: &str) -> bool {
    text.split_once(open).and_then(|(_, rest)| rest.find(close)).is_some_and(|length| length > 0)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
}

/// Whether a word of `text` starts with `start`.
fn has_word(text: &str, start: &str) -> bool {
    text.match_indices(start).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_words_that_look_like_them() {
        for text in [
            "aws+log@<company>.com",
            "${EMAIL}",
            "CHANGE-ME",
            "changeme@example.com",
            "TODO: name",
            "aws@your-company.com",
            "Your-Bucket",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["a < b", "${}", "TODOS", "favour-ite", "exchange-mean", "aws@example.com"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
