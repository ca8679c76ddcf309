//! `[[pagination]]`: answers that come in pages.

use serde::Deserialize;

/// How the answers of some operations come in pages. What is plain from a document (`cursor` and `nextCursor`, `offset`
/// and `limit`, `page` and `pageSize`, `starting_after` and an item's `id`) needs no rule. The first rule that fits an operation counts.
///
/// Places are names on the wire, joined by dots; those of the answer start inside its envelope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct PaginationRule {
    /// How to get at the next page.
    pub style: PaginationStyle,
    /// The query parameter, or the property of the body, that says which page is wanted.
    pub start: Option<String>,
    /// Where the answer says what the next request starts with; with the style `last-item`, where an item does.
    pub next: Option<String>,
    /// Where the answer says whether there is more.
    pub more: Option<String>,
    /// Where the items stand in the answer; its only list, unless set.
    pub items: Option<String>,
    /// The number of the first page; 1, unless set.
    pub first: Option<u32>,
    /// The operations, by JSON pointer; every one that it fits when empty.
    pub operations: Vec<String>,
}

/// How to get at the next page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaginationStyle {
    /// The answer says what the next request starts with.
    #[default]
    #[serde(alias = "next-token")]
    Cursor,
    /// The last item of the answer says what the next request starts with.
    LastItem,
    /// The request says how many items to skip.
    Offset,
    /// The request says the number of the page.
    PageNumber,
    /// The answer's `Link` header says where the next page is.
    Link,
    /// These are no pages, whatever it looks like.
    None,
}

impl PaginationRule {
    /// What nobody can mean.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let wants_start = !matches!(self.style, PaginationStyle::Link | PaginationStyle::None);
        if self.start.is_some() != wants_start {
            return Some("a style but `link` and `none` has a `start`, and those have none");
        }
        let says_next = matches!(
            self.style,
            PaginationStyle::Cursor | PaginationStyle::LastItem
        );
        if self.next.is_some() != says_next || (self.more.is_some() && !says_next) {
            return Some(
                "`next` goes with the styles `cursor`, `next-token` and `last-item`, and so does `more`",
            );
        }
        if self.first.is_some() && self.style != PaginationStyle::PageNumber {
            return Some("`first` goes with the style `page-number`");
        }
        if self.style == PaginationStyle::None && self.operations.is_empty() {
            return Some("the style `none` says of which `operations`");
        }
        None
    }
}
