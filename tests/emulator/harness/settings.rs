//! What is set in an account, as its services tell it.

use aws_sdk_ec2::types::{HttpTokensState, InstanceMetadataDefaultsResponse};
use aws_sdk_iam::types::PasswordPolicy;

use super::http::request;
use super::member::Member;

/// What EC2 has set in a region, in its own words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ec2Settings {
    /// Whether new instances give their metadata for a session token only, and over how many hops.
    pub(crate) metadata: Option<(HttpTokensState, i32)>,
    /// How images may be shared.
    pub(crate) images: String,
    /// How snapshots may be shared.
    pub(crate) snapshots: String,
    /// Whether anybody can connect to serial consoles.
    pub(crate) serial_console: bool,
}

impl Ec2Settings {
    /// Those of a region where nobody has set anything.
    pub(crate) fn untouched() -> Self {
        Self {
            metadata: None,
            images: "unblocked".to_owned(),
            snapshots: "unblocked".to_owned(),
            serial_console: false,
        }
    }
}

impl Member<'_> {
    /// The settings of EC2 in a region.
    pub(crate) fn ec2_settings(&self, region: &str) -> Ec2Settings {
        let ec2 = self.ec2(region);
        self.wait_for(async {
            let metadata = ec2.get_instance_metadata_defaults().send().await.unwrap();
            let images = ec2.get_image_block_public_access_state().send().await.unwrap();
            let snapshots = ec2.get_snapshot_block_public_access_state().send().await.unwrap();
            let console = ec2.get_serial_console_access_status().send().await.unwrap();
            Ec2Settings {
                metadata: metadata.account_level().and_then(of_metadata),
                images: images.image_block_public_access_state().unwrap().to_owned(),
                snapshots: snapshots.state().unwrap().as_str().to_owned(),
                serial_console: console.serial_console_access_enabled().unwrap(),
            }
        })
    }

    /// Lets snapshots of a region be shared with everybody again.
    pub(crate) fn unblock_snapshots(&self, region: &str) {
        let call = self.ec2(region).disable_snapshot_block_public_access();
        self.wait_for(call.send()).unwrap();
    }

    /// The account's policy for passwords, if it has one of its own.
    pub(crate) fn password_policy(&self) -> Option<PasswordPolicy> {
        let call = self.iam().get_account_password_policy();
        match self.wait_for(call.send()) {
            Ok(answer) => answer.password_policy().cloned(),
            Err(error) if error.as_service_error().unwrap().is_no_such_entity_exception() => None,
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Takes the account's policy for passwords away.
    pub(crate) fn delete_password_policy(&self) {
        let call = self.iam().delete_account_password_policy();
        self.wait_for(call.send()).unwrap();
    }

    /// Makes a role that nobody can assume, past avm, and answers its unique id.
    pub(crate) fn create_role(&self, name: &str) -> String {
        let nobody = r#"{"Version": "2012-10-17", "Statement": []}"#;
        let call = self.iam().create_role().role_name(name).assume_role_policy_document(nobody);
        let answer = self.wait_for(call.send()).unwrap();
        answer.role().unwrap().role_id().to_owned()
    }

    /// A role's unique id: one that is made anew has another.
    pub(crate) fn role_id(&self, name: &str) -> String {
        let call = self.iam().get_role().role_name(name);
        let answer = self.wait_for(call.send()).unwrap();
        answer.role().unwrap().role_id().to_owned()
    }

    /// The service that a role is linked to: the last part of its path.
    pub(crate) fn service_of_role(&self, name: &str) -> String {
        let call = self.iam().get_role().role_name(name);
        let answer = self.wait_for(call.send()).unwrap();
        let path = answer.role().unwrap().path().trim_matches('/').to_owned();
        path.strip_prefix("aws-service-role/").unwrap().to_owned()
    }

    /// S3's four switches against public access, in their order. Asked past the SDK, which puts the account before the
    /// host's name.
    pub(crate) fn s3_public_access_blocks(&self) -> [bool; 4] {
        let authorization = self.authorization("s3", "eu-west-1");
        let headers = [("Authorization", authorization.as_str()), ("x-amz-account-id", &self.id)];
        let path = "/v20180820/configuration/publicAccessBlock";
        let answer = request(self.address(), "GET", path, &headers, "");
        ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"]
            .map(|switch| answer.contains(&format!("<{switch}>true</{switch}>")))
    }
}

fn of_metadata(defaults: &InstanceMetadataDefaultsResponse) -> Option<(HttpTokensState, i32)> {
    Some((defaults.http_tokens()?.clone(), defaults.http_put_response_hop_limit()?))
}
