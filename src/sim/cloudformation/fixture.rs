//! What tests of stacks begin with: one account called `dev`, and what to say there.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::advance;

use crate::cloud::{
    CloudReader as _, CloudWriter as _, ParameterInput, ResourceFailure, Stack, StackInput,
    StackState, TemplateLocation,
};
use crate::model::Target;
use crate::sim::{SimulatedCloud, Simulation, SimulationSettings};
use crate::template::Capability;

pub(super) struct Setup {
    pub(super) simulation: Simulation,
    pub(super) aws: SimulatedCloud,
    pub(super) target: Target,
}

/// A world with the account `dev`.
pub(super) fn world() -> Simulation {
    Simulation::new(SimulationSettings::default()).with_account("dev", "dev@example.com", "/")
}

/// A stack called `name`, whose token is `create-` and the name.
pub(super) fn input(name: &str, template: &str, parameters: &[(&str, &str)]) -> StackInput {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), ParameterInput::from(*value));
    StackInput {
        name: name.parse().unwrap(),
        template: TemplateLocation::Body(template.to_owned()),
        parameters: parameters.iter().map(owned).collect::<BTreeMap<_, _>>(),
        capabilities: BTreeSet::from([Capability::CapabilityNamedIam]),
        token: format!("create-{name}"),
    }
}

impl Setup {
    pub(super) fn new() -> Self {
        Self::on(world())
    }

    pub(super) fn on(simulation: Simulation) -> Self {
        let (aws, target) = (simulation.cloud(), simulation.target("dev", "eu-west-1").unwrap());
        Self { simulation, aws, target }
    }

    /// The same account in another region.
    pub(super) fn in_region(&self, region: &str) -> Self {
        let target = self.simulation.target("dev", region).unwrap();
        Self { simulation: self.simulation.clone(), aws: self.simulation.cloud(), target }
    }

    pub(super) async fn stack(&self, name: &str) -> Option<Stack> {
        self.aws.stack(&self.target, &name.parse().unwrap()).await.unwrap()
    }

    /// The state in which the stack comes to rest.
    pub(super) async fn settled(&self, name: &str) -> Option<StackState> {
        for _ in 0..10 {
            advance(Duration::from_mins(1)).await;
            let state = self.stack(name).await?.state;
            if !state.in_progress() {
                return Some(state);
            }
        }
        panic!("{name} does not come to rest");
    }

    pub(super) async fn create(&self, input: &StackInput) -> StackState {
        self.aws.create_stack(&self.target, input).await.unwrap();
        self.settled(input.name.as_str()).await.unwrap()
    }

    pub(super) async fn update(&self, input: &StackInput, token: &str) -> StackState {
        let input = StackInput { token: token.to_owned(), ..input.clone() };
        self.aws.update_stack(&self.target, &input).await.unwrap();
        self.settled(input.name.as_str()).await.unwrap()
    }

    /// Deletes a stack that may be protected.
    pub(super) async fn delete(&self, name: &str) -> Option<StackState> {
        let stack = name.parse().unwrap();
        self.aws.protect_stack(&self.target, &stack, false).await.unwrap();
        self.aws.delete_stack(&self.target, &stack, &format!("delete-{name}")).await.unwrap();
        self.settled(name).await
    }

    pub(super) async fn failures(&self, name: &str, token: &str) -> Vec<ResourceFailure> {
        self.aws.stack_failures(&self.target, &name.parse().unwrap(), token).await.unwrap()
    }

    /// Creates a stack that fails, and answers the reason of its first resource, or its own.
    pub(super) async fn refusal(&self, input: &StackInput) -> String {
        assert_eq!(self.create(input).await, StackState::RollbackComplete);
        let failures = self.failures(input.name.as_str(), &input.token).await;
        let reason = self.stack(input.name.as_str()).await.unwrap().state_reason;
        failures.into_iter().next().map(|failure| failure.reason).or(reason).unwrap()
    }
}
