//! Plans and reports made by hand, for the tests of every renderer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::str::FromStr;
use std::time::Duration;

use super::json::PlanDocument;
use crate::cloud::{CloudError, ErrorKind, NewAccount, ResourceFailure, StackState, VpcPart};
use crate::desired::{OrganizationPin, OutputSource, Selection};
use crate::execute::{Event, Location, Outcome, Report, StepError};
use crate::model::{AccountName, AccountState, Region};
use crate::plan::{
    AccountPlan, AccountStatus, Action, Blocked, FORMAT_VERSION, Lane, ParameterChange, Plan,
    PlannedValue, Reason, Replacement, ResourceChange, StackChange, Step, WaveConditions, WavePlan,
};

#[path = "../../benches/thousand.rs"]
mod thousand;

/// One account is made, with a stack that takes an output of another account.
pub(super) fn vending() -> Plan {
    let mut account = account(None, AccountStatus::New);
    account.steps = vec![Step::CreateAccount(NewAccount {
        name: word("payments-uat"),
        email: word("aws+payments-uat@example.com"),
        role: word("OrganizationAccountAccessRole"),
        tags: [("owner".into(), "payments".into())].into(),
    })];
    let lane = Lane {
        steps: vec![
            Step::DeleteDefaultVpc { vpc: None, parts: Vec::new() },
            Step::CreateStack(trail(PlannedValue::Output {
                source: trail_bucket(),
                wave: Some(word("core")),
            })),
        ],
        ..Lane::default()
    };
    account.regions = Region::enabled_by_default().map(|region| (region, lane.clone())).collect();
    let mut plan = plan([("core", "log-archive", same()), ("rest", "payments-uat", account)]);
    plan.organization_steps = vec![
        Step::CreateOrganizationalUnit { path: word("Workloads"), parent: Some(word("r-abcd")) },
        Step::CreateOrganizationalUnit { path: word("Workloads/UAT"), parent: None },
    ];
    plan
}

/// Everything that can be in the way, and names and messages that try to do harm.
pub(super) fn trouble() -> Plan {
    let mut payments = account(Some("333333333333"), AccountStatus::Active);
    payments.protected = true;
    payments.steps = vec![Step::TagAccount {
        set: [("owner".into(), "payments".into()), ("cost".into(), "12".into())].into(),
        before: [("owner".into(), "platform\u{1b}[31m".into())].into(),
    }];
    payments.regions = [
        (word("eu-west-1"), stuck_lane()),
        (word("us-east-1"), updating_lane()),
        (
            word("us-west-2"),
            Lane { notes: vec!["not governed: left as it is".into()], ..Lane::default() },
        ),
    ]
    .into();
    let twin = payments.clone();
    let mut twin = AccountPlan { id: Some(word("444444444444")), ..twin };
    twin.ou = word("Workloads/Dev");
    let denied = CloudError::new(
        ErrorKind::Denied,
        "sts:AssumeRole",
        "AccessDenied",
        "User is not authorized\nto perform: sts:AssumeRole",
    );
    plan([
        ("core", "log-archive", same()),
        ("rest", "payments-dev", twin),
        ("rest", "payments-uat", payments),
        (
            "rest",
            "retired",
            account(Some("555555555555"), AccountStatus::NotActive(AccountState::Suspended)),
        ),
        (
            "rest",
            "stranger | <b>`",
            account(Some("666666666666"), AccountStatus::Unreachable(denied)),
        ),
    ])
}

/// All is as it should be.
pub(super) fn nothing_to_do() -> Plan {
    plan([("core", "log-archive", same()), ("rest", "payments-uat", same())])
}

/// A thousand accounts with one changed stack in each region, and a few exceptions.
pub(super) fn thousand() -> PlanDocument {
    let document: PlanDocument = serde_json::from_value(thousand::thousand()).unwrap();
    self::document(document.plan)
}

/// The document of a plan.
pub(super) fn document(plan: Plan) -> PlanDocument {
    PlanDocument::new(plan, Selection::default(), false, "0".repeat(64))
}

