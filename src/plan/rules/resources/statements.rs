//! Which statements of two policies belong together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::comparison::object;
use super::policy::{elements_of, sid};
use super::sameness::identity;

/// More pairs of statements than this are not weighed: no policy that AWS takes comes near it.
const MAX_WEIGHED: usize = 10_000;

/// How far ahead a statement is looked for that is written alike.
const MAX_AHEAD: usize = 50;

/// The statements that belong together, by their places in their policies: by their `Sid`, else because they say the
/// same, else because they say nearly the same. One without a partner appears or disappears.
pub(super) fn pairs(before: &[&Value], after: &[&Value]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut pairs = equal(before, after);
    let unpaired = |statements: &[&Value], paired: &BTreeSet<usize>| {
        let statements = statements.iter().enumerate().filter(|(index, _)| !paired.contains(index));
        statements.map(|(index, statement)| read(index, statement)).collect::<Vec<_>>()
    };
    let mut here = unpaired(before, &pairs.iter().filter_map(|(one, _)| *one).collect());
    let mut there = unpaired(after, &pairs.iter().filter_map(|(_, other)| *other).collect());
    let mut pair = |here: &mut Vec<Statement>, there: &mut Vec<Statement>, key: Key<'_>| {
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for statement in there.iter() {
            if let Some(key) = key(statement) {
                places.entry(key).or_default().push(statement.index);
            }
        }
        let mut taken = BTreeSet::new();
        here.retain(|statement| {
            let places = key(statement).and_then(|key| places.get_mut(&key));
            let Some(partner) = places.filter(|it| !it.is_empty()).map(|it| it.remove(0)) else {
                return true;
            };
            taken.insert(partner);
            pairs.push((Some(statement.index), Some(partner)));
            false
        });
        there.retain(|statement| !taken.contains(&statement.index));
    };
    let facts = |statement: &Statement| statement.facts.iter().cloned().collect::<String>();
    // A name may stand twice in a policy of a resource, so that statements that are equal come first.
    pair(&mut here, &mut there, &|it| Some(format!("{};{}", it.sid.as_ref()?, facts(it))));
    pair(&mut here, &mut there, &|it| it.sid.clone());
    pair(&mut here, &mut there, &|it| Some(facts(it)));
    for (one, other) in alike(&here, &there) {
        pairs.push((Some(one), Some(other)));
        here.retain(|statement| statement.index != one);
        there.retain(|statement| statement.index != other);
    }
    pairs.extend(here.iter().map(|statement| (Some(statement.index), None)));
    pairs.extend(there.iter().map(|statement| (None, Some(statement.index))));
    pairs
}

/// The statements that are written alike, in this order in both: most are, and need no closer look.
fn equal(before: &[&Value], after: &[&Value]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut pairs = Vec::new();
    let mut next = 0;
    for (index, statement) in before.iter().enumerate() {
        let rest = after.get(next..).unwrap_or_default();
        if let Some(place) = rest.iter().take(MAX_AHEAD).position(|it| it == statement) {
            pairs.push((Some(index), Some(next + place)));
            next += place + 1;
        }
    }
    pairs
}

/// What two statements of one kind share; `None` for a statement that is of none.
type Key<'a> = &'a dyn Fn(&Statement) -> Option<String>;

/// A statement as what it says.
struct Statement {
    index: usize,
    sid: Option<String>,
    effect: Option<String>,
    /// What it says apart from its `Sid`, bit by bit: of each element, each value.
    facts: BTreeSet<String>,
}

fn read(index: usize, statement: &Value) -> Statement {
    let mut facts = BTreeSet::new();
    match object(statement) {
        Some(elements) => {
            for (element, value) in elements.iter().filter(|(element, _)| *element != "Sid") {
                collect(element, value, &mut facts);
            }
        }
        None => drop(facts.insert(identity(statement))),
    }
    let effect = statement.get("Effect").map(identity);
    Statement { index, sid: sid(statement), effect, facts }
}

fn collect(path: &str, value: &Value, facts: &mut BTreeSet<String>) {
    match object(value) {
        Some(map) => {
            map.iter().for_each(|(key, value)| collect(&format!("{path}.{key}"), value, facts));
        }
        None => {
            facts.extend(
                elements_of(value).into_iter().map(|it| format!("{path}={};", identity(it))),
            );
        }
    }
}

/// Statements that share at least half of what they say, the most alike first. Two that have names of their own, and
/// not the same, are two.
fn alike(here: &[Statement], there: &[Statement]) -> Vec<(usize, usize)> {
    if here.len().saturating_mul(there.len()) > MAX_WEIGHED {
        return Vec::new();
    }
    let mut weighed = Vec::new();
    for one in here {
        for other in there {
            if one.effect != other.effect || (one.sid.is_some() && other.sid.is_some()) {
                continue;
            }
            let shared = one.facts.intersection(&other.facts).count();
            let all = one.facts.union(&other.facts).count();
            if 2 * shared >= all {
                // In thousandths, so that the order is one of whole numbers.
                weighed.push((1000 - 1000 * shared / all.max(1), one.index, other.index));
            }
        }
    }
    weighed.sort_unstable();
    let (mut used, mut taken) = (BTreeSet::new(), BTreeSet::new());
    weighed.retain(|(_, one, other)| {
        let is_free = !used.contains(one) && !taken.contains(other);
        is_free && used.insert(*one) && taken.insert(*other)
    });
    weighed.into_iter().map(|(_, one, other)| (one, other)).collect()
}
