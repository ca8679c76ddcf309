use crate::client::call::Endpoint;
use crate::client::response::Decode;

/// A request whose response has pages.
///
/// Generated crates derive it for operations with pagination. The methods `pages` and `items` of such a request return
/// [`Pages`](crate::Pages) and [`Items`](crate::Items).
pub trait Paged: Endpoint + Send + 'static {
    /// The type of the items of a page.
    type Item: Send + 'static;
    #[doc(hidden)]
    const STYLE: PageStyle;
    /// Returns the position at which the requested page starts.
    #[doc(hidden)]
    fn position(&self) -> Option<String> {
        None
    }
    /// Changes the position. Returns `None` if the request cannot represent it.
    #[doc(hidden)]
    fn set_position(&mut self, _position: &str) -> Option<()> {
        None
    }
    /// Returns the position of the next page.
    #[doc(hidden)]
    fn next_position(_page: &PageOf<Self>) -> Option<String> {
        None
    }
    /// Returns whether the page declares that there is another one. `None` if it declares nothing.
    #[doc(hidden)]
    fn has_more(_page: &PageOf<Self>) -> Option<bool> {
        None
    }
    /// Returns the number of all pages, if the page declares it.
    #[doc(hidden)]
    fn total_pages(_page: &PageOf<Self>) -> Option<String> {
        None
    }
    #[doc(hidden)]
    fn item_count(page: &PageOf<Self>) -> Option<usize>;
    #[doc(hidden)]
    fn into_items(page: PageOf<Self>) -> Option<Vec<Self::Item>>;
}

/// How the next page is requested.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStyle {
    /// With the cursor in the response.
    Cursor,
    /// With the ID of the last item.
    LastItem,
    /// With the number of items to skip.
    Offset,
    /// With the number of the page.
    Number { first: u64 },
    /// With the URL in the header `Link`.
    Link,
}

/// The decoded response of a paged request.
pub(super) type PageOf<E> = <<E as Endpoint>::Output as Decode>::Value;