/// A plan with `accounts` accounts that all differ.
pub(super) fn large(accounts: usize) -> Plan {
    let names: Vec<_> = (0..accounts).map(|number| format!("account-{number:05}")).collect();
    plan(names.iter().map(|name| {
        let mut account = account(Some("333333333333"), AccountStatus::Active);
        account.steps = vec![Step::TagAccount {
            set: [("name".into(), name.clone())].into(),
            before: BTreeMap::new(),
        }];
        ("rest", name.as_str(), account)
    }))
}

/// A run in which a stack failed, a call failed, and a step was not tried.
pub(super) fn failed_run() -> Report {
    let mut report = Report { run: "1a2b3c4d".into(), ..Report::default() };
    let name: AccountName = word("payments-uat");
    let wave = || word("rest");
    report.record(&Event::WaveStarted { wave: wave(), started: Duration::ZERO });
    report.record(&Event::AccountKnown { name: name.clone(), id: word("333333333333") });
    let at = |region: &str| Location { account: Some(name.clone()), region: Some(word(region)) };
    let vpc = || Step::DeleteDefaultVpc { vpc: Some(word("vpc-0a1b")), parts: Vec::new() };
    let stack = || Step::CreateStack(trail(PlannedValue::Known("acme-trail".into())));
    let mut refused =
        CloudError::new(ErrorKind::Denied, "ec2:DeleteVpc", "UnauthorizedOperation", "No, thanks.")
            .at(&word("333333333333"), Some(&word("us-east-1")));
    refused.request_id = Some("0f0f-1".into());
    for (region, step, outcome) in [
        ("eu-west-1", vpc(), Outcome::Done),
        (
            "eu-west-1",
            stack(),
            Outcome::Failed(StepError::Stack {
                stack: word("avm-cloudtrail"),
                state: StackState::RollbackComplete,
                state_reason: None,
                failures: vec![ResourceFailure {
                    logical_id: "Trail".into(),
                    resource_type: "AWS::CloudTrail::Trail".into(),
                    reason: "bucket \u{9b}2Jdoes not exist".into(),
                }],
            }),
        ),
        ("us-east-1", vpc(), Outcome::Failed(refused.into())),
        ("us-east-1", stack(), Outcome::Skipped { why: "default VPC vpc-0a1b failed".into() }),
    ] {
        let (started, elapsed) = (Duration::from_millis(250), Duration::from_millis(1500));
        report.record(&Event::StepEnded { at: at(region), step, outcome, started, elapsed });
    }
    report.record(&Event::WaveEnded { wave: wave(), ended: Duration::from_millis(1750) });
    report
}

fn stuck_lane() -> Lane {
    Lane {
        steps: vec![Step::RecreateStack {
            state: StackState::RollbackComplete,
            change: trail(PlannedValue::Known("acme-trail".into())),
        }],
        blocked: vec![
            Blocked {
                subject: "default VPC vpc-0a1b".into(),
                reason: Reason::VpcInUse(vec![
                    "network interface eni-1 (ELB app/\u{1b}]0;owned\u{7})".into(),
                    "security group sg-1".into(),
                ]),
            },
            Blocked {
                subject: "stack avm-config".into(),
                reason: Reason::StackStuck {
                    state: StackState::UpdateRollbackFailed,
                    help: "aws cloudformation continue-update-rollback --stack-name avm-config"
                        .into(),
                },
            },
            Blocked {
                subject: "stack avm-guard".into(),
                reason: Reason::MissingOutput(trail_bucket()),
            },
        ],
        notes: Vec::new(),
    }
}

