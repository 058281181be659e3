//! The templates that a stack is made from or hands on.

use super::baseline::User;
use crate::desired::files::{StackEntry, ValueEntry, ValueSource};
use crate::desired::library::Library;
use crate::desired::nearest::suggest;
use crate::desired::shape::Located;
use crate::document::Diagnostic;
use crate::model::TemplateFile;
use crate::template::{MAX_BODY_BYTES, Template};

/// What to do where a bucket is needed and none is named.
const NAME_A_BUCKET: &str = "name a bucket in landing-zone.yaml: artifacts: {bucket: ...}";

/// Checks that the stack's template exists, and those that its parameters name, and that there is a bucket for
/// those that need one. Answers the stack's own, if it has no faults.
pub(super) fn check<'a>(
    user: &User<'_>,
    library: &'a Library,
    stack: &Located<StackEntry>,
    file: &Located<TemplateFile>,
    faults: &mut Vec<Diagnostic>,
) -> Option<&'a Template> {
    let has_bucket = user.zone.file.artifacts.is_some();
    for (_, value) in &stack.value.parameters.0 {
        let Some(value) = value else { continue };
        let ValueEntry::From(ValueSource::Template(named)) = &value.value else { continue };
        exists(user, library, named, faults);
        if !has_bucket && is_deployed(user, stack) {
            let message = format!("templates/{} has an address only in a bucket", named.value);
            let fault = user.fault(&named.span, "no-artifacts-bucket", message);
            faults.push(fault.help(NAME_A_BUCKET));
        }
    }
    exists(user, library, file, faults);
    let template = library.templates.get(&file.value)?.as_deref()?;
    let size = template.body().len();
    if size > MAX_BODY_BYTES && !has_bucket && is_deployed(user, stack) {
        let message = format!(
            "templates/{} is sent with {size} bytes, and CloudFormation takes {MAX_BODY_BYTES} in a request",
            file.value
        );
        let fault = user.fault(&file.span, "no-artifacts-bucket", message);
        faults.push(fault.help(NAME_A_BUCKET));
    }
    Some(template)
}

fn exists(
    user: &User<'_>,
    library: &Library,
    file: &Located<TemplateFile>,
    faults: &mut Vec<Diagnostic>,
) {
    if !library.templates.contains_key(&file.value) {
        let message = format!("there is no file templates/{}", file.value);
        let fault = user.fault(&file.span, "unknown-template", message);
        let known = library.template_files.iter().map(String::as_str);
        faults.push(suggest(fault, file.value.as_str(), known));
    }
}

/// Whether some account gets the stack: nobody has to have a bucket for what is not deployed.
fn is_deployed(user: &User<'_>, stack: &Located<StackEntry>) -> bool {
    let is_used = user.zone.users.contains_key(user.name);
    let is_wanted = stack.value.when.is_none_or(|when| user.zone.meets(when));
    is_used && is_wanted
}

#[cfg(test)]
mod tests {
    use crate::desired::DesiredValue;
    use crate::desired::fixture::Fixture;
    use crate::model::TemplateFile;

    #[test]
    fn a_template_that_is_only_handed_on_is_one_of_the_folder() {
        let fixture = Fixture::organized();
        let product: TemplateFile = "product.yaml".parse().unwrap();
        let account = fixture.account("Orders-UAT");
        let value = &account.stacks[0].parameters["Product"];
        assert_eq!(*value, DesiredValue::TemplateUrl(product.clone()));
        assert!(fixture.load().state.templates.contains_key(&product));
        fixture.replace("templates/product.yaml", "Resources", "Resorces");
        assert!(fixture.codes().iter().any(|code| code == "resources"), "{:?}", fixture.codes());
    }

    #[test]
    fn an_address_needs_a_bucket_where_the_stack_is_deployed() {
        let fixture = Fixture::organized();
        fixture.replace("landing-zone.yaml", "artifacts: {bucket: acme-artifacts}\n", "");
        assert_eq!(fixture.codes(), ["no-artifacts-bucket"]);
        fixture.replace("baselines/standard.yaml", "adopt: fail", "when: {trail: per-account}");
        assert!(fixture.codes().is_empty());
    }
}
