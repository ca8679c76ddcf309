//! Every spelling of OpenAPI 3.0 and 3.1 → one canonical 3.0 shape.
//!
//! The only place that knows both dialects, and the place where a document's faults are told, all at once and each
//! with its pointer. What comes out holds known keys of the right types alone, so that reading it cannot fail:
//!
//! * every node that may give rise to code says where it came from in `x-at`;
//! * references remain between schemas alone, always as `#/components/schemas/<key>`, the key as it is; whatever else
//!   was referred to stands in place, and a schema that was referred to elsewhere has moved to the components;
//! * a schema has one `type` or none; null is always `nullable: true`, and a schema that allows nothing but null is
//!   `{enum: [null], nullable: true, x-null: true}`;
//! * whole numbers beyond 64 bits show in the format: `uint64` or `bigint`;
//! * `info.summary` is `x-summary`, and `{+path}` marks its parameter with `x-allow-reserved`: 3.0 has room for neither;
//! * the keys of every object are sorted, since their order means nothing;
//! * constraints that change no type (`not`, `if`, `contains`, …), examples, callbacks, links and webhooks are gone.
//!
//! Sloppiness whose meaning is plain is mended without a word; where no meaning can be told, that is a fault.

mod bodies;
mod cycles;
mod document;
mod hoist;
mod operations;
mod parameters;
mod read;
mod refs;
mod schema;
mod security;
mod template;

use std::cell::RefCell;

use serde_json::Value;

use crate::diag::{Code, Diagnostic, Error};
use crate::ir::Pointer;
use hoist::Hoisted;
use read::Node;

/// A JSON object.
type Object = serde_json::Map<String, Value>;

/// The key under which a canonical node says where it came from.
const AT: &str = "x-at";

/// Brings a document into its canonical shape.
///
/// # Errors
/// All faults found, sorted, each with its place.
pub fn normalize(document: &Value) -> Result<Value, Error> {
    let mut cx = Cx::new(document);
    let canonical = cx.document();
    let diags = cx.diags.into_inner();
    if diags.is_empty() {
        Ok(canonical)
    } else {
        Err(Error::from_diagnostics(diags))
    }
}

/// A document that is being normalized, and what has been noticed so far.
struct Cx<'d> {
    root: Node<'d>,
    diags: RefCell<Vec<Diagnostic>>,
    hoisted: Hoisted,
    /// How deep the schema that is being read is nested in others.
    depth: usize,
}

impl<'d> Cx<'d> {
    fn new(document: &'d Value) -> Self {
        let root = Node::new(document, Pointer::root());
        Self {
            hoisted: Hoisted::new(&root),
            root,
            diags: RefCell::default(),
            depth: 0,
        }
    }

    /// Reports a fault.
    fn fault(&self, code: Code, at: &Pointer, message: impl Into<String>, help: &str) {
        self.diags
            .borrow_mut()
            .push(Diagnostic::new(code, at, message).help(help));
    }
}

/// An object of one canonical node, which says where it came from.
fn node_at(at: &Pointer) -> Object {
    let mut out = Object::new();
    out.insert(AT.to_owned(), at.0.clone().into());
    out
}

/// Inserts `value` where there is one.
fn put(out: &mut Object, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        out.insert(key.to_owned(), value.into());
    }
}
