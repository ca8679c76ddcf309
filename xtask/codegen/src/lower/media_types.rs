//! Which of the media types of a body are generated, and as what.

use std::collections::BTreeSet;

use super::all_of::is_unstructured;
use super::lowerer::Lowerer;
use crate::media_type::{MediaKind, essence, parameters};
use crate::spec::{AdditionalProperties, MediaType, Schema, SchemaRef};

/// The media types of a body.
#[derive(Default)]
pub(super) struct RankedMediaTypes<'d> {
    /// The one whose values have the most useful type.
    pub first: Option<&'d MediaType>,
    /// Those that have other values, in the order of the document.
    pub others: Vec<&'d MediaType>,
    /// Those that have no values of their own.
    pub unused: Vec<&'d MediaType>,
}

impl Lowerer<'_> {
    /// Ranks the media types of a body. JSON without a schema comes first only if nothing else is offered: FastAPI adds
    /// it to every response, independent of what the server sends.
    pub(super) fn rank_media_types<'m>(&self, offered: &'m [MediaType]) -> RankedMediaTypes<'m> {
        let first = offered.iter().min_by_key(|media| {
            let kind = MediaKind::of(&media.media_type);
            let is_untyped = kind == MediaKind::Json && is_untyped(media);
            let has_sequence = kind.is_sequence() && media.schema.is_some();
            // As a whole, a sequence without a schema is text.
            let kind = match kind.is_sequence() && !has_sequence {
                true => MediaKind::Text,
                false => kind,
            };
            (is_untyped, kind, json_rank(&media.media_type))
        });
        let mut ranked = RankedMediaTypes {
            first,
            ..RankedMediaTypes::default()
        };
        if offered.len() < 2 {
            return ranked;
        }
        let mut known: BTreeSet<String> = first.into_iter().map(values_key).collect();
        for media in offered {
            if first.is_some_and(|first| std::ptr::eq(first, media)) {
                continue;
            }
            let repeats = self.repeats_values(media);
            if repeats == Repeats::Any
                || repeats == Repeats::Same && known.contains(&values_key(media))
            {
                ranked.unused.push(media);
            } else {
                known.insert(values_key(media));
                ranked.others.push(media);
            }
        }
        ranked
    }

    /// Returns when a media type has no values of its own.
    fn repeats_values(&self, media: &MediaType) -> Repeats {
        match MediaKind::of(&media.media_type) {
            // A range names no media type to ask for.
            MediaKind::Json if essence(&media.media_type).contains('*') => Repeats::Any,
            // A patch or a version of a vendor has a meaning of its own, even if the schema is the same.
            MediaKind::Json if is_untyped(media) => Repeats::Any,
            MediaKind::Json if is_plain_json(&media.media_type) => Repeats::Same,
            MediaKind::Json => Repeats::Nothing,
            MediaKind::Form | MediaKind::Multipart if is_untyped(media) => Repeats::Any,
            MediaKind::Form | MediaKind::Multipart => Repeats::Same,
            MediaKind::Lines | MediaKind::Events => Repeats::Nothing,
            // Text of a schema for text differs in each media type. Text of any other schema only spells its values
            // in another way.
            MediaKind::Text | MediaKind::Bytes => match self.is_text(media) {
                true => Repeats::Nothing,
                false => Repeats::Same,
            },
        }
    }

    /// Returns whether the schema of a media type describes any text, or any value.
    pub(super) fn is_text(&self, media: &MediaType) -> bool {
        let schema = media.schema.as_ref();
        let schema = schema.map(|schema| self.effective_schema(schema));
        schema.is_none_or(|schema| {
            let kind = schema.json_type.as_deref();
            let restricted = Schema {
                json_type: None,
                ..schema.as_ref().clone()
            };
            matches!(kind, None | Some("string")) && is_unstructured(&restricted)
        })
    }
}

/// When a media type has no values of its own.
#[derive(PartialEq)]
enum Repeats {
    /// Next to any other media type.
    Any,
    /// Next to one with the same schema.
    Same,
    Nothing,
}

/// Returns a text that is equal for media types with the same values. Texts are compared, because comparing each schema
/// with each other one takes quadratic time.
fn values_key(media: &MediaType) -> String {
    format!("{:?}", media.schema.as_ref().map(without_locations))
}

/// Returns whether a media type allows any value.
fn is_untyped(media: &MediaType) -> bool {
    media.schema.as_ref().is_none_or(|schema| match schema {
        SchemaRef::Named(_) => false,
        SchemaRef::Inline(schema) => schema.json_type.is_none() && is_unstructured(schema),
    })
}

fn is_plain_json(media_type: &str) -> bool {
    let plain = ["application/json", "application/x-json", "text/json"];
    plain.contains(&essence(media_type).as_str())
}

/// Returns the order of JSON media types: a patch describes a change, not the value.
fn json_rank(media_type: &str) -> u8 {
    match essence(media_type).as_str() {
        "application/json" => 0,
        "application/json-patch+json" => 2,
        _ => 1,
    }
}

/// Returns a schema without what does not change its values: locations and documentation.
fn without_locations(schema: &SchemaRef) -> SchemaRef {
    let SchemaRef::Inline(schema) = schema else {
        return schema.clone();
    };
    let Schema {
        properties,
        additional,
        items,
        all_of,
        one_of,
        any_of,
        ..
    } = schema.as_ref();
    let all = |schemas: &[SchemaRef]| schemas.iter().map(without_locations).collect();
    let properties = properties.iter();
    let properties = properties.map(|(name, schema)| (name.clone(), without_locations(schema)));
    SchemaRef::Inline(Box::new(Schema {
        at: Default::default(),
        docs: Default::default(),
        title: None,
        properties: properties.collect(),
        additional: match additional {
            AdditionalProperties::Schema(schema) => {
                AdditionalProperties::Schema(without_locations(schema))
            }
            other => other.clone(),
        },
        items: items.as_ref().map(without_locations),
        all_of: all(all_of),
        one_of: all(one_of),
        any_of: all(any_of),
        ..schema.as_ref().clone()
    }))
}

/// Returns the media type to ask for: without the character set, which JSON does not have. `None` for a range whose
/// values are JSON, since the decoder supports JSON only, and for text that is invalid in a header.
pub(super) fn accepted_media_type(media: &MediaType, is_json: bool) -> Option<String> {
    let essence = essence(&media.media_type);
    let is_unusable = |c: char| c.is_control() || !c.is_ascii();
    if is_json && essence.contains('*') || essence.contains(is_unusable) {
        return None;
    }
    let parameters: String = parameters(&media.media_type)
        .map(|parameter| format!(";{parameter}"))
        .collect();
    Some(essence + &parameters).filter(|text| !text.contains(is_unusable))
}

/// Returns the media type to send: the default of the encoding for a range such as `image/*`.
pub(super) fn concrete_media_type(media_type: &str, is_bytes: bool) -> String {
    let is_unusable = |c: char| c == '*' || c.is_control() || !c.is_ascii();
    match (media_type.contains(is_unusable), is_bytes) {
        (true, true) => "application/octet-stream".to_owned(),
        (true, false) if media_type.starts_with("text/") => "text/plain".to_owned(),
        (true, false) => "application/json".to_owned(),
        (false, _) => media_type.to_owned(),
    }
}
