//! Calls that fail, over HTTP: a proxy between avm and the emulator answers as AWS does when something is wrong.
//!
//! Each fault strikes each of the operations that matter, in one roll-out that vends an account, and in another one of a
//! changed template. What passes by itself is got over; what does not is told, with the call; and in the end everything is
//! as if nothing had happened. avm's waits are real here, so faults are short: `tests/integration/reliability/` has
//! those that last, and every call of every scenario.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::harness::{Run, Speed, World};

const CREATE: [&str; 3] = ["create", "payments-uat", "--yes"];
const UPDATE: [&str; 4] = ["update", "--account", "payments-uat", "--yes"];
const PLAN: [&str; 4] = ["plan", "--account", "payments-uat", "--detailed-exitcode"];

/// The operations of the first roll-out that faults strike, by the service that requests are signed for.
const CREATING: [(&str, &str); 13] = [
    ("organizations", "ListAccounts"),
    ("organizations", "CreateOrganizationalUnit"),
    ("organizations", "CreateAccount"),
    ("organizations", "DescribeCreateAccountStatus"),
    ("organizations", "MoveAccount"),
    ("sts", "AssumeRole"),
    ("ec2", "DescribeVpcs"),
    ("ec2", "DeleteSubnet"),
    ("ec2", "DeleteVpc"),
    ("ec2", "ModifyEbsDefaultKmsKeyId"),
    ("s3", "PutObject"),
    ("cloudformation", "CreateStack"),
    ("cloudformation", "DescribeStacks"),
];

/// Those of the second one.
const CHANGING: [(&str, &str); 4] = [
    ("organizations", "ListAccounts"),
    ("organizations", "TagResource"),
    ("sts", "AssumeRole"),
    ("cloudformation", "UpdateStack"),
];

#[test]
fn a_throttle_is_got_over() {
    let trial = Trial::begin(|service, _| json!({"times": 1, "error": throttle(service)}));
    trial.nobody_notices();
}

#[test]
fn throttles_one_after_the_other_are_got_over() {
    let trial = Trial::begin(|service, operation| {
        let is_meant = ["AssumeRole", "CreateStack", "UpdateStack"].contains(&operation);
        json!({"times": if is_meant { 3 } else { 0 }, "error": throttle(service)})
    });
    trial.nobody_notices();
}

/// It takes avm half a minute to give up waiting.
#[test]
fn a_call_that_is_never_answered_is_sent_again() {
    let world = World::new(Speed::AtOnce);
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    world.hold_answer("CreateStack", 1);

    world.avm(&CREATE).expect_code(0);

    world.wait_until_held(1);
    let account = world.aws.member("aws+payments-uat@example.com");
    for region in ["eu-west-1", "us-east-1"] {
        assert_eq!(account.stacks(region)["avm-kms-keys"].status, "CREATE_COMPLETE");
        assert_eq!(account.count_keys(region), 4, "no stack is made twice");
    }
}

#[test]
fn failures_of_aws_are_got_over() {
    let trial = Trial::begin(
        |_, _| json!({"times": 1, "error": {"code": "ServiceUnavailable", "status": 503}}),
    );
    trial.ends_as_if_nothing_had_happened();
}

#[test]
fn connections_that_are_reset_are_got_over() {
    Trial::begin(|_, _| json!({"times": 1, "reset": true})).ends_as_if_nothing_had_happened();
}

#[test]
fn answers_that_break_off_after_the_effect_are_got_over() {
    // The proxy breaks off what is in an answer, and the answer to PutObject has nothing in it.
    let trial = Trial::begin(|_, operation| match operation {
        "PutObject" => json!({"times": 1, "reset": true}),
        _ => json!({"times": 1, "response": {"abort_bytes": 1}}),
    });
    trial.ends_as_if_nothing_had_happened();
}

#[test]
fn gateways_that_give_up_waiting_are_got_over() {
    Trial::begin(|_, _| json!({"times": 1, "timeout_ms": 300})).ends_as_if_nothing_had_happened();
}

#[test]
fn sessions_that_expire_are_got_over() {
    let trial = Trial::begin(|service, _| match service {
        "organizations" | "sts" | "s3" => json!({"times": 0, "reset": true}),
        "ec2" => json!({"times": 1, "error": {"code": "RequestExpired", "status": 400}}),
        _ => json!({"times": 1, "error": {"code": "ExpiredToken", "status": 403}}),
    });
    trial.nobody_notices();
}

#[test]
fn organizations_that_let_one_change_in_at_a_time_are_waited_for() {
    let busy = json!({"code": "ConcurrentModificationException", "status": 400});
    let trial = Trial::begin(|service, _| {
        let times = i32::from(service == "organizations");
        json!({"times": times, "error": busy})
    });
    trial.nobody_notices();
}

#[test]
fn what_is_denied_is_told_with_the_call_and_all_else_is_done() {
    let world = world();
    let denied = [
        ("organizations", "CreateAccount", "AccessDeniedException"),
        ("organizations", "MoveAccount", "AccessDeniedException"),
        ("cloudformation", "CreateStack", "AccessDenied"),
        // In its place by now: one that still stands where it was born is waited for, as long as it is that young.
        ("sts", "AssumeRole", "AccessDenied"),
        ("ec2", "ModifyEbsDefaultKmsKeyId", "UnauthorizedOperation"),
    ];
    // All the time, one region cannot lose its default VPC.
    let of_one_region = denial("ec2", "DeleteVpc", "UnauthorizedOperation", Some("us-east-1"));
    for (service, operation, code) in denied {
        let denial = denial(service, operation, code, None);
        world.proxy_follows(&[denial, of_one_region.clone()]);
        let run = world.avm(&CREATE).expect_code(1);
        assert_told(&run, service, operation, code);
    }

    world.proxy_follows(&[of_one_region]);
    let run = world.avm(&CREATE).expect_code(1);
    assert_told(&run, "ec2", "DeleteVpc", "UnauthorizedOperation");
    assert!(run.text().contains("us-east-1"), "{}", run.text());
    let account = world.aws.member("aws+payments-uat@example.com");
    assert!(!account.network("us-east-1").is_empty());
    assert!(account.network("eu-west-1").is_empty(), "the other regions are done");
    assert_eq!(account.stacks("eu-west-1")["avm-kms-keys"].status, "CREATE_COMPLETE");

    world.proxy_follows(&[]);
    converges(&world);
}

