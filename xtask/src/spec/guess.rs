//! Guesses at what a document does not say, each with its reason, for a person to check.

use std::collections::BTreeMap;

use serde_json::Value;

use observatory_codegen::inventory::{list_operations, list_schemas};
use observatory_codegen::source::RawDocument;

/// Parameters that say where a page starts.
const STARTS: &[&str] = &[
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

/// A new `vendor.toml`.
pub(super) fn guess(vendor: &str, raw: &RawDocument) -> String {
    let guess = Guess {
        vendor,
        document: &raw.value,
    };
    let parts = [
        guess.head(),
        guess.servers(),
        guess.credentials(),
        guess.pages(),
        guess.envelope(),
        guess.names(),
        // What `record` fills in.
        "[document]\n".to_owned(),
    ];
    parts.join("\n")
}

/// A new `overlay.yaml`.
pub(super) fn overlay(title: &str) -> String {
    let quoted = Value::from(format!("Our words and corrections for the {title} API"));
    format!(
        "# Words are ours, never the vendor's; a correction says how it is known. Each action says why it is there and \
         does something.\n#\n# - target: $.paths['/things'].post\n#   description: What a program that logs a trace \
         reads first; our words.\n#   update:\n#     summary: Send a thing\noverlay: 1.0.0\ninfo:\n  title: {quoted}\n  \
         version: 1.0.0\nactions: []\n"
    )
}

struct Guess<'a> {
    vendor: &'a str,
    document: &'a Value,
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// A line of a comment: what a document says may hold any character.
fn comment(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("# {text}\n")
}

impl Guess<'_> {
    fn text(&self, pointer: &str) -> &str {
        self.document
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The start of the names of environment variables.
    fn variable(&self, rest: &str) -> String {
        let vendor = self.vendor.replace('-', "_").to_uppercase();
        quoted(&format!("{vendor}_{rest}"))
    }

    fn operations(&self) -> Vec<&Value> {
        let found = list_operations(self.document);
        let nodes = found
            .iter()
            .map(|(_, _, at)| self.document.pointer(at.0.trim_start_matches('#')));
        nodes.flatten().collect()
    }

    fn resolved<'v>(&'v self, node: &'v Value) -> &'v Value {
        let target = node.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| self.document.pointer(target.strip_prefix('#')?));
        target.unwrap_or(node)
    }

    fn head(&self) -> String {
        let title = super::title(self.vendor);
        let mut out = comment(&format!(
            "{title}: what its document does not say. Guessed by `cargo xtask spec add {}`: check each guess, and say how \
             it is known.",
            self.vendor
        ));
        out += &comment(&format!(
            "After the folder; the document calls itself \"{}\".",
            self.text("/info/title")
        ));
        out += &format!("title = {}\n", quoted(&title));
        let description = format!("A typed client of the {title} API");
        out += &format!("description = {}\n", quoted(&description));
        let (headers, why) = self.request_ids();
        out += &comment(why);
        let headers: Vec<String> = headers.iter().map(|name| quoted(name)).collect();
        out + &format!("request-id-headers = [{}]\n", headers.join(", "))
    }

    fn request_ids(&self) -> (Vec<String>, &'static str) {
        let mut found: Vec<String> = Vec::new();
        for operation in self.operations() {
            let responses = operation.get("responses").and_then(Value::as_object);
            for response in responses.into_iter().flat_map(|all| all.values()) {
                let headers = self
                    .resolved(response)
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
                "No answer of the document has such a header; this is what most servers call it.",
            ),
            false => (found, "Headers of answers in the document."),
        }
    }

    fn servers(&self) -> String {
        let servers = self.document.get("servers").and_then(Value::as_array);
        let urls = servers
            .into_iter()
            .flatten()
            .filter_map(|server| server.get("url")?.as_str());
        let told: Vec<&str> = urls.filter(|url| url.starts_with("http")).collect();
        let mut out = match told.as_slice() {
            [] => {
                "# The document names no server: without one here, whoever makes a client says where it is.\n\
                 # [[server]]\n# name = \"production\"\n# url = \"https://…\"\n"
                    .to_owned()
            }
            told => comment(&format!("Servers are the document's: {}.", told.join(", "))),
        };
        out +=
            "# The usual name of the variable; see what the vendor's own SDKs read.\n[base-url]\n";
        out + &format!("env = [{}]\n", self.variable("BASE_URL"))
    }

    /// The schemes, those that most operations use first.
    fn credentials(&self) -> String {
        let schemes = self
            .document
            .pointer("/components/securitySchemes")
            .and_then(Value::as_object);
        let mut schemes: Vec<(&String, &Value, usize)> = schemes
            .into_iter()
            .flatten()
            .map(|(id, scheme)| (id, self.resolved(scheme), self.uses(id)))
            .collect();
        schemes.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(b.0)));
        if schemes.is_empty() {
            return "# The document has no security scheme. If the API wants a key, add the scheme and `security` in \
                    overlay.yaml,\n# and a [[credential]] here.\n"
                .to_owned();
        }
        let mut key_is_free = true;
        let told = schemes.iter().map(|(id, scheme, uses)| {
            let mut out = comment(&format!("Used by {uses} operations."));
            out += &format!("[[credential]]\nscheme = {}\n", quoted(id));
            out + &self.credential(id, scheme, &mut key_is_free)
        });
        told.collect::<Vec<_>>().join("\n")
    }

    /// How many operations use a scheme; those that say nothing use the document's.
    fn uses(&self, id: &str) -> usize {
        let names = |security: &Value| {
            let ways = security.as_array().into_iter().flatten();
            ways.filter_map(Value::as_object)
                .any(|way| way.contains_key(id))
        };
        let default = self.document.get("security");
        let all = self.operations().into_iter();
        all.filter(|operation| operation.get("security").or(default).is_some_and(names))
            .count()
    }

    fn credential(&self, id: &str, scheme: &Value, key_is_free: &mut bool) -> String {
        let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
        let mut key = || match std::mem::take(key_is_free) {
            true => self.variable("API_KEY"),
            false => {
                let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
                self.variable(&id.to_uppercase())
            }
        };
        match (text("type"), text("scheme"), text("in")) {
            ("http", "basic", _) => format!(
                "# User name and password; where these are two keys, name their variables.\nenv = [{}]\npassword-env = [{}]\n",
                self.variable("USERNAME"),
                self.variable("PASSWORD")
            ),
            ("apiKey", _, "header") if text("name").eq_ignore_ascii_case("authorization") => {
                format!(
                    "# The document says no word before the key; nearly every API that takes a key here wants this one.\n\
                 env = [{}]\nprefix = \"Bearer \"\n",
                    key()
                )
            }
            ("apiKey", _, "cookie") => {
                "# A session of a browser; programs rarely have one.\n".to_owned()
            }
            _ => format!("# The usual name of the variable.\nenv = [{}]\n", key()),
        }
    }

    fn pages(&self) -> String {
        let mut starts: BTreeMap<&str, usize> = BTreeMap::new();
        for operation in self.operations() {
            let params = operation.get("parameters").and_then(Value::as_array);
            for param in params
                .into_iter()
                .flatten()
                .map(|param| self.resolved(param))
            {
                let name = param
                    .get("name")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                if let Some(start) = STARTS.iter().find(|start| **start == name) {
                    *starts.entry(start).or_default() += 1;
                }
            }
        }
        if starts.is_empty() {
            return "# No parameter of the document says where a page starts.\n".to_owned();
        }
        let told: Vec<String> = starts
            .iter()
            .map(|(name, count)| format!("`{name}` ({count})"))
            .collect();
        let mut out = comment(&format!(
            "Operations with a parameter that says where a page starts: {}. The crate's docs say which of them come in",
            told.join(", ")
        ));
        out += "# pages by themselves (`pages()`); a rule for the others looks like this:\n";
        out + "# [[pagination]]\n# style = \"cursor\"\n# start = \"cursor\"\n# next = \"meta.next_cursor\"\n"
    }

    /// What most answers are wrapped in, if it is what a wrapper looks like.
    fn envelope(&self) -> String {
        let mut wrappers: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
        let mut answers = 0_usize;
        for operation in self.operations() {
            let Some(schema) = self.answer(operation) else {
                continue;
            };
            answers += 1;
            if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
                let mut names: Vec<&str> = properties.keys().map(String::as_str).collect();
                names.sort_unstable();
                *wrappers.entry(names).or_default() += 1;
            }
        }
        let count = wrappers
            .get(["data", "error"].as_slice())
            .copied()
            .unwrap_or_default();
        if count > 2 && 2 * count > answers {
            return format!(
                "# {count} of {answers} answers are `{{data, error}}`.\n[[envelope]]\ndata = \"data\"\nerror = \"error\"\n"
            );
        }
        format!("# Of {answers} answers in JSON, {count} are `{{data, error}}`: no envelope.\n")
    }

    /// The schema of an operation's success.
    fn answer<'v>(&'v self, operation: &'v Value) -> Option<&'v Value> {
        let responses = operation.get("responses")?.as_object()?;
        let success = responses
            .iter()
            .find(|(status, _)| status.starts_with('2'))?
            .1;
        let content = self.resolved(success).get("content")?;
        Some(self.resolved(content.get("application/json")?.get("schema")?))
    }

    fn names(&self) -> String {
        const LONG: usize = 40;
        let ids = self.operations().into_iter();
        let ids: Vec<&str> = ids
            .filter_map(|operation| operation.get("operationId")?.as_str())
            .collect();
        let (all, with, long) = (
            list_operations(self.document).len(),
            ids.len(),
            ids.iter().filter(|id| id.len() > LONG).count(),
        );
        let noisy =
            list_schemas(self.document).filter(|name| name.contains("__") || name.len() > LONG);
        let mut out = comment(&format!(
            "{with} of {all} operations have an `operationId`, {long} of them longer than {LONG} letters; {} schemas have \
             long names.",
            noisy.count()
        ));
        out += "# What a framework adds to names goes by rule; names that stay ugly get others here:\n# [names.rename]\n";
        out + "# \"#/components/schemas/…\" = \"…\"\n"
    }
}
