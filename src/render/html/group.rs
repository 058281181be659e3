//! Groups of the outline: what is done, and a list of where.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use super::entry::{Look, line, list, look};
use super::escape::{fragment, html};
use crate::model::{AccountName, Region};
use crate::plan::Action;
use crate::render::count::grouped;
use crate::render::harmless::harmless;
use crate::render::outline::{Entry, Group, Mark, Places};

/// Groups of a section that are to be seen at once. The rest is a click away.
const MOST: usize = 12;

/// Entries of a group that its summary names beside the first one.
const GLANCE: usize = 6;

/// What is to be seen without unfolding a group, since a name of a stack does not tell it.
const WARNINGS: [Mark; 3] = [Mark::Blocked, Mark::Action(Action::Replace), Mark::MayReplace];

/// Groups under one heading.
#[derive(Debug)]
pub(super) struct Section {
    /// The heading.
    pub(super) heading: String,
    /// Its class in the style sheet.
    pub(super) class: &'static str,
    /// Whether each of its groups is unfolded from the beginning.
    pub(super) open: bool,
    /// The groups.
    pub(super) groups: Vec<Shown>,
}

/// A group as HTML.
#[derive(Debug)]
pub(super) struct Shown {
    /// Its first entry.
    pub(super) first: String,
    /// That entry's class.
    pub(super) class: &'static str,
    /// The next few entries, each with its class: a glance tells what the group is about.
    pub(super) others: Vec<(&'static str, String)>,
    /// How many entries there are beside the first one.
    pub(super) more: usize,
    /// What is serious beneath its entries, and how often.
    pub(super) warnings: Vec<(Look, String)>,
    /// Where, in a few words.
    pub(super) places_in_words: String,
    /// What there is to say beyond its first entry.
    pub(super) entries: String,
    /// Accounts that have it in the same regions, by those.
    pub(super) places: Vec<Place>,
}

/// Accounts that have something in the same regions.
#[derive(Debug)]
pub(super) struct Place {
    /// The regions: `eu-west-1, us-east-1`.
    pub(super) regions: String,
    /// The accounts, each with its part of an address.
    pub(super) accounts: Vec<(String, String)>,
}

impl Section {
    /// A section of groups; `None` if there are none.
    pub(super) fn of<'a>(
        heading: String,
        class: &'static str,
        open: bool,
        groups: impl IntoIterator<Item = &'a Group>,
    ) -> Option<Self> {
        let groups: Vec<_> = groups.into_iter().map(Shown::of).collect();
        (!groups.is_empty()).then_some(Self { heading, class, open, groups })
    }

    /// The section of the organization's own steps; `None` if there are none.
    pub(super) fn organization(entries: &[Entry], open: bool) -> Option<Self> {
        let shown = Shown::new(entries, String::new(), Vec::new());
        let heading = "Organization".to_owned();
        (!entries.is_empty()).then(|| Self { heading, class: "", open, groups: vec![shown] })
    }

    /// The groups that are to be seen at once.
    pub(super) fn first(&self) -> &[Shown] {
        self.groups.get(..MOST).unwrap_or(&self.groups)
    }

    /// The other groups.
    pub(super) fn rest(&self) -> &[Shown] {
        self.groups.get(MOST..).unwrap_or_default()
    }
}

impl Shown {
    fn of(group: &Group) -> Self {
        Self::new(&group.entries, group.words.to_string(), by_regions(&group.places))
    }

    fn new(entries: &[Entry], places_in_words: String, places: Vec<Place>) -> Self {
        let first = entries.first();
        let others = entries.iter().skip(1).take(GLANCE);
        let warnings = WARNINGS.into_iter().map(|mark| (look(mark), beneath(entries, mark)));
        Self {
            first: first.map(line).unwrap_or_default(),
            class: first.map(|entry| look(entry.mark).class).unwrap_or_default(),
            others: others.map(|entry| (look(entry.mark).class, line(entry))).collect(),
            more: entries.len().saturating_sub(1),
            warnings: warnings
                .filter(|(_, times)| *times > 0)
                .map(|(look, times)| (look, grouped(times)))
                .collect(),
            places_in_words,
            // The only entry stands above already.
            entries: match entries {
                [only] => list(&only.children),
                entries => list(entries),
            },
            places,
        }
    }
}

