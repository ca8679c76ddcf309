//! What the parts of a document are lowered to, a rule a test.

mod objects;
mod operations;
mod presence;
mod scalars;
mod unions;

use crate::ir_text::{Outcome, component_text, document_with, lower_document};

/// Checks what the schema of a component is lowered to, without diagnostics.
#[track_caller]
fn becomes(schema: &str, expected: &str) -> Outcome {
    let (api, diagnostics) = lower_document(&document_with(schema))?;
    let codes: Vec<_> = diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(component_text(&api, "S"), expected, "\nfrom {schema}");
    assert_eq!(codes, [], "\nfrom {schema}");
    Ok(())
}

/// Checks what a schema is lowered to as the required property `p` of an object.
#[track_caller]
fn property_becomes(schema: &str, expected: &str) -> Outcome {
    let object = format!("{{type: object, required: [p], properties: {{p: {schema}}}}}");
    becomes(&object, &format!("{{p: {expected}}}"))
}
