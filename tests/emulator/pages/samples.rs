//! Pages about what the sandbox does not show of itself: much, and trouble.

use avm::cloud::{CloudError, ErrorKind};
use avm::execute::{FailedStep, SkippedStep, StepError};
use avm::model::AccountName;
use avm::plan::{
    AccountPlan, AccountStatus, Action, Answer, Blocked, Lane, Plan, Preview, PropertyChange,
    Reason, Replacement, ResourceChange, StackChange, Step, Summary, WaveConditions, WavePlan,
};
use avm::render::html;
use avm::render::json::{PlanDocument, ReportDocument};
use serde_json::json;

/// A plan of the example in which a key is lost, a VPC is in use, and an account with a hostile name is silent.
pub(super) fn trouble(plan: &str) -> String {
    let mut document: PlanDocument = serde_json::from_str(plan).unwrap();
    let last = document.plan.waves.last_mut().unwrap();
    let mut hostile = last.accounts.values().next().unwrap().clone();
    let denied = CloudError::new(
        ErrorKind::Denied,
        "sts:AssumeRole",
        "AccessDenied",
        "<script>document.title = 'broken'</script>",
    );
    hostile.status = AccountStatus::Unreachable(denied);
    hostile.steps.clear();
    hostile.regions.clear();
    last.accounts.insert("</script><img src=x>".parse().unwrap(), hostile);
    for (name, account) in &mut last.accounts {
        let has_stack = |lane: &&mut Lane| lane.steps.iter().any(|step| step.stack().is_some());
        let Some(lane) = account.regions.values_mut().find(has_stack) else { continue };
        if name.as_str().starts_with("payments") {
            let subject = "default VPC vpc-0a1b".into();
            let reason = Reason::VpcInUse(vec!["network interface eni-1 (<b>ELB</b>)".into()]);
            lane.blocked.push(Blocked { subject, reason });
            let change = lane.steps.iter().find_map(Step::stack_change).unwrap().clone();
            let resources = vec![key_made_anew()];
            lane.steps = vec![Step::UpdateStack(StackChange { resources, ..change })];
        } else if name.as_str() == "storefront-dev" {
            document.previews.push(refused(name, account));
        }
    }
    page(document)
}

/// CloudFormation does not like the first stack of the account.
fn refused(name: &AccountName, account: &AccountPlan) -> Preview {
    let stacks = account.regions.iter().filter_map(|(region, lane)| {
        Some((region.clone(), lane.steps.iter().find_map(Step::stack_change)?.stack.clone()))
    });
    let (region, stack) = stacks.into_iter().next().unwrap();
    let findings = vec!["Key /Resources/Key/Properties/Oops: <i>unknown</i> property".into()];
    let answer = Answer::Refused { reason: "the template is not valid".into(), findings };
    Preview { account: name.clone(), region, stack, answer, warnings: Vec::new() }
}

/// One template is changed, and a thousand accounts have it in seventeen regions.
pub(super) fn thousand() -> String {
    let names = (0..1000)
        .map(|number| format!("team-{:03}-{}", number / 3, ["dev", "uat", "prod"][number % 3]));
    let accounts = names.enumerate().map(|(number, name)| {
        let id = format!("{:012}", 200_000_000_000_u64 + number as u64);
        let unit = ["Dev", "Uat", "Prod"][number % 3];
        let lanes = avm::model::Region::enabled_by_default().map(|region| {
            let own = |logical_id: &str, action| ResourceChange {
                properties: vec![PropertyChange {
                    path: "KeyPolicy.Statement[AllowUse].Principal".into(),
                    before: Some(json!({ "AWS": format!("arn:aws:iam::{id}:root") })),
                    after: Some(
                        json!({ "AWS": format!("arn:aws:iam::{id}:role/KeyAdministrator") }),
                    ),
                    replacement: Replacement::Never,
                }],
                ..resource(logical_id, action)
            };
            let resources = vec![own("EbsKey", Action::Update), own("RdsKey", Action::Update)];
            (region, Lane { steps: vec![Step::UpdateStack(stack(resources))], ..Lane::default() })
        });
        let account = AccountPlan {
            id: Some(id.parse().unwrap()),
            ou: format!("Workloads/Business {}/{unit}", number % 9).parse().unwrap(),
            protected: false,
            status: AccountStatus::Active,
            steps: Vec::new(),
            blocked: Vec::new(),
            regions: lanes.collect(),
            notes: Vec::new(),
        };
        (name.parse().unwrap(), account)
    });
    let waves = vec![WavePlan {
        name: "workloads".parse().unwrap(),
        conditions: WaveConditions::default(),
        accounts: accounts.collect(),
    }];
    let plan = json!({
        "format-version": avm::plan::FORMAT_VERSION,
        "organization": {
            "id": "o-exampleorg1",
            "management-account": "111111111111",
            "access-role": "OrganizationAccountAccessRole",
        },
        "organization-steps": [],
        "waves": [],
    });
    let plan = Plan { waves, ..serde_json::from_value(plan).unwrap() };
    page(PlanDocument::new(plan, avm::desired::Selection::default(), false, "0".repeat(64)))
}

/// A run of the example in which one step failed, and what came after it was not tried.
pub(super) fn failed(report: &str) -> String {
    let mut document: ReportDocument = serde_json::from_str(report).unwrap();
    let account = document.report.accounts.values_mut().last().unwrap();
    let place = account.done.iter().rposition(|done| done.step.stack().is_some()).unwrap();
    let broken = account.done.remove(place);
    account.skipped.push(SkippedStep {
        at: broken.at.clone(),
        step: broken.step.clone(),
        why: format!("{} failed", broken.step),
    });
    account.failed.push(FailedStep {
        at: broken.at,
        step: broken.step,
        error: StepError::Changed("</script><img src=x>".into()),
        started: broken.started,
        milliseconds: broken.milliseconds,
    });
    document.succeeded = false;
    html::report(&document)
}

fn page(mut document: PlanDocument) -> String {
    document.summary = Summary::of(&document.plan);
    html::plan(&document)
}

fn key_made_anew() -> ResourceChange {
    ResourceChange {
        replacement: Replacement::Always,
        retained: false,
        properties: vec![PropertyChange {
            path: "KeySpec".into(),
            before: Some(json!("SYMMETRIC_DEFAULT")),
            after: Some(json!("RSA_4096")),
            replacement: Replacement::Always,
        }],
        ..resource("EbsKey", Action::Replace)
    }
}

fn resource(logical_id: &str, action: Action) -> ResourceChange {
    ResourceChange {
        logical_id: logical_id.into(),
        resource_type: "AWS::KMS::Key".into(),
        action,
        replacement: Replacement::Never,
        retained: false,
        properties: Vec::new(),
    }
}

fn stack(resources: Vec<ResourceChange>) -> StackChange {
    let change = json!({
        "stack": "avm-kms",
        "template": "kms.yaml",
        "digest": "0123456789abcdef".repeat(4),
        "parameters": {},
        "capabilities": [],
        "resources": [],
        "parameter-changes": [],
    });
    StackChange { resources, ..serde_json::from_value(change).unwrap() }
}
