//! The calls by which something is made, for a preview or for good.

use super::{account, organization};
use crate::model::SecurityService;
use crate::policy::call::{By, Group, Place, Reach, Scope, When, call, forwarded, named};

/// The calls of previews and of runs that change something.
pub(super) const CHANGING: &[Group] = &[
    // Change sets, of previews and of imports.
    account(
        "ChangeSets",
        "what CloudFormation would do",
        When::Stacks,
        &[
            call("cloudformation:CreateChangeSet"),
            call("cloudformation:DeleteChangeSet"),
            call("cloudformation:DescribeChangeSet"),
            call("cloudformation:DescribeEvents"),
        ],
    )
    .done(By::ChangeSets)
    .to(Scope::Stacks),
    account(
        "ChangeSetsOfOthers",
        "whether a stack is there for nothing but a change set",
        When::Stacks,
        &[call("cloudformation:ListChangeSets"), call("cloudformation:ListStackResources")],
    )
    .done(By::ChangeSets)
    .to(Scope::Stacks),
    account(
        "LeftoversOfPreviews",
        "a stack that a change set has begun, and nothing else, is removed again",
        When::Stacks,
        &[call("cloudformation:DeleteStack")],
    )
    .done(By::Previewing)
    .to(Scope::Stacks),
    account(
        "TemplateUrls",
        "a template that is too big to be sent",
        When::Artifacts,
        &[forwarded(
            "CloudFormation reads TemplateURL as the caller (its user guide, on IAM)",
            &["s3:GetObject"],
        )],
    )
    .done(By::ChangeSets)
    .to(Scope::Artifacts),
    // What is changed in the organization.
    organization(
        "MakeAccounts",
        "accounts are made",
        When::Always,
        &[call("organizations:CreateAccount")],
    )
    .done(By::Changing),
    organization(
        "PlaceAccounts",
        "units are made, and accounts moved to them",
        When::Always,
        &[call("organizations:CreateOrganizationalUnit"), call("organizations:MoveAccount")],
    )
    .done(By::Changing)
    .to(Scope::Organization),
    // Not narrowed: AWS does not say which resource it looks at for the tags of an account that is yet to be made.
    organization(
        "TagAccounts",
        "accounts are tagged, also as they are made",
        When::Tags,
        &[call("organizations:TagResource")],
    )
    .done(By::Changing),
    organization(
        "TrustServices",
        "services are let into all accounts",
        When::TrustedServices,
        &[call("organizations:EnableAWSServiceAccess")],
    )
    .done(By::Changing)
    .to(Scope::ServicePrincipals),
    organization(
        "AppointAdministrators",
        "administrators are registered",
        When::Administrators,
        &[call("organizations:RegisterDelegatedAdministrator")],
    )
    .done(By::Changing)
    .to(Scope::ServicePrincipals),
    organization(
        "AppointForGuardDuty",
        "the administrator of GuardDuty is appointed",
        When::RegionalAdministrator(SecurityService::GuardDuty),
        &[
            call("guardduty:EnableOrganizationAdminAccount"),
            forwarded(REGISTERS_ITSELF, REGISTRATION),
        ],
    )
    .done(By::Changing)
    .reaching(Reach::Governed),
    organization(
        "AppointForSecurityHub",
        "the administrator of Security Hub is appointed",
        When::RegionalAdministrator(SecurityService::SecurityHub),
        &[
            call("securityhub:EnableOrganizationAdminAccount"),
            forwarded(REGISTERS_ITSELF, REGISTRATION),
        ],
    )
    .done(By::Changing)
    .reaching(Reach::Governed),
    organization(
        "StoreTemplates",
        "templates that are too big to be sent",
        When::Artifacts,
        &[
            // HEAD of an object is asked for as its reading.
            named("s3:HeadObject", &["s3:GetObject"]),
            call("s3:PutObject"),
        ],
    )
    .done(By::ChangeSets)
    .reaching(Reach::Home)
    .to(Scope::Artifacts),
    organization(
        "HoldLease",
        "one run at a time: its lease is taken, renewed, and given back",
        When::Lease,
        // To delete an object of a certain ETag it has to be readable ("How to perform conditional deletes").
        &[call("s3:DeleteObject"), call("s3:GetObject"), call("s3:PutObject")],
    )
    .done(By::Changing)
    .reaching(Reach::Home)
    .to(Scope::Lease),
    account(
        "Gates",
        "the alarms that hold later waves back",
        When::Gates,
        &[call("cloudwatch:DescribeAlarms")],
    )
    .done(By::Changing),
    // What is changed in each account.
    Group {
        sid: "NewAccounts",
        why: "whether a new account answers",
        when: When::Always,
        by: By::Changing,
        place: Place::Member,
        reach: Reach::Home,
        scope: Scope::Everything,
        calls: &[call("cloudformation:ListStacks"), call("kms:ListKeys")],
    },
    account(
        "OptIn",
        "regions are enabled",
        When::OptIn,
        &[call("account:EnableRegion"), call("account:GetRegionOptStatus")],
    )
    .done(By::Changing)
    .reaching(Reach::Global),
    account(
        "DeployStacks",
        "stacks are made and updated",
        When::Stacks,
        &[
            call("cloudformation:CreateStack"),
            call("cloudformation:DeleteStack").destroying(),
            call("cloudformation:DescribeStackEvents"),
            call("cloudformation:ExecuteChangeSet"),
            call("cloudformation:UpdateStack"),
            call("cloudformation:UpdateTerminationProtection"),
        ],
    )
    .done(By::Changing)
    .to(Scope::Stacks),
    account(
        "DeleteDefaultVpc",
        "the default VPC is deleted",
        When::DefaultVpc,
        &[
            call("ec2:CreateTags"),
            call("ec2:DeleteInternetGateway").destroying(),
            call("ec2:DeleteSubnet").destroying(),
            call("ec2:DeleteVpc").destroying(),
            call("ec2:DetachInternetGateway").destroying(),
        ],
    )
    .done(By::Changing),
    account(
        "SetEbsEncryption",
        "EBS is made to encrypt",
        When::Ebs,
        &[call("ec2:EnableEbsEncryptionByDefault"), call("ec2:ModifyEbsDefaultKmsKeyId")],
    )
    .done(By::Changing)
    .to(Scope::GovernedRegions),
    account(
        "SetS3PublicAccess",
        "the setting s3-public-access",
        When::S3PublicAccess,
        &[named("s3control:PutPublicAccessBlock", &["s3:PutAccountPublicAccessBlock"])],
    )
    .done(By::Changing)
    .reaching(Reach::Home),
    account(
        "SetPasswordPolicy",
        "the setting password-policy",
        When::PasswordPolicy,
        &[call("iam:UpdateAccountPasswordPolicy")],
    )
    .done(By::Changing)
    .reaching(Reach::Global),
    account(
        "SetAccountAlias",
        "the setting account-alias",
        When::AccountAlias,
        &[call("iam:CreateAccountAlias")],
    )
    .done(By::Changing)
    .reaching(Reach::Global),
    account(
        "SetContacts",
        "the setting alternate-contacts",
        When::AlternateContacts,
        &[call("account:PutAlternateContact")],
    )
    .done(By::Changing)
    .reaching(Reach::Global),
    account(
        "MakeLinkedRoles",
        "the setting service-linked-roles",
        When::ServiceLinkedRoles,
        &[call("iam:CreateServiceLinkedRole")],
    )
    .done(By::Changing)
    .reaching(Reach::Global)
    .to(Scope::LinkedServices),
    account(
        "SetInstanceMetadata",
        "the setting instance-metadata",
        When::InstanceMetadata,
        &[call("ec2:ModifyInstanceMetadataDefaults")],
    )
    .done(By::Changing)
    .to(Scope::GovernedRegions),
    account(
        "SetImages",
        "the setting image-public-access",
        When::ImagePublicAccess,
        &[call("ec2:DisableImageBlockPublicAccess"), call("ec2:EnableImageBlockPublicAccess")],
    )
    .done(By::Changing)
    .to(Scope::GovernedRegions),
    account(
        "SetSnapshots",
        "the setting snapshot-public-access",
        When::SnapshotPublicAccess,
        &[
            call("ec2:DisableSnapshotBlockPublicAccess"),
            call("ec2:EnableSnapshotBlockPublicAccess"),
        ],
    )
    .done(By::Changing)
    .to(Scope::GovernedRegions),
    account(
        "SetSerialConsole",
        "the setting serial-console",
        When::SerialConsole,
        &[call("ec2:DisableSerialConsoleAccess"), call("ec2:EnableSerialConsoleAccess")],
    )
    .done(By::Changing)
    .to(Scope::GovernedRegions),
    account(
        "SetGuardDutyOrganization",
        "the setting guardduty-organization",
        When::GuardDutyOrganization,
        &[call("guardduty:UpdateOrganizationConfiguration")],
    )
    .done(By::Changing)
    .to(Scope::GovernedRegions),
];

/// Why more is wanted than the name of the call says. GuardDuty's and Security Hub's user guides list it, on
/// designating an administrator.
const REGISTERS_ITSELF: &str =
    "the service registers its administrator with Organizations as the caller";
const REGISTRATION: &[&str] = &[
    "organizations:DescribeAccount",
    "organizations:DescribeOrganization",
    "organizations:DescribeOrganizationalUnit",
    "organizations:EnableAWSServiceAccess",
    "organizations:ListAWSServiceAccessForOrganization",
    "organizations:ListAccounts",
    "organizations:ListDelegatedAdministrators",
    "organizations:RegisterDelegatedAdministrator",
];
