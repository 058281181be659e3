//! What resources do to the world outside of their stack.

use serde_json::Value;

use super::exclusive::{Exclusive, Scope, broken, exclusive, handler};
use super::scope::Site;
use crate::model::Target;
use crate::sim::kms;
use crate::sim::world::{Bucket, Claims, DeployedResource, FailingOn, StoredKey, World, hex, uuid};

/// Makes a resource and answers its physical id, or the reason why not.
pub(super) fn create(
    world: &mut World,
    site: Site<'_>,
    logical_id: &str,
    resource_type: &str,
    properties: &Value,
) -> Result<String, String> {
    let target = site.target;
    arranged(world, target, logical_id, resource_type, FailingOn::Deploy)?;
    // A name that differs from all earlier ones of this resource: a replacement exists beside its predecessor.
    let serial = world.fresh(resource_type, 16);
    let unique = hex(&[site.id, logical_id, &serial], 12).to_uppercase();
    let rule = exclusive(resource_type);
    let name = match rule.and_then(|rule| properties.get(rule.name)).and_then(Value::as_str) {
        Some(name) => name.to_owned(),
        None => made_up(site, logical_id, resource_type, &unique),
    };
    needs(world, target, resource_type, &name, properties)?;
    if let Some(rule) = rule {
        claim(world, target, rule, resource_type, &name)?;
    }
    match resource_type {
        "AWS::KMS::Key" => {
            let id = uuid(&["key", site.id, logical_id, &serial]);
            world.cell_mut(target).keys.insert(id.clone(), key(properties));
            return Ok(id);
        }
        "AWS::KMS::Alias" => point(world, target, &name, properties)?,
        "AWS::S3::Bucket" => {
            let Target { account, region } = target.clone();
            let bucket = Bucket { account, region, objects: std::collections::BTreeMap::new() };
            world.buckets.insert(name.clone(), bucket);
        }
        _ => {}
    }
    Ok(name)
}

/// Changes a resource in its place.
pub(super) fn modify(
    world: &mut World,
    site: Site<'_>,
    resource: &DeployedResource,
    properties: &Value,
) -> Result<(), String> {
    let DeployedResource { logical_id, resource_type, physical_id, .. } = resource;
    arranged(world, site.target, logical_id, resource_type, FailingOn::Deploy)?;
    needs(world, site.target, resource_type, physical_id, properties)?;
    match resource_type.as_str() {
        "AWS::KMS::Key" => {
            world.cell_mut(site.target).keys.insert(physical_id.clone(), key(properties));
            Ok(())
        }
        "AWS::KMS::Alias" => point(world, site.target, physical_id, properties),
        _ => Ok(()),
    }
}

/// Whether new properties need a new resource: its name is another one.
pub(super) fn replaces(resource: &DeployedResource, properties: &Value) -> bool {
    exclusive(&resource.resource_type)
        .and_then(|rule| properties.get(rule.name))
        .and_then(Value::as_str)
        .is_some_and(|name| name != resource.physical_id)
}

/// Deletes a resource.
pub(super) fn destroy(
    world: &mut World,
    site: Site<'_>,
    resource: &DeployedResource,
) -> Result<(), String> {
    let DeployedResource { logical_id, resource_type, physical_id, .. } = resource;
    let target = site.target;
    arranged(world, target, logical_id, resource_type, FailingOn::Delete)?;
    match resource_type.as_str() {
        // `ScheduleKeyDeletion`: the key stays for days, and encrypts nothing any more.
        "AWS::KMS::Key" => {
            if let Some(key) = world.cell_mut(target).keys.get_mut(physical_id) {
                key.state = "PendingDeletion".into();
            }
        }
        "AWS::KMS::Alias" => {
            world.cell_mut(target).aliases.remove(physical_id);
        }
        "AWS::S3::Bucket" => {
            let bucket = world.buckets.get(physical_id);
            if bucket.is_some_and(|bucket| !bucket.objects.is_empty()) {
                return Err(handler(
                    "The bucket you tried to delete is not empty",
                    "GeneralServiceException",
                ));
            }
            world.buckets.remove(physical_id);
        }
        _ => {}
    }
    if let Some(rule) = exclusive(resource_type) {
        let name = if rule.single() { "" } else { physical_id };
        if let Some(claims) = claims(world, target, rule.scope) {
            claims.release(resource_type, name);
        }
    }
    Ok(())
}

