//! What a rule's author wants to be said.

/// A rule's `<<message>>` as what is wrong and what to do. AWS's own rules write `Violation: ...` and `Fix: ...` on
/// lines of their own; any other text is what is wrong.
pub(super) fn split(message: &str) -> (String, Option<String>) {
    let (mut violation, mut fix) = (Vec::new(), Vec::new());
    let mut is_fix = false;
    for line in message.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let line = if let Some(rest) = labelled(line, "violation:") {
            is_fix = false;
            rest
        } else if let Some(rest) = labelled(line, "fix:") {
            is_fix = true;
            rest
        } else {
            line
        };
        if is_fix { fix.push(line) } else { violation.push(line) }
    }
    let help = fix.join(" ");
    (violation.join(" "), (!help.is_empty()).then_some(help))
}

fn labelled<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let (start, rest) = line.split_at_checked(label.len())?;
    start.eq_ignore_ascii_case(label).then(|| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_and_its_fix_are_told_apart() {
        let message = "\n  Violation: no key,\n   and no lock\n FIX: add one\n";
        assert_eq!(split(message), ("no key, and no lock".to_owned(), Some("add one".to_owned())));
        assert_eq!(split("  it is wrong "), ("it is wrong".to_owned(), None));
        assert_eq!(split("Fix: \u{e9}"), (String::new(), Some("\u{e9}".to_owned())));
    }
}
