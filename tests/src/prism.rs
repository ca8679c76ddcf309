//! Prism, an independent program that validates each request against an OpenAPI document.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::programs::find_program;
use crate::server::{Server, free_port};

/// Starts Prism on a document. Prism ignores the base paths in the document's `servers`.
///
/// # Panics
/// If Prism is not installed or does not start.
pub fn start(name: &str, document: &Path) -> Server {
    let program = find_program("prism/node_modules/.bin/prism", "scripts/install-prism.sh");
    let port = free_port();
    let mut command = Command::new(program);
    // Without `--errors` Prism only logs some violations.
    command
        .args(["mock", "--errors", "--host", "127.0.0.1", "--port"])
        .arg(port.to_string())
        .arg(document);
    Server::start(&format!("prism-{name}"), port, &mut command)
}

/// Returns the violations that Prism found in a request, each as `place: rule`.
///
/// Prism reports them in a header if the document has a response for invalid requests, and otherwise in a body of its own.
pub fn violations(header: Option<&str>, body: &str) -> Vec<String> {
    let found = match header {
        Some(header) => serde_json::from_str(header).unwrap(),
        None => serde_json::from_str::<Value>(body)
            .ok()
            .and_then(|mut body| Some(body.get_mut("validation")?.take()))
            .unwrap_or_default(),
    };
    let mut lines: Vec<String> = found
        .as_array()
        .into_iter()
        .flatten()
        .map(format_violation)
        .collect();
    lines.sort();
    lines.dedup();
    lines
}

fn format_violation(violation: &Value) -> String {
    // A missing credential has neither a location nor a code.
    let location = violation["location"].as_array().into_iter().flatten();
    let location: Vec<&str> = location
        .filter_map(Value::as_str)
        .skip_while(|part| matches!(*part, "request" | "body"))
        .collect();
    let rule = violation["code"].as_str().unwrap_or("credential");
    format!("/{}: {rule}", location.join("/"))
}
