//! Faults of an entry that is not in the file yet: they are those of the options that it was made of.

use std::ops::Range;

use crate::document::{Diagnostic, Diagnostics, Node, Source, parse};

/// The faults of a file to which an account was added, told by the options where they are in the new entry. Its
/// lines are nowhere to be found by a reader.
pub(super) fn of_options(before: &Source, faults: &Diagnostics) -> Diagnostics {
    let told: Vec<_> = faults
        .iter()
        .map(|fault| of_option(before, fault).unwrap_or_else(|| fault.clone()))
        .collect();
    told.into()
}

fn of_option(before: &Source, fault: &Diagnostic) -> Option<Diagnostic> {
    if fault.source.name() != before.name() || fault.source.text() == before.text() {
        return None;
    }
    let after = parse(&fault.source).ok()?;
    let entry = after.get("accounts")?.items().last()?;
    if !covers(&entry.span, &fault.span) {
        return None;
    }
    let field = entry
        .entries()
        .iter()
        .find(|(key, value)| [key, value].iter().any(|node| covers(&node.span, &fault.span)));
    let name = match field.and_then(|(key, value)| option(key, value, fault)) {
        Some(option) => option,
        None => format!("the entry of {}", entry.get("name").and_then(Node::text)?),
    };
    let told = Diagnostic { source: Source::new(&name, ""), span: 0..0, ..fault.clone() };
    Some(if fault.code == "no-environment" { told.help("give --environment") } else { told })
}

/// The option as it was given; `None` for the account's name, which is none.
fn option(key: &Node, value: &Node, fault: &Diagnostic) -> Option<String> {
    match key.text()? {
        "name" => None,
        "tags" => {
            let (key, value) = value
                .entries()
                .iter()
                .find(|(key, value)| covers(&(key.span.start..value.span.end), &fault.span))?;
            Some(format!("--tag {}={}", key.text()?, value.text()?))
        }
        option => Some(format!("--{option} {}", value.text()?)),
    }
}

fn covers(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_in_the_new_entry_is_told_by_its_option_and_one_elsewhere_by_its_place() {
        let before = Source::new("landing-zone.yaml", "accounts:\n  - {name: a, ou: Core}\n");
        let text = format!("{}  - {{name: b, ou: Cor, tags: {{k: v}}}}\n", before.text());
        let after = Source::new("landing-zone.yaml", &text);
        let told = |word: &str| {
            let at = text.rfind(word).unwrap();
            let fault = Diagnostic::new(&after, &(at..at + word.len()), "code", "wrong");
            let told = of_options(&before, &vec![fault].into());
            told.iter().next().unwrap().to_string()
        };
        assert!(told("Cor").starts_with("--ou Cor:"));
        assert!(told("k").starts_with("--tag k=v:"));
        assert!(told("{name: b, ou: Cor, tags: {k: v}}").starts_with("the entry of b:"));
        assert!(told("Core").starts_with("landing-zone.yaml:2:"));
    }
}
