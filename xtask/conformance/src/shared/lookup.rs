//! Looks up parts of a document and resolves references, without the generator.

use serde_json::Value;

use observatory_codegen::ir::{BodyKind, Envelope, Pointer};
use observatory_codegen::plan::BodyPlan;

/// The longest chain of references that is followed.
const MAX_REFERENCES: usize = 32;

/// A document in which JSON pointers are resolved.
#[derive(Clone, Copy)]
pub(crate) struct DocumentLookup<'d>(pub(crate) &'d Value);

impl<'d> DocumentLookup<'d> {
    /// Resolves a JSON pointer that may pass through references. Returns the value and its own pointer.
    pub(crate) fn resolve(self, pointer: &str) -> Option<(String, &'d Value)> {
        let mut at = "#".to_owned();
        let mut value = self.0;
        for token in pointer.strip_prefix('#')?.split('/').skip(1) {
            (at, value) = self.follow_references(at, value)?;
            let step = format!("/{token}");
            at.push_str(&step);
            value = value.pointer(&step)?;
        }
        self.follow_references(at, value)
    }

    /// Returns the schema of the media type `expected` in the `content` of the object at `at`, or else of the first one that
    /// ends in one of `suffixes`: its pointer below `at` and its own pointer.
    pub(crate) fn media_type_schema(
        self,
        at: &str,
        expected: Option<&str>,
        suffixes: &[&str],
    ) -> Option<(String, String)> {
        let (_, object) = self.resolve(at)?;
        let content = object.get("content")?.as_object()?;
        let is_expected = |media_type: &&String| {
            expected.is_some_and(|expected| is_same_media_type(expected, media_type))
        };
        let is_match = |media_type: &&String| {
            let essence = media_type_essence(media_type);
            suffixes.iter().any(|suffix| match *suffix {
                "multipart/" => essence.starts_with("multipart/"),
                suffix => essence.ends_with(suffix),
            })
        };
        let exact = content.keys().find(is_expected);
        let media_type = exact.or_else(|| content.keys().find(is_match))?;
        let at = Pointer(at.to_owned()).join("content").join(media_type);
        let keyword = ["schema", "itemSchema"].into_iter();
        let (_, media) = self.resolve(&at.0)?;
        let mut keyword = keyword.filter(|key| media.get(*key).is_some());
        let at = at.join(keyword.next()?);
        let (schema, _) = self.resolve(&at.0)?;
        Some((at.0, schema))
    }

    /// Returns the parameters of an operation with their pointers: the operation's own, then those of its path item.
    pub(crate) fn parameters(self, operation: &Pointer) -> Vec<(String, &'d Value)> {
        let path_item = operation.0.rsplit_once('/').map_or("#", |(item, _)| item);
        let mut found = Vec::new();
        for owner in [operation.0.as_str(), path_item] {
            let list = Pointer(owner.to_owned()).join("parameters");
            if let Some((list, Value::Array(all))) = self.resolve(&list.0) {
                let pointers = (0..all.len()).map(|index| format!("{list}/{index}"));
                found.extend(pointers.filter_map(|at| self.resolve(&at)));
            }
        }
        found
    }

    /// Follows `value` while it is a reference. A schema with keywords next to `$ref` is not followed.
    fn follow_references(
        self,
        mut at: String,
        mut value: &'d Value,
    ) -> Option<(String, &'d Value)> {
        for _ in 0..MAX_REFERENCES {
            let Some(pointer) = value
                .get("$ref")
                .filter(|_| value.as_object().is_some_and(|object| object.len() == 1))
            else {
                break;
            };
            at = pointer.as_str()?.to_owned();
            value = self.0.pointer(at.strip_prefix('#')?)?;
        }
        Some((at, value))
    }
}

/// Returns the data of a response in an envelope; `None` if the envelope reports an error.
pub(crate) fn envelope_data<'v>(envelope: &Envelope, response: &'v Value) -> Option<&'v Value> {
    let error = envelope.error.as_ref().and_then(|key| response.get(key));
    let data = response.get(&envelope.data);
    data.filter(|_| error.is_none_or(Value::is_null))
}

/// Returns a media type without its parameters, in lowercase.
pub(crate) fn media_type_essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Returns whether two media types are equal, apart from case, spaces and the character set.
pub(crate) fn is_same_media_type(a: &str, b: &str) -> bool {
    let pieces = |media_type: &str| -> Vec<String> {
        let pieces = media_type
            .split(';')
            .map(|piece| piece.trim().to_lowercase());
        pieces
            .filter(|piece| !piece.starts_with("charset"))
            .collect()
    };
    pieces(a) == pieces(b)
}

/// Returns the media type that a body is sent as; `None` for text and bytes, whose values do not depend on a schema.
pub(crate) fn body_media_type(body: &BodyPlan) -> Option<&str> {
    let implied = match body.kind {
        BodyKind::Form => "application/x-www-form-urlencoded",
        BodyKind::Multipart => "multipart/form-data",
        BodyKind::Json => "application/json",
        BodyKind::JsonLines => "application/x-ndjson",
        BodyKind::Text | BodyKind::Bytes | BodyKind::Empty => return None,
    };
    Some(body.media_type.as_deref().unwrap_or(implied))
}

/// Returns the suffixes of the media types that a body kind of the plan is sent as.
pub(crate) fn media_type_suffixes(body: BodyKind) -> &'static [&'static str] {
    match body {
        BodyKind::Form => &["x-www-form-urlencoded"],
        BodyKind::Multipart => &["multipart/"],
        BodyKind::Json => &["json", "*"],
        _ => &[],
    }
}
