//! Waves, and how much may be changed.

use schemars::JsonSchema;

use crate::desired::shape::{Located, Ranged, Text};
use crate::model::{AccountName, FailureTolerance, Region, SoakTime, WaveName};

/// A wave: its name, or its name and what has to hold before the next one begins.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(in crate::desired) enum WaveEntry {
    /// A wave in which no account may fail, and after which the next one begins at once.
    Name(Located<WaveName>),
    /// A wave with conditions.
    Conditions(ConditionalWaveEntry),
}

/// A wave, and what has to hold before the next one begins.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct ConditionalWaveEntry {
    /// The wave's name.
    #[schemars(required)]
    pub(in crate::desired) name: Option<Located<WaveName>>,
    /// The accounts of the wave that may fail: a number, or a part of those that have something to do (`5%`, rounded
    /// down). When more have failed, no other account of the wave begins, and no later wave. None unless said
    /// otherwise.
    pub(in crate::desired) failure_tolerance: Option<FailureTolerance>,
    /// How long to wait after the wave, if it has changed anything, before the next one begins: `30s`, `10m`, `2h`; at
    /// most 24h.
    pub(in crate::desired) soak: Option<SoakTime>,
    /// An alarm that must be OK before the run begins and before the next wave does, and may not go off meanwhile.
    pub(in crate::desired) gate: Option<GateEntry>,
}

/// A CloudWatch alarm, metric or composite.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct GateEntry {
    /// The alarm's name.
    #[schemars(required)]
    pub(in crate::desired) alarm: Option<Text<255>>,
    /// The account that has it: one of this wave or an earlier one.
    #[schemars(required)]
    pub(in crate::desired) account: Option<Located<AccountName>>,
    /// The region that it is in; the home region unless said otherwise.
    pub(in crate::desired) region: Option<Located<Region>>,
}

/// How much a plan may change. A plan that changes more is shown, and not carried out.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::desired) struct ChangeLimitsEntry {
    /// The most changes, unless `--max-changes` says otherwise.
    pub(in crate::desired) max_changes: Option<Ranged<u16, 0, 65535>>,
    /// The most things and resources that are deleted or made anew, unless `--max-destroys` says otherwise.
    pub(in crate::desired) max_destroys: Option<Ranged<u16, 0, 65535>>,
}

impl WaveEntry {
    /// The wave's name; `None` if it is at fault.
    pub(in crate::desired) fn name(&self) -> Option<&Located<WaveName>> {
        match self {
            Self::Name(name) => Some(name),
            Self::Conditions(wave) => wave.name.as_ref(),
        }
    }

    /// What the entry says beside the name.
    pub(in crate::desired) fn conditions(&self) -> Option<&ConditionalWaveEntry> {
        match self {
            Self::Name(_) => None,
            Self::Conditions(wave) => Some(wave),
        }
    }
}
