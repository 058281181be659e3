//! One case: a scenario, something that goes wrong, and the call that it strikes.

use std::time::Duration;

use avm::sim::Simulation;
use avm::sim::world::World;
use tokio::time::advance;

use super::arrange::{Arranged, rest};
use super::disturbance::Disturbance;
use super::end_state::{difference, end_state, orphans};
use super::oracle::{Struck, Verdict, place};
use super::run::{Ran, look, run};
use crate::landing_zone::lines;

/// How a case came out. There is no third way: whatever else happens is a fault of avm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The disturbed run did everything.
    AtOnce,
    /// The disturbed run ended cleanly, and the next one did the rest.
    ByTheNextRun,
}

impl Arranged {
    /// Runs with one thing going wrong at the call of that number, and again if that run did not do everything.
    ///
    /// An error says what is not as it must be.
    pub(super) async fn try_case(&self, by: &Disturbance, nth: usize) -> Result<Ending, String> {
        let aws = Simulation::of(self.world.clone());
        let call = &self.undisturbed.calls[nth - 1];
        aws.fault(by.at(nth, &self.undisturbed.calls));
        let struck = Struck { call, by };
        let places = match run(&aws, &self.wanted, "00000003").await {
            // Whatever it was going to say, nobody has heard it.
            _ if by.kills() => None,
            Ran::Died => return Err("the process died".to_owned()),
            Ran::Unplanned(error) => {
                struck.unplanned(&error)?;
                if let Some(write) = aws.calls().iter().find(|call| call.mutating) {
                    return Err(format!("{} without a plan", write.operation));
                }
                None
            }
            Ran::Ended { plan, report } => {
                match struck.ended(&plan, &report, &self.undisturbed)? {
                    Verdict::Complete => {
                        aws.revive();
                        self.has_come_to_its_end(&aws).await?;
                        return Ok(Ending::AtOnce);
                    }
                    Verdict::Incomplete(places) => Some(places),
                }
            }
        };
        aws.revive();
        if let Some(danger) = dangers(&aws.world()).first() {
            return Err(format!("in between: {danger}"));
        }
        if !by.kills() {
            // Somebody reads the report first. What has died is started again at once.
            advance(Duration::from_mins(1)).await;
        }
        let Ran::Ended { plan, report } = run(&aws, &self.wanted, "00000004").await else {
            return Err("the next run could plan nothing".to_owned());
        };
        let left = lines(&plan);
        if let Some(places) = places
            && let Some(line) = left.iter().find(|line| !places.contains(&place(line)))
        {
            return Err(format!("only {places:?} should be left to do, not: {line}"));
        }
        if !report.succeeded() {
            let failed: Vec<_> =
                report.failures().map(|f| format!("{}: {}", f.at, f.error)).collect();
            return Err(format!("the next run fails: {failed:?}"));
        }
        self.has_come_to_its_end(&aws).await?;
        Ok(Ending::ByTheNextRun)
    }

    /// Nothing is left to do or left over, and everything is as if nothing had gone wrong.
    pub(super) async fn has_come_to_its_end(&self, aws: &Simulation) -> Result<(), String> {
        self.has_come_to_its_end_but_for(aws, |_| false).await
    }

    /// The same, but that there may be more of what is harmless.
    pub(super) async fn has_come_to_its_end_but_for(
        &self,
        aws: &Simulation,
        harmless: impl Fn(&str) -> bool,
    ) -> Result<(), String> {
        rest(aws).await;
        let left = look(aws, &self.wanted, "00000005").await.map_err(|error| error.to_string())?;
        let left = lines(&left.1);
        if !left.is_empty() {
            return Err(format!("still left to do: {left:?}"));
        }
        let world = aws.world();
        let orphans = orphans(&world, &self.undisturbed.accounts);
        if !orphans.is_empty() {
            return Err(format!("left over: {orphans:?}"));
        }
        let mut found = end_state(&world);
        found.retain(|line| !harmless(line));
        if found != self.undisturbed.end_state {
            let difference = difference(&self.undisturbed.end_state, &found);
            return Err(format!("not the same end:\n{}", difference.join("\n")));
        }
        Ok(())
    }
}

/// What must not be at any moment, whenever a run ends: a line each.
fn dangers(world: &World) -> Vec<String> {
    let cells = world.accounts.values().flat_map(|account| &account.cells);
    let open = cells.filter(|(_, cell)| cell.ebs.enabled && cell.ebs.key.is_none());
    open.map(|(region, _)| format!("volumes in {region} are encrypted with AWS's own key"))
        .collect()
}