/// The proxy's rule for a call that nobody may make, or nobody in a region.
fn denial(service: &str, operation: &str, code: &str, region: Option<&str>) -> Value {
    let error = json!({"code": code, "status": 403, "message": "not authorized, says the proxy"});
    json!({"service": service, "operation": operation, "region": region, "error": error})
}

/// A landing zone whose roll-out has all the calls: its template goes through a bucket.
fn world() -> World {
    let world = World::behind_a_proxy();
    prepare(&world);
    world
}

fn prepare(world: &World) {
    world.keep_stacks("baselines/standard.yaml", &["avm-kms-keys"]);
    world.aws.create_bucket("acme-avm-artifacts", "eu-west-1");
    let bucket = "artifacts: {bucket: acme-avm-artifacts}\nenvironments:\n";
    world.edit("landing-zone.yaml", "environments:\n", bucket);
    let padding = "# These words make the template longer than a request may be.\n".repeat(1000);
    world.edit("templates/kms-keys.yaml", "Resources:\n", &format!("{padding}Resources:\n"));
}

fn change(world: &World) {
    world.edit_everywhere(
        "templates/kms-keys.yaml",
        "EnableKeyRotation: true",
        "EnableKeyRotation: false",
    );
    world.edit_everywhere("landing-zone.yaml", "\"4711\"", "\"4713\"");
}

/// What a world is in the end in which nothing fails.
fn undisturbed() -> &'static [String] {
    static STATE: OnceLock<Vec<String>> = OnceLock::new();
    STATE.get_or_init(|| {
        let world = World::new(Speed::AtOnce);
        prepare(&world);
        world.avm(&CREATE).expect_code(0);
        change(&world);
        world.avm(&UPDATE).expect_code(0);
        world.state()
    })
}

fn throttle(service: &str) -> Value {
    match service {
        "organizations" => json!({"code": "TooManyRequestsException", "status": 400}),
        "ec2" => json!({"code": "RequestLimitExceeded", "status": 503}),
        "s3" => json!({"code": "SlowDown", "status": 503}),
        _ => json!({"code": "Throttling", "status": 400}),
    }
}

/// One fault, in both roll-outs.
struct Trial<F> {
    world: World,
    fault: F,
}

impl<F: Fn(&str, &str) -> Value> Trial<F> {
    fn begin(fault: F) -> Self {
        Self { world: world(), fault }
    }

    /// Every run ends well at once.
    fn nobody_notices(self) {
        self.go(|world, arguments| {
            world.avm(arguments).expect_code(0);
        });
    }

    /// Runs may end with a call that has failed and is told; one of the next gets through.
    fn ends_as_if_nothing_had_happened(self) {
        self.go(|world, arguments| {
            for _ in 0..4 {
                let run = world.avm(arguments);
                if run.code == 0 {
                    return;
                }
                assert_eq!(run.code, 1, "{}", run.text());
                let fired = world.fired();
                let told = fired.iter().any(|it| run.text().contains(&it.operation));
                assert!(told, "none of {fired:?} in:\n{}", run.text());
            }
            panic!("four runs, and none ends well");
        });
    }

    fn go(self, run: impl Fn(&World, &[&str])) {
        self.strike(&CREATING);
        run(&self.world, &CREATE);
        self.assert_has_struck(&CREATING);

        change(&self.world);
        self.strike(&CHANGING);
        run(&self.world, &UPDATE);
        self.assert_has_struck(&CHANGING);

        self.world.proxy_follows(&[]);
        assert_eq!(self.world.state(), undisturbed());
        self.world.avm(&PLAN).expect_code(0);
    }

    fn strike(&self, operations: &[(&str, &str)]) {
        let rules = operations.iter().map(|(service, operation)| {
            let mut rule = (self.fault)(service, operation);
            rule["service"] = json!(service);
            rule["operation"] = json!(operation);
            rule
        });
        self.world.proxy_follows(&rules.collect::<Vec<_>>());
    }

    /// No rule was for nothing.
    fn assert_has_struck(&self, operations: &[(&str, &str)]) {
        let fired = self.world.fired();
        let fired: BTreeSet<_> =
            fired.iter().map(|it| (it.service.as_str(), it.operation.as_str())).collect();
        for (service, operation) in operations {
            let is_meant = (self.fault)(service, operation)["times"] != 0;
            let has = fired.contains(&(*service, *operation));
            assert!(has || !is_meant, "{service}:{operation} was not struck: {fired:?}");
        }
    }
}

#[track_caller]
fn assert_told(run: &Run, service: &str, operation: &str, code: &str) {
    let text = run.text();
    for words in [&format!("{service}:{operation}"), code, "says the proxy", "payments-uat"] {
        assert!(text.contains(words), "{service}:{operation}: no {words} in:\n{text}");
    }
}

/// Without faults: everything gets to where it would have been.
#[track_caller]
fn converges(world: &World) {
    world.avm(&CREATE).expect_code(0);
    change(world);
    world.avm(&UPDATE).expect_code(0);
    assert_eq!(world.state(), undisturbed());
    world.avm(&PLAN).expect_code(0);
}
