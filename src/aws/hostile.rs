//! Answers that AWS does not give: every question of the reading port has an end and an answer, or an error, whatever
//! comes back. For tests.

use fastrand::Rng;

use super::fake::{Call, Fake, Reply, account, refusal, target};
use crate::cloud::{AccountRequestId, CloudError, CloudReader, KeyReference};
use crate::model::{
    AccountSettingKind, ContactType, ParentId, RegionSettingKind, SecurityService, ServicePrincipal,
};

/// Asks everything that there is to ask, and tells what failed.
async fn ask_everything(cloud: &impl CloudReader) -> Vec<(&'static str, Option<CloudError>)> {
    let (target, member) = (&target(), &account("222222222222"));
    let root: &ParentId = &"r-ab12".parse().unwrap();
    let stack = &"avm-x".parse().unwrap();
    let service: &ServicePrincipal = &"guardduty.amazonaws.com".parse().unwrap();
    let vpc = &"vpc-1a2b3c4d".parse().unwrap();
    macro_rules! asked {
        ($($name:literal: $call:expr,)*) => { vec![$(($name, Box::pin($call).await.err())),*] };
    }
    asked![
        "organization": cloud.organization(),
        "units": cloud.organizational_units(root),
        "accounts": cloud.accounts(None),
        "account": cloud.account(member),
        "accounts in": cloud.accounts_in(root),
        "tags": cloud.account_tags(member),
        "requests": cloud.account_requests(),
        "request": cloud.account_request(&AccountRequestId("car-1".into())),
        "probe": cloud.probe(member),
        "regions": cloud.regions(member),
        "stacks": cloud.stacks(target),
        "stack": cloud.stack(target, stack),
        "template": cloud.stack_template(target, stack),
        "failures": cloud.stack_failures(target, stack, "token"),
        "default VPC": cloud.default_vpc(target),
        "VPC": cloud.vpc_contents(target, vpc),
        "EBS": cloud.ebs_encryption(target),
        "key": cloud.key(target, &KeyReference("alias/uat/ec2".into())),
        "S3": cloud.account_setting(member, &AccountSettingKind::S3PublicAccess),
        "passwords": cloud.account_setting(member, &AccountSettingKind::PasswordPolicy),
        "alias": cloud.account_setting(member, &AccountSettingKind::AccountAlias),
        "contact": cloud.account_setting(member, &AccountSettingKind::AlternateContact(ContactType::Billing)),
        "role": cloud.account_setting(member, &AccountSettingKind::ServiceLinkedRole(service.clone())),
        "metadata": cloud.region_setting(target, RegionSettingKind::InstanceMetadata),
        "images": cloud.region_setting(target, RegionSettingKind::ImagePublicAccess),
        "snapshots": cloud.region_setting(target, RegionSettingKind::SnapshotPublicAccess),
        "console": cloud.region_setting(target, RegionSettingKind::SerialConsole),
        "GuardDuty": cloud.region_setting(target, RegionSettingKind::GuardDutyOrganization),
        "region states": cloud.region_states(member),
        "services": cloud.trusted_services(),
        "administrators": cloud.delegated_administrators(service),
        "GuardDuty's": cloud.service_administrator(&target.region, SecurityService::GuardDuty),
        "Security Hub's": cloud.service_administrator(&target.region, SecurityService::SecurityHub),
        "detector": cloud.existing_resource(target, "AWS::GuardDuty::Detector", None),
        "log group": cloud.existing_resource(target, "AWS::Logs::LogGroup", Some("x")),
        "trails": cloud.organization_trails(target),
        "change set": cloud.change_set(target, stack, "c"),
        "changes": cloud.change_set_contents(target, stack, "c"),
        "change sets": cloud.change_sets(target, stack),
        "resources": cloud.has_resources(target, stack),
    ]
}

/// Whether the operation is asked and answered in XML.
fn is_xml(call: &Call) -> bool {
    call.body.starts_with("Action=") || call.uri.contains(".s3") || call.uri.contains("s3-control")
}