/// A failure that was arranged for this resource.
fn arranged(
    world: &mut World,
    target: &Target,
    logical_id: &str,
    resource_type: &str,
    on: FailingOn,
) -> Result<(), String> {
    let failing = world.failing.iter_mut().find(|failing| {
        failing.on == on
            && failing.times > 0
            && [logical_id, resource_type].contains(&failing.subject.as_str())
            && failing.account.as_ref().is_none_or(|account| *account == target.account)
            && failing.region.as_ref().is_none_or(|region| *region == target.region)
    });
    match failing {
        Some(failing) => {
            failing.times -= 1;
            Err(failing.reason.clone())
        }
        None => Ok(()),
    }
}

/// The physical id of a resource that has no name of its own, as CloudFormation makes it up.
fn made_up(site: Site<'_>, logical_id: &str, resource_type: &str, unique: &str) -> String {
    let Site { target, name, .. } = site;
    let Target { account, region } = target;
    match resource_type {
        "AWS::S3::Bucket" => format!("{name}-{logical_id}-{unique}").to_lowercase(),
        "AWS::Config::ConfigurationRecorder" | "AWS::Config::DeliveryChannel" => "default".into(),
        "AWS::GuardDuty::Detector" => uuid(&[unique]).replace('-', ""),
        "AWS::SecurityHub::Hub" => {
            format!("arn:{}:securityhub:{region}:{account}:hub/default", region.partition())
        }
        _ => format!("{name}-{logical_id}-{unique}"),
    }
}

/// What must be there already.
fn needs(
    world: &World,
    target: &Target,
    resource_type: &str,
    name: &str,
    properties: &Value,
) -> Result<(), String> {
    let bucket = properties.get("S3BucketName").and_then(Value::as_str).unwrap_or_default();
    let there = world.buckets.contains_key(bucket);
    match resource_type {
        "AWS::CloudTrail::Trail" if !there => Err(handler(
            &format!("Incorrect S3 bucket policy is detected for bucket: {bucket}"),
            "InvalidRequest",
        )),
        "AWS::Config::DeliveryChannel" if !there => Err(handler(
            &format!("Cannot find a S3 bucket with an empty bucket name or unknown name: {bucket}"),
            "NotFound",
        )),
        "AWS::KMS::Alias" if name.starts_with("alias/aws/") => {
            Err(handler(&format!("Alias {name} is reserved"), "InvalidRequest"))
        }
        "AWS::KMS::Alias" if !name.starts_with("alias/") => {
            Err(handler(&format!("Invalid alias {name}"), "InvalidRequest"))
        }
        "AWS::KMS::Alias" => {
            let key = properties.get("TargetKeyId").and_then(Value::as_str).unwrap_or_default();
            match kms::find(world, target, key) {
                None => Err(handler(&format!("Key '{key}' does not exist"), "NotFound")),
                Some(found) if found.state == "PendingDeletion" => {
                    Err(handler(&format!("{} is pending deletion.", found.arn), "InvalidRequest"))
                }
                Some(_) => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Takes the resource's name, or one of the places that there are for its type.
fn claim(
    world: &mut World,
    target: &Target,
    rule: Exclusive,
    resource_type: &str,
    name: &str,
) -> Result<(), String> {
    let refused = || broken(resource_type, name, target.account.as_str(), target.region.as_str());
    let claimed = if rule.single() { "" } else { name };
    let Some(claims) = claims(world, target, rule.scope) else {
        // Names of the whole world are S3's: the buckets themselves are the list.
        return if world.buckets.contains_key(name) { Err(refused()) } else { Ok(()) };
    };
    if claims.has(resource_type, claimed) || claims.count(resource_type) >= rule.limit {
        return Err(refused());
    }
    claims.take(resource_type, claimed);
    Ok(())
}

fn claims<'a>(world: &'a mut World, target: &Target, scope: Scope) -> Option<&'a mut Claims> {
    match scope {
        Scope::World => None,
        Scope::Account => world.accounts.get_mut(&target.account).map(|found| &mut found.claims),
        Scope::Region => Some(&mut world.cell_mut(target).claims),
    }
}

fn key(properties: &Value) -> StoredKey {
    let disabled = matches!(properties.get("Enabled"), Some(Value::Bool(false)))
        || properties.get("Enabled").and_then(Value::as_str) == Some("false");
    let spec = properties.get("KeySpec").and_then(Value::as_str).unwrap_or("SYMMETRIC_DEFAULT");
    StoredKey { state: if disabled { "Disabled" } else { "Enabled" }.into(), spec: spec.to_owned() }
}

/// Points an alias at the key that its properties name.
fn point(
    world: &mut World,
    target: &Target,
    alias: &str,
    properties: &Value,
) -> Result<(), String> {
    let key = properties.get("TargetKeyId").and_then(Value::as_str).unwrap_or_default();
    let key = kms::find(world, target, key).ok_or("the key has gone")?;
    let id = key.arn.as_str().rsplit('/').next().unwrap_or_default().to_owned();
    world.cell_mut(target).aliases.insert(alias.to_owned(), id);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Setup, input, world};
    use crate::cloud::{CloudReader as _, CloudWriter as _, KeyReference, StackState};

    const KEY: &str = "
Parameters:
  Name: {Type: String}
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: !Ref Name, TargetKeyId: !Ref Key}}
Outputs:
  Arn: {Value: !GetAtt Key.Arn}
