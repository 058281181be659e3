//! Services of the whole organization, and the account that administers them.

use crate::harness::{GuardDutyOrganization, Speed, World};

const GOVERNED: [&str; 2] = ["eu-west-1", "us-east-1"];
const SERVICES: [&str; 5] = [
    "access-analyzer.amazonaws.com",
    "config-multiaccountsetup.amazonaws.com",
    "config.amazonaws.com",
    "guardduty.amazonaws.com",
    "securityhub.amazonaws.com",
];

#[test]
fn the_account_security_administers_the_organizations_services_and_has_its_members() {
    let world = World::new(Speed::AtOnce);

    world.avm(&["create", "security", "--yes"]).expect_code(0);

    let security = world.aws.member("aws+security@example.com");
    let mut trusted = world.aws.trusted_services();
    assert!(trusted.remove("malware-protection.guardduty.amazonaws.com"));
    assert_eq!(trusted, SERVICES.map(str::to_owned).into());
    for service in SERVICES {
        assert_eq!(world.aws.administrators(service), [&*security.id], "{service}");
    }
    let archive = world.aws.member("aws+log-archive@example.com");
    for region in GOVERNED {
        assert_eq!(world.aws.regional_administrators(region), [&*security.id, &*security.id]);
        let organization = GuardDutyOrganization {
            members: "ALL".to_owned(),
            features: ["EBS_MALWARE_PROTECTION".to_owned()].into(),
        };
        assert_eq!(security.guardduty_organization(region), organization);
        assert_eq!(archive.guardduty_administrator(region), Some(security.id.clone()));
    }
    for region in ["eu-central-1", "us-east-2"] {
        assert!(world.aws.regional_administrators(region).is_empty(), "{region} is not governed");
    }

    world.forget_calls();
    world.avm(&["plan", "--account", "security", "--detailed-exitcode"]).expect_code(0);
    assert_eq!(world.mutating_calls(), []);
}
