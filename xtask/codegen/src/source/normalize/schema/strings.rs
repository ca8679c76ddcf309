//! The keywords of strings.

use super::draft::SchemaDraft;
use crate::media_type::{MediaKind, essence};
use crate::source::normalize::canonical::insert_some;
use crate::source::normalize::node::Node;
use crate::source::normalize::normalizer::Normalizer;

/// The key of `contentMediaType`, which 3.0 does not have.
const MEDIA_TYPE_KEY: &str = "x-media-type";

impl<'d> Normalizer<'d> {
    /// Reads `format`, `pattern`, lengths, and the keywords of 3.1 for binary data.
    pub(super) fn read_string_keywords(&mut self, node: &Node<'d>, draft: &mut SchemaDraft) {
        let encoding = self.optional_string(node, "contentEncoding");
        let media_type = self.optional_string(node, "contentMediaType");
        let binary_format = match (encoding.as_deref(), media_type.as_deref()) {
            (Some("base64" | "base64url"), _) => Some("byte"),
            (Some("binary"), _) => Some("binary"),
            // Text cannot be an image.
            (None, Some(media_type)) if is_binary(media_type) => Some("binary"),
            _ => None,
        };
        let format = match binary_format {
            Some(format) => Some(format.to_owned()),
            None => self.optional_string(node, "format"),
        };
        if let Some(format) = format.filter(|format| !format.is_empty()) {
            draft.format = Some(format);
        }
        let keywords = &mut draft.string_keywords;
        // Decides the media type of the part that the string is in a multipart body.
        let media_type = media_type.or_else(|| self.optional_string(node, MEDIA_TYPE_KEY));
        // JSON text in a string stays the text that it is.
        let is_default = |name: &str| name == "application/octet-stream" || name.ends_with("json");
        let own = media_type.filter(|name| !is_default(name));
        insert_some(keywords, MEDIA_TYPE_KEY, own);
        if let Some(pattern) = self.optional_string(node, "pattern") {
            keywords.insert("pattern".to_owned(), pattern.into());
        }
        self.read_counts(node, &["minLength", "maxLength"], keywords);
    }
}

/// Returns whether a media type cannot be text.
fn is_binary(media_type: &str) -> bool {
    let essence = essence(media_type);
    let main = essence.split('/').next().unwrap_or_default();
    let is_main = matches!(main, "audio" | "font" | "image" | "video");
    let is_known = matches!(
        essence.as_str(),
        "application/gzip" | "application/octet-stream" | "application/pdf" | "application/zip"
    );
    MediaKind::of(media_type) == MediaKind::Bytes && (is_main || is_known)
}