";

    fn one(resource_type: &str, properties: &str) -> String {
        format!("Resources:\n  One: {{Type: {resource_type}, Properties: {properties}}}\n")
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_from_a_stack_is_enabled_and_goes_into_pending_deletion_with_it() {
        let setup = Setup::new();
        setup.create(&input("keys", KEY, &[("Name", "alias/uat/ec2")])).await;
        let alias = KeyReference("alias/uat/ec2".into());
        let key = setup.aws.key(&setup.target, &alias).await.unwrap().unwrap();
        assert_eq!((key.state.as_str(), key.spec.as_str()), ("Enabled", "SYMMETRIC_DEFAULT"));
        assert_eq!(setup.stack("keys").await.unwrap().outputs["Arn"], key.arn.as_str());

        assert_eq!(setup.delete("keys").await, None);
        assert_eq!(setup.aws.key(&setup.target, &alias).await.unwrap(), None);
        let arn = KeyReference(key.arn.to_string());
        let key = setup.aws.key(&setup.target, &arn).await.unwrap().unwrap();
        assert_eq!(key.state, "PendingDeletion");
    }

    #[tokio::test(start_paused = true)]
    async fn an_alias_is_unique_in_its_region_and_not_aws_s_own() {
        let setup = Setup::on(world().with_key(
            "dev",
            "eu-west-1",
            "alias/taken",
            "Enabled",
            "SYMMETRIC_DEFAULT",
        ));
        let reason = setup.refusal(&input("keys", KEY, &[("Name", "alias/taken")])).await;
        assert!(reason.contains("already exists"), "{reason}");
        let reason = setup.refusal(&input("own", KEY, &[("Name", "alias/aws/mine")])).await;
        assert!(reason.contains("reserved"), "{reason}");
        let elsewhere = setup.in_region("eu-west-2");
        let state = elsewhere.create(&input("keys", KEY, &[("Name", "alias/taken")])).await;
        assert_eq!(state, StackState::CreateComplete);
    }

    #[tokio::test(start_paused = true)]
    async fn a_role_s_name_is_taken_in_all_regions() {
        let setup = Setup::new();
        let role = one("AWS::IAM::Role", "{RoleName: config, AssumeRolePolicyDocument: {}}");
        assert_eq!(setup.create(&input("role", &role, &[])).await, StackState::CreateComplete);
        let elsewhere = setup.in_region("eu-west-2");
        let reason = elsewhere.refusal(&input("role", &role, &[])).await;
        assert!(reason.contains("'config' already exists"), "{reason}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_bucket_s_name_is_taken_in_the_world_and_a_full_bucket_stays() {
        let simulation = world().with_account("other", "other@example.com", "/").with_bucket(
            "other",
            "us-east-1",
            "acme-logs",
        );
        let setup = Setup::on(simulation);
        let named = one("AWS::S3::Bucket", "{BucketName: acme-logs}");
        let reason = setup.refusal(&input("named", &named, &[])).await;
        assert!(reason.contains("already exists"), "{reason}");

        let unnamed =
            "Resources: {One: {Type: AWS::S3::Bucket}}\nOutputs: {Name: {Value: !Ref One}}";
        setup.create(&input("Unnamed", unnamed, &[])).await;
        let bucket = setup.stack("Unnamed").await.unwrap().outputs["Name"].clone();
        assert!(bucket.starts_with("unnamed-one-"), "{bucket}");
        setup.aws.upload_template(&bucket, "key", "body").await.unwrap();
        assert_eq!(setup.delete("Unnamed").await, Some(StackState::DeleteFailed));
    }

    #[tokio::test(start_paused = true)]
    async fn a_trail_wants_a_bucket_and_there_are_five_at_most() {
        let setup = Setup::on(world().with_bucket("dev", "eu-west-1", "logs"));
        let trail =
            |bucket: &str| one("AWS::CloudTrail::Trail", &format!("{{S3BucketName: {bucket}}}"));
        let reason = setup.refusal(&input("lost", &trail("nowhere"), &[])).await;
        assert!(reason.contains("bucket policy"), "{reason}");
        for number in 0..5 {
            let name = format!("trail{number}");
            let state = setup.create(&input(&name, &trail("logs"), &[])).await;
            assert_eq!(state, StackState::CreateComplete);
        }
        let reason = setup.refusal(&input("sixth", &trail("logs"), &[])).await;
        assert!(reason.contains("5 trails"), "{reason}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_there_is_once_per_region_is_not_made_twice() {
        let cases = [
            ("AWS::GuardDuty::Detector", "{Enable: true}", "Invalid request provided"),
            ("AWS::SecurityHub::Hub", "{}", "already subscribed"),
            (
                "AWS::Config::ConfigurationRecorder",
                "{Name: avm}",
                "'avm' because the maximum number of configuration recorders: 1 is reached.",
            ),
        ];
        for (resource_type, properties, message) in cases {
            let simulation = world()
                .with_unmanaged("dev", "eu-west-1", resource_type, "default")
                .with_unmanaged("dev", "eu-west-1", "AWS::Config::DeliveryChannel", "default");
            let setup = Setup::on(simulation);
            let template = one(resource_type, properties);
            let reason = setup.refusal(&input("once", &template, &[])).await;
            assert!(reason.contains(message), "{reason}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn config_wants_recorder_and_channel_together() {
        let setup = Setup::on(world().with_bucket("dev", "eu-west-1", "logs"));
        let recorder = one("AWS::Config::ConfigurationRecorder", "{RoleARN: any}");
        let reason = setup.refusal(&input("alone", &recorder, &[])).await;
        assert!(reason.contains("Delivery channel is not available"), "{reason}");
        let channel =
            "  Two: {Type: AWS::Config::DeliveryChannel, Properties: {S3BucketName: logs}}\n";
        let both = format!("{recorder}{channel}");
        assert_eq!(setup.create(&input("both", &both, &[])).await, StackState::CreateComplete);
    }
}
