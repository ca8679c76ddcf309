//! Normalizes every spelling of OpenAPI 3.0, 3.1 and 3.2 to one canonical form of OpenAPI 3.0.
//!
//! This is the only module that handles the dialects, and the one that reports all errors of a document. Documents
//! that break the specification but have one clear meaning are accepted.
//!
//! # Invariants
//!
//! The passes after this one rely on these properties of the canonical document, and do not check them again:
//!
//! **Types.** The document has only known keys with values of the right types. `openapiv3` can always parse it.
//!
//! **Source pointers.** Every node from which code can be generated stores its pointer in the source document under
//! `x-at`.
//!
//! **References.** Only schemas are referenced, always as `#/components/schemas/<key>` with an unescaped key that
//! exists. Parameters, request bodies, responses, headers, path items and media types are inlined. A referenced schema
//! that was not a component has become one. The parent of a child in `allOf` is inlined if it lists the child in its
//! `oneOf` or `anyOf`, or has a discriminator; such a parent has become the union of its children. A child that only the `mapping` of a parent
//! lists is a member with the parent's properties. No schema consists of itself.
//!
//! **Null.**
//! * Every spelling of null has become `nullable: true`: `type: [T, "null"]`, a null in `enum`, a null member of
//!   `anyOf` or `oneOf`, `allOf: [X, {nullable: true}]`, `x-nullable`.
//! * `anyOf` and `oneOf` have no member that allows only null. If an inline member is nullable, the union is nullable
//!   and the member is not. The target of a reference can be nullable.
//! * A schema that allows only null is exactly `{enum: [null], nullable: true, x-null: true}` plus annotations.
//!   `enum` contains null in no other schema.
//!
//! **Schemas.**
//! * A schema has no `type` or one `type`, and only the keywords of its `type`. Several types have become an `anyOf`
//!   with one member per type, unless the schema is composed, where they are dropped.
//! * A schema whose `type` follows only from keywords of objects or arrays has `x-implied-type: true`.
//! * A schema with `enum` has a scalar `type`; the values are distinct and have that type. `const` has become `enum`.
//! * `anyOf` and `oneOf` have at least two members. A single member has moved to `allOf`. No two members are equal,
//!   where annotations and validation keywords such as `minLength` are not compared.
//! * At most one of `anyOf` and `oneOf` has more than one member.
//! * A schema that is only an `allOf` with a single member has been replaced by that member. An `allOf` whose single
//!   member is a reference remains if there are annotations or `nullable` next to it.
//! * A union that only restricts the scalar `type` next to it has been removed. Unions whose members only list
//!   `required` properties remain: `lower` ignores them.
//! * Arrays have `items`. Tuples have become arrays of the union of their items.
//! * The properties of `if`, `then`, `else` and `dependentSchemas` have become optional properties of the schema.
//! * `patternProperties` and `unevaluatedProperties` have become `additionalProperties`.
//! * Bounds of integers fit `i64`. Wider integers have the format `uint64` or `bigint`.
//! * `default` has the `type` of its schema. The targets of a discriminator's `mapping` are references to components.
//!
//! **Operations.** Paths start with `/`. Every path variable has a parameter of the same name, which is required. A
//! parameter for `{+variable}` has `x-allow-slash`. Every parameter and header has `schema` or `content`. Parameters
//! and servers of a path item have been copied to its operations. Statuses are `NNN`, `NXX` or `default`.
//!
//! **Order.** The entries of maps (`paths`, `schemas`, `properties`, `content`, …) are sorted by key, except for the
//! methods of a path item, which have the order of [`Method::ALL`]. `query` and `additionalOperations` are in
//! `x-other-operations`, by method.
//!
//! **Removed.** `not`, `contains` and other keywords that do not change a type; only the schema `false` is
//! `{not: {}}`. Examples, callbacks, links, webhooks and external docs. `info.summary`, which 3.0 does not have, is
//! `x-summary`.
//!
//! [`Method::ALL`]: crate::ir::Method::ALL

mod bodies;
mod canonical;
mod composition;
mod cycles;
mod deprecation;
mod document;
mod expect;
mod extensions;
mod faults;
mod hoist;
mod identifiers;
mod inheritance;
mod node;
mod normalizer;
mod operations;
mod parameters;
mod payloads;
mod refs;
mod resolve;
mod schema;
mod security;
mod servers;
mod template;

pub use extensions::{fact_extensions, prose_extensions};
pub use hoist::EXTERNAL_FILES_KEY;
pub(in crate::source) use resolve::{percent_decode, unescape};

use serde_json::Value;

use crate::diag::{Diagnostic, Error};
use normalizer::Normalizer;

/// Returns the canonical form of a document, and its faults. A schema with a fault allows any value, and other nodes
/// with a fault are left out.
///
/// # Errors
/// When the document is not an OpenAPI document of a supported version, or has too many schemas.
pub fn normalize(document: &Value) -> Result<(Value, Vec<Diagnostic>), Error> {
    let document = identifiers::resolve_identifiers(document)?;
    let mut normalizer = Normalizer::new(&document);
    let canonical = normalizer.normalize_document();
    if let Some(diag) = normalizer.too_many_schemas {
        return Err(diag.into());
    }
    let mut diags = normalizer.into_diagnostics();
    diags.sort();
    diags.dedup();
    match canonical {
        Some(canonical) => Ok((canonical, diags)),
        None => Err(Error::from_diagnostics(diags)),
    }
}
