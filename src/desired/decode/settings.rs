//! The settings of a baseline.

use super::decoder::{Decode, Decoder};
use super::fields::Fields;
use crate::desired::files::{
    AliasEntry, ContactEntry, ContactsEntry, EbsEncryptionEntry, GuardDutyEntry, GuardDutyFeatures,
    InstanceMetadataEntry, PasswordPolicyEntry, SettingsEntry,
};
use crate::document::Node;

impl Decode for SettingsEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        let settings = Self {
            default_vpc: fields.get("default-vpc"),
            ebs_encryption: fields.get("ebs-encryption"),
            s3_public_access: fields.get("s3-public-access"),
            password_policy: fields.get("password-policy"),
            account_alias: fields.get("account-alias"),
            alternate_contacts: fields.get("alternate-contacts"),
            service_linked_roles: fields.get_or_default("service-linked-roles"),
            instance_metadata: fields.get("instance-metadata"),
            image_public_access: fields.get("image-public-access"),
            snapshot_public_access: fields.get("snapshot-public-access"),
            serial_console: fields.get("serial-console"),
            guardduty_organization: fields.get("guardduty-organization"),
            region_opt_in: fields.get("region-opt-in"),
        };
        decoder.unique(&settings.service_linked_roles, "service");
        Some(settings)
    }
}

impl Decode for EbsEncryptionEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self { key: fields.get("key") })
    }
}

impl Decode for PasswordPolicyEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            minimum_length: fields.get("minimum-length"),
            require_symbols: fields.get("require-symbols"),
            require_numbers: fields.get("require-numbers"),
            require_uppercase: fields.get("require-uppercase"),
            require_lowercase: fields.get("require-lowercase"),
            allow_users_to_change: fields.get("allow-users-to-change"),
            max_age_days: fields.get("max-age-days"),
            reuse_prevention: fields.get("reuse-prevention"),
            hard_expiry: fields.get("hard-expiry"),
        })
    }
}

impl Decode for AliasEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self { prefix: fields.get("prefix") })
    }
}

impl Decode for ContactsEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            billing: fields.get("billing"),
            operations: fields.get("operations"),
            security: fields.get("security"),
        })
    }
}

impl Decode for ContactEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            name: fields.get("name"),
            title: fields.get("title"),
            email: fields.get("email"),
            phone: fields.get("phone"),
        })
    }
}

impl Decode for InstanceMetadataEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        let entry =
            Self { http_tokens: fields.get("http-tokens"), hop_limit: fields.get("hop-limit") };
        if node.entries().is_empty() {
            let message = "expected http-tokens, hop-limit or both";
            decoder.push(decoder.fault(&node.span, "empty-setting", message));
        }
        Some(entry)
    }
}

impl Decode for GuardDutyEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self { auto_enable: fields.get("auto-enable"), features: fields.get("features") })
    }
}

impl Decode for GuardDutyFeatures {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        let features = Self {
            ai_protection: fields.get("AI_PROTECTION"),
            ebs_malware_protection: fields.get("EBS_MALWARE_PROTECTION"),
            eks_audit_logs: fields.get("EKS_AUDIT_LOGS"),
            eks_runtime_monitoring: fields.get("EKS_RUNTIME_MONITORING"),
            lambda_network_logs: fields.get("LAMBDA_NETWORK_LOGS"),
            rds_login_events: fields.get("RDS_LOGIN_EVENTS"),
            runtime_monitoring: fields.get("RUNTIME_MONITORING"),
            s3_data_events: fields.get("S3_DATA_EVENTS"),
        };
        if let (Some(eks), Some(_)) =
            (&features.eks_runtime_monitoring, &features.runtime_monitoring)
        {
            let message = "AWS takes EKS_RUNTIME_MONITORING or RUNTIME_MONITORING, not both";
            let fault = decoder.fault(&eks.span, "feature-twice", message);
            decoder.push(fault.help("leave EKS_RUNTIME_MONITORING out: the other one includes it"));
        }
        Some(features)
    }
}
