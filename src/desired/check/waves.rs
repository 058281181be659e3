//! What has to hold after a wave.

use std::collections::BTreeMap;

use super::zone::Zone;
use crate::desired::files::{ConditionalWaveEntry, GateEntry};
use crate::desired::nearest::suggest;
use crate::desired::state::{DesiredConditions, DesiredGate};
use crate::document::Diagnostic;
use crate::model::{Region, WaveName};

/// Gates are in accounts that are there when they are asked.
pub(super) fn check(zone: &Zone<'_>, faults: &mut Vec<Diagnostic>) {
    for (wave, conditions) in conditional(zone) {
        let Some(gate) = &conditions.gate else { continue };
        account(zone, wave, gate, faults);
        region(zone, gate, faults);
    }
}

/// The conditions of all waves that have any, once there is no fault.
pub(super) fn conditions(zone: &Zone<'_>) -> BTreeMap<WaveName, DesiredConditions> {
    let conditions = conditional(zone).map(|(wave, entry)| {
        let desired = DesiredConditions {
            failure_tolerance: entry.failure_tolerance.unwrap_or_default(),
            soak: entry.soak,
            gate: entry.gate.as_ref().and_then(|gate| desired(zone, gate)),
        };
        (wave.clone(), desired)
    });
    conditions.collect()
}

fn desired(zone: &Zone<'_>, gate: &GateEntry) -> Option<DesiredGate> {
    Some(DesiredGate {
        alarm: gate.alarm.as_ref()?.0.clone(),
        account: gate.account.as_ref()?.value.clone(),
        region: match &gate.region {
            Some(region) => region.value.clone(),
            None => zone.home?.clone(),
        },
    })
}

fn conditional<'a>(
    zone: &Zone<'a>,
) -> impl Iterator<Item = (&'a WaveName, &'a ConditionalWaveEntry)> {
    let entries = zone.file.waves.iter().flat_map(|waves| &waves.value);
    entries.filter_map(|entry| Some((&entry.name()?.value, entry.conditions()?)))
}

fn account(zone: &Zone<'_>, wave: &WaveName, gate: &GateEntry, faults: &mut Vec<Diagnostic>) {
    let Some(name) = &gate.account else { return };
    let Some(entry) = zone.accounts.get(&name.value) else {
        let message = format!("there is no account {}", name.value);
        let fault = zone.fault(&name.span, "unknown-account", message);
        let known = zone.accounts.keys().map(|known| known.as_str());
        faults.push(suggest(fault, name.value.as_str(), known));
        return;
    };
    let position = |wanted: &WaveName| zone.waves.iter().position(|name| *name == wanted);
    if let (Some(its), Some(own)) = (zone.wave(entry), position(wave))
        && its > own
    {
        let message = format!(
            "the gate of wave {wave} is in {}, which is in the later wave {}",
            name.value, zone.waves[its]
        );
        let fault = zone.fault(&name.span, "gate-order", message);
        faults.push(fault.help("a gate is in an account of its wave, or of an earlier one"));
    }
}

fn region(zone: &Zone<'_>, gate: &GateEntry, faults: &mut Vec<Diagnostic>) {
    let Some(region) = &gate.region else { return };
    let wanted = zone.home.map(Region::partition);
    let partition = region.value.partition();
    if wanted.is_some_and(|wanted| wanted != partition) {
        let message = format!("{} is in the partition {partition}", region.value);
        let fault = zone.fault(&region.span, "mixed-partitions", message);
        faults.push(fault.help("an organization exists in one partition"));
    }
}

#[cfg(test)]
mod tests {
    use crate::desired::fixture::Fixture;
    use crate::model::{FailureTolerance, WaveName};

    const WAVES: &str = "waves: [core, rest]";

    fn with(waves: &str) -> Fixture {
        let fixture = Fixture::acme();
        fixture.replace("landing-zone.yaml", WAVES, &format!("waves:\n{waves}"));
        fixture
    }

    #[test]
    fn a_wave_has_a_tolerance_a_soak_time_and_a_gate_in_the_home_region() {
        let fixture = with(
            "  - {name: core, failure-tolerance: 5%, soak: 90m, gate: {alarm: health, account: logs}}\n  \
             - rest\n",
        );
        let state = fixture.load().state;
        let waves: Vec<_> = state.waves.iter().map(WaveName::as_str).collect();
        assert_eq!(waves, ["core", "rest"]);
        assert_eq!(state.conditions.len(), 1);
        let core = state.conditions.values().next().unwrap();
        assert_eq!(core.failure_tolerance, FailureTolerance::Percent(5));
        assert_eq!(core.soak.unwrap().to_string(), "90m");
        let gate = core.gate.as_ref().unwrap();
        assert_eq!((gate.alarm.as_str(), gate.account.as_str()), ("health", "logs"));
        assert_eq!(gate.region.as_str(), "eu-west-1");
    }

    #[test]
    fn every_fault_of_a_wave_is_told() {
        let fixture = with(
            "  - {name: core, failure-tolerance: 120%, gate: {alarm: a, account: shop-uat}}\n  \
             - {name: rest, soak: 2d, gate: {alarm: a, account: nobody, region: us-gov-west-1}}\n  \
             - {name: core, bake: 3m}\n  - []\n",
        );
        let mut codes = fixture.codes();
        codes.sort();
        assert_eq!(
            codes,
            [
                "duplicate-item",
                "gate-order",
                "invalid-failure-tolerance",
                "invalid-soak",
                "mixed-partitions",
                "unknown-account",
                "unknown-key",
                "wrong-kind",
            ]
        );
    }
}
