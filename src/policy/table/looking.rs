//! The calls with which every run begins: they read.

use super::{account, organization};
use crate::model::SecurityService;
use crate::policy::call::{Group, Reach, Scope, When, call, forwarded, free, named};

/// The calls of every run.
pub(super) const LOOKING: &[Group] = &[
    // What is asked of the organization, as the management account.
    organization(
        "Identity",
        "who calls, and which organization it is",
        When::Always,
        &[
            free("sts:GetCallerIdentity"),
            call("organizations:DescribeOrganization"),
            call("organizations:ListRoots"),
        ],
    ),
    organization(
        "Accounts",
        "which accounts and units there are",
        When::Always,
        &[
            call("organizations:DescribeAccount"),
            call("organizations:DescribeCreateAccountStatus"),
            call("organizations:ListAccounts"),
            call("organizations:ListAccountsForParent"),
            call("organizations:ListCreateAccountStatus"),
            call("organizations:ListOrganizationalUnitsForParent"),
        ],
    ),
    organization(
        "AccountTags",
        "the tags of accounts",
        When::Tags,
        &[call("organizations:ListTagsForResource")],
    ),
    organization(
        "S3PolicyOfOrganization",
        "who decides on public access",
        When::S3PublicAccess,
        &[call("organizations:DescribeEffectivePolicy")],
    ),
    organization(
        "TrustedServices",
        "which services are trusted",
        When::TrustedServices,
        &[call("organizations:ListAWSServiceAccessForOrganization")],
    ),
    organization(
        "Administrators",
        "who administers services",
        When::Administrators,
        &[call("organizations:ListDelegatedAdministrators")],
    ),
    organization(
        "GuardDutyAdministrator",
        "who administers GuardDuty",
        When::RegionalAdministrator(SecurityService::GuardDuty),
        &[call("guardduty:ListOrganizationAdminAccounts")],
    )
    .reaching(Reach::Governed),
    organization(
        "SecurityHubAdministrator",
        "who administers Security Hub",
        When::RegionalAdministrator(SecurityService::SecurityHub),
        &[call("securityhub:ListOrganizationAdminAccounts")],
    )
    .reaching(Reach::Governed),
    organization(
        "OrganizationTrails",
        "the trails of the organization, which members cannot read by name",
        When::AdoptionOf("AWS::CloudTrail::Trail"),
        &[
            named("cloudcontrol:ListResources", &["cloudformation:ListResources"]),
            named("cloudcontrol:GetResource", &["cloudformation:GetResource"]),
            forwarded(
                "the list and read handlers of AWS::CloudTrail::Trail (its schema)",
                &[
                    "cloudtrail:DescribeTrails",
                    "cloudtrail:GetEventConfiguration",
                    "cloudtrail:GetEventSelectors",
                    "cloudtrail:GetInsightSelectors",
                    "cloudtrail:GetTrail",
                    "cloudtrail:GetTrailStatus",
                    "cloudtrail:ListTags",
                    "cloudtrail:ListTrails",
                ],
            ),
        ],
    )
    .reaching(Reach::Governed),
    organization(
        "EnterAccounts",
        "member accounts are entered by a role",
        When::Always,
        &[call("sts:AssumeRole")],
    )
    .reaching(Reach::Home)
    .to(Scope::AccessRoles),
    // What is asked of each account.
    account(
        "Regions",
        "which regions the account has",
        When::Always,
        &[call("ec2:DescribeRegions")],
    )
    .reaching(Reach::Home),
    account(
        "RegionStates",
        "which regions the account could have",
        When::OptIn,
        &[call("account:ListRegions")],
    )
    .reaching(Reach::Global),
    account(
        "Stacks",
        "the stacks as they are",
        When::Stacks,
        &[call("cloudformation:DescribeStacks"), call("cloudformation:GetTemplate")],
    )
    .reaching(Reach::Governed),
    account(
        "ExistingResources",
        "what is there before its stack",
        When::Adoption,
        &[
            named("cloudcontrol:GetResource", &["cloudformation:GetResource"]),
            named("cloudcontrol:ListResources", &["cloudformation:ListResources"]),
            call("cloudformation:DescribeStackResources"),
        ],
    )
    .reaching(Reach::Governed),
    account(
        "GuardDutyMembership",
        "whose member an existing detector is",
        When::AdoptionOf("AWS::GuardDuty::Detector"),
        &[call("guardduty:GetAdministratorAccount")],
    )
    .reaching(Reach::Governed),
    account(
        "SecurityHubMembership",
        "whose member an existing hub is",
        When::AdoptionOf("AWS::SecurityHub::Hub"),
        &[call("securityhub:GetAdministratorAccount")],
    )
    .reaching(Reach::Governed),
    account(
        "DefaultVpc",
        "whether the default VPC is there, and unused",
        When::DefaultVpc,
        &[
            call("ec2:DescribeCarrierGateways"),
            call("ec2:DescribeEgressOnlyInternetGateways"),
            call("ec2:DescribeInternetGateways"),
            call("ec2:DescribeNatGateways"),
            call("ec2:DescribeNetworkAcls"),
            call("ec2:DescribeNetworkInterfaces"),
            call("ec2:DescribeRouteTables"),
            call("ec2:DescribeSecurityGroups"),
            call("ec2:DescribeSubnets"),
            call("ec2:DescribeTransitGatewayVpcAttachments"),
            call("ec2:DescribeVpcEndpoints"),
            call("ec2:DescribeVpcPeeringConnections"),
            call("ec2:DescribeVpcs"),
            call("ec2:DescribeVpnGateways"),
        ],
    ),
    account(
        "EbsEncryption",
        "how EBS encrypts, and with which key",
        When::Ebs,
        &[
            call("ec2:GetEbsDefaultKmsKeyId"),
            call("ec2:GetEbsEncryptionByDefault"),
            call("kms:DescribeKey"),
        ],
    )
    .reaching(Reach::Governed),
    account(
        "S3PublicAccess",
        "the setting s3-public-access",
        When::S3PublicAccess,
        &[named("s3control:GetPublicAccessBlock", &["s3:GetAccountPublicAccessBlock"])],
    )
    .reaching(Reach::Home),
    account(
        "PasswordPolicy",
        "the setting password-policy",
        When::PasswordPolicy,
        &[call("iam:GetAccountPasswordPolicy")],
    )
    .reaching(Reach::Global),
    account(
        "AccountAlias",
        "the setting account-alias",
        When::AccountAlias,
        &[call("iam:ListAccountAliases")],
    )
    .reaching(Reach::Global),
    account(
        "Contacts",
        "the setting alternate-contacts",
        When::AlternateContacts,
        &[call("account:GetAlternateContact")],
    )
    .reaching(Reach::Global),
    account(
        "LinkedRoles",
        "the setting service-linked-roles",
        When::ServiceLinkedRoles,
        &[
            call("iam:GetRole"),
            // Of a service whose role's name avm does not know.
            call("iam:ListRoles"),
        ],
    )
    .reaching(Reach::Global),
    account(
        "InstanceMetadata",
        "the setting instance-metadata",
        When::InstanceMetadata,
        &[call("ec2:GetInstanceMetadataDefaults")],
    )
    .reaching(Reach::Governed),
    account(
        "Images",
        "the setting image-public-access",
        When::ImagePublicAccess,
        &[call("ec2:GetImageBlockPublicAccessState")],
    )
    .reaching(Reach::Governed),
    account(
        "Snapshots",
        "the setting snapshot-public-access",
        When::SnapshotPublicAccess,
        &[call("ec2:GetSnapshotBlockPublicAccessState")],
    )
    .reaching(Reach::Governed),
    account(
        "SerialConsole",
        "the setting serial-console",
        When::SerialConsole,
        &[call("ec2:GetSerialConsoleAccessStatus")],
    )
    .reaching(Reach::Governed),
    account(
        "GuardDutyOrganization",
        "the setting guardduty-organization",
        When::GuardDutyOrganization,
        &[call("guardduty:DescribeOrganizationConfiguration"), call("guardduty:ListDetectors")],
    )
    .reaching(Reach::Governed),
];
