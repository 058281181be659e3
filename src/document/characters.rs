//! The characters that no document may have.

use super::{Diagnostic, Source};

/// How many of them are told. A file of nothing else, a program or an image, has millions.
const MOST: usize = 100;

/// The first characters from the byte `start` on that cannot be seen and is no part of the two languages.
///
/// YAML 1.1 and JSON both refuse control characters. The separators U+0085, U+2028 and U+2029 end a line in
/// YAML 1.1, which CloudFormation reads, but not in YAML 1.2: a text with one means two things, so there is none.
pub(super) fn check(source: &Source, start: usize) -> Vec<Diagnostic> {
    source.text()[start..]
        .char_indices()
        .filter(|(_, c)| is_refused(*c))
        .take(MOST)
        .map(|(index, c)| {
            let span = start + index..start + index + c.len_utf8();
            let message =
                format!("the character U+{:04X} does not belong in a text file", u32::from(c));
            Diagnostic::new(source, &span, "character", message).help(
                "remove it, or write it as an escape such as \"\\u2028\" between double quotes",
            )
        })
        .collect()
}

fn is_refused(c: char) -> bool {
    let is_layout = matches!(c, '\t' | '\n' | '\r');
    (c.is_control() && !is_layout)
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_character_is_reported_at_its_place() {
        let source = Source::new("a.yaml", "a: \u{e9}\0\nb: \u{1b}\u{85}\t\n");
        let places: Vec<_> =
            check(&source, 0).iter().map(|f| source.place(&f.span).to_string()).collect();
        assert_eq!(places, ["1:5", "2:4", "2:5"]);
    }
}
