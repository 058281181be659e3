//! The baselines of a folder, and the templates that they name.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::decode::decode;
use super::files::BaselineFile;
use super::read::{MAX_FILE_BYTES, list, read};
use crate::document::{Diagnostic, Source};
use crate::model::{BaselineName, TemplateFile};
use crate::template::Template;

/// What landing-zone.yaml can draw on. `None` stands for a file whose faults leave nothing to check against.
#[derive(Debug)]
pub(super) struct Library {
    pub(super) baselines: BTreeMap<BaselineName, Option<Baseline>>,
    /// Files among the baselines whose ending is not a baseline's.
    misnamed: Vec<String>,
    /// The templates that some baseline names, for a stack or for a parameter, and that exist.
    pub(super) templates: BTreeMap<TemplateFile, Option<Arc<Template>>>,
    /// Every file that a baseline could name.
    pub(super) template_files: Vec<String>,
    /// Every file that was read, by name.
    pub(super) sources: Vec<Source>,
}

/// A baseline, with the text that it was read from.
#[derive(Debug)]
pub(super) struct Baseline {
    pub(super) source: Source,
    pub(super) file: BaselineFile,
}

impl Library {
    /// Reads all baselines, used or not, and the templates they name. A template nobody names is not looked at.
    pub(super) fn read(directory: &Path, faults: &mut Vec<Diagnostic>) -> Self {
        let mut library = Self {
            baselines: BTreeMap::new(),
            misnamed: list(&directory.join("baselines"), &[".yml", ".json"]),
            templates: BTreeMap::new(),
            template_files: list(&directory.join("templates"), &[".yaml", ".yml", ".json"]),
            sources: Vec::new(),
        };
        for file in list(&directory.join("baselines"), &[".yaml"]) {
            let stem = file.strip_suffix(".yaml").unwrap_or(&file);
            let Ok(name) = stem.parse() else { continue };
            let baseline = library.baseline(directory, &file, faults);
            library.baselines.insert(name, baseline);
        }
        for file in library.named_templates() {
            let template = library.template(directory, &file, faults);
            library.templates.insert(file, template);
        }
        library
    }

    /// A file that would be this baseline if its name had the right ending.
    pub(super) fn misnamed(&self, baseline: &BaselineName) -> Option<&str> {
        let named = |file: &&String| {
            file.rsplit_once('.').is_some_and(|(stem, _)| stem == baseline.as_str())
        };
        self.misnamed.iter().find(named).map(String::as_str)
    }

    fn baseline(
        &mut self,
        directory: &Path,
        file: &str,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Baseline> {
        let name = format!("baselines/{file}");
        let source =
            read(directory, &name, MAX_FILE_BYTES).map_err(|fault| faults.push(fault)).ok()?;
        self.sources.push(source.clone());
        let (decoded, more) = decode(&source);
        faults.extend(more);
        Some(Baseline { source, file: decoded? })
    }

    fn named_templates(&self) -> Vec<TemplateFile> {
        let stacks = self.baselines.values().flatten().flat_map(|baseline| &baseline.file.stacks);
        let mut files: Vec<_> = stacks
            .flat_map(|stack| stack.value.templates())
            .filter(|file| self.template_files.iter().any(|name| name == file.as_str()))
            .cloned()
            .collect();
        files.sort();
        files.dedup();
        files
    }

    fn template(
        &mut self,
        directory: &Path,
        file: &TemplateFile,
        faults: &mut Vec<Diagnostic>,
    ) -> Option<Arc<Template>> {
        let name = format!("templates/{file}");
        let source =
            read(directory, &name, MAX_FILE_BYTES).map_err(|fault| faults.push(fault)).ok()?;
        self.sources.push(source.clone());
        Template::parse(&source).map(Arc::new).map_err(|more| faults.extend(more)).ok()
    }
}

#[cfg(test)]
mod tests {
    use crate::desired::fixture::Fixture;
    use crate::desired::load;

    #[test]
    fn a_baseline_with_another_ending_is_pointed_at() {
        let fixture = Fixture::acme();
        let baselines = fixture.path().join("baselines");
        std::fs::rename(baselines.join("logs.yaml"), baselines.join("logs.yml")).unwrap();
        let faults = load(fixture.path()).unwrap_err();
        let fault = faults.iter().find(|fault| fault.code == "unknown-baseline").unwrap();
        let help = "rename baselines/logs.yml: its name must end in .yaml";
        assert_eq!(fault.help.as_deref(), Some(help));
    }
}
