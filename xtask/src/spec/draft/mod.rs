//! Drafts of the files of a new vendor. Each drafted value has its reason in a comment, so that it can be verified.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::repository::VendorFolder;
use observatory_codegen::inventory::{list_operations, list_schemas};
use observatory_codegen::source::RawDocument;

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
    };
    let sections = [
        draft.header(),
        draft.servers(),
        draft.credentials(),
        draft.pagination(),
        draft.envelope(),
        draft.names(),
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
        let vendor = self.vendor.name.replace('-', "_").to_uppercase();
        toml_string(&format!("{vendor}_{suffix}"))
    }

    /// Returns the operations of the document.
    fn operations(&self) -> Vec<&Value> {
        let operations = list_operations(self.document);
        let nodes = operations
            .iter()
            .map(|(_, _, at)| self.document.pointer(at.0.trim_start_matches('#')));
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

    fn servers(&self) -> String {
        let servers = self.document.get("servers").and_then(Value::as_array);
        let urls = servers
            .into_iter()
            .flatten()
            .filter_map(|server| server.get("url")?.as_str());
        let urls: Vec<&str> = urls.filter(|url| url.starts_with("http")).collect();
        let mut out = match urls.as_slice() {
            [] => "# The document lists no server. Without one here, callers have to set the base URL.\n\
                   # [[server]]\n# name = \"production\"\n# url = \"https://…\"\n"
                .to_owned(),
            urls => comment(&format!("Servers of the document: {}.", urls.join(", "))),
        };
        out += "# The conventional name of the variable; prefer the one that the vendor's SDKs read.\n[base-url]\n";
        out + &format!("env = [{}]\n", self.variable("BASE_URL"))
    }

    /// Drafts the credentials, those that most operations use first.
    fn credentials(&self) -> String {
        let schemes = self
            .document
            .pointer("/components/securitySchemes")
            .and_then(Value::as_object);
        let mut schemes: Vec<(&String, &Value, usize)> = schemes
            .into_iter()
            .flatten()
            .map(|(id, scheme)| (id, self.resolve(scheme), self.count_uses(id)))
            .collect();
        schemes.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(b.0)));
        if schemes.is_empty() {
            return "# The document has no security scheme. If the API requires a key, add a scheme and `security` in\n\
                    # overlay.yaml, and a [[credential]] here.\n"
                .to_owned();
        }
        let mut is_api_key_unused = true;
        let drafts = schemes.iter().map(|(id, scheme, uses)| {
            let mut out = comment(&format!("Used by {uses} operations."));
            out += &format!("[[credential]]\nscheme = {}\n", toml_string(id));
            out + &self.credential(id, scheme, &mut is_api_key_unused)
        });
        drafts.collect::<Vec<_>>().join("\n")
    }

    /// Returns the number of operations that use a scheme. Operations without `security` use the document's.
    fn count_uses(&self, id: &str) -> usize {
        let uses_scheme = |security: &Value| {
            let requirements = security.as_array().into_iter().flatten();
            requirements
                .filter_map(Value::as_object)
                .any(|requirement| requirement.contains_key(id))
        };
        let default = self.document.get("security");
        let operations = self.operations().into_iter();
        let securities = operations.filter_map(|operation| operation.get("security").or(default));
        securities.filter(|security| uses_scheme(security)).count()
    }

    fn credential(&self, id: &str, scheme: &Value, is_api_key_unused: &mut bool) -> String {
        let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
        let mut key_variable = || match std::mem::take(is_api_key_unused) {
            true => self.variable("API_KEY"),
            false => {
                let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
                self.variable(&id.to_uppercase())
            }
        };
        match (text("type"), text("scheme"), text("in")) {
            ("http", "basic", _) => format!(
                "# User name and password. If the API calls them two keys, use the names of their variables.\n\
                 env = [{}]\npassword-env = [{}]\n",
                self.variable("USERNAME"),
                self.variable("PASSWORD")
            ),
            ("apiKey", _, "header") if text("name").eq_ignore_ascii_case("authorization") => {
                format!(
                    "# The document states no prefix; most APIs that expect a key in this header require this one.\n\
                     env = [{}]\nprefix = \"Bearer \"\n",
                    key_variable()
                )
            }
            ("apiKey", _, "cookie") => {
                "# A browser session; programs rarely have one.\n".to_owned()
            }
            _ => format!(
                "# The conventional name of the variable.\nenv = [{}]\n",
                key_variable()
            ),
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
