//! Answers that come in pages.

/// How the answer of an operation comes in pages. Paths are names on the wire, outermost first; those of the answer
/// start inside its envelope, and one of no names is the answer itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// How to get at the next page.
    pub style: PagingStyle,
    /// Where the items stand in the answer.
    pub items: Vec<String>,
}

/// How to get at the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PagingStyle {
    /// The answer says what the next request starts with: a cursor, a token.
    Token {
        /// Where the request says it.
        start: PageStart,
        /// Where the answer says it.
        next: Vec<String>,
        /// Where the answer says whether there is more, if it does.
        more: Option<Vec<String>>,
    },
    /// The last item of the answer says what the next request starts with: its id.
    LastItem {
        /// Where the request says it.
        start: PageStart,
        /// Where the item says it.
        next: Vec<String>,
        /// Where the answer says whether there is more, if it does.
        more: Option<Vec<String>>,
    },
    /// The request says how many items to skip.
    Offset {
        /// Where.
        start: PageStart,
    },
    /// The request says which page it wants, by number.
    Number {
        /// Where.
        start: PageStart,
        /// The number of the first page.
        first: u32,
    },
    /// The answer's `Link` header says where the next page is.
    Link,
}

/// Where a request says which page it wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageStart {
    /// In the query parameter of this name.
    Query(String),
    /// In the JSON body.
    Body(Vec<String>),
}
