//! CloudFormation's limits (aws-behaviour §6.3).

/// The largest template that fits in a request, in bytes.
pub const MAX_BODY_BYTES: usize = 51_200;
/// The largest template that CloudFormation reads from S3, in bytes.
pub const MAX_TEMPLATE_BYTES: usize = 1_000_000;
/// The longest description, in bytes.
pub(super) const MAX_DESCRIPTION_BYTES: usize = 1024;
/// The longest logical id, in characters.
pub(super) const MAX_LOGICAL_ID: usize = 255;
/// The most resources in a template.
pub(super) const MAX_RESOURCES: usize = 500;
/// The most parameters in a template.
pub(super) const MAX_PARAMETERS: usize = 200;
/// The most outputs in a template, the digest's among them.
pub(super) const MAX_OUTPUTS: usize = 200;
/// The most mappings in a template.
pub(super) const MAX_MAPPINGS: usize = 200;
