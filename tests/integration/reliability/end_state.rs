//! What is compared of two worlds that ought to have come to the same.
//!
//! Everything that AWS has, a line for each value, except what differs between any two runs and matters to nobody:
//!
//! - the clock, the number of ids given out, and the texts of templates that no stack has any more;
//! - ids that AWS makes up: each is replaced by what it is the id of, wherever it occurs;
//! - of a stack, how many phases it went through, and the tokens of its operations. Their kinds are compared, so that
//!   a stack that was made or updated once too often is a difference;
//! - of a request for an account, its id; requests are compared by account and outcome;
//! - hashes of properties, since they have ids in them. The template and every parameter are compared instead.

use std::collections::BTreeMap;

use avm::sim::world::{Agenda, Moment, Stack, Templates, World};
use serde_json::Value;

/// Everything that AWS has: a line for each value, in order.
pub(super) fn end_state(world: &World) -> Vec<String> {
    let names = Names::of(world);
    let mut lines: Vec<_> = requests(world)
        .into_iter()
        .map(|(request, times)| format!("request for {request}: {times}"))
        .collect();
    let bare = World {
        clock: Moment::default(),
        counter: 0,
        requests: BTreeMap::new(),
        templates: Templates::default(),
        failing: Vec::new(),
        agenda: Agenda::default(),
        ..world.clone()
    };
    let json = serde_json::to_value(&bare).unwrap();
    flatten(&json, "", &names, &mut lines);
    lines.sort_unstable();
    lines
}

/// What must not be left, however a run ended: a line each.
pub(super) fn orphans(world: &World, expected: &[String]) -> Vec<String> {
    let mut orphans = Vec::new();
    let mut emails = BTreeMap::<_, usize>::new();
    for account in world.accounts.values() {
        *emails.entry(account.email.as_str().to_ascii_lowercase()).or_default() += 1;
        if !expected.contains(&account.name) {
            orphans.push(format!("account {} that nobody asked for", account.name));
        }
        for (region, cell) in &account.cells {
            for (name, stack) in &cell.stacks {
                let at = format!("{} {region} {name}", account.name);
                orphans.extend(left_of(stack).map(|what| format!("{at}: {what}")));
            }
        }
    }
    let twice = emails.into_iter().filter(|(_, accounts)| *accounts > 1);
    orphans.extend(twice.map(|(email, accounts)| format!("{accounts} accounts of {email}")));
    if world.agenda != Agenda::default() {
        orphans.push(format!("AWS has not come to rest: {:?}", world.agenda));
    }
    orphans
}

fn left_of(stack: &Stack) -> impl Iterator<Item = String> {
    let change_sets = stack.change_sets.iter().map(|one| format!("change set {}", one.name));
    let unmade = stack.state.as_aws() == "REVIEW_IN_PROGRESS";
    change_sets.chain((unmade || stack.state.in_progress()).then(|| stack.state.to_string()))
}

/// How many requests there were for each account, by outcome.
pub(super) fn requests(world: &World) -> BTreeMap<String, usize> {
    let mut requests = BTreeMap::new();
    for request in world.requests.values() {
        let outcome = match &request.state {
            avm::cloud::RequestState::InProgress => "in progress".to_owned(),
            avm::cloud::RequestState::Succeeded(_) => "succeeded".to_owned(),
            avm::cloud::RequestState::Failed(reason) => reason.clone(),
        };
        *requests.entry(format!("{} {outcome}", request.account.email)).or_default() += 1;
    }
    requests
}

/// What ids are the ids of. The longest first, since one may be a part of another.
struct Names(Vec<(String, String)>);

impl Names {
    fn of(world: &World) -> Self {
        let mut names = Vec::new();
        for id in world.units.keys() {
            let path = world.path(id).map_or_else(|| "nowhere".to_owned(), |path| path.to_string());
            names.push((id.to_string(), format!("<{path}>")));
        }
        for (id, account) in &world.accounts {
            names.push((id.to_string(), format!("<{}>", account.name)));
            for (region, cell) in &account.cells {
                for (stack_name, stack) in &cell.stacks {
                    let place = format!("{} {region} {stack_name}", account.name);
                    names.push((stack.id.clone(), format!("<{place}>")));
                    for resource in &stack.resources {
                        let name = format!("<{place} {}>", resource.logical_id);
                        // What is claimed is the name at the end of an ARN.
                        let short = resource.physical_id.rsplit([':', '/']).next();
                        names.extend(short.map(|short| (short.to_owned(), name.clone())));
                        names.push((resource.physical_id.clone(), name));
                    }
                }
            }
        }
        // What is as short as this is no id that was made up.
        names.retain(|(id, _)| id.len() >= 8);
        names.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then(one.cmp(other)));
        Self(names)
    }

    fn rename(&self, text: &str) -> String {
        let known = self.0.iter().filter(|(id, _)| text.len() >= id.len());
        known.fold(text.to_owned(), |text, (id, name)| {
            if text.contains(id.as_str()) { text.replace(id, name) } else { text }
        })
    }
}

/// Of stacks and their resources, what nobody compares.
const IGNORED: [&str; 5] = ["phase", "token", "failures", "properties", "reason"];

fn flatten(value: &Value, path: &str, names: &Names, lines: &mut Vec<String>) {
    match value {
        Value::Null => {}
        // A region whose VPCs are gone is not one that nobody has touched; any other place in which nothing is, is none.
        Value::Object(entries) if entries.is_empty() => {
            if path.ends_with("/network") {
                lines.push(format!("{path}: none"));
            }
        }
        Value::Object(entries) => {
            for (key, value) in entries.iter().filter(|(key, _)| !IGNORED.contains(&key.as_str())) {
                flatten(value, &format!("{path}/{}", names.rename(key)), names, lines);
            }
        }
        Value::Array(items) if items.is_empty() => lines.push(format!("{path}: none")),
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                flatten(item, &format!("{path}/{number}"), names, lines);
            }
        }
        Value::String(text) => lines.push(format!("{path}: {}", names.rename(text))),
        Value::Bool(_) | Value::Number(_) => lines.push(format!("{path}: {value}")),
    }
}

/// What the one has and the other has not, a line each, at most a few.
pub(super) fn difference(expected: &[String], found: &[String]) -> Vec<String> {
    let lacks = |line: &&String, others: &[String]| others.binary_search(*line).is_err();
    let missing = expected.iter().filter(|line| lacks(line, found)).map(|line| format!("- {line}"));
    let added = found.iter().filter(|line| lacks(line, expected)).map(|line| format!("+ {line}"));
    missing.chain(added).take(20).collect()
}
