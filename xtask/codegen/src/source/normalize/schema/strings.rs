//! Keywords of strings.

use super::Draft;
use crate::source::normalize::Cx;
use crate::source::normalize::read::Node;

impl<'d> Cx<'d> {
    /// Reads `format`, `pattern`, lengths, and 3.1's ways to say that a string holds bytes.
    pub(super) fn read_string(&mut self, node: &Node<'d>, draft: &mut Draft) {
        let encoding = self.text(node, "contentEncoding");
        let media_type = self.text(node, "contentMediaType");
        let bytes = match (encoding.as_deref(), media_type.as_deref()) {
            (Some("base64" | "base64url"), _) => Some("byte"),
            (Some("binary"), _) | (None, Some("application/octet-stream")) => Some("binary"),
            _ => None,
        };
        let format = bytes.map(Into::into).or_else(|| self.text(node, "format"));
        draft.format = format
            .filter(|format| !format.is_empty())
            .or(draft.format.take());
        if let Some(pattern) = self.text(node, "pattern") {
            draft.string.insert("pattern".to_owned(), pattern.into());
        }
        self.read_counts(node, &["minLength", "maxLength"], &mut draft.string);
    }
}
