//! Why something cannot be done, in words.

use super::outline::{Part, value, words};
use crate::cloud::ResourceOwner;
use crate::plan::Reason;

/// What follows the subject, and the evidence. Both as AWS and the files say it: not yet harmless.
pub(super) fn why(reason: &Reason) -> (Vec<Part>, Vec<String>) {
    match reason {
        Reason::VpcInUse(uses) => (vec![words("is in use and stays")], uses.clone()),
        Reason::KeyUnusable(why) => {
            (vec![words("cannot be EBS's default key: "), value(why)], Vec::new())
        }
        Reason::StackStuck { state, help } => {
            (vec![words(format!("is in {state} and needs a person"))], vec![help.clone()])
        }
        Reason::RegionNotEnabled => advised(
            "cannot be there: the account has not opted in to the region",
            "say `region-opt-in: enable` in the settings of its baseline, or do not govern the region",
        ),
        Reason::Unreadable(error) => (vec![words("could not be read")], vec![error.to_string()]),
        Reason::MissingOutput(source) => (
            vec![
                words(format!("needs output {} of stack {} in ", source.key, source.stack)),
                value(source.account.as_str()),
                words(" "),
                value(source.region.as_str()),
                words(", which is not there and not in this plan"),
            ],
            Vec::new(),
        ),
        Reason::AlreadyThere { resource_type, identifier, owner, help } => {
            let mut parts =
                vec![words(format!("would make what is there: {resource_type} ")), value(identifier)];
            match owner {
                ResourceOwner::Nobody => {}
                ResourceOwner::Stack(_)
                | ResourceOwner::Organization(_)
                | ResourceOwner::Service(_) => {
                    parts.extend([words(", which belongs to "), value(owner.to_string())]);
                }
            }
            (parts, vec![help.clone()])
        }
        Reason::RegionBeingEnabled => advised(
            "must wait for AWS, which is opting in to the region",
            "that takes minutes, at times hours: run again then",
        ),
        Reason::OtherAdministrator(id) => (
            vec![words("is another account's already: "), value(id.as_str())],
            vec!["avm deposes nobody: name that account in delegated-administrators, or deregister it".to_owned()],
        ),
        Reason::ManagementAccount => advised(
            "is nothing that AWS lets a management account be",
            "name another account in delegated-administrators",
        ),
        Reason::NoManagementAccount => (
            vec![words(
                "is declared as the management account, and no account of the organization has its \
                 e-mail address",
            )],
            Vec::new(),
        ),
        Reason::Protected => advised(
            "would lose something, and the account is protected",
            "remove `protected` from the account in landing-zone.yaml to allow it",
        ),
    }
}

fn advised(why: &str, advice: &str) -> (Vec<Part>, Vec<String>) {
    (vec![words(why)], vec![advice.to_owned()])
}
