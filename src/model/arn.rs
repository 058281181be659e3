//! ARNs, as far as avm reads them.

use super::text::checked_text;
use super::{AccountId, Region};

checked_text! {
    /// The ARN of a KMS key: `arn:aws:kms:REGION:ACCOUNT:key/ID`.
    KeyArn, "a KMS key's ARN", r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/.+$",
    |text| match parts(text) {
        Some(_) => Ok(()),
        None => Err("expected arn:PARTITION:kms:REGION:ACCOUNT:key/ID".into()),
    }
}

impl KeyArn {
    /// The region in which the key lives, and can be used.
    pub fn region(&self) -> Option<Region> {
        parts(self.as_str()).map(|(region, _)| region)
    }

    /// The account that owns the key.
    pub fn account(&self) -> Option<AccountId> {
        parts(self.as_str()).map(|(_, account)| account)
    }
}

fn parts(text: &str) -> Option<(Region, AccountId)> {
    let mut fields = text.splitn(6, ':');
    let (arn, partition, service) = (fields.next()?, fields.next()?, fields.next()?);
    let (region, account, resource) = (fields.next()?, fields.next()?, fields.next()?);
    let id = resource.strip_prefix("key/")?;
    (arn == "arn" && partition.starts_with("aws") && service == "kms" && !id.is_empty())
        .then_some(())?;
    Some((region.parse().ok()?, account.parse().ok()?))
}
