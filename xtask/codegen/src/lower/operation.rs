//! Operations, their parameters and their security requirements.

use super::lowerer::{Location, Lowerer};
use crate::diag::Code;
use crate::ir::{
    Operation, Param, ParamLocation, Parent, Pointer, Presence, Primitive, RoleStep,
    SecurityRequirement, TypeRef,
};
use crate::spec::{self, SchemaRef};

impl Lowerer<'_> {
    /// Lowers every operation, in document order.
    pub(super) fn lower_operations(&mut self) -> Vec<Operation> {
        let operations = self.document.operations.iter().enumerate();
        operations
            .map(|(index, raw)| self.lower_operation(Parent::Operation(index), raw))
            .collect()
    }

    fn lower_operation(&mut self, owner: Parent, raw: &spec::Operation) -> Operation {
        let params = raw.parameters.iter();
        let mut params: Vec<Param> = params
            .filter_map(|param| self.lower_param(owner, &raw.path, param))
            .collect();
        // The variables of the path come first, in its order: this is how an operation is read, and it does not depend
        // on the order of the document.
        params.sort_by_key(|param| match param.location {
            ParamLocation::Path => path_position(&raw.path, &param.wire_name).unwrap_or(usize::MAX),
            _ => usize::MAX,
        });
        Operation {
            id: raw.id.clone(),
            method: raw.method.clone(),
            path: raw.path.clone(),
            tags: raw.tags.clone(),
            docs: raw.docs.clone(),
            at: raw.at.clone(),
            params,
            body: raw
                .body
                .as_ref()
                .and_then(|body| self.lower_request_body(owner, body)),
            responses: self.lower_responses(owner, &raw.responses),
            security: self.lower_security(raw),
            server: raw.server.clone(),
            pagination: None,
            idempotent: false,
        }
    }

    fn lower_param(&mut self, owner: Parent, path: &str, raw: &spec::Parameter) -> Option<Param> {
        if raw.location == ParamLocation::Path && path_position(path, &raw.name).is_none() {
            let message = format!(
                "the path `{path}` has no place for `{}`; the parameter is left out",
                raw.name
            );
            self.report(Code::UnusedPathParameter, &raw.at, message);
            return None;
        }
        let location = Location::new(owner, RoleStep::Param(raw.name.clone()));
        let ty = match &raw.schema {
            Some(schema) => self.lower_schema(schema, &location).ty,
            None => TypeRef::Primitive(Primitive::String { format: None }),
        };
        let (default, constraints) = match &raw.schema {
            Some(SchemaRef::Inline(schema)) => (schema.default.clone(), schema.constraints.clone()),
            _ => (None, Vec::new()),
        };
        Some(Param {
            wire_name: raw.name.clone(),
            location: raw.location,
            style: raw.style,
            explode: raw.explode,
            allow_reserved: raw.allow_reserved,
            allow_slash: raw.allow_slash,
            ty,
            presence: Presence::of(raw.required, false),
            default,
            constraints,
            docs: raw.docs.clone(),
            at: raw.at.clone(),
        })
    }

    /// Lowers the alternatives of an operation, or else of the document. Those with an undefined scheme are left out.
    fn lower_security(&mut self, raw: &spec::Operation) -> Vec<SecurityRequirement> {
        let document = self.document;
        let alternatives = raw.security.as_ref().unwrap_or(&document.security);
        let is_defined = |id: &String| document.schemes.iter().any(|scheme| scheme.id == *id);
        let owner = match &raw.security {
            Some(_) => raw.at.join("security"),
            None => Pointer::root().join("security"),
        };
        for id in alternatives.iter().flatten().filter(|id| !is_defined(id)) {
            let message = format!(
                "the security scheme `{id}` is not defined; requirements with it are left out"
            );
            self.report(Code::UndefinedSecurity, &owner, message);
        }
        let usable = alternatives.iter().filter(|all| all.iter().all(is_defined));
        usable.map(|all| SecurityRequirement(all.clone())).collect()
    }
}

/// Where a path template has the variable `name`.
fn path_position(path: &str, name: &str) -> Option<usize> {
    path.find(&format!("{{{name}}}"))
}
