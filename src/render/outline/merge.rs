//! Entries that say the same of different places, made one.
//!
//! Two entries say the same if they have the same skeleton: marks, words and what is beneath, whatever the values.
//! Lines beneath one another that are nothing but a value are one list, which may be longer elsewhere.

use std::collections::BTreeMap;

use super::cell::Section;
use super::entry::{Entry, Line, Mark, Part, Various};
use crate::model::{AccountId, Region};

/// More values than this are counted.
const FEW: usize = 3;

/// The entries of many places, those that say the same together.
#[derive(Debug, Default)]
pub(super) struct Merging {
    known: BTreeMap<Key, usize>,
    all: Vec<Merged>,
}

/// What entries have to have in common: the section, whether it is a region's, the skeleton, and the how manieth of
/// that skeleton it is in its place.
type Key = (Section, bool, String, usize);

/// Entries that say the same.
#[derive(Debug)]
pub(super) struct Merged {
    /// The section that they belong to.
    pub(super) section: Section,
    /// The places, in order, by their numbers.
    pub(super) places: Vec<usize>,
    first: Entry,
    slots: Vec<Slot>,
}

/// Whose values they are: what is the account's own and the region's own is the same everywhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own<'a> {
    /// The account's id, once it has one.
    pub(super) account: Option<&'a AccountId>,
    /// The region; `None` for the account as a whole.
    pub(super) region: Option<&'a Region>,
}

/// The values of one part of a line, by their form without what is the place's own.
type Slot = BTreeMap<String, Counted>;

#[derive(Debug)]
struct Counted {
    places: usize,
    /// The value itself, unless it differs.
    same: Option<String>,
}

impl Merging {
    /// Adds everything that there is to say about a place. Places come in the order of their numbers.
    pub(super) fn add(&mut self, place: usize, own: Own<'_>, items: Vec<(Section, Entry)>) {
        let mut seen: BTreeMap<(Section, String), usize> = BTreeMap::new();
        for (section, entry) in items {
            let (mut skeleton, mut values) = (String::new(), Vec::new());
            flatten(std::slice::from_ref(&entry), &mut skeleton, &mut values);
            let times = seen.entry((section, skeleton.clone())).or_default();
            *times += 1;
            let key = (section, own.region.is_some(), skeleton, *times);
            let index = *self.known.entry(key).or_insert_with(|| {
                let slots = values.iter().map(|_| Slot::new()).collect();
                self.all.push(Merged { section, places: Vec::new(), first: entry, slots });
                self.all.len() - 1
            });
            let merged = &mut self.all[index];
            merged.places.push(place);
            for (slot, value) in merged.slots.iter_mut().zip(values) {
                count(slot, &value, own);
            }
        }
    }

    /// What was added, in the order in which it was first met.
    pub(super) fn finish(self) -> Vec<Merged> {
        self.all
    }
}

impl Merged {
    /// The one entry, with the values of all places.
    pub(super) fn entry(self) -> Entry {
        let mut slots = self.slots.into_iter().map(various);
        rebuild(vec![self.first], &mut slots).remove(0)
    }
}

fn count(slot: &mut Slot, value: &str, own: Own<'_>) {
    let counted = slot
        .entry(common(value, own))
        .or_insert_with(|| Counted { places: 0, same: Some(value.to_owned()) });
    counted.places += 1;
    if counted.same.as_deref() != Some(value) {
        counted.same = None;
    }
}

/// The value without what is the place's own.
fn common(value: &str, own: Own<'_>) -> String {
    let mut common = value.to_owned();
    if let Some(id) = own.account.filter(|id| common.contains(id.as_str())) {
        common = common.replace(id.as_str(), "<account>");
    }
    if let Some(region) = own.region.filter(|region| common.contains(region.as_str())) {
        common = common.replace(region.as_str(), "<region>");
    }
    common
}

