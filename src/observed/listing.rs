//! The list of accounts, and what is told of those that are not in it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use tokio::sync::mpsc::UnboundedSender;

use super::organization::Directory;
use super::outputs::{for_ebs, read_outputs};
use super::reading::Reading;
use super::state::ObservedAccount;
use crate::cloud::{
    Account, AccountRequest, CloudError, CloudReader, ErrorKind, RequestState, Result,
};
use crate::desired::DesiredAccount;
use crate::model::{AccountId, AccountName, Region};

/// The pages that have been asked for. A list that goes round in circles would end never, or look whole where it is
/// not, and an account that is missing from it would be created again.
#[derive(Debug, Default)]
struct Pages(BTreeSet<String>);

impl Pages {
    /// The page that follows, unless it has been read.
    fn follow(&mut self, next: Option<String>) -> Result<Option<String>> {
        match &next {
            Some(token) if !self.0.insert(token.clone()) => Err(CloudError::new(
                ErrorKind::Refused,
                "organizations:ListAccounts",
                "UnexpectedAnswer",
                "the list goes round in circles, a page names a next one that has been read",
            )),
            Some(_) | None => Ok(next),
        }
    }
}

/// What the list of accounts came to.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) directory: Directory,
    /// The accounts that the files want and AWS has not.
    pub(super) absent: BTreeMap<AccountName, ObservedAccount>,
    /// The wanted accounts of which the list does not say where they stand.
    pub(super) lost: BTreeSet<AccountId>,
}

/// Counts accounts for whoever watches: not before it is known how many there are.
pub(super) struct Counter<'a> {
    progress: &'a dyn Fn(usize, usize),
    done: Cell<usize>,
    total: Cell<Option<usize>>,
}

impl<'a> Counter<'a> {
    pub(super) fn new(progress: &'a dyn Fn(usize, usize)) -> Self {
        Self { progress, done: Cell::new(0), total: Cell::new(None) }
    }

    pub(super) fn one_more(&self) {
        self.done.set(self.done.get() + 1);
        self.tell();
    }

    fn of(&self, total: usize) {
        self.total.set(Some(total));
        self.tell();
    }

    fn tell(&self) {
        if let Some(total) = self.total.get() {
            (self.progress)(self.done.get(), total);
        }
    }
}

/// Lists the organization's accounts, and hands on the wanted ones as soon as they can be read: once the accounts are
/// found whose outputs say which key a region shall use, and these outputs are read.
pub(super) async fn list<'a, C: CloudReader>(
    reading: &Reading<'a, C>,
    counter: &Counter<'_>,
    found: UnboundedSender<(&'a DesiredAccount, Account)>,
) -> Result<Listed> {
    let Reading { cloud, desired, .. } = *reading;
    let wanted: BTreeMap<_, _> =
        desired.accounts.values().map(|account| (account.email.key(), account)).collect();
    let keys = for_ebs(desired);
    let (mut listed, mut held, mut next) = (Listed::default(), Vec::new(), None::<String>);
    let (mut total, mut pages) = (0, Pages::default());
    loop {
        let page = reading.ask(cloud.accounts(next.as_deref())).await?;
        next = pages.follow(page.next)?;
        for account in page.accounts {
            let here = wanted.get(&account.email.to_ascii_lowercase());
            if !listed.directory.add(account.clone()) {
                continue;
            }
            if let Some(wanted) = here {
                total += 1;
                if account.parent.is_none() {
                    listed.lost.insert(account.id.clone());
                }
                held.push((*wanted, account));
            }
        }
        let owners = || keys.iter().filter_map(|key| desired.emails.get(&key.account));
        if reading.outputs.get().is_none()
            && (next.is_none()
                || owners().all(|email| listed.directory.find_email(email).is_some()))
        {
            let none = BTreeMap::new();
            let outputs = read_outputs(reading, &listed.directory, &none, keys.clone()).await;
            // It was empty a moment ago, and nobody else fills it.
            reading.outputs.set(outputs).ok();
        }
        if reading.outputs.get().is_some() {
            // Nobody who reads accounts stops before the list has ended.
            held.drain(..).for_each(|account| drop(found.send(account)));
        }
        if next.is_none() {
            break;
        }
    }
    counter.of(total);
    tell_absent(reading, &mut listed).await?;
    Ok(listed)
}

/// What there is to say of the accounts that are wanted and not there.
async fn tell_absent<C: CloudReader>(reading: &Reading<'_, C>, listed: &mut Listed) -> Result<()> {
    let (cloud, directory) = (reading.cloud, &listed.directory);
    let accounts = reading.desired.accounts.values();
    let absent: Vec<_> = accounts.filter(|account| directory.find(account).is_none()).collect();
    if absent.is_empty() {
        return Ok(());
    }
    let requests = cloud.account_requests().await?;
    for account in absent {
        let request = pending_request(cloud, &requests, account, directory).await?;
        listed.absent.insert(account.name.clone(), ObservedAccount::Absent { request });
    }
    Ok(())
}

/// The request that an interrupted run may have left: of this name, not failed, and not for an account that has
/// another e-mail address or has left the organization.
async fn pending_request<C: CloudReader>(
    cloud: &C,
    requests: &[AccountRequest],
    account: &DesiredAccount,
    directory: &Directory,
) -> Result<Option<AccountRequest>> {
    for request in requests.iter().filter(|request| request.name == account.name.as_str()) {
        let open = match &request.state {
            RequestState::InProgress => true,
            RequestState::Failed(_) => false,
            // The listing may be behind. Whose account it is, AWS tells by its id.
            RequestState::Succeeded(id) if directory.has(id) => false,
            RequestState::Succeeded(id) => {
                cloud.account(id).await?.is_some_and(|made| made.belongs_to(&account.email))
            }
        };
        if open {
            return Ok(Some(request.clone()));
        }
    }
    Ok(None)
}

/// The regions that a new account will have: those that need no opting in, as far as this partition has them.
pub(super) async fn regions_from_birth<C: CloudReader>(
    cloud: &C,
    management_account: &AccountId,
) -> Result<BTreeSet<Region>> {
    let known = cloud.regions(management_account).await?;
    let from_birth: BTreeSet<_> = Region::enabled_by_default().collect();
    // Other partitions have no region in that list: there, all of the management account's count.
    let common: BTreeSet<_> = known.intersection(&from_birth).cloned().collect();
    Ok(if common.is_empty() { known } else { common })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_leads_back_to_where_it_has_been_is_no_list() {
        let mut pages = Pages::default();
        for token in ["a", "b"] {
            let next = pages.follow(Some(token.to_owned())).unwrap();
            assert_eq!(next.as_deref(), Some(token));
        }
        let error = pages.follow(Some("a".to_owned())).unwrap_err();
        assert!(error.to_string().starts_with("organizations:ListAccounts"), "{error}");
        assert_eq!(pages.follow(None).unwrap(), None);
    }
}
