//! AWS regions.

use super::text::{checked_text, made_of};

checked_text! {
    /// A region's name. Any well-formed name is one, since AWS adds regions; [`Region::is_known`] tells the
    /// ones that this version has heard of.
    Region, "a region", r"^[a-z]{2,3}(-[a-z]+)+-\d{1,2}$",
    |text| super::text::expect(well_formed(text), "expected a name like eu-west-1")
}

impl Region {
    /// Whether this version of avm knows the region.
    pub fn is_known(&self) -> bool {
        KNOWN.contains(&self.as_str())
    }

    /// Every region that this version knows.
    pub fn known() -> impl Iterator<Item = Self> {
        KNOWN.iter().map(|name| Self((*name).to_owned()))
    }

    /// The regions that a new account of the `aws` partition has without opting in.
    pub fn enabled_by_default() -> impl Iterator<Item = Self> {
        KNOWN[..ENABLED_BY_DEFAULT].iter().map(|name| Self((*name).to_owned()))
    }

    /// The partition that the region belongs to: the second part of an ARN.
    pub fn partition(&self) -> &'static str {
        match self.as_str() {
            name if name.starts_with("cn-") => "aws-cn",
            name if name.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }

    /// The domain of AWS's services in the region's partition.
    pub fn dns_suffix(&self) -> &'static str {
        if self.partition() == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" }
    }
}

fn well_formed(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let [first, middle @ .., number] = parts.as_slice() else { return false };
    !middle.is_empty()
        && made_of(first, 2, 3, |c| c.is_ascii_lowercase())
        && middle.iter().all(|part| made_of(part, 1, 16, |c| c.is_ascii_lowercase()))
        && made_of(number, 1, 2, |c| c.is_ascii_digit())
}

const ENABLED_BY_DEFAULT: usize = 17;

/// The regions enabled by default first (aws-behaviour §3), then the opt-in ones and the other partitions'.
const KNOWN: [&str; 38] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "cn-north-1",
    "cn-northwest-1",
    "us-gov-east-1",
    "us-gov-west-1",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_region_is_well_formed_and_seventeen_need_no_opt_in() {
        assert!(KNOWN.iter().all(|name| well_formed(name)));
        assert_eq!(Region::enabled_by_default().count(), 17);
        assert!(!"eu-west".parse::<Region>().is_ok_and(|region| region.is_known()));
    }
}
