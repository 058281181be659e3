//! References to outputs of stacks: whether there is such an output, and whether it is there in time.

use std::collections::BTreeSet;

use super::baseline::{User, ValueRecipe};
use super::catalog::{CatalogStack, Taken};
use super::circles::{in_words, path};
use crate::desired::files::{HomeRegion, OutputEntry, RegionChoice};
use crate::desired::nearest::suggest;
use crate::desired::shape::{At, Located};
use crate::desired::state::OutputRegion;
use crate::document::Diagnostic;
use crate::model::{AccountName, BaselineName, Region, StackName};

/// What to do about a stack that is in the file and yet not there.
pub(super) const SWITCHED_OFF: &str = "landing-zone.yaml says otherwise than its `when`: let that match, or give the stack that takes from it the same `when`";

/// Checks a reference of the stack at `position`, and says how it is looked up.
pub(super) fn output<'a>(
    user: &User<'a>,
    position: usize,
    entry: &'a Located<OutputEntry>,
    faults: &mut Vec<Diagnostic>,
) -> Option<ValueRecipe<'a>> {
    let output = &entry.value;
    let account = output.account.as_ref().map(Located::at);
    let baseline = producer(user, account, faults)?;
    let is_own = baseline == user.name;
    let name = name_of(output.stack.as_ref()?);
    let (found, stack) = producing_stack(user, baseline, account, name, faults)?;
    if is_own {
        in_order(user, position, found, name, faults);
    }
    let key = output.key.as_ref()?;
    has_output(user, stack, At { value: &key.value, span: &key.span }, faults);
    let region = match region(user, position, stack, entry, is_own) {
        Ok(region) => region,
        Err(None) => return None,
        Err(Some(fault)) => {
            faults.push(*fault);
            return None;
        }
    };
    Some(ValueRecipe::Output {
        account: output.account.as_ref().map(|account| &account.value),
        stack: stack.name.as_ref()?,
        key: &key.value,
        region,
    })
}

/// The name of a stack, where it is written.
pub(super) fn name_of(stack: &Located<StackName>) -> At<'_, str> {
    At { value: stack.value.as_str(), span: &stack.span }
}

/// The baseline that has the stack: that of `account`, which has to be there in time, or the user's own.
pub(super) fn producer<'a>(
    user: &User<'a>,
    account: Option<At<'a, AccountName>>,
    faults: &mut Vec<Diagnostic>,
) -> Option<&'a BaselineName> {
    let Some(account) = account else { return Some(user.name) };
    let known = &user.zone.accounts;
    if !known.contains_key(account.value) {
        let message = format!("landing-zone.yaml has no account {}", account.value);
        let fault = user.fault(account.span, "unknown-account", message);
        faults.push(if known.is_empty() {
            fault.help("declare it there, under accounts")
        } else {
            suggest(fault, account.value.as_str(), known.keys().map(|name| name.as_str()))
        });
        return None;
    }
    let baseline = user.zone.baseline(account.value)?;
    in_time(user, account, faults);
    Some(baseline)
}

/// The stack of that name in a baseline, and its position.
pub(super) fn producing_stack<'a>(
    user: &User<'a>,
    baseline: &BaselineName,
    account: Option<At<'_, AccountName>>,
    name: At<'_, str>,
    faults: &mut Vec<Diagnostic>,
) -> Option<(usize, &'a CatalogStack<'a>)> {
    let stacks = user.catalog.stacks(baseline)?;
    let found = position_of(stacks, name.value);
    if found.is_none() {
        let whose = account.map_or("this baseline".to_owned(), |account| account.value.to_string());
        let message = format!("{whose} has no stack {}", name.value);
        let fault = user.fault(name.span, "unknown-stack", message);
        let known: Vec<_> =
            stacks.iter().filter_map(|stack| Some(stack.name.as_ref()?.as_str())).collect();
        faults.push(if user.catalog.is_switched_off(baseline, name.value) {
            fault.help(SWITCHED_OFF)
        } else {
            suggest(fault, name.value, known)
        });
    }
    found
}

/// The stack of that name, and its position.
pub(super) fn position_of<'c, 'a>(
    stacks: &'c [CatalogStack<'a>],
    name: &str,
) -> Option<(usize, &'c CatalogStack<'a>)> {
    let is_it = |stack: &CatalogStack<'_>| stack.name.as_ref().is_some_and(|n| n.as_str() == name);
    stacks.iter().enumerate().find(|(_, stack)| is_it(stack))
}

/// Whether the stack's template has the output.
pub(super) fn has_output(
    user: &User<'_>,
    stack: &CatalogStack<'_>,
    key: At<'_, str>,
    faults: &mut Vec<Diagnostic>,
) {
    let Some(template) = stack.template else { return };
    if !template.outputs().contains(key.value) {
        let message = format!("{} has no output {}", template.source().name(), key.value);
        let fault = user.fault(key.span, "unknown-output", message);
        faults.push(suggest(fault, key.value, template.outputs().iter().map(String::as_str)));
    }
}

