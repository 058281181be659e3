//! The test's own look into one account.

use std::collections::{BTreeMap, BTreeSet};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use serde_json::Value;

use super::http::request;
use super::observer::Observer;

/// Looks into one member account.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    /// Whose look it is.
    pub(super) observer: &'a Observer,
    /// The keys to it.
    pub(super) credentials: Credentials,
    /// The account's id.
    pub(crate) id: String,
}

/// A stack, as far as tests care.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SeenStack {
    /// AWS's word for its state.
    pub(crate) status: String,
    /// Whether it is protected against deletion.
    pub(crate) protected: bool,
}

impl Member<'_> {
    /// The account's stacks in a region that are not deleted.
    pub(crate) fn stacks(&self, region: &str) -> BTreeMap<String, SeenStack> {
        let call = self.cloudformation(region).describe_stacks();
        let answer = self.wait_for(call.send()).unwrap();
        let stacks = answer.stacks().iter().map(|stack| {
            let name = stack.stack_name().unwrap().to_owned();
            let status = stack.stack_status().unwrap().as_str().to_owned();
            let protected = stack.enable_termination_protection().unwrap_or_default();
            (name, SeenStack { status, protected })
        });
        stacks.collect()
    }

    /// The values of a stack's outputs.
    pub(crate) fn outputs(&self, region: &str, stack: &str) -> BTreeMap<String, String> {
        let call = self.cloudformation(region).describe_stacks().stack_name(stack);
        let answer = self.wait_for(call.send()).unwrap();
        let outputs = answer.stacks()[0].outputs().iter().map(|output| {
            (output.output_key().unwrap().to_owned(), output.output_value().unwrap().to_owned())
        });
        outputs.collect()
    }

    /// Everything of the default network that is in a region: VPCs, subnets, internet gateways.
    pub(crate) fn network(&self, region: &str) -> BTreeSet<String> {
        let ec2 = self.ec2(region);
        self.wait_for(async {
            let vpcs = ec2.describe_vpcs().send().await.unwrap();
            let subnets = ec2.describe_subnets().send().await.unwrap();
            let gateways = ec2.describe_internet_gateways().send().await.unwrap();
            let vpcs = vpcs.vpcs().iter().map(|vpc| vpc.vpc_id());
            let subnets = subnets.subnets().iter().map(|subnet| subnet.subnet_id());
            let gateways = gateways.internet_gateways().iter().map(|it| it.internet_gateway_id());
            vpcs.chain(subnets).chain(gateways).map(|id| id.unwrap().to_owned()).collect()
        })
    }

    /// Puts a network interface into a subnet of the default VPC, and answers its id.
    pub(crate) fn use_default_vpc(&self, region: &str) -> String {
        let ec2 = self.ec2(region);
        self.wait_for(async {
            let subnets = ec2.describe_subnets().send().await.unwrap();
            let subnet = subnets.subnets()[0].subnet_id().unwrap();
            let call = ec2.create_network_interface().subnet_id(subnet).description("a workload");
            let made = call.send().await.unwrap();
            made.network_interface().unwrap().network_interface_id().unwrap().to_owned()
        })
    }

    /// The key with which EBS encrypts new volumes; `None` while it does not encrypt.
    pub(crate) fn default_ebs_key(&self, region: &str) -> Option<String> {
        let ec2 = self.ec2(region);
        self.wait_for(async {
            let state = ec2.get_ebs_encryption_by_default().send().await.unwrap();
            let key = ec2.get_ebs_default_kms_key_id().send().await.unwrap();
            let on = state.ebs_encryption_by_default().unwrap();
            on.then(|| key.kms_key_id().unwrap().to_owned())
        })
    }

    /// Makes a key and an alias for it, past avm.
    pub(crate) fn create_key(&self, region: &str, alias: &str) {
        let kms = self.kms(region);
        self.wait_for(async {
            let key = kms.create_key().send().await.unwrap();
            let id = key.key_metadata().unwrap().key_id();
            kms.create_alias().alias_name(alias).target_key_id(id).send().await.unwrap();
        });
    }

    /// The ARN of the key behind an alias.
    pub(crate) fn key(&self, region: &str, alias: &str) -> String {
        let call = self.kms(region).describe_key().key_id(alias);
        let answer = self.wait_for(call.send()).unwrap();
        answer.key_metadata().unwrap().arn().unwrap().to_owned()
    }

    /// How many keys there are in a region, with those that nothing leads to.
    pub(crate) fn count_keys(&self, region: &str) -> usize {
        let call = self.kms(region).list_keys();
        self.wait_for(call.send()).unwrap().keys().len()
    }

    /// Whether the key's material is rotated.
    pub(crate) fn key_rotates(&self, region: &str, alias: &str) -> bool {
        let key = self.key(region, alias);
        let call = self.kms(region).get_key_rotation_status().key_id(key);
        self.wait_for(call.send()).unwrap().key_rotation_enabled()
    }

    /// Asks a service for which we have no SDK crate, and which speaks JSON.
    pub(super) fn ask(&self, service: &str, region: &str, target: &str, body: &str) -> Value {
        let authorization = self.authorization(service, region);
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", "application/x-amz-json-1.1"),
            ("X-Amz-Target", target),
        ];
        let answer = request(&self.observer.address, "POST", "/", &headers, body);
        serde_json::from_str(&answer).unwrap()
    }

    /// Asks a service for which we have no SDK crate, and which speaks REST.
    pub(super) fn get(&self, service: &str, region: &str, path: &str) -> Value {
        let authorization = self.authorization(service, region);
        let headers = [("Authorization", authorization.as_str())];
        let answer = request(&self.observer.address, "GET", path, &headers, "");
        serde_json::from_str(&answer).unwrap()
    }

    /// Makes an alarm, or sets the state of one: `OK`, `ALARM`, `INSUFFICIENT_DATA`.
    pub(crate) fn set_alarm(&self, region: &str, name: &str, state: &str) {
        let metric = "MetricName=Errors&Namespace=Test&Statistic=Sum&Period=60&EvaluationPeriods=1&Threshold=1\
            &ComparisonOperator=GreaterThanThreshold";
        let authorization = self.authorization("monitoring", region);
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        for wish in [
            format!("Action=PutMetricAlarm&AlarmName={name}&{metric}"),
            format!("Action=SetAlarmState&AlarmName={name}&StateValue={state}&StateReason=test"),
        ] {
            let body = format!("{wish}&Version=2010-08-01");
            request(self.address(), "POST", "/", &headers, &body);
        }
    }

    /// A signature's scope: the emulator reads that much of it.
    pub(super) fn authorization(&self, service: &str, region: &str) -> String {
        let key = self.credentials.access_key_id();
        format!(
            "AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/{service}/aws4_request, \
             SignedHeaders=host, Signature=0"
        )
    }

    pub(super) fn cloudformation(&self, region: &str) -> aws_sdk_cloudformation::Client {
        aws_sdk_cloudformation::Client::new(&self.config(region))
    }

    pub(super) fn ec2(&self, region: &str) -> aws_sdk_ec2::Client {
        aws_sdk_ec2::Client::new(&self.config(region))
    }

    pub(super) fn iam(&self) -> aws_sdk_iam::Client {
        aws_sdk_iam::Client::new(&self.config("us-east-1"))
    }

    fn kms(&self, region: &str) -> aws_sdk_kms::Client {
        aws_sdk_kms::Client::new(&self.config(region))
    }

    /// Waits for an answer.
    pub(super) fn wait_for<T>(&self, answer: impl Future<Output = T>) -> T {
        self.observer.wait_for(answer)
    }

    /// Where the emulator listens.
    pub(super) fn address(&self) -> &str {
        &self.observer.address
    }

    /// What a client needs that looks as this account.
    pub(super) fn config(&self, region: &str) -> SdkConfig {
        self.observer.config(region, self.credentials.clone())
    }
}
