//! Media types: what a body of each one holds, and the words that name it.
//!
//! All stages classify media types here, so that they agree.

/// What a body of a media type holds, the best typed first: of several media types, the first is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MediaKind {
    /// A JSON value.
    Json,
    /// `multipart/*`.
    Multipart,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// A sequence of JSON values: JSON lines, `application/json-seq`.
    Lines,
    /// Server-sent events.
    Events,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// The media types of JSON lines, apart from those that end in a name of them.
const LINES: &[&str] = &[
    "application/json-lines",
    "application/jsonlines",
    "application/stream+json",
    "application/x-json-lines",
    "application/x-jsonlines",
];

/// Names of media types that their subtype does not have.
const NAMES: &[(&str, &str)] = &[
    ("*/*", "any"),
    ("application/octet-stream", "bytes"),
    ("application/vnd.api+json", "json api"),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
    ("application/x-www-form-urlencoded", "form"),
    ("multipart/form-data", "multipart"),
    ("text/plain", "text"),
];

impl MediaKind {
    /// Returns the kind of a media type with any parameters.
    pub fn of(media_type: &str) -> Self {
        match essence(media_type).as_str() {
            multipart if multipart.starts_with("multipart/") => Self::Multipart,
            "application/x-www-form-urlencoded" => Self::Form,
            "text/json" | "*/*" | "application/*" => Self::Json,
            "text/event-stream" => Self::Events,
            lines if is_lines(lines) => Self::Lines,
            "application/xml" | "application/yaml" => Self::Text,
            json if json.ends_with("json") => Self::Json,
            text if text.starts_with("text/") || text.ends_with("+xml") => Self::Text,
            _ => Self::Bytes,
        }
    }

    /// Returns whether a body is a sequence of items, which can be read one by one.
    pub fn is_sequence(self) -> bool {
        matches!(self, Self::Lines | Self::Events)
    }
}

fn is_lines(essence: &str) -> bool {
    let suffixes = ["ndjson", "jsonl", "json-seq"];
    LINES.contains(&essence) || suffixes.iter().any(|suffix| essence.ends_with(suffix))
}

/// Returns a media type without its parameters, in lowercase.
pub fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Returns the parameters of a media type without the character set, which the type in Rust does not depend on.
pub fn parameters(media_type: &str) -> impl Iterator<Item = &str> {
    let parameters = media_type.split(';').skip(1).map(str::trim);
    parameters.filter(|parameter| {
        let is_charset = parameter.to_ascii_lowercase().starts_with("charset");
        !parameter.is_empty() && !is_charset
    })
}

/// Returns the text that names a media type, best first: its subtype without prefixes and structured suffix, or the
/// whole type. Parameters belong to the name, since two versions may differ only in these.
pub fn names(media_type: &str) -> [String; 2] {
    let essence = essence(media_type);
    let known = NAMES.iter().find(|(known, _)| *known == essence);
    let short = match known {
        Some((_, name)) => (*name).to_owned(),
        None => short_name(&essence).to_owned(),
    };
    let parameters: String = parameters(media_type)
        .map(|parameter| format!(" {parameter}"))
        .collect();
    [short + &parameters, essence + &parameters]
}

fn short_name(essence: &str) -> &str {
    let (main, subtype) = essence.split_once('/').unwrap_or(("", essence));
    if subtype == "*" {
        return main;
    }
    let prefixes = ["x-", "vnd.", "prs."];
    let mut short = subtype;
    while let Some(rest) = prefixes
        .iter()
        .find_map(|prefix| short.strip_prefix(prefix))
    {
        short = rest;
    }
    match short.rsplit_once('+') {
        Some((name, _)) if !name.is_empty() => name,
        _ => short,
    }
}
