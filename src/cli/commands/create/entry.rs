//! The account's entry in landing-zone.yaml: there, or about to be.

use std::collections::BTreeSet;
use std::path::PathBuf;

use similar::{ChangeTag, TextDiff};

use super::faults;
use crate::cli::arguments::EntryArguments;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::cli::run::Context;
use crate::cli::{diagnostics, file};
use crate::desired::{Folder, NewAccountEntry, add_account, load, load_with, nearest};
use crate::document::Source;
use crate::model::AccountName;
use crate::render::harmless;

/// A folder that declares the account.
#[derive(Debug)]
pub(super) struct Declared {
    /// The folder, with the entry.
    pub(super) folder: Folder,
    /// The file, its text before, and its text to be; `None` if it declares the account already.
    change: Option<Change>,
}

#[derive(Debug)]
struct Change {
    path: PathBuf,
    before: Source,
    after: String,
}

/// Loads the folder; where it does not declare the account, as if it did. Nothing is written.
pub(super) fn declare<P>(
    context: &Context<'_, P>,
    name: &AccountName,
    arguments: &EntryArguments,
) -> Result<Declared, Failure> {
    let (directory, printer) = (&context.global.directory, context.printer);
    let faulty = |faults| diagnostics::show(printer, &faults);
    let folder = load(directory).map_err(faulty)?;
    let given = given(arguments);
    if folder.state.accounts.contains_key(name) {
        if given.is_empty() {
            return Ok(Declared { folder, change: None });
        }
        return Err(Failure::new(format!(
            "landing-zone.yaml declares {name} already, so {} cannot be given",
            given.join(", ")
        ))
        .hint("change the entry in the file, or leave the options out"));
    }
    let entry = entry(&folder, name, arguments)?;
    let before = folder.landing_zone;
    let after = add_account(&before, &entry).map_err(|faults| faulty(faults.into()))?;
    let folder =
        load_with(directory, &Source::new(before.name(), &after)).map_err(|faults| Failure {
            message: format!("{name} cannot be added to {}", before.name()),
            ..faulty(faults::of_options(&before, &faults))
        })?;
    let path = directory.join(before.name());
    Ok(Declared { folder, change: Some(Change { path, before, after }) })
}

impl Declared {
    /// Whether the file will have to be changed.
    pub(super) fn changes_the_file(&self) -> bool {
        self.change.is_some()
    }

    /// Shows the lines that the file will gain.
    pub(super) fn show(&self, printer: &Printer, asked: bool) {
        let Some(change) = &self.change else { return };
        let difference = TextDiff::from_lines(change.before.text(), change.after.as_str());
        printer.before_asking(change.before.name(), asked);
        for line in difference.iter_all_changes() {
            let mark = match line.tag() {
                ChangeTag::Equal => continue,
                ChangeTag::Insert => '+',
                ChangeTag::Delete => '-',
            };
            let line = format!("  {mark} {}", harmless(line.value().trim_end()));
            printer.before_asking(&line, asked);
        }
    }

    /// Writes the file, unless somebody else has changed it since it was read.
    pub(super) fn write(&self, printer: &Printer) -> Result<(), Failure> {
        let Some(change) = &self.change else { return Ok(()) };
        if file::read(&change.path)? != change.before.text() {
            let message = format!("{} was changed in the meantime", change.path.display());
            return Err(Failure::new(message).hint("nothing was written; run the command again"));
        }
        file::write(&change.path, &change.after)?;
        printer.say(&format!("Wrote {}", change.path.display()));
        Ok(())
    }
}

fn entry(
    folder: &Folder,
    name: &AccountName,
    arguments: &EntryArguments,
) -> Result<NewAccountEntry, Failure> {
    let EntryArguments { email, ou, baseline, environment, wave, tags } = arguments;
    let (Some(email), Some(ou), Some(baseline)) = (email, ou, baseline) else {
        let missing: Vec<_> = [
            ("--email", email.is_none()),
            ("--ou", ou.is_none()),
            ("--baseline", baseline.is_none()),
        ]
        .into_iter()
        .filter_map(|(option, missing)| missing.then_some(option))
        .collect();
        let mut failure = Failure::new(format!("landing-zone.yaml does not declare {name}"));
        let declared = folder.state.accounts.keys().map(AccountName::as_str);
        if let Some(near) = nearest(name.as_str(), declared) {
            failure = failure.hint(format!("did you mean {near}?"));
        }
        let more = match environment {
            None => ", and --environment if the baseline takes values of one",
            Some(_) => "",
        };
        return Err(failure.hint(format!("to add it, give {}{more}", missing.join(", "))));
    };
    let mut keys = BTreeSet::new();
    if let Some((key, _)) = tags.iter().find(|(key, _)| !keys.insert(key)) {
        return Err(Failure::new(format!("--tag {key} is given twice")));
    }
    Ok(NewAccountEntry {
        name: name.clone(),
        email: email.clone(),
        ou: ou.clone(),
        environment: environment.clone(),
        baseline: baseline.clone(),
        wave: wave.clone(),
        tags: tags.iter().cloned().collect(),
    })
}

fn given(arguments: &EntryArguments) -> Vec<&'static str> {
    let EntryArguments { email, ou, baseline, environment, wave, tags } = arguments;
    [
        ("--email", email.is_some()),
        ("--ou", ou.is_some()),
        ("--baseline", baseline.is_some()),
        ("--environment", environment.is_some()),
        ("--wave", wave.is_some()),
        ("--tag", !tags.is_empty()),
    ]
    .into_iter()
    .filter_map(|(option, given)| given.then_some(option))
    .collect()
}
