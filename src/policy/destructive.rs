//! What sessions in protected accounts are denied.

use std::collections::BTreeSet;

use super::call::Purpose;
use super::table::table;

/// The permissions by which something of the customer's could be destroyed. A permission that a run for `purpose` needs
/// for something harmless as well is not among them: a preview removes stacks that only its own change sets have begun.
pub fn destructive(purpose: Purpose) -> BTreeSet<&'static str> {
    let needed = table().filter(|group| group.by.serves(purpose)).flat_map(|group| group.calls);
    let harmless: BTreeSet<_> =
        needed.filter(|call| !call.destroys).flat_map(|call| call.actions()).collect();
    let calls = table().flat_map(|group| group.calls).filter(|call| call.destroys);
    calls.flat_map(|call| call.actions()).filter(|action| !harmless.contains(action)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Protection;

    const VPC: [&str; 4] = [
        "ec2:DeleteInternetGateway",
        "ec2:DeleteSubnet",
        "ec2:DeleteVpc",
        "ec2:DetachInternetGateway",
    ];

    #[test]
    fn a_run_may_not_delete_stacks_nor_parts_of_a_vpc_and_a_preview_may_tidy_up() {
        let mut all: BTreeSet<_> = VPC.into();
        assert_eq!(destructive(Purpose::Preview), all);
        all.insert("cloudformation:DeleteStack");
        assert_eq!(destructive(Purpose::Apply), all);
    }

    #[test]
    fn no_call_whose_name_says_that_it_deletes_is_forgotten() {
        // What a change set leaves behind is avm's own, and so is a lease.
        let own = ["cloudformation:DeleteChangeSet", "s3:DeleteObject"];
        let denied = destructive(Purpose::Apply);
        let all = table().filter(|group| group.by.serves(Purpose::Apply));
        for action in all.flat_map(|group| group.calls).flat_map(|call| call.actions()) {
            let word = action.split_once(':').map_or("", |(_, word)| word);
            if ["Delete", "Detach", "Terminate"].iter().any(|start| word.starts_with(start)) {
                assert!(denied.contains(action) || own.contains(&action), "{action}");
            }
        }
    }

    #[test]
    fn the_policy_of_a_session_fits() {
        for purpose in [Purpose::Preview, Purpose::Apply] {
            let account = "222222222222".parse().unwrap();
            let accounts = BTreeSet::from([account]);
            let protection = Protection { accounts, denied: destructive(purpose) };
            let policy = protection.session_policy(&"222222222222".parse().unwrap()).unwrap();
            assert!(policy.chars().count() <= Protection::MAX_CHARACTERS, "{}", policy.len());
            assert_eq!(protection.session_policy(&"333333333333".parse().unwrap()), None);
        }
    }
}
