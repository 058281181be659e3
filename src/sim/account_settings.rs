//! Settings of an account.

use super::call::Call;
use super::policy;
use super::ports::SimulatedCloud;
use super::refusal::{Answer, Refusal};
use super::world::{Account, World};
use crate::cloud::{ErrorKind, Result, SettingState};
use crate::model::{
    AccountId, AccountSetting, AccountSettingKind, AlternateContact, PasswordPolicy,
    ServicePrincipal, Target,
};

/// The services whose roles every account of an organization is born with.
const BORN_WITH: [&str; 3] =
    ["organizations.amazonaws.com", "support.amazonaws.com", "trustedadvisor.amazonaws.com"];

pub(super) async fn account_setting(
    aws: &SimulatedCloud,
    account: &AccountId,
    kind: &AccountSettingKind,
) -> Result<SettingState<AccountSetting>> {
    let home = Target { account: account.clone(), region: aws.home.clone() };
    let operation = match kind {
        AccountSettingKind::S3PublicAccess => "s3control:GetPublicAccessBlock",
        AccountSettingKind::PasswordPolicy => "iam:GetAccountPasswordPolicy",
        AccountSettingKind::AccountAlias => "iam:ListAccountAliases",
        AccountSettingKind::AlternateContact(_) => "account:GetAlternateContact",
        AccountSettingKind::ServiceLinkedRole(_) => "iam:GetRole",
    };
    aws.call_at(&home, Call::read(operation), |world| {
        let decided = policy::decided(world, account, |policy| policy.account_setting(kind));
        let own = || world.accounts.get(account).and_then(|found| value(found, kind));
        let managed_by_organization = decided.is_some();
        Ok(SettingState { value: decided.cloned().or_else(own), managed_by_organization })
    })
    .await
}

fn value(account: &Account, kind: &AccountSettingKind) -> Option<AccountSetting> {
    let settings = &account.settings;
    match kind {
        AccountSettingKind::S3PublicAccess => {
            settings.s3_public_access.map(AccountSetting::S3PublicAccess)
        }
        AccountSettingKind::PasswordPolicy => {
            settings.password_policy.clone().map(AccountSetting::PasswordPolicy)
        }
        AccountSettingKind::AccountAlias => {
            settings.alias.clone().map(AccountSetting::AccountAlias)
        }
        AccountSettingKind::AlternateContact(contact) => {
            settings.contacts.get(contact).cloned().map(AccountSetting::AlternateContact)
        }
        AccountSettingKind::ServiceLinkedRole(service) => has_service_linked_role(account, service)
            .then(|| AccountSetting::ServiceLinkedRole(service.clone())),
    }
}

pub(super) fn has_service_linked_role(account: &Account, service: &ServicePrincipal) -> bool {
    BORN_WITH.contains(&service.as_str()) || account.settings.service_linked_roles.contains(service)
}

pub(super) async fn set_account_setting(
    aws: &SimulatedCloud,
    account: &AccountId,
    setting: &AccountSetting,
) -> Result<()> {
    let home = Target { account: account.clone(), region: aws.home.clone() };
    let operation = match setting {
        AccountSetting::S3PublicAccess(_) => "s3control:PutPublicAccessBlock",
        AccountSetting::PasswordPolicy(_) => "iam:UpdateAccountPasswordPolicy",
        AccountSetting::AccountAlias(_) => "iam:CreateAccountAlias",
        AccountSetting::AlternateContact(_) => "account:PutAlternateContact",
        AccountSetting::ServiceLinkedRole(_) => "iam:CreateServiceLinkedRole",
    };
    aws.call_at(&home, Call::write(operation), |world| {
        let kind = setting.kind();
        if policy::decided(world, account, |policy| policy.account_setting(&kind)).is_some() {
            return Err(Refusal::new(
                ErrorKind::Denied,
                "AccessDenied",
                "Access Denied: the account's public access block is managed by an organization policy",
            ));
        }
        check(world, account, setting)?;
        if let Some(account) = world.accounts.get_mut(account) {
            set(account, setting.clone());
        }
        Ok(())
    })
    .await
}

