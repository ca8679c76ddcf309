//! Locked names of the members of a type.

use crate::ir::TypeId;
use crate::lock::Members;
use crate::plan::context::PlanContext;
use crate::plan::locked_names::reserve_member_names;
use crate::plan::scope::Scope;

/// The locked names of the members of a type, reserved before any new name is claimed.
pub(super) struct LockedMembers {
    names: Members,
    /// The name of the fallback variant, or of the field with additional properties.
    rest: Option<String>,
}

impl LockedMembers {
    pub(super) fn reserve<'k>(
        cx: &PlanContext<'_>,
        id: TypeId,
        scope: &mut Scope,
        keys: impl Iterator<Item = &'k str>,
    ) -> Self {
        let locked = cx.locked.type_names(id);
        let rest = locked.and_then(|names| names.catch_all.clone());
        Self {
            rest: rest.filter(|rest| scope.reserve(rest)),
            names: reserve_member_names(scope, locked.map(|names| &names.members), keys),
        }
    }

    /// Returns the locked name of a member.
    pub(super) fn name(&self, key: &str) -> Option<String> {
        self.names.get(key).cloned()
    }

    /// Returns the name of the field with additional properties.
    pub(super) fn extra_field(&self, scope: &mut Scope) -> String {
        self.rest_or_claim(scope, &["extra", "extra properties"])
    }

    /// Returns the name of the fallback variant.
    pub(super) fn fallback_variant(&self, scope: &mut Scope) -> String {
        self.rest_or_claim(scope, &["unknown", "unrecognized", "anything else"])
    }

    fn rest_or_claim(&self, scope: &mut Scope, candidates: &[&str]) -> String {
        let locked = self.rest.clone();
        locked.unwrap_or_else(|| scope.claim(candidates))
    }
}
