//! landing-zone.yaml.

use super::decoder::{Decode, Decoder};
use super::fields::Fields;
use crate::desired::files::{
    AccountEntry, AdministratorsEntry, ArtifactsEntry, CentralKeys, EnvironmentEntry, KeysEntry,
    LandingZoneFile, LeaseEntry, OrganizationEntry, PerAccountKeys, RegionsEntry, WaveEntry,
};
use crate::document::{Kind, Node};

impl Decode for LandingZoneFile {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        let file = Self {
            version: fields.get("version"),
            organization: fields.get("organization"),
            regions: fields.get("regions"),
            artifacts: fields.get("artifacts"),
            lease: fields.get("lease"),
            keys: fields.get("keys"),
            trail: fields.get("trail"),
            guardduty: fields.get("guardduty"),
            delegated_administrators: fields.get("delegated-administrators"),
            trusted_services: fields.get_or_default("trusted-services"),
            environments: fields.get_or_default("environments"),
            organizational_units: fields.get_or_default("organizational-units"),
            protected_organizational_units: fields.get_or_default("protected-organizational-units"),
            waves: fields.get("waves"),
            limits: fields.get("limits"),
            accounts: fields.get_or_default("accounts"),
        };
        decoder.unique(&file.organizational_units, "organizational unit");
        decoder.unique(&file.protected_organizational_units, "organizational unit");
        decoder.unique(&file.trusted_services, "service");
        if let Some(waves) = &file.waves {
            let names: Vec<_> = waves.value.iter().filter_map(WaveEntry::name).cloned().collect();
            decoder.not_empty(waves, "wave");
            decoder.unique(&names, "wave");
        }
        Some(file)
    }
}

impl Decode for OrganizationEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self {
            id: fields.get("id"),
            management_account: fields.get("management-account"),
            access_role: fields.get("access-role"),
            plan_role: fields.get("plan-role"),
        })
    }
}

impl Decode for RegionsEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        let regions = Self { home: fields.get("home"), governed: fields.get("governed") };
        if let Some(governed) = &regions.governed {
            decoder.distinct(governed, "region");
        }
        Some(regions)
    }
}

impl Decode for ArtifactsEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self { bucket: fields.get("bucket") })
    }
}

impl Decode for LeaseEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self { bucket: fields.get("bucket") })
    }
}

impl Decode for KeysEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            Kind::Scalar { .. } if node.text() == Some("central") => {
                let fault =
                    decoder.fault(&node.span, "wrong-kind", "the account with the keys is missing");
                decoder.push(fault.help("name the account that has them: {central: ACCOUNT}"));
                None
            }
            Kind::Scalar { .. } => decoder.word::<PerAccountKeys>(node).map(Self::PerAccount),
            Kind::Mapping(_) => CentralKeys::decode(node, decoder).map(Self::Central),
            Kind::Sequence(_) => decoder.expected(node, "per-account or {central: ACCOUNT}"),
        }
    }
}

impl Decode for CentralKeys {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        Some(Self { central: fields.get("central") })
    }
}

impl Decode for AdministratorsEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let faults_before = decoder.fault_count();
        let mut fields = Fields::of::<Self>(node, decoder)?;
        let entry = Self {
            access_analyzer: fields.get("access-analyzer"),
            cloudtrail: fields.get("cloudtrail"),
            config: fields.get("config"),
            guardduty: fields.get("guardduty"),
            security_hub: fields.get("security-hub"),
            is_whole: false,
        };
        Some(Self { is_whole: decoder.fault_count() == faults_before, ..entry })
    }
}

impl Decode for EnvironmentEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut fields = Fields::of::<Self>(node, decoder)?;
        let entry = Self {
            key_administrators: fields.get_or_default("key-administrators"),
            external_accounts: fields.get_or_default("external-accounts"),
            values: fields.get_or_default("values"),
        };
        decoder.unique(&entry.external_accounts, "external account");
        Some(entry)
    }
}

impl Decode for AccountEntry {
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let faults_before = decoder.fault_count();
        let mut fields = Fields::of::<Self>(node, decoder)?;
        let entry = Self {
            name: fields.get("name"),
            email: fields.get("email"),
            ou: fields.get("ou"),
            environment: fields.get("environment"),
            baseline: fields.get("baseline"),
            wave: fields.get("wave"),
            tags: fields.get_or_default("tags"),
            protected: fields.get("protected"),
            management: fields.get("management"),
            is_whole: false,
        };
        Some(Self { is_whole: decoder.fault_count() == faults_before, ..entry })
    }
}