fn various(slot: Slot) -> Various {
    // A value that is the same wherever it is found is shown as it is, also if it is the own one somewhere.
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (common, counted) in slot {
        *places.entry(counted.same.unwrap_or(common)).or_default() += counted.places;
    }
    if places.len() > FEW {
        return Various::Many(places.len());
    }
    let mut values: Vec<_> = places.into_iter().collect();
    values.sort_by(|(one, ones), (other, others)| others.cmp(ones).then_with(|| one.cmp(other)));
    match values.as_mut_slice() {
        [(value, _)] => Various::One(std::mem::take(value)),
        _ => Various::Few(values),
    }
}

/// Neighbours, those that are one list together.
fn lists(entries: &[Entry]) -> impl Iterator<Item = &[Entry]> {
    entries.chunk_by(|one, next| is_item(one) && is_item(next))
}

fn is_item(entry: &Entry) -> bool {
    entry.mark == Mark::Detail
        && entry.children.is_empty()
        && matches!(entry.line.0.as_slice(), [Part::Value(_)])
}

/// Writes down the skeleton, with control characters as its marks, which no entry holds, and the values.
fn flatten(entries: &[Entry], skeleton: &mut String, values: &mut Vec<String>) {
    for list in lists(entries) {
        let Some(entry) = list.first() else { continue };
        if is_item(entry) {
            let lines: Vec<_> = list.iter().map(|item| item.line.to_string()).collect();
            values.push(lines.join("\n"));
            skeleton.push('\u{5}');
            continue;
        }
        skeleton.extend(['\u{1}', symbol(entry.mark)]);
        for part in &entry.line.0 {
            match part {
                Part::Words(text) => skeleton.push_str(text),
                Part::Value(various) => {
                    values.push(various.to_string());
                    skeleton.push('\u{2}');
                }
            }
        }
        skeleton.push('\u{3}');
        flatten(&entry.children, skeleton, values);
        skeleton.push('\u{4}');
    }
}

/// A character for each mark.
fn symbol(mark: Mark) -> char {
    use crate::plan::Action;
    match mark {
        Mark::Action(Action::Create) => '+',
        Mark::Action(Action::Update) => '~',
        Mark::Action(Action::Replace) => '±',
        Mark::Action(Action::Delete) => '-',
        Mark::Action(Action::Import) => '<',
        Mark::Action(Action::Wait) => '=',
        Mark::MayReplace => '?',
        Mark::Blocked => '!',
        Mark::Note => 'n',
        Mark::Detail => 'd',
    }
}

/// The entries with the values of all places in the place of their own, in the order of [`flatten`].
fn rebuild(entries: Vec<Entry>, slots: &mut impl Iterator<Item = Various>) -> Vec<Entry> {
    let sizes: Vec<_> = lists(&entries).map(<[Entry]>::len).collect();
    let mut entries = entries.into_iter();
    let mut rebuilt = Vec::new();
    for size in sizes {
        let list: Vec<_> = entries.by_ref().take(size).collect();
        let is_list = list.first().is_some_and(is_item);
        for entry in list {
            if is_list {
                rebuilt.extend(slots.next().into_iter().flat_map(items));
                break;
            }
            let line = entry.line.0.into_iter().map(|part| match part {
                Part::Value(own) => Part::Value(slots.next().unwrap_or(own)),
                words @ Part::Words(_) => words,
            });
            let line = Line(line.collect());
            let children = rebuild(entry.children, slots);
            rebuilt.push(Entry { mark: entry.mark, line, children });
        }
    }
    rebuilt
}