/// How often there is an entry of this kind beneath these. What CloudFormation answers stands beneath a detail, and is
/// about the same resources: the larger number of the two.
fn beneath(entries: &[Entry], mark: Mark) -> usize {
    let times = |is_answer: bool| {
        let children = entries.iter().flat_map(|entry| &entry.children);
        let children = children.filter(|child| (child.mark == Mark::Detail) == is_answer);
        children
            .map(|child| usize::from(child.mark == mark) + beneath(slice::from_ref(child), mark))
            .sum::<usize>()
    };
    times(false).max(times(true))
}

fn by_regions(Places(places): &Places) -> Vec<Place> {
    let mut alike: BTreeMap<&BTreeSet<Option<Region>>, Vec<&AccountName>> = BTreeMap::new();
    for (name, regions) in places {
        alike.entry(regions).or_default().push(name);
    }
    alike
        .into_iter()
        .map(|(regions, names)| Place {
            regions: regions
                .iter()
                .map(|region| region.as_ref().map_or("account as a whole", Region::as_str))
                .collect::<Vec<_>>()
                .join(", "),
            accounts: names
                .into_iter()
                .map(|name| harmless(name.as_str()))
                .map(|name| (format!("#account={}", fragment(&name)), html(&name)))
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::outline::{Line, Part};

    fn places(of: &[(&str, &[&str])]) -> Places {
        let region = |name: &&str| (!name.is_empty()).then(|| name.parse().unwrap());
        let account = |(name, regions): &(&str, &[&str])| {
            (name.parse().unwrap(), regions.iter().map(region).collect())
        };
        Places(of.iter().map(account).collect())
    }

    #[test]
    fn accounts_with_the_same_regions_are_listed_together() {
        let both: &[&str] = &["eu-west-1", "us-east-1"];
        let found = by_regions(&places(&[("a|", both), ("b", &["eu-west-1"]), ("c", both)]));
        let lines: Vec<_> =
            found.iter().map(|it| (it.regions.as_str(), it.accounts.len())).collect();
        assert_eq!(lines, [("eu-west-1", 1), ("eu-west-1, us-east-1", 2)]);
        assert_eq!(found[1].accounts[0], ("#account=a%7C".to_owned(), "a|".to_owned()));
    }
    fn entry(mark: Mark, words: &str, children: Vec<Entry>) -> Entry {
        Entry { mark, line: Line(vec![Part::Words(words.into())]), children }
    }

    #[test]
    fn the_only_entry_of_a_group_is_said_once_and_what_is_lost_beneath_it_is_seen() {
        let property = entry(Mark::Action(Action::Update), "KeySpec", Vec::new());
        let key = entry(Mark::Action(Action::Replace), "Key", vec![property]);
        let answer = entry(Mark::Detail, "CloudFormation: 1 change", vec![key.clone()]);
        let stack = entry(Mark::Action(Action::Update), "stack avm-kms", vec![key, answer]);
        let one = Shown::new(slice::from_ref(&stack), String::new(), Vec::new());
        assert!(one.first.contains("stack avm-kms") && !one.entries.contains("stack avm-kms"));
        let [(look, times)] = one.warnings.as_slice() else { panic!("one kind of warning") };
        assert_eq!((look.symbol, times.as_str()), ("-/+", "1"));
        let two = Shown::new(&[stack.clone(), stack], String::new(), Vec::new());
        assert_eq!(two.others.len(), 1);
        assert_eq!((two.more, two.entries.matches("stack avm-kms").count()), (1, 2));
    }

    #[test]
    fn a_section_with_many_groups_shows_some_of_them() {
        let groups = |number| {
            let shown = || Shown::new(&[], String::new(), Vec::new());
            Section {
                heading: String::new(),
                class: "",
                open: false,
                groups: std::iter::repeat_with(shown).take(number).collect(),
            }
        };
        let split = |number| {
            let section = groups(number);
            (section.first().len(), section.rest().len())
        };
        assert_eq!([3, MOST, MOST + 5].map(split), [(3, 0), (MOST, 0), (MOST, 5)]);
    }
}
