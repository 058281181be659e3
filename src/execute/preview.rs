//! What CloudFormation itself says of the stacks of a plan: asked with change sets, which nobody executes.
//!
//! A change set is a write, so this takes a writer. Each is removed as soon as it has answered, whatever the answer was,
//! and with it the stack that AWS made for nothing but it. What cannot be removed stands in the [`Ledger`].

mod answer;
mod ledger;
mod question;
mod removal;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt as _, stream};
pub use ledger::{Ledger, Leftover};
pub use question::Questions;
use question::{About, Question, made_anew};

use super::artifacts::Artifacts;
use super::lane::STOPPED;
use super::limits::Limits;
use super::report::StepError;
use super::run::Templates;
use super::stack::token;
use super::values::secret;
use super::wait::{Look, Pace, poll};
use super::{import, mask};
use crate::cloud::{
    ChangeSetInput, ChangeSetKind, ChangeSetState, CloudError, CloudWriter, ErrorKind,
    ParameterInput, Secrets, StackInput, StackState,
};
use crate::model::{AccountName, Target};
use crate::plan::{Answer, PlannedValue, Preview, StackChange};
use crate::template::Digest;

/// How CloudFormation is asked.
#[derive(Clone, Copy, Debug)]
pub struct Inquiry<'a> {
    /// The run's id, which names its change sets.
    pub run: &'a str,
    /// How much is asked side by side. In one region of an account it is one thing at a time.
    pub limits: Limits,
    /// Whether updates are compared with what is really there (`DeploymentMode=REVERT_DRIFT`).
    pub reverts_drift: bool,
}

/// Asks about every stack, and answers by account, region and stack. Once `cancel` is set nothing more is begun; what
/// has begun is finished and removed. A question that fails has that for an answer.
pub async fn preview<C: CloudWriter>(
    cloud: &C,
    questions: &Questions<'_>,
    templates: &Templates,
    inquiry: Inquiry<'_>,
    ledger: &Ledger,
    cancel: &AtomicBool,
    on_progress: &dyn Fn(usize, usize),
) -> Vec<Preview> {
    let asking = Asking {
        cloud,
        artifacts: Artifacts::of(templates),
        secrets: &templates.secrets,
        inquiry,
        ledger,
        cancel,
        on_progress,
        answered: Cell::new(0),
        total: questions.count(),
    };
    let asking = &asking;
    let lanes = questions.accounts.iter().flat_map(|(name, account)| {
        account.regions.iter().map(move |(region, questions)| {
            let target = Target { account: account.id.clone(), region: (*region).clone() };
            asking.lane(name, target, questions)
        })
    });
    let lanes = stream::iter(lanes).buffer_unordered(inquiry.limits.lanes.max(1));
    let answers: Vec<Vec<Preview>> = lanes.collect().await;
    let mut previews = questions.unasked().to_vec();
    previews.extend(answers.into_iter().flatten());
    question::sort(&mut previews);
    previews
}

/// What all questions share.
struct Asking<'a, C> {
    cloud: &'a C,
    artifacts: Artifacts<'a>,
    secrets: &'a Secrets,
    inquiry: Inquiry<'a>,
    ledger: &'a Ledger,
    cancel: &'a AtomicBool,
    on_progress: &'a dyn Fn(usize, usize),
    answered: Cell<usize>,
    total: usize,
}

/// An answer, and what is remarked beside.
type Told = (Answer, Vec<String>);