fn set(account: &mut Account, setting: AccountSetting) {
    let settings = &mut account.settings;
    match setting {
        AccountSetting::S3PublicAccess(access) => settings.s3_public_access = Some(access),
        AccountSetting::PasswordPolicy(policy) => settings.password_policy = Some(policy),
        // An account has one alias; a new one takes the place of the old one.
        AccountSetting::AccountAlias(alias) => settings.alias = Some(alias),
        AccountSetting::AlternateContact(contact) => {
            settings.contacts.insert(contact.contact, contact);
        }
        // A role that is there: the port takes `InvalidInput` for success.
        AccountSetting::ServiceLinkedRole(service) => {
            if !BORN_WITH.contains(&service.as_str()) {
                settings.service_linked_roles.insert(service);
            }
        }
    }
}

fn check(world: &World, account: &AccountId, setting: &AccountSetting) -> Answer<()> {
    match setting {
        AccountSetting::S3PublicAccess(_) | AccountSetting::ServiceLinkedRole(_) => Ok(()),
        AccountSetting::PasswordPolicy(policy) => password_policy(policy),
        AccountSetting::AccountAlias(alias) => account_alias(world, account, alias),
        AccountSetting::AlternateContact(contact) => alternate_contact(contact),
    }
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(ErrorKind::Refused, "ValidationError", message)
}

/// The bounds of `UpdateAccountPasswordPolicy`.
fn password_policy(policy: &PasswordPolicy) -> Answer<()> {
    let days = policy.max_age_days;
    for (name, fits) in [
        ("minimumPasswordLength", (6..=128).contains(&policy.minimum_length)),
        ("maxPasswordAge", days.is_none_or(|days| (1..=1_095).contains(&days))),
        ("passwordReusePrevention", policy.reuse_prevention.is_none_or(|n| (1..=24).contains(&n))),
    ] {
        if !fits {
            return Err(invalid(format!(
                "1 validation error detected: Value at '{name}' failed to satisfy constraint"
            )));
        }
    }
    Ok(())
}

/// An alias is a name in the sign-in pages' domain: unique among all accounts of AWS.
fn account_alias(world: &World, account: &AccountId, alias: &str) -> Answer<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let well_formed = (3..=63).contains(&alias.len())
        && alias.chars().all(plain)
        && !alias.starts_with('-')
        && !alias.ends_with('-')
        && !alias.contains("--")
        && alias.parse::<AccountId>().is_err();
    if !well_formed {
        return Err(invalid(
            "1 validation error detected: Value at 'accountAlias' failed to satisfy constraint: Member \
             must satisfy regular expression pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$",
        ));
    }
    let mut others = world.accounts.iter().filter(|(id, _)| *id != account);
    let taken = others.any(|(_, other)| other.settings.alias.as_deref() == Some(alias));
    if taken || world.foreign_aliases.contains(alias) {
        return Err(Refusal::new(
            ErrorKind::Conflict,
            "EntityAlreadyExists",
            format!("The account alias {alias} already exists."),
        ));
    }
    Ok(())
}

