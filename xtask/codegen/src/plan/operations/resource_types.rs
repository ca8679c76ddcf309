//! The types that belong to a resource.

use crate::plan::models::ModelFile;

/// The types that the feature of a resource enables, sorted by name.
#[derive(Clone, Debug, Default)]
pub struct ResourceTypes {
    /// Those that no other resource uses.
    pub own: Vec<String>,
    /// Those that other resources use, too.
    pub shared: Vec<String>,
}

impl ResourceTypes {
    /// Collects the types. `enabled` are the hidden features that the feature enables. A type without a feature is shared by
    /// all resources, and the own one of an only resource.
    pub(in crate::plan) fn collect(
        feature: &str,
        is_only: bool,
        enabled: &[String],
        models: &[ModelFile],
    ) -> Self {
        let is_own = |file: &ModelFile| match &file.feature {
            Some(own) => own == feature,
            None => is_only,
        };
        let is_shared = |file: &ModelFile| match &file.feature {
            Some(feature) => enabled.contains(feature),
            None => !is_only,
        };
        Self {
            own: type_names(models, is_own),
            shared: type_names(models, is_shared),
        }
    }
}

fn type_names(models: &[ModelFile], includes: impl Fn(&ModelFile) -> bool) -> Vec<String> {
    let files = models.iter().filter(|file| includes(file));
    let types = files.flat_map(|file| &file.types);
    let mut names: Vec<String> = types.map(|model| model.name.clone()).collect();
    names.sort_unstable();
    names
}
