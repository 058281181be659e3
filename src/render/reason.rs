//! Why something cannot be done, in words.

use super::harmless::short;
use crate::cloud::ResourceOwner;
use crate::plan::{Blocked, Reason};

/// A blocked thing in one line, and the evidence, a line each.
pub(super) fn explain(blocked: &Blocked) -> (String, Vec<String>) {
    let (why, evidence) = why(&blocked.reason);
    let line = format!("{} {why}", blocked.subject);
    (short(&line).into_owned(), evidence.iter().map(|line| short(line).into_owned()).collect())
}

/// What follows the subject, and the evidence. Both as AWS and the files say it: not yet harmless.
pub(super) fn why(reason: &Reason) -> (String, Vec<String>) {
    match reason {
        Reason::VpcInUse(uses) => ("is in use and stays".to_owned(), uses.clone()),
        Reason::KeyUnusable(why) => (format!("cannot be EBS's default key: {why}"), Vec::new()),
        Reason::StackStuck { state, help } => {
            (format!("is in {state} and needs a person"), vec![help.clone()])
        }
        Reason::RegionNotEnabled => (
            "cannot be there: the account has not opted in to the region".to_owned(),
            vec![
                "say `region-opt-in: enable` in the settings of its baseline, or do not govern the region"
                    .to_owned(),
            ],
        ),
        Reason::Unreadable(error) => ("could not be read".to_owned(), vec![error.to_string()]),
        Reason::MissingOutput(source) => (
            format!(
                "needs output {} of stack {} in {} {}, which is not there and not in this plan",
                source.key, source.stack, source.account, source.region
            ),
            Vec::new(),
        ),
        Reason::AlreadyThere { resource_type, identifier, owner, help } => {
            let governed = match owner {
                ResourceOwner::Nobody => String::new(),
                ResourceOwner::Stack(_)
                | ResourceOwner::Organization(_)
                | ResourceOwner::Service(_) => format!(", which belongs to {owner}"),
            };
            let line =
                format!("would make what is there: {resource_type} {identifier}{governed}");
            (line, vec![help.clone()])
        }
        Reason::RegionBeingEnabled => (
            "must wait for AWS, which is opting in to the region".to_owned(),
            vec!["that takes minutes, at times hours: run again then".to_owned()],
        ),
        Reason::OtherAdministrator(id) => (
            format!("is another account's already: {id}"),
            vec!["avm deposes nobody: name that account in delegated-administrators, or deregister it".to_owned()],
        ),
        Reason::ManagementAccount => (
            "is nothing that AWS lets a management account be".to_owned(),
            vec!["name another account in delegated-administrators".to_owned()],
        ),
        Reason::NoManagementAccount => (
            "is declared as the management account, and no account of the organization has its \
             e-mail address"
                .to_owned(),
            Vec::new(),
        ),
        Reason::Protected => (
            "would lose something, and the account is protected".to_owned(),
            vec!["remove `protected` from the account in landing-zone.yaml to allow it".to_owned()],
        ),
    }
}
