//! What CloudFormation is asked to do with stacks.

use aws_sdk_cloudformation::types::{Capability as AwsCapability, Parameter};

use super::cloud::AwsCloud;
use super::error::Explain as _;
use crate::cloud::{
    CloudError, ErrorKind, ParameterInput, Result, StackInput, TemplateLocation, UpdateOutcome,
};
use crate::model::{StackName, Target};

const CREATE: &str = "cloudformation:CreateStack";
const UPDATE: &str = "cloudformation:UpdateStack";
const DELETE: &str = "cloudformation:DeleteStack";
const PROTECT: &str = "cloudformation:UpdateTerminationProtection";

/// How CloudFormation says that an update would change nothing.
pub(super) const NO_CHANGE: [&str; 2] =
    ["No updates are to be performed", "didn't contain changes"];

pub(super) async fn create_stack(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackInput,
) -> Result<()> {
    let (body, url) = template(&stack.template);
    let created = cloud
        .cloudformation(target)
        .create_stack()
        .stack_name(stack.name.as_str())
        .set_template_body(body)
        .set_template_url(url)
        .set_parameters(Some(parameters(stack)))
        .set_capabilities(Some(capabilities(stack)))
        .client_request_token(&stack.token)
        .enable_termination_protection(true)
        // A first creation that fails shall leave nothing, or the next one finds its aliases and names taken.
        .retain_except_on_create(true)
        .send()
        .await
        .explain(CREATE, target);
    match created {
        Ok(_) => Ok(()),
        Err(error) if is_ours(&error) => Ok(()),
        Err(error) => Err(error),
    }
}

