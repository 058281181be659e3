//! S3: buckets and their policies.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Effect, handler, text};
use crate::model::Target;
use crate::sim::world::{Bucket, World};

pub(super) fn needs(world: &World, resource_type: &str, properties: &Value) -> Effect {
    let bucket = text(properties, "Bucket").unwrap_or_default();
    if resource_type != "AWS::S3::BucketPolicy" || world.buckets.contains_key(bucket) {
        return Ok(());
    }
    Err(handler("The specified bucket does not exist", "NotFound"))
}

pub(super) fn make(world: &mut World, target: &Target, name: &str) {
    let Target { account, region } = target.clone();
    let bucket = Bucket { account, region, objects: BTreeMap::new(), leases: BTreeMap::new() };
    world.buckets.insert(name.to_owned(), bucket);
}

pub(super) fn remove(world: &mut World, name: &str) -> Effect {
    if world
        .buckets
        .get(name)
        .is_some_and(|bucket| !(bucket.objects.is_empty() && bucket.leases.is_empty()))
    {
        let message = "The bucket you tried to delete is not empty";
        return Err(handler(message, "GeneralServiceException"));
    }
    world.buckets.remove(name);
    Ok(())
}
