//! Vendors whose OTLP endpoints differ only in data.

use super::attributes::{AttributeValue, Attributes};
use super::gen_ai::tags;
use super::open_inference;
use crate::destinations::BoxFuture;
use crate::destinations::chat::plain_text;
use crate::destinations::classify::ItemResult;
use crate::model::{Score, Span, SpanKind};
use observatory_runtime::spec::{SchemeKind, SecurityScheme};
use observatory_runtime::{Client, spec};
use std::time::Duration;

/// An endpoint of a vendor: where it is, how requests are authenticated, and what the vendor reads of a span.
#[derive(Debug)]
pub(in crate::destinations) struct Profile {
    /// The name in reports.
    pub(in crate::destinations) name: &'static str,
    /// The servers, and the environment variables with the URL and the key.
    pub(in crate::destinations) api: spec::Api,
    /// The path, the encoding and the limits.
    pub(in crate::destinations) otlp: spec::Otlp,
    /// The user name of HTTP Basic, where the key is the password.
    pub(in crate::destinations) user: Option<&'static str>,
    /// Whether requests need a key.
    pub(in crate::destinations) key: KeyRule,
    /// What groups traces: a project or an experiment.
    pub(in crate::destinations) project: Setting,
    /// What contains projects.
    pub(in crate::destinations) workspace: Option<Setting>,
    /// Names besides those of the conventions.
    pub(in crate::destinations) names: Names,
    /// Sends a score by the vendor's own API. Where it is missing, scores are events of spans.
    pub(in crate::destinations) send_score: Option<SendScore>,
}

/// Sends a score once.
pub(in crate::destinations) type SendScore =
    for<'a> fn(&'a Client, &'a Score, Duration) -> BoxFuture<'a, ItemResult>;

/// Whether requests need a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::destinations) enum KeyRule {
    /// On every server.
    Required,
    /// On the vendor's server; a server of one's own has no keys by default.
    RequiredByVendor,
    /// On servers that are configured so.
    Optional,
}

/// An option of a vendor that every request carries.
#[derive(Clone, Copy, Debug)]
pub(in crate::destinations) struct Setting {
    /// Variables with the value; several are joined by `/`.
    pub(in crate::destinations) env: &'static [&'static str],
    /// Where requests have the value.
    pub(in crate::destinations) place: Place,
    /// The value where none is set.
    pub(in crate::destinations) default: Option<&'static str>,
    /// Whether the vendor refuses requests without a value.
    pub(in crate::destinations) is_required: bool,
}

/// Where requests have the value of a [`Setting`].
#[derive(Clone, Copy, Debug)]
pub(in crate::destinations) enum Place {
    /// A header.
    Header(&'static str),
    /// An attribute of the resource.
    Resource(&'static str),
}

impl Setting {
    /// Returns the value of the environment variables, if all are set.
    pub(super) fn find(&self, lookup: impl Fn(&str) -> Option<String>) -> Option<String> {
        let values: Option<Vec<String>> = self.env.iter().map(|name| lookup(name)).collect();
        values.map(|values| values.join("/"))
    }
}

impl Profile {
    /// Returns the variables with the key, for a message.
    pub(super) fn key_variables(&self) -> String {
        let schemes = self.api.schemes.iter();
        let names: Vec<&str> = schemes
            .flat_map(|scheme| scheme.env.iter().chain(scheme.password_env))
            .copied()
            .collect();
        names.join(" or ")
    }
}

/// The scheme of a key in a header. Where a generated crate sends scores, the id is the one that its operations name.
pub(in crate::destinations) const fn key_header(
    id: &'static str,
    name: &'static str,
    env: &'static [&'static str],
) -> SecurityScheme {
    SecurityScheme {
        id,
        kind: SchemeKind::Header { name, prefix: "" },
        env,
        password_env: &[],
        other_headers: &[],
    }
}

/// The scheme of a bearer token.
///
/// It has the name that generated crates use, so that their operations find it.
pub(in crate::destinations) const fn bearer(env: &'static [&'static str]) -> SecurityScheme {
    SecurityScheme {
        id: "bearerAuth",
        kind: SchemeKind::Bearer,
        env,
        password_env: &[],
        other_headers: &[],
    }
}

