//! Prism as a judge: a server that holds each request against a document, and is none of ours.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::server::{Server, free_port, program};

/// Starts it on a document. It leaves out the base paths of the document's `servers`. `None` where it is not installed,
/// which CI does not let pass.
pub fn start(name: &str, document: &Path) -> Option<Server> {
    let program = program(
        "judges/node_modules/.bin/prism",
        "scripts/install-judges.sh",
    )?;
    let port = free_port();
    let mut command = Command::new(program);
    // `--errors` refuses whatever it would otherwise only complain of.
    command
        .args(["mock", "--errors", "--host", "127.0.0.1", "--port"])
        .arg(port.to_string())
        .arg(document);
    Some(Server::start(&format!("prism-{name}"), port, &mut command))
}

/// What Prism finds wrong with a request, a line each: `place: rule`. It says so in a header where the document has an
/// answer for bad requests, and in a body of its own where it has none.
pub fn violations(header: Option<&str>, body: &str) -> Vec<String> {
    let found = match header {
        Some(header) => serde_json::from_str(header).unwrap(),
        None => serde_json::from_str::<Value>(body)
            .ok()
            .and_then(|mut body| Some(body.get_mut("validation")?.take()))
            .unwrap_or_default(),
    };
    let mut lines: Vec<String> = found.as_array().into_iter().flatten().map(line).collect();
    lines.sort();
    lines.dedup();
    lines
}

fn line(violation: &Value) -> String {
    // A missing credential has neither place nor code.
    let place = violation["location"].as_array().into_iter().flatten();
    let place: Vec<&str> = place
        .filter_map(Value::as_str)
        .skip_while(|part| matches!(*part, "request" | "body"))
        .collect();
    let rule = violation["code"].as_str().unwrap_or("credential");
    format!("/{}: {rule}", place.join("/"))
}
