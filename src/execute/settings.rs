//! Settings: looked at, written, and read back.

use std::fmt::Display;

use serde::Serialize;

use super::event::Location;
use super::run::Run;
use super::steps::{Done, StepResult};
use super::wait::until_seen;
use crate::cloud::{CloudError, CloudWriter, ErrorKind, RegionOptState, SettingState};
use crate::model::{AccountId, AccountSetting, Region, RegionSetting, Target};

/// Changes a setting of an account.
pub(super) async fn change_account<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    account: &AccountId,
    setting: &AccountSetting,
) -> StepResult {
    let kind = setting.kind();
    let change = Change {
        kind: &kind,
        is_met_by: |now: &AccountSetting| now == setting,
        read: async || run.cloud.account_setting(account, &kind).await,
        write: async || run.cloud.set_account_setting(account, setting).await,
        shows: true,
    };
    change.carry_out(|message| run.progress(at, message)).await
}

/// Changes a setting of a region.
pub(super) async fn change_region<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    at: &Location,
    target: &Target,
    setting: &RegionSetting,
) -> StepResult {
    let kind = setting.kind();
    let change = Change {
        kind: &kind,
        is_met_by: |now: &RegionSetting| setting.is_met_by(now),
        read: async || run.cloud.region_setting(target, kind).await,
        write: async || run.cloud.set_region_setting(target, setting).await,
        // EC2 takes up to ten minutes until it shows this one (`EnableImageBlockPublicAccess`).
        shows: !matches!(setting, RegionSetting::ImagePublicAccess(_)),
    };
    change.carry_out(|message| run.progress(at, message)).await
}

/// Starts to opt in to a region, if AWS has room for it.
pub(super) async fn enable_region<C: CloudWriter, R>(
    run: &Run<'_, C, R>,
    account: &AccountId,
    region: &Region,
) -> StepResult {
    if !run.may_opt_in() {
        return Ok(Done::Postponed(NO_ROOM));
    }
    match run.cloud.enable_region(account, region).await {
        // Others opt in as well: an account has a quota of its own.
        Err(error) if error.kind == ErrorKind::Throttled => {
            run.opt_in_refused();
            return Ok(Done::Postponed(NO_ROOM));
        }
        answer => answer?,
    }
    until_seen("AWS did not begin to opt in to the region", async || {
        Ok(match run.cloud.region_states(account).await?.get(region) {
            Some(RegionOptState::Enabling | RegionOptState::Enabled) => Ok(()),
            Some(state @ (RegionOptState::Disabling | RegionOptState::Disabled)) => {
                Err(in_words(state))
            }
            None => Err("the account does not know the region".to_owned()),
        })
    })
    .await?;
    Ok(Done::Changed)
}

/// Why an opt-in has to wait.
const NO_ROOM: &str = "AWS is opting in to as many regions as it does at a time: run again later";

/// A setting that is to be changed, and how it is got at.
struct Change<'a, K, M, R, W> {
    kind: &'a K,
    is_met_by: M,
    read: R,
    write: W,
    /// Whether AWS shows the new value soon after it was written.
    shows: bool,
}

impl<K, M, R, W> Change<'_, K, M, R, W> {
    /// Writes the setting unless it is right by now, and reads it back. What a policy of the organization decides is
    /// left alone: the account may have come under one when it was moved.
    async fn carry_out<T>(self, progress: impl Fn(String)) -> StepResult
    where
        K: Display,
        T: Serialize,
        M: Fn(&T) -> bool,
        R: AsyncFn() -> Result<SettingState<T>, CloudError>,
        W: AsyncFn() -> Result<(), CloudError>,
    {
        let met = |state: &SettingState<T>| state.value.as_ref().is_some_and(&self.is_met_by);
        let before = (self.read)().await?;
        if met(&before) {
            return Ok(Done::Unchanged);
        }
        if before.managed_by_organization {
            progress(format!("decided by a policy of the organization: {}", self.kind));
            return Ok(Done::Unchanged);
        }
        (self.write)().await?;
        if self.shows {
            until_seen(&format!("the {} did not change", self.kind), async || {
                let now = (self.read)().await?;
                Ok(if met(&now) {
                    Ok(())
                } else {
                    Err(now.value.as_ref().map_or_else(nothing, in_words))
                })
            })
            .await?;
        }
        Ok(Done::Changed)
    }
}

fn nothing() -> String {
    "nothing is set".to_owned()
}

/// A value in the words of the files.
fn in_words(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;
    use crate::execute::StepError;
    use crate::model::SerialConsole::{self, Disabled, Enabled};

    /// A serial console that shows what was written after some looks, or never.
    struct Console {
        now: Cell<SerialConsole>,
        managed: bool,
        shows_after: Option<usize>,
        looks: Cell<usize>,
        writes: Cell<usize>,
        told: RefCell<Vec<String>>,
    }

    impl Console {
        fn enabled() -> Self {
            Self {
                now: Cell::new(Enabled),
                managed: false,
                shows_after: Some(0),
                looks: Cell::new(0),
                writes: Cell::new(0),
                told: RefCell::default(),
            }
        }

        async fn disable(&self, shows: bool) -> StepResult {
            let change = Change {
                kind: &"EC2 serial console",
                is_met_by: |now: &SerialConsole| *now == Disabled,
                read: async || {
                    if self.writes.get() > 0 {
                        self.looks.set(self.looks.get() + 1);
                        if self.shows_after.is_some_and(|after| self.looks.get() > after) {
                            self.now.set(Disabled);
                        }
                    }
                    let value = Some(self.now.get());
                    Ok(SettingState { value, managed_by_organization: self.managed })
                },
                write: async || {
                    self.writes.set(self.writes.get() + 1);
                    Ok(())
                },
                shows,
            };
            change.carry_out(|message| self.told.borrow_mut().push(message)).await
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_setting_is_written_once_and_looked_at_until_it_shows() {
        let console = Console { shows_after: Some(3), ..Console::enabled() };
        assert_eq!(console.disable(true).await, Ok(Done::Changed));
        assert_eq!((console.writes.get(), console.looks.get()), (1, 4));
    }

    #[tokio::test(start_paused = true)]
    async fn a_setting_that_never_shows_fails_with_what_was_seen() {
        let console = Console { shows_after: None, ..Console::enabled() };
        let error = console.disable(true).await.unwrap_err();
        let StepError::Deadline { what, last, .. } = error else { panic!("{error}") };
        assert_eq!(what, "the EC2 serial console did not change");
        assert_eq!(last, r#""enabled""#);
    }

    #[tokio::test]
    async fn a_setting_that_is_right_by_now_is_not_written() {
        let console = Console { now: Cell::new(Disabled), ..Console::enabled() };
        assert_eq!(console.disable(true).await, Ok(Done::Unchanged));
        assert_eq!(console.writes.get(), 0);
    }

    #[tokio::test]
    async fn a_setting_that_the_organization_decides_is_left_alone_and_told() {
        let console = Console { managed: true, ..Console::enabled() };
        assert_eq!(console.disable(true).await, Ok(Done::Unchanged));
        assert_eq!(console.writes.get(), 0);
        let told = console.told.borrow();
        assert_eq!(*told, ["decided by a policy of the organization: EC2 serial console"]);
    }

    #[tokio::test]
    async fn a_setting_that_takes_minutes_to_show_is_not_waited_for() {
        let console = Console { shows_after: None, ..Console::enabled() };
        assert_eq!(console.disable(false).await, Ok(Done::Changed));
        assert_eq!(console.looks.get(), 0);
    }
}