/// The scheme of a user name and a password.
pub(in crate::destinations) const fn basic(
    env: &'static [&'static str],
    password_env: &'static [&'static str],
) -> SecurityScheme {
    SecurityScheme {
        id: "basic",
        kind: SchemeKind::Basic,
        env,
        password_env,
        other_headers: &[],
    }
}

/// The description of an API whose URL is in one of the variables, or else `server`.
pub(in crate::destinations) const fn api(
    title: &'static str,
    servers: &'static [spec::Server],
    url_env: &'static [&'static str],
    schemes: &'static [SecurityScheme],
) -> spec::Api {
    spec::Api {
        title,
        user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
        servers,
        base_url: spec::BaseUrlSource {
            env: url_env,
            suffix: None,
            derive: None,
        },
        schemes,
        requires_credential: false,
        request_id_headers: &["x-request-id"],
    }
}

/// A server by its URL.
pub(in crate::destinations) const fn server(url: &'static str) -> spec::Server {
    spec::Server {
        name: "default",
        url,
        key_prefix: None,
    }
}

/// Attributes that a vendor reads besides those of the conventions.
#[derive(Clone, Copy, Debug)]
pub(in crate::destinations) struct Names {
    /// Whether the vendor reads the kind, the input and the output of a span by OpenInference's names.
    pub(in crate::destinations) open_inference_values: bool,
    /// The session.
    pub(in crate::destinations) session: Option<&'static str>,
    /// Marks the root span of a trace with a session.
    pub(in crate::destinations) session_root: Option<&'static str>,
    /// The user.
    pub(in crate::destinations) user: Option<&'static str>,
    /// Tags, separated by commas.
    pub(in crate::destinations) tags: Option<&'static str>,
    /// The prefix of metadata.
    pub(in crate::destinations) metadata: Option<&'static str>,
    /// The sum of input and output tokens.
    pub(in crate::destinations) total_tokens: Option<&'static str>,
    /// Reasoning tokens.
    pub(in crate::destinations) reasoning_tokens: Option<&'static str>,
}

impl Names {
    /// No attributes.
    pub(in crate::destinations) const NONE: Self = Self {
        open_inference_values: false,
        session: None,
        session_root: None,
        user: None,
        tags: None,
        metadata: None,
        total_tokens: None,
        reasoning_tokens: None,
    };

    /// Adds the attributes of a span.
    pub(super) fn describe<'a>(&self, span: &'a Span, attributes: &mut Attributes<'a>) {
        if self.open_inference_values {
            describe_values(span, attributes);
        }
        let trace = &span.trace;
        if let (Some(name), Some(session)) = (self.session, &trace.session) {
            attributes.text(name, Some(session));
        }
        if let (Some(name), Some(_), None) = (self.session_root, &trace.session, span.parent) {
            attributes.set(name, AttributeValue::Boolean(true));
        }
        if let (Some(name), Some(user)) = (self.user, &trace.user) {
            attributes.text(name, Some(user));
        }
        let tags = tags(span);
        if let (Some(name), false) = (self.tags, tags.is_empty()) {
            attributes.text(name, Some(tags.join(",")));
        }
        if let Some(prefix) = self.metadata {
            for (name, value) in trace.metadata.iter().chain(&span.metadata) {
                attributes.json(format!("{prefix}{name}"), value);
            }
        }
        if let Some(name) = self.total_tokens {
            attributes.count(name, span.usage.total());
        }
        if let Some(name) = self.reasoning_tokens {
            attributes.count(name, span.usage.reasoning);
        }
    }
}

/// Adds OpenInference's kind, and the input and output of a span without messages, which the GenAI conventions have no
/// common names for.
fn describe_values<'a>(span: &'a Span, attributes: &mut Attributes<'a>) {
    let kind = open_inference::kind(span.kind);
    attributes.text("openinference.span.kind", Some(kind));
    if span.input_messages.is_empty() {
        attributes.text("input.value", span.input.as_ref().map(plain_text));
    }
    if !span.output_messages.is_empty() {
        return;
    }
    attributes.text("output.value", span.output.as_ref().map(plain_text));
    let is_found = span.kind == SpanKind::Retriever && span.output.is_none();
    if is_found && !span.documents.is_empty() {
        let documents = serde_json::json!(span.documents).to_string();
        attributes.text("output.value", Some(documents));
    }
}