/// The lines of a list that is the same everywhere; what differs is in one line.
fn items(list: Various) -> Vec<Entry> {
    let item = |various| Entry {
        mark: Mark::Detail,
        line: Line(vec![Part::Value(various)]),
        children: Vec::new(),
    };
    match list {
        Various::One(lines) => {
            lines.split('\n').map(|line| item(Various::One(line.to_owned()))).collect()
        }
        Various::Few(lists) => {
            let lists =
                lists.into_iter().map(|(lines, places)| (lines.replace('\n', "; "), places));
            vec![item(Various::Few(lists.collect()))]
        }
        many @ Various::Many(_) => vec![item(many)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::outline::{value, words};

    fn merged(entries: &[(&str, Entry)]) -> Vec<(Vec<usize>, Entry)> {
        let mut merging = Merging::default();
        for (place, (account, entry)) in entries.iter().enumerate() {
            let (id, region) = (account.parse().unwrap(), "eu-west-1".parse().unwrap());
            let own = Own { account: Some(&id), region: Some(&region) };
            merging.add(place, own, vec![(Section::Rest, entry.clone())]);
        }
        let merged = merging.finish().into_iter();
        merged.map(|merged| (merged.places.clone(), merged.entry())).collect()
    }

    fn key(arn: &str) -> Entry {
        Entry::new(Mark::Detail, [words("key "), value(arn)])
    }

    #[test]
    fn what_differs_only_by_the_own_account_is_the_same_value() {
        let merged = merged(&[
            ("111111111111", key("arn:aws:kms:eu-west-1:111111111111:key/1")),
            ("222222222222", key("arn:aws:kms:eu-west-1:222222222222:key/1")),
        ]);
        assert_eq!(merged, [(vec![0, 1], key("arn:aws:kms:<region>:<account>:key/1"))]);
    }

    #[test]
    fn another_accounts_id_is_another_value() {
        let merged = merged(&[
            ("111111111111", key("111111111111")),
            ("222222222222", key("111111111111")),
            ("333333333333", key("333333333333")),
        ]);
        let few = Various::Few(vec![("<account>".to_owned(), 2), ("111111111111".to_owned(), 1)]);
        assert_eq!(merged[0].1.line.0[1], Part::Value(few));
    }

    #[test]
    fn a_value_that_is_the_same_everywhere_is_one_although_it_is_somebodys_own() {
        let foreign = key("arn:aws:kms:us-east-1:111111111111:key/1");
        let merged =
            merged(&[("111111111111", foreign.clone()), ("222222222222", foreign.clone())]);
        assert_eq!(merged[0].1, foreign);
    }

    #[test]
    fn one_place_keeps_its_own_values_and_many_values_are_counted() {
        let alone = [("111111111111", key("111111111111"))];
        assert_eq!(merged(&alone)[0].1, key("111111111111"));
        let many = ["a", "b", "c", "d"].map(|arn| ("111111111111", key(arn)));
        assert_eq!(merged(&many)[0].1.line.to_string(), "key (4 values)");
    }

    #[test]
    fn lists_of_different_length_are_merged_and_equal_ones_keep_their_lines() {
        let list = |items: &[&str]| {
            let items = items.iter().map(|item| Entry::detail([value(*item)]));
            Entry::new(Mark::Blocked, [words("in use")]).with(items)
        };
        let shown = |entry: &Entry| -> Vec<String> {
            entry.children.iter().map(|item| item.line.to_string()).collect()
        };
        let (one, two) = ("111111111111", "222222222222");
        let differing = merged(&[(one, list(&["a", "b"])), (two, list(&["c"]))]);
        assert_eq!(shown(&differing[0].1), ["a; b (1), c (1)"]);
        let equal = merged(&[(one, list(&["a", "b"])), (two, list(&["a", "b"]))]);
        assert_eq!(shown(&equal[0].1), ["a", "b"]);
    }

    #[test]
    fn the_same_twice_in_one_place_stays_two() {
        let mut merging = Merging::default();
        let own = Own { account: None, region: None };
        let items = || vec![(Section::Rest, key("a")), (Section::Rest, key("b"))];
        merging.add(0, own, items());
        merging.add(1, own, items());
        let entries: Vec<_> = merging.finish().into_iter().map(Merged::entry).collect();
        assert_eq!(entries, [key("a"), key("b")]);
    }
}