/// Whether the account's wave comes before the waves of all accounts that take from it.
fn in_time<'a>(user: &User<'a>, account: At<'a, AccountName>, faults: &mut Vec<Diagnostic>) {
    let zone = user.zone;
    let Some(wave) = zone.accounts.get(account.value).and_then(|entry| zone.wave(entry)) else {
        return;
    };
    let users = zone.users.get(user.name).into_iter().flatten();
    let others = users.filter_map(|(of, names)| {
        names.iter().find(|name| **name != account.value).map(|name| (*of, *name))
    });
    let too_early: Vec<_> = others.filter(|(of, _)| *of <= wave).collect();
    if too_early.is_empty() {
        return;
    }
    if let Some(way) = account_circle(user, account.value) {
        let fault = user.fault(
            account.span,
            "circle",
            format!("accounts wait for each other: {}", in_words(&way)),
        );
        faults.push(fault.help("let one of them write down what it now takes from the other"));
        return;
    }
    for (of, name) in too_early {
        let message = format!(
            "{} is in wave {}, and {name}, which takes from it, is in wave {}",
            account.value, zone.waves[wave], zone.waves[of]
        );
        let order: Vec<_> = zone.waves.iter().map(|wave| wave.as_str()).collect();
        let fault = user.fault(account.span, "wave-order", message);
        faults.push(
            fault.help(format!(
                "outputs come from an earlier wave; the order is {}",
                order.join(", ")
            )),
        );
    }
}

/// The way from an account of the baseline to `account` and back, if `account` depends on one in turn.
fn account_circle<'a>(user: &User<'a>, account: &'a AccountName) -> Option<Vec<&'a AccountName>> {
    let baseline_of = |name: &AccountName| user.zone.baseline(name);
    let takes_from = |name: &'a AccountName| -> BTreeSet<&'a AccountName> {
        let named =
            baseline_of(name).map(|baseline| user.catalog.named_accounts(user.zone, baseline));
        let mut named = named.unwrap_or_default();
        named.remove(name);
        named
    };
    let mut way =
        path(account, takes_from, |name| name != account && baseline_of(name) == Some(user.name))?;
    way.push(account);
    Some(way)
}

/// Whether a stack of the same account comes earlier in the baseline.
pub(super) fn in_order(
    user: &User<'_>,
    position: usize,
    found: usize,
    name: At<'_, str>,
    faults: &mut Vec<Diagnostic>,
) {
    if found < position {
        return;
    }
    let takes_from = |position: usize| {
        let own = user.stacks[position].takes(user.zone).filter_map(|taken| match taken {
            Taken::Own(name) => position_of(user.stacks, name),
            Taken::Of(_) => None,
        });
        own.map(|(position, _)| position).collect::<BTreeSet<_>>()
    };
    let fault = if let Some(mut way) = path(found, takes_from, |goal| goal == position) {
        way.push(found);
        let names: Vec<_> = way.iter().filter_map(|at| user.stacks[*at].name.as_ref()).collect();
        let message = format!("stacks wait for each other: {}", in_words(&names));
        user.fault(name.span, "circle", message)
            .help("put what both need into one stack, or into a third that comes first")
    } else {
        let message = format!("{} comes later in the baseline", name.value);
        user.fault(name.span, "stack-order", message)
            .help("stacks are deployed in the order of the file: move it up")
    };
    faults.push(fault);
}

/// The region to look in. `Err(None)` if the files do not say enough, which is a fault of its own.
fn region(
    user: &User<'_>,
    position: usize,
    stack: &CatalogStack<'_>,
    entry: &Located<OutputEntry>,
    is_own: bool,
) -> Result<OutputRegion, Option<Box<Diagnostic>>> {
    let there = stack.regions.as_ref().ok_or(None)?;
    let here = user.stacks[position].regions.as_ref().ok_or(None)?;
    let home = user.zone.home.ok_or(None)?;
    let name = stack.name.as_ref().ok_or(None)?;
    let list = |regions: &BTreeSet<Region>| {
        regions.iter().map(Region::as_str).collect::<Vec<_>>().join(", ")
    };
    let fault = |span, message: String, help: String| {
        Err(Some(Box::new(user.fault(span, "output-region", message).help(help))))
    };
    let asked = entry.value.region.as_ref().map(|region| match &region.value {
        RegionChoice::Named(HomeRegion::Home) => (home, &region.span),
        RegionChoice::Region(name) => (name, &region.span),
    });
    if let Some((asked, span)) = asked.filter(|(asked, _)| !there.contains(*asked)) {
        let message = format!("{name} is not deployed in {asked}");
        return fault(span, message, format!("it is in {}", list(there)));
    }
    let chosen = match asked {
        Some((asked, _)) => OutputRegion::Fixed(asked.clone()),
        None if here.is_subset(there) => OutputRegion::Same,
        None => match there.iter().next() {
            Some(only) if there.len() == 1 => OutputRegion::Fixed(only.clone()),
            _ if there.contains(home) && here.intersection(there).all(|region| region == home) => {
                OutputRegion::Fixed(home.clone())
            }
            _ => {
                let message = format!("{name} is in {}: which one is meant?", list(there));
                return fault(&entry.span, message, "say region: home, or another one".into());
            }
        },
    };
    // The regions of an account are deployed side by side: none can wait for another.
    if let OutputRegion::Fixed(region) = &chosen
        && is_own
        && here.iter().any(|here| here != region)
    {
        let message = format!("{name} in {region} may not be there yet when other regions need it");
        let help = "the regions of an account are deployed side by side: \
                    deploy both stacks to the same regions, or the first in an earlier wave's account";
        return fault(&entry.span, message, help.into());
    }
    Ok(chosen)
}
