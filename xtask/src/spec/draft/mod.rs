//! Drafts of the files of a new vendor. Each drafted value has its reason in a comment, so that it can be verified.

mod credentials;
mod quick_start;
mod servers;
mod variables;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::repository::VendorFolder;
use observatory_codegen::inventory::{list_operations, list_schemas};
use observatory_codegen::source::RawDocument;
use variables::{Purpose, Variables};

/// Names of parameters that select a page.
const PAGE_PARAMETERS: &[&str] = &[
    "cursor",
    "page",
    "offset",
    "skip",
    "after",
    "starting_after",
    "page_token",
    "pageToken",
    "next_token",
];

/// Returns the draft of `vendor.toml`.
pub(super) fn draft_config(vendor: &VendorFolder, raw: &RawDocument) -> String {
    let draft = ConfigDraft {
        vendor,
        document: &raw.value,
        variables: Variables::find(&raw.value),
    };
    let sections = [
        draft.header(),
        draft.servers(),
        draft.credentials(),
        draft.pagination(),
        draft.envelope(),
        draft.names(),
        draft.quick_start(),
        // Pinning fills in this table.
        "[document]\n".to_owned(),
    ];
    sections.join("\n")
}

/// Returns the draft of `overlay.yaml`, which has no actions yet.
pub(super) fn draft_overlay(title: &str) -> String {
    let title = Value::from(format!("Descriptions and corrections for the {title} API"));
    format!(
        "# Write descriptions in your own words, not the vendor's, and state the evidence for each correction. Each action\n\
         # has a reason in `description` and must change the document.\n\
         #\n\
         # - target: $.paths['/things'].post\n\
         #   description: The main operation; the summary is our own.\n\
         #   update:\n\
         #     summary: Send a thing\n\
         overlay: 1.0.0\ninfo:\n  title: {title}\n  version: 1.0.0\nactions: []\n"
    )
}

struct ConfigDraft<'a> {
    vendor: &'a VendorFolder,
    document: &'a Value,
    /// The environment variables that the document's text names.
    variables: Variables,
}

