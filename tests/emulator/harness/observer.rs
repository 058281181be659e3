//! The test's own look at AWS: SDK clients that share nothing with avm's.

use std::collections::{BTreeMap, BTreeSet};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_organizations::types::Account;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::http::request;

/// Looks at the organization.
#[derive(Debug)]
pub(crate) struct Observer {
    runtime: Runtime,
    address: String,
}

/// Looks into one member account.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    observer: &'a Observer,
    credentials: Credentials,
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

impl Observer {
    /// Looks at the emulator at `address`, as the management account.
    pub(super) fn new(address: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { runtime, address: address.to_owned() }
    }

    /// The ids of the accounts with this e-mail address, in whatever letters.
    pub(crate) fn accounts_with_email(&self, email: &str) -> Vec<String> {
        self.runtime.block_on(async {
            let mut pages = self.organizations().list_accounts().into_paginator().send();
            let mut ids = Vec::new();
            while let Some(page) = pages.next().await {
                let page = page.unwrap();
                let of_email = |account: &&Account| {
                    account.email().is_some_and(|known| known.eq_ignore_ascii_case(email))
                };
                let accounts = page.accounts().iter().filter(of_email);
                ids.extend(accounts.map(|account| account.id().unwrap().to_owned()));
            }
            ids
        })
    }

    /// The names of the units above an account, from the root down: `Workloads/UAT`.
    pub(crate) fn place(&self, account: &str) -> String {
        self.runtime.block_on(async {
            let organizations = self.organizations();
            let (mut child, mut names) = (account.to_owned(), Vec::new());
            loop {
                let parents = organizations.list_parents().child_id(&child).send().await.unwrap();
                let parent = parents.parents()[0].id().unwrap().to_owned();
                if parent.starts_with("r-") {
                    names.reverse();
                    return names.join("/");
                }
                let unit = organizations
                    .describe_organizational_unit()
                    .organizational_unit_id(&parent)
                    .send()
                    .await
                    .unwrap();
                names.push(unit.organizational_unit().unwrap().name().unwrap().to_owned());
                child = parent;
            }
        })
    }

    /// An account's tags.
    pub(crate) fn tags(&self, account: &str) -> BTreeMap<String, String> {
        let call = self.organizations().list_tags_for_resource().resource_id(account);
        let tags = self.runtime.block_on(call.send()).unwrap();
        tags.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()
    }

    /// Makes an account, past avm.
    pub(crate) fn create_account(&self, name: &str, email: &str) -> Member<'_> {
        let call = self.organizations().create_account().account_name(name).email(email);
        self.runtime.block_on(call.send()).unwrap();
        self.member(email)
    }

    /// Enters the only account with this e-mail address.
    pub(crate) fn member(&self, email: &str) -> Member<'_> {
        let ids = self.accounts_with_email(email);
        assert_eq!(ids.len(), 1, "accounts with {email}: {ids:?}");
        let sts = aws_sdk_sts::Client::new(&self.config("us-east-1", self.own_credentials()));
        let call = sts
            .assume_role()
            .role_arn(format!("arn:aws:iam::{}:role/OrganizationAccountAccessRole", ids[0]))
            .role_session_name("test");
        let session = self.runtime.block_on(call.send()).unwrap();
        let keys = session.credentials().unwrap();
        let credentials = Credentials::new(
            keys.access_key_id(),
            keys.secret_access_key(),
            Some(keys.session_token().to_owned()),
            None,
            "test",
        );
        Member { observer: self, credentials, id: ids[0].clone() }
    }

    /// Makes a bucket in the management account.
    pub(crate) fn create_bucket(&self, name: &str, region: &str) {
        let config = self.config(region, self.own_credentials());
        let config = aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build();
        let place = CreateBucketConfiguration::builder()
            .location_constraint(BucketLocationConstraint::from(region))
            .build();
        let call = aws_sdk_s3::Client::from_conf(config).create_bucket().bucket(name);
        self.runtime.block_on(call.create_bucket_configuration(place).send()).unwrap();
    }

    fn organizations(&self) -> aws_sdk_organizations::Client {
        aws_sdk_organizations::Client::new(&self.config("us-east-1", self.own_credentials()))
    }

    #[expect(clippy::unused_self, reason = "they are this observer's")]
    fn own_credentials(&self) -> Credentials {
        Credentials::new("AKIAEMULATOR00000000", "secret", None, None, "test")
    }

    fn config(&self, region: &str, credentials: Credentials) -> SdkConfig {
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .endpoint_url(format!("http://{}", self.address))
            .region(Region::new(region.to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build()
    }
}

impl Member<'_> {
    /// The account's stacks in a region that are not deleted.
    pub(crate) fn stacks(&self, region: &str) -> BTreeMap<String, SeenStack> {
        let call = self.cloudformation(region).describe_stacks();
        let answer = self.observer.runtime.block_on(call.send()).unwrap();
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
        let answer = self.observer.runtime.block_on(call.send()).unwrap();
        let outputs = answer.stacks()[0].outputs().iter().map(|output| {
            (output.output_key().unwrap().to_owned(), output.output_value().unwrap().to_owned())
        });
        outputs.collect()
    }

    /// Everything of the default network that is in a region: VPCs, subnets, internet gateways.
    pub(crate) fn network(&self, region: &str) -> BTreeSet<String> {
        let ec2 = self.ec2(region);
        self.observer.runtime.block_on(async {
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
        self.observer.runtime.block_on(async {
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
        self.observer.runtime.block_on(async {
            let state = ec2.get_ebs_encryption_by_default().send().await.unwrap();
            let key = ec2.get_ebs_default_kms_key_id().send().await.unwrap();
            let on = state.ebs_encryption_by_default().unwrap();
            on.then(|| key.kms_key_id().unwrap().to_owned())
        })
    }

    /// The ARN of the key behind an alias.
    pub(crate) fn key(&self, region: &str, alias: &str) -> String {
        let call = self.kms(region).describe_key().key_id(alias);
        let answer = self.observer.runtime.block_on(call.send()).unwrap();
        answer.key_metadata().unwrap().arn().unwrap().to_owned()
    }

    /// Whether the key's material is rotated.
    pub(crate) fn key_rotates(&self, region: &str, alias: &str) -> bool {
        let key = self.key(region, alias);
        let call = self.kms(region).get_key_rotation_status().key_id(key);
        self.observer.runtime.block_on(call.send()).unwrap().key_rotation_enabled()
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

    /// A signature's scope: the emulator reads that much of it.
    fn authorization(&self, service: &str, region: &str) -> String {
        let key = self.credentials.access_key_id();
        format!(
            "AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/{service}/aws4_request, \
             SignedHeaders=host, Signature=0"
        )
    }

    fn cloudformation(&self, region: &str) -> aws_sdk_cloudformation::Client {
        aws_sdk_cloudformation::Client::new(&self.config(region))
    }

    fn ec2(&self, region: &str) -> aws_sdk_ec2::Client {
        aws_sdk_ec2::Client::new(&self.config(region))
    }

    fn kms(&self, region: &str) -> aws_sdk_kms::Client {
        aws_sdk_kms::Client::new(&self.config(region))
    }

    fn config(&self, region: &str) -> SdkConfig {
        self.observer.config(region, self.credentials.clone())
    }
}
