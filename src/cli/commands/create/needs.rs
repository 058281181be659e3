//! The accounts that an account needs first, because it takes outputs of their stacks.

use std::collections::{BTreeMap, VecDeque};

use crate::cli::failure::Failure;
use crate::cli::run::Context;
use crate::cli::selector::exactly;
use crate::cli::survey::{Survey, look};
use crate::cloud::CloudProvider;
use crate::desired::{DesiredState, OutputSource, Selection};
use crate::model::AccountName;
use crate::observed::ObserveLimits;

/// Accounts, each with the output that makes it needed and the account that takes it. The account that was asked
/// for needs no reason.
type Needed = BTreeMap<AccountName, Option<(OutputSource, AccountName)>>;

/// Plans the account, and those whose outputs it needs and that are not there; says which and why.
///
/// The files say whose outputs could be needed, so all of them are looked at once. Who turns out to have what is
/// needed is not planned.
pub(super) async fn with_what_it_needs<P: CloudProvider>(
    context: &Context<'_, P>,
    everything: &DesiredState,
    name: &AccountName,
    run: &str,
    limits: ObserveLimits,
) -> Result<(Selection, Survey), Failure> {
    let possible = selection(&needed(everything, name, |_| true));
    let desired = everything.select(&possible)?;
    let survey = look(context, everything, run, desired, limits).await?;
    let outputs = &survey.observed.outputs;
    let needed = needed(everything, name, |source| matches!(outputs.get(source), Some(Ok(None))));
    for (account, because) in &needed {
        if let Some((source, by)) = because {
            context.printer.say(&format!(
                "{account} is planned, too: {by} needs output {} of its stack {} in {}",
                source.key, source.stack, source.region
            ));
        }
    }
    let selection = selection(&needed);
    let survey = survey.narrowed(everything.select(&selection)?)?;
    Ok((selection, survey))
}

/// The account, and every account from which it takes an output that `counts`, be it through others.
fn needed(
    everything: &DesiredState,
    name: &AccountName,
    counts: impl Fn(&OutputSource) -> bool,
) -> Needed {
    let mut needed = Needed::from([(name.clone(), None)]);
    let mut ahead = VecDeque::from([name.clone()]);
    while let Some(by) = ahead.pop_front() {
        let Some(account) = everything.accounts.get(&by) else { continue };
        let outputs = account.foreign_outputs().into_iter();
        let keys = everything.foreign_ebs_keys(account);
        for source in outputs.chain(keys).filter(&counts) {
            if !needed.contains_key(&source.account) {
                ahead.push_back(source.account.clone());
                needed.insert(source.account.clone(), Some((source, by.clone())));
            }
        }
    }
    needed
}

fn selection(needed: &Needed) -> Selection {
    Selection { accounts: needed.keys().map(exactly).collect(), ..Selection::default() }
}
