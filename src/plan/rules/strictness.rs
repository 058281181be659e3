//! Whether a setting that is wanted protects less than the one that is there. It is changed all the same, because
//! the files say what holds; whoever reads the plan is told, since no step that only changes values looks like a loss.

use crate::model::{
    AccountSetting, AutoEnable, HttpTokens, ImagePublicAccess, InstanceMetadata, PasswordPolicy,
    RegionSetting, S3PublicAccess, SerialConsole, SnapshotPublicAccess,
};

/// Whether an account with `wanted` is less protected than with `now`, in anything.
pub(super) fn weakens_account(wanted: &AccountSetting, now: &AccountSetting) -> bool {
    match (wanted, now) {
        (AccountSetting::PasswordPolicy(wanted), AccountSetting::PasswordPolicy(now)) => {
            weaker_passwords(wanted, now)
        }
        (AccountSetting::S3PublicAccess(wanted), AccountSetting::S3PublicAccess(now)) => {
            switches(*now).into_iter().zip(switches(*wanted)).any(|(now, wanted)| now && !wanted)
        }
        _ => false,
    }
}

/// Whether a region with `wanted` is less protected than with `now`, in anything.
pub(super) fn weakens_region(wanted: &RegionSetting, now: &RegionSetting) -> bool {
    use RegionSetting as S;
    match (wanted, now) {
        (S::InstanceMetadata(wanted), S::InstanceMetadata(now)) => weaker_metadata(*wanted, *now),
        (S::ImagePublicAccess(wanted), S::ImagePublicAccess(now)) => {
            *wanted == ImagePublicAccess::Unblocked && wanted != now
        }
        (S::SnapshotPublicAccess(wanted), S::SnapshotPublicAccess(now)) => {
            blocked(*wanted) < blocked(*now)
        }
        (S::SerialConsole(wanted), S::SerialConsole(now)) => {
            *wanted == SerialConsole::Enabled && wanted != now
        }
        (S::GuardDutyOrganization(wanted), S::GuardDutyOrganization(now)) => {
            let watched = |name: &String| now.features.get(name).copied().map_or(0, reached);
            reached(wanted.auto_enable) < reached(now.auto_enable)
                || wanted.features.iter().any(|(name, wanted)| reached(*wanted) < watched(name))
        }
        _ => false,
    }
}

fn weaker_passwords(wanted: &PasswordPolicy, now: &PasswordPolicy) -> bool {
    let demands = |policy: &PasswordPolicy| {
        [
            policy.require_symbols,
            policy.require_numbers,
            policy.require_uppercase,
            policy.require_lowercase,
            policy.hard_expiry,
        ]
    };
    let lost = demands(now).into_iter().zip(demands(wanted)).any(|(now, wanted)| now && !wanted);
    let days = |policy: &PasswordPolicy| policy.max_age_days.unwrap_or(u16::MAX);
    lost || wanted.minimum_length < now.minimum_length
        || days(wanted) > days(now)
        || wanted.reuse_prevention < now.reuse_prevention
}

fn weaker_metadata(wanted: InstanceMetadata, now: InstanceMetadata) -> bool {
    let open = wanted.http_tokens == Some(HttpTokens::Optional);
    let farther = wanted.hop_limit.zip(now.hop_limit).is_some_and(|(wanted, now)| wanted > now);
    farther || (open && now.http_tokens == Some(HttpTokens::Required))
}

fn switches(block: S3PublicAccess) -> [bool; 4] {
    [
        block.block_public_acls,
        block.ignore_public_acls,
        block.block_public_policy,
        block.restrict_public_buckets,
    ]
}

fn blocked(access: SnapshotPublicAccess) -> u8 {
    match access {
        SnapshotPublicAccess::Unblocked => 0,
        SnapshotPublicAccess::BlockNewSharing => 1,
        SnapshotPublicAccess::BlockAllSharing => 2,
    }
}

/// How many accounts get something by themselves.
fn reached(auto_enable: AutoEnable) -> u8 {
    match auto_enable {
        AutoEnable::None => 0,
        AutoEnable::New => 1,
        AutoEnable::All => 2,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::GuardDutyOrganization;

    #[test]
    fn a_password_policy_is_weaker_if_it_demands_less_of_anything() {
        let now = PasswordPolicy {
            minimum_length: 16,
            require_symbols: true,
            max_age_days: Some(90),
            reuse_prevention: Some(24),
            ..PasswordPolicy::default()
        };
        let weakens = |change: fn(&mut PasswordPolicy)| {
            let mut wanted = now.clone();
            change(&mut wanted);
            let [wanted, now] = [wanted, now.clone()].map(AccountSetting::PasswordPolicy);
            weakens_account(&wanted, &now)
        };
        assert!(weakens(|policy| policy.minimum_length = 14));
        assert!(weakens(|policy| policy.require_symbols = false));
        assert!(weakens(|policy| policy.max_age_days = None));
        assert!(weakens(|policy| policy.max_age_days = Some(120)));
        assert!(weakens(|policy| policy.reuse_prevention = None));
        assert!(!weakens(|policy| policy.minimum_length = 20));
        assert!(!weakens(|policy| policy.max_age_days = Some(30)));
        assert!(!weakens(|policy| policy.require_numbers = true));
    }

    #[test]
    fn a_region_is_less_protected_if_more_is_let_through() {
        use AutoEnable::{All, New, None as Off};
        let snapshots = RegionSetting::SnapshotPublicAccess;
        let [all, new, none] = [
            SnapshotPublicAccess::BlockAllSharing,
            SnapshotPublicAccess::BlockNewSharing,
            SnapshotPublicAccess::Unblocked,
        ]
        .map(snapshots);
        let metadata = |http_tokens, hop_limit| {
            RegionSetting::InstanceMetadata(InstanceMetadata { http_tokens, hop_limit })
        };
        let (required, optional) = (Some(HttpTokens::Required), Some(HttpTokens::Optional));
        let guardduty = |auto_enable, feature| {
            let features = BTreeMap::from([("S3_DATA_EVENTS".to_owned(), feature)]);
            RegionSetting::GuardDutyOrganization(GuardDutyOrganization { auto_enable, features })
        };
        for (wanted, now, weaker) in [
            (&new, &all, true),
            (&none, &new, true),
            (&all, &new, false),
            (&metadata(optional, None), &metadata(required, None), true),
            (&metadata(required, Some(2)), &metadata(None, Some(1)), true),
            (&metadata(required, None), &metadata(optional, Some(1)), false),
            (&guardduty(New, All), &guardduty(All, All), true),
            (&guardduty(All, Off), &guardduty(All, New), true),
            (&guardduty(All, All), &guardduty(New, Off), false),
        ] {
            assert_eq!(weakens_region(wanted, now), weaker, "{wanted:?} {now:?}");
        }
    }
}