/// `inside` as the operation's answer, whatever form that has; JSON and XML side by side.
fn answer(call: &Call, json: &str, xml: &str) -> Reply {
    let operation = &call.operation;
    match call {
        _ if call.uri.contains("//ec2.") => {
            Reply::xml(&format!("<{operation}Response>{xml}</{operation}Response>"))
        }
        _ if is_xml(call) => Reply::xml(&format!(
            "<{operation}Response><{operation}Result>{xml}</{operation}Result></{operation}Response>"
        )),
        _ => Reply::json(json),
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_of_any_operation_that_goes_round_is_an_error_that_names_it() {
    let fake = Fake::new().otherwise(|call, before| {
        // Two tokens by turns: the SDK itself sees only one that comes twice in a row.
        let token = if before % 2 == 0 { "even" } else { "odd" };
        let json = format!(r#"{{"NextToken":"{token}","nextToken":"{token}"}}"#);
        let xml = format!(
            "<NextToken>{token}</NextToken><nextToken>{token}</nextToken><Marker>{token}</Marker>\
             <IsTruncated>true</IsTruncated>"
        );
        answer(call, &json, &xml)
    });
    let asked = ask_everything(&fake.cloud()).await;
    for list in [
        "units",
        "accounts in",
        "tags",
        "requests",
        "stacks",
        "failures",
        "default VPC",
        "alias",
        "region states",
        "services",
        "administrators",
        "GuardDuty's",
        "Security Hub's",
        "change sets",
        "resources",
    ] {
        let (_, error) = asked.iter().find(|(name, _)| *name == list).unwrap();
        let error = error.as_ref().unwrap_or_else(|| panic!("{list} is taken for whole"));
        assert!(error.message.contains("goes round in circles"), "{list}: {error}");
        assert!(error.operation.contains(':'), "{list}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_answer_of_another_kind_is_taken_for_one() {
    let deep = |open: &str, close: &str| [open.repeat(20_000), close.repeat(20_000)].concat();
    let replies = [
        ("nothing", Reply::json("")),
        ("a page", Reply::page(200)),
        ("half a page", Reply::xml("<html><body><p>")),
        ("null", Reply::json("null")),
        ("a list", Reply::json("[]")),
        ("a text", Reply::json("\"x\"")),
        ("half an object", Reply::json("{\"Accounts\": [{\"Id\": ")),
        ("deep lists", Reply::json(&format!("{{\"Unknown\": {}}}", deep("[", "]")))),
        ("deep objects", Reply::json(&format!("{{\"Accounts\": {}}}", deep("{\"a\":", "}")))),
        ("deep elements", Reply::xml(&deep("<a>", "</a>"))),
        ("an element that is not closed", Reply::xml(&"<a>".repeat(20_000))),
        (
            "entities",
            Reply::xml("<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>"),
        ),
        ("zeros", Reply::xml(&"\0".repeat(10_000))),
        ("a refusal in a form of its own", Reply::page(400)),
        ("a refusal of nothing", refusal(400, "", "")),
        ("a long refusal", refusal(400, "X", &"x".repeat(100_000))),
        ("a refusal that steers", refusal(400, "\u{1b}[2J", "\u{1b}]8;;http://x\u{7}\u{202e}\r\n")),
    ];
    for (what, reply) in replies {
        let fake = Fake::new().otherwise(move |_, _| reply.clone());
        for (asked, error) in ask_everything(&fake.cloud()).await {
            if let Some(error) = error {
                let shown = error.to_string();
                assert!(shown.len() < 50_000, "{asked}, {what}: {} bytes", shown.len());
                assert!(!error.operation.is_empty(), "{asked}, {what}: {shown}");
            }
        }
    }
}

/// What AWS would answer, for what there is to damage.
fn honest(call: &Call) -> Reply {
    let account = r#"{"Id":"222222222222","Arn":"arn:aws:organizations::111111111111:account/o-x/222222222222","Name":"dev","Email":"dev@example.com","State":"ACTIVE","Status":"ACTIVE","Paths":["o-exampleorg1/r-ab12/222222222222/"],"JoinedTimestamp":1.5e9}"#;
    let status = r#"{"Id":"car-1","AccountName":"dev","State":"FAILED","RequestedTimestamp":1.5e9,"AccountId":"222222222222","FailureReason":"EMAIL_ALREADY_EXISTS"}"#;
    let json = match call.operation.as_str() {
        "DescribeOrganization" => r#"{"Organization":{"Id":"o-exampleorg1","MasterAccountId":"111111111111","FeatureSet":"ALL"}}"#.to_owned(),
        "ListRoots" => r#"{"Roots":[{"Id":"r-ab12","Name":"Root"}]}"#.to_owned(),
        "ListOrganizationalUnitsForParent" => r#"{"OrganizationalUnits":[{"Id":"ou-ab12-11111111","Name":"Core"}]}"#.to_owned(),
        "DescribeAccount" => format!("{{\"Account\":{account}}}"),
        "ListAccounts" | "ListAccountsForParent" => format!("{{\"Accounts\":[{account},{account}]}}"),
        "ListCreateAccountStatus" => format!("{{\"CreateAccountStatuses\":[{status}]}}"),
        "DescribeCreateAccountStatus" => format!("{{\"CreateAccountStatus\":{status}}}"),
        "ListTagsForResource" => r#"{"Tags":[{"Key":"owner","Value":"x"}]}"#.to_owned(),
        "DescribeKey" => r#"{"KeyMetadata":{"KeyId":"1","Arn":"arn:aws:kms:eu-west-1:222222222222:key/1","Enabled":true,"KeyState":"Enabled","KeySpec":"SYMMETRIC_DEFAULT","KeyUsage":"ENCRYPT_DECRYPT","CreationDate":1.5e9}}"#.to_owned(),
        "ListResources" => r#"{"ResourceDescriptions":[{"Identifier":"d1","Properties":"{\"Enable\":true}"}]}"#.to_owned(),
        "GetResource" => r#"{"ResourceDescription":{"Identifier":"d1","Properties":"{\"Enable\":true,\"Tags\":[]}"}}"#.to_owned(),
        _ => r#"{"Regions":[{"RegionName":"af-south-1","RegionOptStatus":"ENABLING"}],"detectorIds":["d1"],"adminAccounts":[{"adminAccountId":"222222222222","adminStatus":"ENABLED"}],"AdminAccounts":[{"AccountId":"222222222222","Status":"ENABLED"}],"autoEnableOrganizationMembers":"ALL","features":[{"name":"S3_DATA_EVENTS","autoEnable":"NEW"}],"AlternateContact":{"Name":"a","Title":"b","EmailAddress":"c@example.com","PhoneNumber":"1"},"EnabledServicePrincipals":[{"ServicePrincipal":"x.amazonaws.com","DateEnabled":1.5e9}],"DelegatedAdministrators":[{"Id":"222222222222"}]}"#.to_owned(),
    };
    let stack = "<member><StackName>avm-x</StackName><StackId>arn:x</StackId><StackStatus>UPDATE_COMPLETE</StackStatus>\
        <CreationTime>2024-01-01T00:00:00Z</CreationTime><EnableTerminationProtection>true</EnableTerminationProtection>\
        <Parameters><member><ParameterKey>A</ParameterKey><ParameterValue>b</ParameterValue></member></Parameters>\
        <Outputs><member><OutputKey>K</OutputKey><OutputValue>v</OutputValue></member></Outputs></member>";
    let xml = match call.operation.as_str() {
        "DescribeStacks" => format!("<Stacks>{stack}</Stacks>"),
        "DescribeVpcs" => "<vpcSet><item><vpcId>vpc-1a2b3c4d</vpcId><isDefault>true</isDefault></item></vpcSet>".to_owned(),
        "DescribeSubnets" => "<subnetSet><item><subnetId>subnet-1</subnetId><defaultForAz>true</defaultForAz></item></subnetSet>".to_owned(),
        "GetTemplate" => "<TemplateBody>Resources: {}</TemplateBody>".to_owned(),
        "DescribeChangeSet" => "<ChangeSetName>c</ChangeSetName><Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>\
            <Changes><member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>A</LogicalResourceId>\
            <ResourceType>AWS::SNS::Topic</ResourceType><Replacement>Conditional</Replacement><Details><member><Target><Attribute>Properties\
            </Attribute><Name>X</Name><RequiresRecreation>Always</RequiresRecreation></Target></member></Details></ResourceChange></member></Changes>".to_owned(),
        "DescribeStackEvents" => "<StackEvents><member><EventId>1</EventId><StackName>avm-x</StackName><LogicalResourceId>A</LogicalResourceId>\
            <ResourceType>AWS::SNS::Topic</ResourceType><ResourceStatus>CREATE_FAILED</ResourceStatus><ResourceStatusReason>no</ResourceStatusReason>\
            <ClientRequestToken>token</ClientRequestToken><Timestamp>2024-01-01T00:00:00Z</Timestamp></member></StackEvents>".to_owned(),
        "ListChangeSets" => "<Summaries><member><ChangeSetName>avm-1</ChangeSetName><Status>FAILED</Status><CreationTime>2024-01-01T00:00:00Z\
            </CreationTime></member></Summaries>".to_owned(),
        "GetCallerIdentity" => "<Account>111111111111</Account><Arn>arn:aws:iam::111111111111:user/x</Arn><UserId>x</UserId>".to_owned(),
        "GetAccountPasswordPolicy" => "<PasswordPolicy><MinimumPasswordLength>14</MinimumPasswordLength><MaxPasswordAge>90</MaxPasswordAge></PasswordPolicy>".to_owned(),
        _ => "<regionInfo><item><regionName>eu-west-1</regionName><optInStatus>opted-in</optInStatus></item></regionInfo>\
            <ebsEncryptionByDefault>true</ebsEncryptionByDefault><kmsKeyId>alias/aws/ebs</kmsKeyId><state>unblocked</state>\
            <accountLevel><httpTokens>required</httpTokens><httpPutResponseHopLimit>2</httpPutResponseHopLimit></accountLevel>\
            <serialConsoleAccessEnabled>true</serialConsoleAccessEnabled><AccountAliases><member>x</member></AccountAliases>".to_owned(),
    };
    answer(call, &json, &xml)
}

/// The same with some of it damaged: gone, doubled, of another type, or something else altogether.
fn damaged(reply: Reply, random: &mut Rng) -> Reply {
    const VALUES: [&str; 22] = [
        "null",
        "{}",
        "[]",
        "[null]",
        "true",
        "-1",
        "1e400",
        "99999999999999999999",
        "\"\"",
        "\"\u{1b}[2J\"",
        "\"\u{0}\"",
        "0",
        "</member>",
        "<member/>",
        "<item/>",
        "&#0;",
        "&x;",
        "9999-99-99T99:99:99Z",
        "-292277022657-01-01T00:00:00Z",
        "é",
        "UNKNOWN_VALUE",
        "ab",
    ];
    let Reply::Http { status, headers, body: super::fake::Body::Text(mut text) } = reply else {
        return reply;
    };
    for _ in 0..random.usize(1..4) {
        let place =
            |random: &mut Rng, text: &str| text.floor_char_boundary(random.usize(0..=text.len()));
        // Between two signs of the form stands a value, or the name of one.
        let signs: Vec<_> = text
            .match_indices(['"', ':', ',', '<', '>', '{', '}', '[', ']'])
            .map(|(at, _)| at)
            .collect();
        let (start, end) = if signs.len() > 2 && random.bool() {
            let at = random.usize(..signs.len() - 1);
            (signs[at] + 1, signs[at + 1])
        } else {
            let start = place(random, &text);
            (start, text.floor_char_boundary((start + random.usize(0..30)).min(text.len())))
        };
        let by = if random.bool() { VALUES[random.usize(..VALUES.len())] } else { "" };
        text.replace_range(start..end, by);
    }
    Reply::Http { status, headers, body: super::fake::Body::Text(text) }
}

#[tokio::test(start_paused = true)]
async fn damaged_answers_are_read_or_refused() {
    assert!(
        ask_everything(&Fake::new().otherwise(|call, _| honest(call)).cloud())
            .await
            .iter()
            .filter(|(_, error)| error.is_none())
            .count()
            > 15
    );
    for seed in 0..40 {
        let fake = Fake::new().otherwise(move |call, before| {
            let mut random = Rng::with_seed(seed * 1_000 + u64::try_from(before).unwrap());
            // A list may go on, but not for ever.
            damaged(honest(call), &mut random)
        });
        for (_, error) in ask_everything(&fake.cloud()).await {
            if let Some(error) = error {
                assert!(!error.operation.is_empty(), "seed {seed}: {error}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_message_of_fifty_megabytes_the_beginning_is_kept() {
    let long = refusal(400, "InvalidInputException", &"x".repeat(50_000_000));
    let error =
        Fake::new().answer("ListAccounts", [long]).cloud().accounts(None).await.unwrap_err();
    assert!(error.message.ends_with("(50000000 bytes in all)"), "{} bytes", error.message.len());
    assert!(error.message.len() < 20_000, "{} bytes", error.message.len());
}