/// Returns a TOML string.
fn toml_string(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// Returns a line of a comment. Text of the document may hold control characters, which are replaced.
fn comment(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("# {text}\n")
}

impl ConfigDraft<'_> {
    /// Returns the string at `pointer`, or an empty one.
    fn string_at(&self, pointer: &str) -> &str {
        self.document
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Returns the name of an environment variable, `<VENDOR>_<suffix>`, as a TOML string.
    fn variable(&self, suffix: &str) -> String {
        toml_string(&format!("{}_{suffix}", self.prefix()))
    }

    /// Returns what the vendor's variables begin with.
    fn prefix(&self) -> String {
        self.vendor.name.replace('-', "_").to_uppercase()
    }

    /// Returns what names of the vendor's variables can begin with: the folder's name and its first word, and the first word
    /// of the title.
    fn vendor_names(&self) -> Vec<String> {
        let prefix = self.prefix();
        let title = self.string_at("/info/title").to_uppercase();
        let title = title.split(|c: char| !c.is_ascii_alphanumeric()).next();
        let first = prefix.split('_').next().unwrap_or_default().to_owned();
        let mut names = vec![first, title.unwrap_or_default().to_owned(), prefix];
        names.retain(|name| name.len() > 2 && name != "API" && name != "REST" && name != "THE");
        names
    }

    /// Returns the variables of a purpose as TOML strings, and the reason: those that the document's text names, or else
    /// `<VENDOR>_<suffix>` and `reason`.
    fn variables_of(&self, purpose: Purpose, suffix: &str, reason: &str) -> (String, String) {
        let named = self.variables.of(purpose, &self.vendor_names());
        if named.is_empty() {
            return (self.variable(suffix), reason.to_owned());
        }
        let variables: Vec<String> = named.into_iter().map(toml_string).collect();
        let reason = "The text of the document names these variables.";
        (variables.join(", "), reason.to_owned())
    }

    /// Returns the operations of the document.
    fn operations(&self) -> Vec<&Value> {
        let operations = list_operations(self.document);
        let nodes = operations
            .iter()
            .map(|(_, _, at)| at.value_in(self.document));
        nodes.flatten().collect()
    }

    /// Returns the target of a reference, or the value itself.
    fn resolve<'v>(&'v self, node: &'v Value) -> &'v Value {
        let target = node.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| self.document.pointer(target.strip_prefix('#')?));
        target.unwrap_or(node)
    }

    fn header(&self) -> String {
        let title = self.vendor.default_title();
        let mut out = comment(&format!(
            "Configuration of {title} that the document does not contain. Drafted by `cargo xtask spec add {}`: verify \
             each value and state its source.",
            self.vendor.name
        ));
        out += &comment(&format!(
            "Derived from the folder's name; the document's title is \"{}\".",
            self.string_at("/info/title")
        ));
        out += &format!("title = {}\n", toml_string(&title));
        let description = format!("A typed client for the {title} API");
        out += &format!("description = {}\n", toml_string(&description));
        let (headers, reason) = self.request_id_headers();
        out += &comment(reason);
        let headers: Vec<String> = headers.iter().map(|name| toml_string(name)).collect();
        out + &format!("request-id-headers = [{}]\n", headers.join(", "))
    }

    /// Returns the names of request ID headers, and the reason.
    fn request_id_headers(&self) -> (Vec<String>, &'static str) {
        let mut found: Vec<String> = Vec::new();
        for operation in self.operations() {
            let responses = operation.get("responses").and_then(Value::as_object);
            for response in responses.into_iter().flat_map(|all| all.values()) {
                let headers = self
                    .resolve(response)
                    .get("headers")
                    .and_then(Value::as_object);
                let names = headers.into_iter().flat_map(|headers| headers.keys());
                let names = names.map(|name| name.to_lowercase());
                found.extend(
                    names.filter(|name| name.contains("request-id") || name.contains("trace-id")),
                );
            }
        }
        found.sort();
        found.dedup();
        match found.is_empty() {
            true => (
                vec!["x-request-id".to_owned()],
                "No response of the document has such a header; this is the most common one.",
            ),
            false => (found, "Headers of responses in the document."),
        }
    }

    fn pagination(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for operation in self.operations() {
            let params = operation.get("parameters").and_then(Value::as_array);
            for param in params.into_iter().flatten() {
                let name = self.resolve(param).get("name").and_then(Value::as_str);
                let name = name.unwrap_or_default();
                if let Some(known) = PAGE_PARAMETERS.iter().find(|known| **known == name) {
                    *counts.entry(known).or_default() += 1;
                }
            }
        }
        if counts.is_empty() {
            return "# No parameter of the document selects a page.\n".to_owned();
        }
        let counts = counts
            .iter()
            .map(|(name, count)| format!("`{name}` ({count})"));
        let mut out = comment(&format!(
            "Parameters that select a page, with the number of operations: {}. The crate's docs list the operations that are",
            counts.collect::<Vec<_>>().join(", ")
        ));
        out += "# paginated without a rule (`pages()`); a rule for the others looks like this:\n";
        out + "# [[pagination]]\n# style = \"cursor\"\n# start = \"cursor\"\n# next = \"meta.next_cursor\"\n"
    }

    /// Drafts the envelope, if most responses are `{data, error}` objects.
    fn envelope(&self) -> String {
        let mut shapes: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
        let mut responses = 0_usize;
        for operation in self.operations() {
            let Some(schema) = self.response_schema(operation) else {
                continue;
            };
            responses += 1;
            if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
                let mut names: Vec<&str> = properties.keys().map(String::as_str).collect();
                names.sort_unstable();
                *shapes.entry(names).or_default() += 1;
            }
        }
        let count = shapes
            .get(["data", "error"].as_slice())
            .copied()
            .unwrap_or_default();
        let counts = format!("{count} of {responses} JSON responses are `{{data, error}}` objects");
        if count > 2 && 2 * count > responses {
            return format!("# {counts}.\n[[envelope]]\ndata = \"data\"\nerror = \"error\"\n");
        }
        format!("# {counts}: no envelope.\n")
    }

    /// Returns the schema of an operation's successful JSON response.
    fn response_schema<'v>(&'v self, operation: &'v Value) -> Option<&'v Value> {
        let responses = operation.get("responses")?.as_object()?;
        let success = responses
            .iter()
            .find(|(status, _)| status.starts_with('2'))?
            .1;
        let content = self.resolve(success).get("content")?;
        Some(self.resolve(content.get("application/json")?.get("schema")?))
    }

    fn names(&self) -> String {
        const MAX_LENGTH: usize = 40;
        let operations = self.operations();
        let ids: Vec<&str> = operations
            .iter()
            .filter_map(|operation| operation.get("operationId")?.as_str())
            .collect();
        let long_ids = ids.iter().filter(|id| id.len() > MAX_LENGTH).count();
        let long_schemas = list_schemas(self.document)
            .filter(|name| name.contains("__") || name.len() > MAX_LENGTH)
            .count();
        let mut out = comment(&format!(
            "{} of {} operations have an `operationId`, {long_ids} of which have more than {MAX_LENGTH} characters; \
             {long_schemas} schemas have long names.",
            ids.len(),
            list_operations(self.document).len()
        ));
        out += "# The generator removes what frameworks add to names. Rename the items that are still unclear:\n# [names.rename]\n";
        out + "# \"#/components/schemas/…\" = \"…\"\n"
    }
}