pub(super) async fn update_stack(
    cloud: &AwsCloud,
    target: &Target,
    stack: &StackInput,
) -> Result<UpdateOutcome> {
    let (body, url) = template(&stack.template);
    let updated = cloud
        .cloudformation(target)
        .update_stack()
        .stack_name(stack.name.as_str())
        .set_template_body(body)
        .set_template_url(url)
        .set_parameters(Some(parameters(stack)))
        .set_capabilities(Some(capabilities(stack)))
        .client_request_token(&stack.token)
        .disable_rollback(false)
        .retain_except_on_create(true)
        .send()
        .await
        .explain(UPDATE, target);
    match updated {
        Ok(_) => Ok(UpdateOutcome::Started),
        Err(error) if is_ours(&error) => Ok(UpdateOutcome::Started),
        Err(error) if NO_CHANGE.iter().any(|words| error.message.contains(words)) => {
            Ok(UpdateOutcome::NoChange)
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn delete_stack(
    cloud: &AwsCloud,
    target: &Target,
    name: &StackName,
    token: &str,
) -> Result<()> {
    let call = cloud.cloudformation(target).delete_stack().stack_name(name.as_str());
    match call.client_request_token(token).send().await.explain(DELETE, target) {
        Ok(_) => Ok(()),
        Err(error) if error.kind == ErrorKind::NotFound || is_ours(&error) => Ok(()),
        Err(error) => Err(error),
    }
}

pub(super) async fn protect_stack(
    cloud: &AwsCloud,
    target: &Target,
    name: &StackName,
    protect: bool,
) -> Result<()> {
    let call = cloud.cloudformation(target).update_termination_protection();
    let call = call.stack_name(name.as_str()).enable_termination_protection(protect);
    call.send().await.explain(PROTECT, target)?;
    Ok(())
}

/// Whether the request had arrived before: its answer was lost, and it was sent again.
pub(super) fn is_ours(error: &CloudError) -> bool {
    error.code == "TokenAlreadyExistsException"
}

pub(super) fn template(location: &TemplateLocation) -> (Option<String>, Option<String>) {
    match location {
        TemplateLocation::Body(body) => (Some(body.clone()), None),
        TemplateLocation::Url(url) => (None, Some(url.clone())),
    }
}

pub(super) fn parameters(stack: &StackInput) -> Vec<Parameter> {
    stack
        .parameters
        .iter()
        .map(|(key, value)| {
            let parameter = Parameter::builder().parameter_key(key);
            match value {
                ParameterInput::Value(value) => parameter.parameter_value(value),
                ParameterInput::Secret(secret) => parameter.parameter_value(secret.expose()),
                ParameterInput::Previous => parameter.use_previous_value(true),
            }
            .build()
        })
        .collect()
}

pub(super) fn capabilities(stack: &StackInput) -> Vec<AwsCapability> {
    stack.capabilities.iter().map(|capability| AwsCapability::from(capability.as_aws())).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::fake::{Fake, Reply, refusal, target};
    use super::*;
    use crate::cloud::{CloudWriter as _, Secret};
    use crate::template::Capability;

    fn input() -> StackInput {
        StackInput {
            name: "avm-kms-keys".parse().unwrap(),
            template: TemplateLocation::Body("Resources: {}".into()),
            parameters: BTreeMap::from([("Environment".to_owned(), "uat".into())]),
            capabilities: BTreeSet::from([Capability::CapabilityNamedIam]),
            token: "avm-run1-abc".into(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_stack_is_protected_and_leaves_nothing_if_it_fails() {
        let fake = Fake::new().answer(
            "CreateStack",
            [Reply::xml("<CreateStackResponse><CreateStackResult/></CreateStackResponse>")],
        );
        fake.cloud().create_stack(&target(), &input()).await.unwrap();
        let body = &fake.calls("CreateStack")[0].body;
        for part in [
            "StackName=avm-kms-keys",
            "TemplateBody=Resources",
            "Parameters.member.1.ParameterKey=Environment",
            "Parameters.member.1.ParameterValue=uat",
            "Capabilities.member.1=CAPABILITY_NAMED_IAM",
            "ClientRequestToken=avm-run1-abc",
            "EnableTerminationProtection=true",
            "RetainExceptOnCreate=true",
        ] {
            assert!(body.contains(part), "{part} is not in {body}");
        }
        assert!(!body.contains("TemplateURL"), "{body}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_secret_is_sent_or_the_stack_keeps_its_own_and_no_error_tells_it() {
        let fake = Fake::new().answer("UpdateStack", [refusal(400, "ValidationError", "no")]);
        let secret = ParameterInput::Secret(Secret::new("hunter2".to_owned()));
        for (value, sent) in [
            (secret, "ParameterValue=hunter2"),
            (ParameterInput::Previous, "UsePreviousValue=true"),
        ] {
            let parameters = BTreeMap::from([("Password".to_owned(), value)]);
            let stack = StackInput { parameters, ..input() };
            let error = fake.cloud().update_stack(&target(), &stack).await.unwrap_err();
            let body = &fake.calls("UpdateStack").pop().unwrap().body;
            assert!(body.contains(&format!("Parameters.member.1.{sent}")), "{body}");
            assert!(!format!("{stack:?} {error:?} {error}").contains("hunter2"));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_that_is_known_is_a_request_that_arrived() {
        let known = || refusal(400, "TokenAlreadyExistsException", "known");
        let fake = Fake::new()
            .answer("CreateStack", [known()])
            .answer("UpdateStack", [known()])
            .answer("DeleteStack", [known()]);
        let cloud = fake.cloud();
        cloud.create_stack(&target(), &input()).await.unwrap();
        let outcome = cloud.update_stack(&target(), &input()).await.unwrap();
        assert_eq!(outcome, UpdateOutcome::Started);
        cloud.delete_stack(&target(), &input().name, "t").await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_name_that_is_taken_is_a_conflict() {
        let taken = refusal(400, "AlreadyExistsException", "Stack [x] already exists");
        let fake = Fake::new().answer("CreateStack", [taken]);
        let error = fake.cloud().create_stack(&target(), &input()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
    }

    #[tokio::test(start_paused = true)]
    async fn both_wordings_of_no_change_are_no_change_and_others_are_errors() {
        for (message, outcome) in [
            ("No updates are to be performed.", Ok(UpdateOutcome::NoChange)),
            (
                "The submitted information didn't contain changes. Submit different information",
                Ok(UpdateOutcome::NoChange),
            ),
            ("Parameters: [X] must have values", Err(ErrorKind::Refused)),
            ("Stack [x] does not exist", Err(ErrorKind::NotFound)),
        ] {
            let refusal = refusal(400, "ValidationError", message);
            let fake = Fake::new().answer("UpdateStack", [refusal]);
            let result = fake.cloud().update_stack(&target(), &input()).await;
            assert_eq!(result.map_err(|error| error.kind), outcome, "{message}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stack_that_is_gone_has_been_deleted_and_a_protected_one_has_not() {
        let name = input().name;
        for (message, result) in [
            ("Stack [x] does not exist", Ok(())),
            (
                "Stack [x] cannot be deleted while TerminationProtection is enabled",
                Err(ErrorKind::Refused),
            ),
        ] {
            let refusal = refusal(400, "ValidationError", message);
            let fake = Fake::new().answer("DeleteStack", [refusal]);
            let deleted = fake.cloud().delete_stack(&target(), &name, "t").await;
            assert_eq!(deleted.map_err(|error| error.kind), result);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn protection_is_turned_off_by_name() {
        let answer = Reply::xml(
            "<UpdateTerminationProtectionResponse><UpdateTerminationProtectionResult/></UpdateTerminationProtectionResponse>",
        );
        let fake = Fake::new().answer("UpdateTerminationProtection", [answer]);
        fake.cloud().protect_stack(&target(), &input().name, false).await.unwrap();
        let body = &fake.calls("UpdateTerminationProtection")[0].body;
        assert!(body.contains("EnableTerminationProtection=false"), "{body}");
    }
}
