//! Whom AWS writes to besides the root user's address.
//!
//! Asked from inside the account, without its id: from the management account, AWS allows ten calls a second for the
//! whole organization, and refuses the management account's own id.

use aws_sdk_account::types::{AlternateContact as AwsContact, AlternateContactType};

use super::cloud::AwsCloud;
use super::error::{Explain as _, read, unexpected};
use crate::cloud::{ErrorKind, Result};
use crate::model::{AlternateContact, ContactType, Target};

const GET: &str = "account:GetAlternateContact";
const PUT: &str = "account:PutAlternateContact";

pub(super) async fn alternate_contact(
    cloud: &AwsCloud,
    target: &Target,
    contact: ContactType,
) -> Result<Option<AlternateContact>> {
    let call = cloud.account(target).get_alternate_contact();
    match call.alternate_contact_type(aws_type(contact)).send().await.explain(GET, target) {
        Ok(answer) => {
            let told = answer.alternate_contact();
            let told = told.ok_or_else(|| unexpected(GET, target, "no contact"))?;
            Ok(Some(read_contact(told, contact, target)?))
        }
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) async fn set_alternate_contact(
    cloud: &AwsCloud,
    target: &Target,
    contact: &AlternateContact,
) -> Result<()> {
    cloud
        .account(target)
        .put_alternate_contact()
        .alternate_contact_type(aws_type(contact.contact))
        .name(&contact.name)
        .title(&contact.title)
        .email_address(&contact.email)
        .phone_number(&contact.phone)
        .send()
        .await
        .explain(PUT, target)?;
    Ok(())
}

fn aws_type(contact: ContactType) -> AlternateContactType {
    match contact {
        ContactType::Billing => AlternateContactType::Billing,
        ContactType::Operations => AlternateContactType::Operations,
        ContactType::Security => AlternateContactType::Security,
    }
}

fn read_contact(
    told: &AwsContact,
    contact: ContactType,
    target: &Target,
) -> Result<AlternateContact> {
    Ok(AlternateContact {
        contact,
        name: read(told.name(), GET, target)?,
        title: read(told.title(), GET, target)?,
        email: read(told.email_address(), GET, target)?,
        phone: read(told.phone_number(), GET, target)?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, account, refusal, target};
    use super::*;
    use crate::cloud::{CloudReader as _, CloudWriter as _};
    use crate::model::{AccountSetting, AccountSettingKind};

    const READ: &str = "POST /getAlternateContact";
    const WRITE: &str = "POST /putAlternateContact";
    const KIND: AccountSettingKind = AccountSettingKind::AlternateContact(ContactType::Security);

    fn contact() -> AlternateContact {
        AlternateContact {
            contact: ContactType::Security,
            name: "Security".into(),
            title: "Team".into(),
            email: "security@example.com".into(),
            phone: "+49 1".into(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_contact_is_asked_for_inside_the_account() {
        let answer = Reply::json(
            r#"{"AlternateContact":{"AlternateContactType":"SECURITY","Name":"Security","Title":"Team",
                "EmailAddress":"security@example.com","PhoneNumber":"+49 1"}}"#,
        );
        let fake = Fake::new().answer(READ, [answer]);
        let state = fake.cloud().account_setting(&target().account, &KIND).await.unwrap();
        assert_eq!(state.value, Some(AccountSetting::AlternateContact(contact())));
        assert_eq!(fake.calls(READ)[0].body, r#"{"AlternateContactType":"SECURITY"}"#);
        assert_eq!(fake.count("AssumeRole"), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_without_the_contact_has_none_and_a_refusal_is_an_error() {
        for (refusal, outcome) in [
            (refusal(404, "ResourceNotFoundException", "No contact"), Ok(None)),
            (refusal(403, "AccessDeniedException", "no"), Err(ErrorKind::Denied)),
        ] {
            let fake = Fake::new().answer(READ, [refusal]);
            let state = fake.cloud().account_setting(&target().account, &KIND).await;
            assert_eq!(state.map(|state| state.value).map_err(|error| error.kind), outcome);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_management_account_sets_its_own_without_its_id() {
        let fake = Fake::new().answer(WRITE, [Reply::json("")]);
        let setting = AccountSetting::AlternateContact(contact());
        let management = account("111111111111");
        fake.cloud().set_account_setting(&management, &setting).await.unwrap();
        let body = &fake.calls(WRITE)[0].body;
        assert!(body.contains(r#""EmailAddress":"security@example.com""#), "{body}");
        assert!(!body.contains("AccountId"), "{body}");
        assert_eq!(fake.count("AssumeRole"), 0);
    }
}
