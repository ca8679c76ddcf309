//! Pagination.

/// The pagination of an operation. Paths are names on the wire, outermost first. Those of the response start inside its
/// envelope; an empty path is the response itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// How the next page is requested.
    pub next: NextPage,
    /// The path of the items in the response.
    pub items: Vec<String>,
}

/// How the next page is requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextPage {
    /// The response contains the cursor or token of the next request.
    Token {
        /// Its location in the request.
        start: PageSelector,
        /// Its path in the response.
        next: Vec<String>,
        /// The path of the flag that more pages follow, if the response has one.
        more: Option<Vec<String>>,
    },
    /// The next request starts after the last item of the response, by its ID.
    LastItem {
        /// Its location in the request.
        start: PageSelector,
        /// The path of the ID in an item.
        next: Vec<String>,
        /// The path of the flag that more pages follow, if the response has one.
        more: Option<Vec<String>>,
    },
    /// The request has the number of items to skip.
    Offset {
        /// Its location in the request.
        start: PageSelector,
    },
    /// The request has the number of the page.
    Number {
        /// Its location in the request.
        start: PageSelector,
        /// The number of the first page.
        first: u32,
        /// The path of the number of pages, if the response has it.
        total: Option<Vec<String>>,
    },
    /// The `Link` header of the response has the URL of the next page.
    Link,
}

/// The location in a request that selects the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageSelector {
    /// The query parameter of this name.
    Query(String),
    /// A path in the JSON body.
    Body(Vec<String>),
}