/// The bounds of `PutAlternateContact`.
fn alternate_contact(contact: &AlternateContact) -> Answer<()> {
    let AlternateContact { contact: _, name, title, email, phone } = contact;
    let (user, domain) = email.split_once('@').unwrap_or_default();
    let is_phone = |c: char| c.is_ascii_digit() || c.is_whitespace() || "()+-".contains(c);
    for (field, fits) in [
        ("name", (1..=64).contains(&name.chars().count())),
        ("title", (1..=50).contains(&title.chars().count())),
        ("emailAddress", !user.is_empty() && domain.contains('.') && email.len() <= 254),
        ("phoneNumber", (1..=25).contains(&phone.len()) && phone.chars().all(is_phone)),
    ] {
        if !fits {
            return Err(Refusal::new(
                ErrorKind::Refused,
                "ValidationException",
                format!(
                    "1 validation error detected: Value at '{field}' failed to satisfy constraint"
                ),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::model::{ContactType, S3PublicAccess};
    use crate::sim::world::OrganizationPolicy;
    use crate::sim::{Simulation, SimulationSettings};

    const OPEN: S3PublicAccess = S3PublicAccess {
        block_public_acls: false,
        ignore_public_acls: false,
        block_public_policy: false,
        restrict_public_buckets: false,
    };

    fn simulation() -> Simulation {
        Simulation::new(SimulationSettings::default())
            .with_account("dev", "dev@example.com", "Workloads/Dev")
            .with_account("other", "other@example.com", "/")
    }

    async fn read(simulation: &Simulation, kind: &AccountSettingKind) -> Option<AccountSetting> {
        let dev = simulation.account_id("dev").unwrap();
        simulation.cloud().account_setting(&dev, kind).await.unwrap().value
    }

    #[tokio::test(start_paused = true)]
    async fn a_setting_is_nothing_until_it_is_set_and_then_what_was_set() {
        let simulation = simulation();
        let (aws, dev) = (simulation.cloud(), simulation.account_id("dev").unwrap());
        let contact = AlternateContact {
            contact: ContactType::Security,
            name: "Security".into(),
            title: "Team".into(),
            email: "security@example.com".into(),
            phone: "+43 1 0000".into(),
        };
        let settings = [
            AccountSetting::S3PublicAccess(S3PublicAccess::BLOCKED),
            AccountSetting::PasswordPolicy(PasswordPolicy {
                minimum_length: 14,
                ..PasswordPolicy::default()
            }),
            AccountSetting::AccountAlias("acme-dev".into()),
            AccountSetting::AlternateContact(contact),
            AccountSetting::ServiceLinkedRole("config.amazonaws.com".parse().unwrap()),
        ];
        for setting in settings {
            let kind = setting.kind();
            assert_eq!(read(&simulation, &kind).await, None);
            for _ in 0..2 {
                aws.set_account_setting(&dev, &setting).await.unwrap();
            }
            assert_eq!(read(&simulation, &kind).await, Some(setting));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn every_account_is_born_with_the_role_of_organizations() {
        let kind =
            AccountSettingKind::ServiceLinkedRole("organizations.amazonaws.com".parse().unwrap());
        assert!(read(&simulation(), &kind).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn an_alias_is_unique_in_the_world_and_replaces_its_predecessor() {
        let simulation = simulation().with_account_alias_elsewhere("acme");
        let aws = simulation.cloud();
        let set = async |account: &str, alias: &str| {
            let account = simulation.account_id(account).unwrap();
            let setting = AccountSetting::AccountAlias(alias.into());
            aws.set_account_setting(&account, &setting).await.map_err(|error| error.code)
        };
        assert_eq!(set("dev", "acme").await, Err("EntityAlreadyExists".into()));
        assert_eq!(set("dev", "acme-dev").await, Ok(()));
        assert_eq!(set("other", "acme-dev").await, Err("EntityAlreadyExists".into()));
        assert_eq!(set("dev", "acme-uat").await, Ok(()));
        assert_eq!(set("other", "acme-dev").await, Ok(()));
        for alias in ["ab", "Acme", "-acme", "a--b", "123456789012"] {
            assert_eq!(set("dev", alias).await, Err("ValidationError".into()), "{alias}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_policy_of_the_organization_decides_cannot_be_set() {
        let blocked = AccountSetting::S3PublicAccess(S3PublicAccess::BLOCKED);
        let simulation = simulation()
            .with_organization_policy("Workloads", OrganizationPolicy::Account(blocked.clone()));
        let aws = simulation.cloud();
        let (dev, other) =
            (simulation.account_id("dev").unwrap(), simulation.account_id("other").unwrap());
        let open = AccountSetting::S3PublicAccess(OPEN);
        let error = aws.set_account_setting(&dev, &open).await.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (ErrorKind::Denied, "AccessDenied"));
        let state = aws.account_setting(&dev, &open.kind()).await.unwrap();
        assert_eq!(state, SettingState { value: Some(blocked), managed_by_organization: true });
        aws.set_account_setting(&other, &open).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn values_out_of_aws_s_bounds_are_refused() {
        let simulation = simulation();
        let (aws, dev) = (simulation.cloud(), simulation.account_id("dev").unwrap());
        let short = PasswordPolicy { minimum_length: 5, ..PasswordPolicy::default() };
        let contact = AlternateContact {
            contact: ContactType::Billing,
            name: "Bills".into(),
            title: "Team".into(),
            email: "nobody".into(),
            phone: "1".into(),
        };
        let settings =
            [AccountSetting::PasswordPolicy(short), AccountSetting::AlternateContact(contact)];
        for setting in settings {
            let error = aws.set_account_setting(&dev, &setting).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Refused, "{error}");
        }
    }
}
