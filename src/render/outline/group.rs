//! Entries with their places.

use std::collections::BTreeMap;

use super::cell::{Cells, Section};
use super::entry::{Entry, Part, Various};
use super::merge::{Merged, Merging, Own};
use super::places::{PlaceWords, Places, Universe};
use crate::model::{AccountName, Region, WaveName};
use crate::plan::WavePlan;
use crate::render::detail::Detail;
use crate::render::json::PlanDocument;

/// A plan in the order in which it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What cannot be done.
    pub blocked: Vec<Group>,
    /// What is lost: deleted, or made anew.
    pub destructive: Vec<Group>,
    /// What is done for the organization as a whole.
    pub organization: Vec<Entry>,
    /// The rest, wave by wave; the most frequent first.
    pub rest: Vec<Group>,
    /// Whether there is a place or a value that is not named.
    pub folded: bool,
}

/// Things that are done in the same places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The wave; `None` for the organization.
    pub wave: Option<WaveName>,
    /// Where.
    pub places: Places,
    /// Where, in words.
    pub words: PlaceWords,
    /// What, in the order in which it is done.
    pub entries: Vec<Entry>,
}

/// A plan's outline.
pub fn outline(document: &PlanDocument) -> Outline {
    let cells = Cells::new(document, Detail::Grouped);
    let (blocked, steps): (Vec<_>, Vec<_>) =
        cells.organization().into_iter().partition(|(section, _)| *section == Section::Blocked);
    let [blocked, organization] =
        [blocked, steps].map(|items| items.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>());
    let mut outline = Outline { organization, ..Outline::default() };
    if !blocked.is_empty() {
        let words = PlaceWords::organization();
        let places = Places::default();
        outline.blocked.push(Group { wave: None, places, words, entries: blocked });
    }
    for wave in &document.plan.waves {
        for (section, group) in groups(&cells, wave) {
            match section {
                Section::Blocked => outline.blocked.push(group),
                Section::Destructive => outline.destructive.push(group),
                Section::Rest => outline.rest.push(group),
            }
        }
    }
    let is_folded = |group: &Group| !group.words.names_all || group.entries.iter().any(differs);
    outline.folded = outline.groups().any(is_folded) || cells.counts_something();
    outline
}

impl Outline {
    /// Every group, in the order in which they are read; the organization's own steps are in none.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.blocked.iter().chain(&self.destructive).chain(&self.rest)
    }
}

/// Whether some value of the entry differs from place to place.
fn differs(entry: &Entry) -> bool {
    let differs_here =
        |part: &Part| matches!(part, Part::Value(Various::Few(_) | Various::Many(_)));
    entry.line.0.iter().any(differs_here) || entry.children.iter().any(differs)
}

/// One account, or one region of it.
type Place<'a> = (&'a AccountName, Option<&'a Region>);

/// The groups of one wave, those in the most accounts first.
fn groups(cells: &Cells<'_>, wave: &WavePlan) -> Vec<(Section, Group)> {
    let mut places: Vec<Place<'_>> = Vec::new();
    let mut merging = Merging::default();
    for (name, account) in &wave.accounts {
        for region in std::iter::once(None).chain(account.regions.keys().map(Some)) {
            let own = Own { account: account.id.as_ref(), region };
            merging.add(places.len(), own, cells.items(name, account, region));
            places.push((name, region));
        }
    }
    let universe = Universe {
        accounts: wave.accounts.keys().collect(),
        regions: wave.accounts.values().flat_map(|account| account.regions.keys()).collect(),
    };
    // What is done in the same places is one group, whatever else is done there.
    let mut together: BTreeMap<(Section, Vec<usize>), Vec<Merged>> = BTreeMap::new();
    for mut merged in merging.finish() {
        let own = std::mem::take(&mut merged.places);
        together.entry((merged.section, own)).or_default().push(merged);
    }
    let mut groups: Vec<_> = together
        .into_iter()
        .map(|((section, own), merged)| {
            let mut group = Group {
                wave: Some(wave.name.clone()),
                places: Places::default(),
                words: PlaceWords::default(),
                entries: merged.into_iter().map(Merged::entry).collect(),
            };
            for (name, region) in own.into_iter().filter_map(|place| places.get(place)) {
                group.places.0.entry((*name).clone()).or_default().insert(region.cloned());
            }
            group.words = group.places.words(&universe);
            (section, group)
        })
        .collect();
    groups.sort_by(|(one_section, one), (other_section, other)| {
        let accounts = |group: &Group| group.places.0.len();
        one_section
            .cmp(other_section)
            .then_with(|| accounts(other).cmp(&accounts(one)))
            .then_with(|| one.places.0.keys().cmp(other.places.0.keys()))
            // An account's own things come before those of its regions.
            .then_with(|| one.words.regions.is_some().cmp(&other.words.regions.is_some()))
            .then_with(|| other.places.number().cmp(&one.places.number()))
            .then_with(|| one.places.cmp(&other.places))
    });
    groups
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Entries somewhere.
    pub(in crate::render::outline) fn group(entries: Vec<Entry>) -> Group {
        let (places, words) = (Places::default(), PlaceWords::organization());
        Group { wave: None, places, words, entries }
    }
}