fn updating_lane() -> Lane {
    let change = |logical_id: &str, action| ResourceChange {
        logical_id: logical_id.into(),
        resource_type: "AWS::S3::Bucket".into(),
        action,
        replacement: Replacement::Never,
        retained: false,
        properties: Vec::new(),
    };
    let parameter = |name: &str, before: Option<&str>, after: Option<&str>| ParameterChange {
        name: name.into(),
        before: before.map(Into::into),
        after: after.map(|value| PlannedValue::Known(value.into())),
    };
    Lane {
        steps: vec![
            Step::DeleteDefaultVpc {
                vpc: Some(word("vpc-0c2d")),
                parts: vec![
                    VpcPart::Subnet("subnet-1".into()),
                    VpcPart::Subnet("subnet-2".into()),
                    VpcPart::InternetGateway("igw-1".into()),
                    VpcPart::Vpc(word("vpc-0c2d")),
                ],
            },
            Step::EncryptEbsByDefault {
                key: PlannedValue::Known("arn:aws:kms:us-east-1:333333333333:key/1".into()),
                before: Some("alias/aws/ebs".into()),
                enable: true,
            },
            Step::UpdateStack(StackChange {
                resources: vec![
                    change("Added", Action::Create),
                    change("Changed", Action::Update),
                    change("Gone", Action::Delete),
                ],
                parameter_changes: vec![
                    parameter("Bucket", Some("old"), Some("new")),
                    parameter("Fresh", None, Some("value")),
                    parameter("Lost", Some("value"), None),
                ],
                ..trail(PlannedValue::Known("new".into()))
            }),
            Step::AwaitStack {
                state: StackState::UpdateInProgress,
                change: StackChange {
                    stack: word("avm-kms"),
                    resources: Vec::new(),
                    ..trail(PlannedValue::OwnAccountId)
                },
            },
            Step::ProtectStack { stack: word("avm-old") },
        ],
        ..Lane::default()
    }
}

fn trail(bucket: PlannedValue) -> StackChange {
    StackChange {
        stack: word("avm-cloudtrail"),
        template: word("cloudtrail.yaml"),
        digest: serde_json::from_value("0123456789abcdef".repeat(4).into()).unwrap(),
        parameters: [("Bucket".into(), bucket.clone())].into(),
        capabilities: BTreeSet::new(),
        resources: vec![ResourceChange {
            logical_id: "Trail".into(),
            resource_type: "AWS::CloudTrail::Trail".into(),
            action: Action::Create,
            replacement: Replacement::Never,
            retained: false,
            properties: Vec::new(),
        }],
        parameter_changes: vec![ParameterChange {
            name: "Bucket".into(),
            before: None,
            after: Some(bucket),
        }],
    }
}

fn trail_bucket() -> OutputSource {
    OutputSource {
        account: word("log-archive"),
        region: word("eu-west-1"),
        stack: word("avm-log-buckets"),
        key: "TrailBucket".into(),
    }
}

fn same() -> AccountPlan {
    account(Some("222222222222"), AccountStatus::Active)
}

fn account(id: Option<&str>, status: AccountStatus) -> AccountPlan {
    AccountPlan {
        id: id.map(word),
        ou: word("Workloads/UAT"),
        protected: false,
        status,
        steps: Vec::new(),
        blocked: Vec::new(),
        regions: BTreeMap::new(),
        notes: Vec::new(),
    }
}

fn plan<'a>(accounts: impl IntoIterator<Item = (&'a str, &'a str, AccountPlan)>) -> Plan {
    let mut waves: Vec<WavePlan> = Vec::new();
    for (wave, name, account) in accounts {
        if waves.last().is_none_or(|last| last.name.as_str() != wave) {
            let conditions = WaveConditions::default();
            waves.push(WavePlan { name: word(wave), conditions, accounts: BTreeMap::new() });
        }
        if let Some(last) = waves.last_mut() {
            last.accounts.insert(word(name), account);
        }
    }
    Plan {
        format_version: FORMAT_VERSION.into(),
        organization: OrganizationPin {
            id: word("o-exampleorg1"),
            management_account: word("111111111111"),
            access_role: word("OrganizationAccountAccessRole"),
        },
        organization_steps: Vec::new(),
        organization_blocked: Vec::new(),
        waves,
    }
}

fn word<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}
