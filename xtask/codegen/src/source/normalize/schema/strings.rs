//! The keywords of strings.

use super::draft::SchemaDraft;
use crate::source::normalize::node::Node;
use crate::source::normalize::normalizer::Normalizer;

impl<'d> Normalizer<'d> {
    /// Reads `format`, `pattern`, lengths, and the keywords of 3.1 for binary data.
    pub(super) fn read_string_keywords(&mut self, node: &Node<'d>, draft: &mut SchemaDraft) {
        let encoding = self.optional_string(node, "contentEncoding");
        let media_type = self.optional_string(node, "contentMediaType");
        let binary_format = match (encoding.as_deref(), media_type.as_deref()) {
            (Some("base64" | "base64url"), _) => Some("byte"),
            (Some("binary"), _) | (None, Some("application/octet-stream")) => Some("binary"),
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
        if let Some(pattern) = self.optional_string(node, "pattern") {
            keywords.insert("pattern".to_owned(), pattern.into());
        }
        self.read_counts(node, &["minLength", "maxLength"], keywords);
    }
}
