//! The whole folder.

use std::path::Path;

use super::check::check;
use super::decode::decode;
use super::library::Library;
use super::read::{MAX_LANDING_ZONE_BYTES, read};
use super::state::DesiredState;
use crate::document::{Diagnostics, Source};
use crate::template::Digest;

/// The name of the file that makes a folder a landing zone.
const LANDING_ZONE: &str = "landing-zone.yaml";

/// A folder that was read and has no fault.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Everything that the files say, for all accounts.
    pub state: DesiredState,
    /// landing-zone.yaml as it was read.
    pub landing_zone: Source,
    /// The other files that were read.
    others: Vec<Source>,
}

/// Reads a folder; all faults of all files at once. Calls nothing but the file system.
pub fn load(directory: &Path) -> Result<Folder, Diagnostics> {
    match read(directory, LANDING_ZONE, MAX_LANDING_ZONE_BYTES) {
        Ok(source) => load_with(directory, &source),
        Err(fault) if fault.code == "missing-file" => Err(vec![
            fault.help("`avm init` writes a folder to start from; -C names another folder"),
        ]
        .into()),
        Err(fault) => {
            let mut faults = vec![fault];
            Library::read(directory, &mut faults);
            Err(faults.into())
        }
    }
}

/// Reads a folder as if its landing-zone.yaml were `landing_zone`: to check a change before it is written.
pub fn load_with(directory: &Path, landing_zone: &Source) -> Result<Folder, Diagnostics> {
    let (file, mut faults) = decode(landing_zone);
    let library = Library::read(directory, &mut faults);
    let state = file.and_then(|file| check(landing_zone, &file, &library, &mut faults));
    match state {
        Some(state) => {
            Ok(Folder { state, landing_zone: landing_zone.clone(), others: library.sources })
        }
        None => Err(faults.into()),
    }
}

impl Folder {
    /// The SHA-256 over the names and contents of all files that were read, in hexadecimal: the same for two
    /// folders that say the same in the same words. Templates that no baseline names do not count.
    pub fn digest(&self) -> String {
        let mut sources: Vec<_> = self.others.iter().chain([&self.landing_zone]).collect();
        sources.sort_by_key(|source| source.name());
        let mut text = String::new();
        for source in sources {
            for part in [source.name(), source.text()] {
                // The length before each part: no two folders may give the same text.
                text.push_str(&part.len().to_string());
                text.push(' ');
                text.push_str(part);
            }
        }
        Digest::of_text(&text).as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desired::fixture::Fixture;
    use crate::desired::{AccountFact, DesiredKey, DesiredValue, OutputRegion};

    #[test]
    fn values_are_taken_from_the_environment_the_account_and_other_stacks() {
        let state = Fixture::acme().load().state;
        let account = &state.accounts[&"orders-uat".parse().unwrap()];
        let parameters = &account.stacks[1].parameters;
        let literal = |text: &str| DesiredValue::Literal(text.to_owned());
        assert_eq!(parameters["Environment"], literal("uat"));
        assert_eq!(parameters["Partners"], literal("000000000022,333333333333"));
        assert_eq!(parameters["Size"], literal("007"));
        assert_eq!(parameters["Mail"], literal("aws+orders-uat@example.com"));
        assert_eq!(parameters["Organization"], literal("o-exampleorg1"));
        assert_eq!(parameters["Owner"], DesiredValue::Account(AccountFact::Id));
        let output = |account: &str, region| DesiredValue::Output {
            account: account.parse().unwrap(),
            stack: "topic".parse().unwrap(),
            key: "TopicArn".to_owned(),
            region,
        };
        let home = OutputRegion::Fixed("eu-west-1".parse().unwrap());
        assert_eq!(parameters["Topic"], output("orders-uat", OutputRegion::Same));
        assert_eq!(parameters["Logs"], output("logs", home));
        assert_eq!(account.ebs_key, Some(DesiredKey::Reference("alias/uat/ec2".to_owned())));
        assert!(account.delete_default_vpcs && !account.protected);
        assert_eq!(account.wave.as_str(), "rest");
    }

    #[test]
    fn a_management_account_is_protected() {
        let fixture = Fixture::acme();
        fixture.replace("landing-zone.yaml", "wave: core", "wave: core, management: true");
        fixture.replace("landing-zone.yaml", "ou: Core", "ou: /");
        let state = fixture.load().state;
        let account = &state.accounts[&"logs".parse().unwrap()];
        assert!(account.management && account.protected);
    }

    #[test]
    fn a_template_too_big_for_a_request_needs_a_bucket() {
        let fixture = Fixture::acme();
        let padding = format!("Resources: # {}\n", "x".repeat(60_000));
        fixture.replace("templates/topic.yaml", "Resources:\n", &padding);
        assert_eq!(fixture.codes(), ["no-artifacts-bucket", "no-artifacts-bucket"]);
        fixture.replace(
            "landing-zone.yaml",
            "waves:",
            "artifacts: {bucket: acme-artifacts}\nwaves:",
        );
        assert!(fixture.codes().is_empty());
    }

    #[test]
    fn a_change_can_be_checked_before_it_is_written() {
        let fixture = Fixture::acme();
        let text = fixture.load().landing_zone.text().replace("baseline: logs", "baseline: log");
        let faults = load_with(fixture.path(), &Source::new("landing-zone.yaml", &text));
        assert_eq!(
            faults.unwrap_err().iter().next().map(|fault| fault.code.as_ref()),
            Some("unknown-baseline")
        );
    }

    #[test]
    fn the_digest_changes_with_every_file_that_matters_and_with_no_other() {
        let fixture = Fixture::acme();
        let before = fixture.load().digest();
        fixture.write("templates/unused.yaml", "Resources: {}");
        assert_eq!(fixture.load().digest(), before);
        for file in ["landing-zone.yaml", "baselines/standard.yaml", "templates/topic.yaml"] {
            let before = fixture.load().digest();
            fixture.write(file, &format!("# changed\n{}", fixture.read(file)));
            assert_ne!(fixture.load().digest(), before, "{file}");
        }
    }
}
