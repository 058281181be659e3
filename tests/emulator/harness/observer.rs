//! The test's own look at AWS: SDK clients that share nothing with avm's.

use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use tokio::runtime::Runtime;

use super::member::Member;

/// Looks at the organization.
#[derive(Debug)]
pub(crate) struct Observer {
    runtime: Runtime,
    /// Where the emulator listens.
    pub(super) address: String,
}

impl Observer {
    /// Looks at the emulator at `address`, as the management account.
    pub(super) fn new(address: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { runtime, address: address.to_owned() }
    }

    /// The ids of the accounts with this e-mail address, in whatever letters.
    pub(crate) fn accounts_with_email(&self, email: &str) -> Vec<String> {
        let accounts = self.accounts().into_iter();
        let of_email = accounts.filter(|(known, _)| known.eq_ignore_ascii_case(email));
        of_email.map(|(_, id)| id).collect()
    }

    /// The e-mail addresses and ids of all accounts.
    pub(super) fn accounts(&self) -> Vec<(String, String)> {
        self.wait_for(async {
            let mut pages = self.organizations().list_accounts().into_paginator().send();
            let mut accounts = Vec::new();
            while let Some(page) = pages.next().await {
                accounts.extend(page.unwrap().accounts().iter().map(|account| {
                    (account.email().unwrap().to_owned(), account.id().unwrap().to_owned())
                }));
            }
            accounts
        })
    }

    /// The names of the units above an account, from the root down: `Workloads/UAT`.
    pub(crate) fn place(&self, account: &str) -> String {
        self.wait_for(async {
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
        let tags = self.wait_for(call.send()).unwrap();
        tags.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()
    }

    /// Makes an account, past avm.
    pub(crate) fn create_account(&self, name: &str, email: &str) -> Member<'_> {
        let call = self.organizations().create_account().account_name(name).email(email);
        self.wait_for(call.send()).unwrap();
        self.member(email)
    }

    /// Enters the only account with this e-mail address.
    pub(crate) fn member(&self, email: &str) -> Member<'_> {
        let ids = self.accounts_with_email(email);
        assert_eq!(ids.len(), 1, "accounts with {email}: {ids:?}");
        let sts = aws_sdk_sts::Client::new(&self.own_config("us-east-1"));
        let call = sts
            .assume_role()
            .role_arn(format!("arn:aws:iam::{}:role/OrganizationAccountAccessRole", ids[0]))
            .role_session_name("test");
        let session = self.wait_for(call.send()).unwrap();
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
        let place = CreateBucketConfiguration::builder()
            .location_constraint(BucketLocationConstraint::from(region))
            .build();
        let call = self.s3(region).create_bucket().bucket(name);
        self.wait_for(call.create_bucket_configuration(place).send()).unwrap();
    }

    /// The keys of the objects in a bucket of the management account.
    pub(crate) fn objects(&self, bucket: &str, region: &str) -> Vec<String> {
        let call = self.s3(region).list_objects_v2().bucket(bucket);
        let answer = self.wait_for(call.send()).unwrap();
        answer.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
    }

    /// Replaces a text that an object of the management account has exactly once.
    pub(crate) fn edit_object(&self, bucket: &str, region: &str, key: &str, from: &str, to: &str) {
        let client = self.s3(region);
        self.wait_for(async {
            let found = client.get_object().bucket(bucket).key(key).send().await.unwrap();
            let bytes = found.body.collect().await.unwrap().into_bytes();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            assert_eq!(text.matches(from).count(), 1, "{text}");
            let body = ByteStream::from(text.replace(from, to).into_bytes());
            client.put_object().bucket(bucket).key(key).body(body).send().await.unwrap();
        });
    }

    fn s3(&self, region: &str) -> aws_sdk_s3::Client {
        let config = self.own_config(region);
        let config = aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// Waits for an answer.
    pub(super) fn wait_for<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }

    /// What a client needs that looks as the management account.
    pub(super) fn own_config(&self, region: &str) -> SdkConfig {
        self.config(region, self.own_credentials())
    }

    pub(super) fn organizations(&self) -> aws_sdk_organizations::Client {
        aws_sdk_organizations::Client::new(&self.own_config("us-east-1"))
    }

    #[expect(clippy::unused_self, reason = "they are this observer's")]
    fn own_credentials(&self) -> Credentials {
        Credentials::new("AKIAEMULATOR00000000", "secret", None, None, "test")
    }

    /// What a client needs.
    pub(super) fn config(&self, region: &str, credentials: Credentials) -> SdkConfig {
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .endpoint_url(format!("http://{}", self.address))
            .region(Region::new(region.to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build()
    }
}