impl<C: CloudWriter> Asking<'_, C> {
    /// One question after the other.
    async fn lane(
        &self,
        account: &AccountName,
        target: Target,
        questions: &[Question<'_>],
    ) -> Vec<Preview> {
        let mut previews = Vec::new();
        for question in questions {
            let told = if self.cancel.load(Ordering::Relaxed) {
                Ok((Answer::NotAsked(STOPPED.to_owned()), Vec::new()))
            } else {
                self.ask(account, &target, question).await
            };
            let (answer, warnings) =
                told.unwrap_or_else(|error| (Answer::NotAsked(error.to_string()), Vec::new()));
            let answer = mask::answer(answer, self.secrets);
            let warnings = warnings.iter().map(|line| self.secrets.masked(line)).collect();
            previews.push(Preview {
                account: account.clone(),
                region: target.region.clone(),
                stack: question.change.stack.clone(),
                answer,
                warnings,
            });
            self.answered.set(self.answered.get() + 1);
            (self.on_progress)(self.answered.get(), self.total);
        }
        previews
    }

    /// Has a change set made, read and removed.
    async fn ask(
        &self,
        account: &AccountName,
        target: &Target,
        question: &Question<'_>,
    ) -> Result<Told, StepError> {
        let (run, stack) = (self.inquiry.run, &question.change.stack);
        let seen = self.cloud.stack(target, stack).await?;
        let state = match &seen {
            Some(seen) => {
                removal::tidy(self.cloud, run, self.ledger, account, target, seen).await?
            }
            None => None,
        };
        if let Some(why) = unfit(question.about, state) {
            return Ok((Answer::NotAsked(why), Vec::new()));
        }
        let (input, warnings) = self.input(target, question).await?;
        let begun = Leftover {
            account: account.clone(),
            target: target.clone(),
            stack: stack.clone(),
            change_set: input.name.clone(),
            made_stack: question.about != About::Update,
        };
        self.ledger.begin(&begun);
        let created = self.cloud.create_change_set(target, &input).await;
        if created.as_ref().is_err_and(nothing_came_of) {
            self.ledger.gone(&begun);
            return Err(created.err().map_or(StepError::Refused(String::new()), Into::into));
        }
        let told = match created {
            Ok(()) => self.read(target, &input, warnings).await,
            // What it does not take as a change set it does not take as a stack either.
            Err(error) if error.kind == ErrorKind::Refused => {
                let reason = format!("{}: {}", error.code, error.message);
                Ok((Answer::Refused { reason, findings: Vec::new() }, warnings))
            }
            Err(error) => Err(error.into()),
        };
        match removal::remove(self.cloud, run, &begun).await {
            Ok(()) => self.ledger.gone(&begun),
            Err(error) => self.ledger.stays(&begun, error.to_string()),
        }
        told
    }

    /// Waits for the change set, and reads what it says.
    async fn read(
        &self,
        target: &Target,
        input: &ChangeSetInput,
        mut warnings: Vec<String>,
    ) -> Result<Told, StepError> {
        let (stack, name) = (&input.stack.name, &input.name);
        let state = poll(Pace::CHANGE_SET, "the change set was not made", async || {
            Ok(match self.cloud.change_set(target, stack, name).await? {
                Some(ChangeSetState::Pending) => Look::NotYet("AWS is making it".to_owned()),
                None => Look::NotYet("it is not there".to_owned()),
                Some(state) => Look::There(state),
            })
        })
        .await?;
        let answer = match state {
            ChangeSetState::Ready { .. } => {
                let contents = self.cloud.change_set_contents(target, stack, name).await?;
                warnings.extend(contents.warnings);
                Answer::Changes(contents.changes.into_iter().map(answer::change).collect())
            }
            ChangeSetState::Empty | ChangeSetState::Pending => Answer::NoChange,
            ChangeSetState::Failed { reason, findings } => Answer::Refused { reason, findings },
        };
        Ok((answer, warnings))
    }

    /// What the change set is made of: what `avm update` would do, and no more. It updates stacks without change sets,
    /// and so without taking over what is there.
    async fn input(
        &self,
        target: &Target,
        question: &Question<'_>,
    ) -> Result<(ChangeSetInput, Vec<String>), StepError> {
        let Question { change, about } = question;
        let file = &change.template;
        let body = self.artifacts.body(file)?;
        let mut parameters = self.parameters(change).await?;
        let mut whole = (body.clone(), change.digest.clone());
        let mut warnings = Vec::new();
        let (kind, imports_existing) = match about {
            About::Creation | About::Review => (ChangeSetKind::Create, false),
            About::Update => (ChangeSetKind::Update, false),
            About::Import(imports) => {
                let template = import::read(file, body)?;
                if import::all_by_name(&template, imports) {
                    (ChangeSetKind::Create, true)
                } else {
                    let subset = import::subset(&template, imports);
                    parameters.retain(|name, _| subset.parameters.contains(name));
                    let digest = Digest::of_text(&subset.body);
                    whole = (subset.body, digest);
                    warnings.push(
                        "this is the import alone: the rest of the template comes as an update after it, about \
                         which CloudFormation cannot be asked before"
                            .to_owned(),
                    );
                    (import::kind(imports), false)
                }
            }
        };
        let (body, digest) = whole;
        let reverts_drift = self.inquiry.reverts_drift && kind == ChangeSetKind::Update;
        let stack = StackInput {
            name: change.stack.clone(),
            template: self.artifacts.location(self.cloud, file, &digest, &body).await?,
            parameters,
            capabilities: change.capabilities.clone(),
            token: token(self.inquiry.run, target, &change.stack, "plan", digest.as_str()),
        };
        let name = format!("{}{}", removal::PREFIX, self.inquiry.run);
        Ok((ChangeSetInput { name, kind, imports_existing, reverts_drift, stack }, warnings))
    }

    async fn parameters(
        &self,
        change: &StackChange,
    ) -> Result<BTreeMap<String, ParameterInput>, StepError> {
        let mut known = BTreeMap::new();
        for (name, value) in &change.parameters {
            let value = match value {
                PlannedValue::Known(value) => value.clone(),
                PlannedValue::TemplateUrl { template, digest } => {
                    self.artifacts.stored(self.cloud, template, digest).await?
                }
                PlannedValue::Secret { variable, kept } => {
                    let secret = secret(self.secrets, name, variable, *kept)?;
                    known.insert(name.clone(), secret);
                    continue;
                }
                PlannedValue::OwnAccountId
                | PlannedValue::Output { .. }
                | PlannedValue::KeyBehind(_) => {
                    let what = format!("parameter {name}");
                    return Err(StepError::MissingValue { what, why: value.to_string() });
                }
            };
            known.insert(name.clone(), value.into());
        }
        Ok(known)
    }
}

impl<C> fmt::Debug for Asking<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking").field("inquiry", &self.inquiry).finish_non_exhaustive()
    }
}

/// Why the question cannot be asked of a stack in this state; `None` for a stack that is not there.
fn unfit(about: About<'_>, state: Option<StackState>) -> Option<String> {
    match (about, state) {
        (About::Update, None) => Some("it is not there any more".to_owned()),
        (About::Review, Some(state)) => Some(made_anew(state)),
        (About::Update, Some(state)) if state.in_progress() => {
            Some(format!("AWS is at work on it: {state}"))
        }
        (About::Creation | About::Import(_), Some(state))
            if state != StackState::DeleteComplete =>
        {
            Some(format!("it is there by now: {state}"))
        }
        (About::Creation | About::Import(_) | About::Review | About::Update, _) => None,
    }
}

/// Whether AWS has made nothing for certain. A refusal is not that certain: an earlier attempt's answer may be lost.
fn nothing_came_of(error: &CloudError) -> bool {
    match error.kind {
        ErrorKind::Denied | ErrorKind::Credentials | ErrorKind::NotReady => true,
        ErrorKind::NotFound
        | ErrorKind::Conflict
        | ErrorKind::Throttled
        | ErrorKind::Unavailable
        | ErrorKind::Refused => false,
    }
}
