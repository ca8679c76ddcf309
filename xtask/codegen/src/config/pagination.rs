//! `[[pagination]]`: operations whose responses are pages.

use serde::Deserialize;

/// How the responses of some operations are paginated. The first rule that matches an operation is used.
///
/// Common forms are detected without a rule: `cursor` and `nextCursor`, `offset` and `limit`, `page` and `pageSize`,
/// `starting_after` and the `id` of an item.
///
/// Properties are given by their wire names, joined by dots. Those of the response are relative to the data in its
/// envelope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct PaginationRule {
    /// How the next page is requested.
    pub style: PaginationStyle,
    /// The query parameter, or the property of the request body, that selects the page.
    pub start: Option<String>,
    /// The property of the response with the next value of `start`; for the style `last-item`, the property of an item.
    pub next: Option<String>,
    /// The property of the response that is true if there are more pages.
    pub more: Option<String>,
    /// The property of the response with the items. Default: the only array.
    pub items: Option<String>,
    /// The number of the first page. Default: 1.
    pub first: Option<u32>,
    /// The property of the response with the number of pages, for the style `page-number`. Default: `totalPages`, if the
    /// response has it.
    pub total: Option<String>,
    /// The pointers of the operations. If empty, the rule is for all operations that it matches.
    pub operations: Vec<String>,
}

/// How the next page is requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaginationStyle {
    /// By a cursor from the response.
    #[default]
    #[serde(alias = "next-token")]
    Cursor,
    /// By a property of the last item of the response.
    LastItem,
    /// By the number of items to skip.
    Offset,
    /// By the number of the page.
    PageNumber,
    /// By the URL in the `Link` header of the response.
    Link,
    /// The responses are not pages. Turns the detection off.
    None,
}

impl PaginationRule {
    /// Returns what is wrong with the rule.
    pub(super) fn find_error(&self) -> Option<&'static str> {
        let needs_start = !matches!(self.style, PaginationStyle::Link | PaginationStyle::None);
        if self.start.is_some() != needs_start {
            return Some(
                "`start` is required for all styles but `link` and `none`, which must not have it",
            );
        }
        let needs_next = matches!(
            self.style,
            PaginationStyle::Cursor | PaginationStyle::LastItem
        );
        if self.next.is_some() != needs_next {
            return Some(
                "`next` is required for the styles `cursor`, `next-token` and `last-item`, and not allowed for others",
            );
        }
        if self.more.is_some() && !needs_next {
            return Some(
                "`more` is only allowed for the styles `cursor`, `next-token` and `last-item`",
            );
        }
        if self.first.is_some() && self.style != PaginationStyle::PageNumber {
            return Some("`first` is only allowed for the style `page-number`");
        }
        if self.total.is_some() && self.style != PaginationStyle::PageNumber {
            return Some("`total` is only allowed for the style `page-number`");
        }
        if self.style == PaginationStyle::None && self.operations.is_empty() {
            return Some("the style `none` must have `operations`");
        }
        None
    }
}
