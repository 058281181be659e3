//! Consent.

use std::io::{self, BufRead};

use super::failure::Failure;
use super::printer::Printer;

/// The one word that is consent. It is asked for in full: a key pressed before the question was there is none.
const CONSENT: &str = "yes";

/// Asks whether to go on; whoever does not say `yes` has refused. Nobody who could be asked is a failure, too.
pub(super) fn consent(printer: &Printer, yes: bool, question: &str) -> Result<bool, Failure> {
    if yes {
        return Ok(true);
    }
    if !printer.is_interactive() {
        return Err(Failure::new("there is no terminal to ask for consent on")
            .hint("--yes carries the plan out without asking; --dry-run only shows it"));
    }
    printer.complain(&format!("{question} Type {CONSENT} to go on: "));
    let answer =
        read(&mut io::stdin().lock()).map_err(|error| Failure::new("no answer").cause(error))?;
    if answer.is_none() {
        // Nobody has ended the line of the question.
        printer.complain("\n");
    }
    Ok(agrees(answer.as_deref()))
}

fn agrees(answer: Option<&str>) -> bool {
    answer.is_some_and(|line| line.trim() == CONSENT)
}

/// A whole line; `None` if there is none to come (Ctrl-D).
fn read(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    let length = input.read_line(&mut line)?;
    Ok((length > 0).then_some(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_word_is_consent_and_the_end_of_input_is_none() {
        let agreed = |typed: &str| agrees(read(&mut typed.as_bytes()).unwrap().as_deref());
        assert!(agreed("yes\n") && agreed(" yes \r\n"));
        for typed in ["", "\n", "y\n", "yesterday\n", "no\nyes\n", "YES\n", "oyes\n"] {
            assert!(!agreed(typed), "{typed:?}");
        }
    }
}
