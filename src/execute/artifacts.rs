//! Templates on their way to CloudFormation: sent with the request, or stored where it can read them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::report::StepError;
use super::run::Templates;
use crate::cloud::{CloudWriter, TemplateLocation};
use crate::model::TemplateFile;
use crate::plan::artifact_key;
use crate::template::{Digest, MAX_BODY_BYTES};

/// The templates of a run, and where it has stored those that are too big to be sent.
#[derive(Debug)]
pub(super) struct Artifacts<'a> {
    templates: &'a Templates,
    /// Addresses by key: each template is stored once, not once for every stack.
    stored: RefCell<BTreeMap<String, String>>,
}

impl<'a> Artifacts<'a> {
    /// Nothing is stored yet.
    pub(super) fn of(templates: &'a Templates) -> Self {
        Self { templates, stored: RefCell::default() }
    }

    /// What is sent to AWS for a template.
    pub(super) fn body(&self, template: &TemplateFile) -> Result<&'a String, StepError> {
        self.templates.bodies.get(template).ok_or_else(|| StepError::MissingValue {
            what: format!("template {template}"),
            why: "the run was not given it".to_owned(),
        })
    }

    /// Where CloudFormation finds a text that a template is, or is a part of.
    pub(super) async fn location<C: CloudWriter>(
        &self,
        cloud: &C,
        template: &TemplateFile,
        digest: &Digest,
        body: &str,
    ) -> Result<TemplateLocation, StepError> {
        if body.len() <= MAX_BODY_BYTES {
            return Ok(TemplateLocation::Body(body.to_owned()));
        }
        self.stored_text(cloud, template, digest, body).await.map(TemplateLocation::Url)
    }

    /// The address at which a template is stored, where it is stored now at the latest.
    pub(super) async fn stored<C: CloudWriter>(
        &self,
        cloud: &C,
        template: &TemplateFile,
        digest: &Digest,
    ) -> Result<String, StepError> {
        let body = self.body(template)?;
        self.stored_text(cloud, template, digest, body).await
    }

    /// The address at which a text is stored that a template is, or is a part of.
    async fn stored_text<C: CloudWriter>(
        &self,
        cloud: &C,
        template: &TemplateFile,
        digest: &Digest,
        body: &str,
    ) -> Result<String, StepError> {
        let bucket = self.templates.bucket.as_deref().ok_or_else(|| StepError::MissingValue {
            what: format!("a bucket for template {template}"),
            why: "the landing zone names none (artifacts: {bucket: ...})".to_owned(),
        })?;
        // Under its digest, so that it is stored once for all accounts.
        let key = artifact_key(template, digest);
        let known = self.stored.borrow().get(&key).cloned();
        let address = match known {
            Some(address) => address,
            None => cloud.upload_template(bucket, &key, body).await?,
        };
        self.stored.borrow_mut().insert(key, address.clone());
        Ok(address)
    }
}
