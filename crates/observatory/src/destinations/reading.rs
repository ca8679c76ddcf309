//! What vendors offer for reading traces back.

use super::BoxFuture;
use crate::model::{Score, Span, TraceId, TraceInfo, UnixNanos};
use std::error::Error;
use std::future::ready;
use std::sync::Arc;

/// A trace as a vendor has stored it.
///
/// It has what the vendor's API returns. Texts, times and numbers are as exact as the vendor keeps them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StoredTrace {
    /// What the spans share. The id of a trace that was not recorded by this crate is made from the vendor's.
    pub info: Arc<TraceInfo>,
    /// The vendor's id of the trace.
    pub vendor_id: String,
    /// The spans, the earliest first.
    pub spans: Vec<Span>,
    /// The scores of the trace and its spans.
    pub scores: Vec<Score>,
}

impl StoredTrace {
    /// Returns a trace. Its spans are sorted by their start.
    pub fn new(info: Arc<TraceInfo>, vendor_id: impl Into<String>, mut spans: Vec<Span>) -> Self {
        spans.sort_by_key(|span| span.start);
        Self {
            info,
            vendor_id: vendor_id.into(),
            spans,
            scores: Vec::new(),
        }
    }

    /// Returns the first span with this name.
    pub fn span(&self, name: &str) -> Option<&Span> {
        self.spans.iter().find(|span| span.name == name)
    }
}

/// Which traces are read. By default all, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TraceQuery {
    /// Only traces of this session.
    pub session: Option<String>,
    /// Only traces of this user.
    pub user: Option<String>,
    /// Only traces that began at this time or later.
    pub since: Option<UnixNanos>,
    /// Only traces that began before this time.
    pub until: Option<UnixNanos>,
    /// Traces on one page. By default 20.
    pub page_size: Option<u16>,
}

impl TraceQuery {
    /// Returns a query for all traces.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for traces of this session only.
    #[must_use]
    pub fn session(mut self, session: impl Into<String>) -> Self {
        self.session = Some(session.into());
        self
    }

    /// Asks for traces of this user only.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Asks for traces only that began at this time or later.
    #[must_use]
    pub fn since(mut self, time: impl Into<UnixNanos>) -> Self {
        self.since = Some(time.into());
        self
    }

    /// Asks for traces only that began before this time.
    #[must_use]
    pub fn until(mut self, time: impl Into<UnixNanos>) -> Self {
        self.until = Some(time.into());
        self
    }

    /// Sets how many traces one request asks for.
    #[must_use]
    pub fn page_size(mut self, traces: u16) -> Self {
        self.page_size = Some(traces);
        self
    }

    /// Returns how many traces one page has, within the limit of the vendor.
    pub fn page_limit(&self, most: u16) -> u16 {
        self.page_size.unwrap_or(20).clamp(1, most)
    }

    /// Returns what a vendor must support for this query.
    pub(crate) fn features(&self) -> impl Iterator<Item = ReadFeature> {
        let features = [
            (true, ReadFeature::Traces),
            (self.session.is_some(), ReadFeature::Session),
            (self.user.is_some(), ReadFeature::User),
            (self.since.is_some(), ReadFeature::Since),
            (self.until.is_some(), ReadFeature::Until),
        ];
        let asked = features.into_iter().filter(|(is_asked, _)| *is_asked);
        asked.map(|(_, feature)| feature)
    }
}

/// What a vendor's API can or cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadFeature {
    /// Listing traces.
    Traces,
    /// Reading one trace by its id.
    Trace,
    /// Listing the traces of a session.
    Session,
    /// Listing the traces of a user.
    User,
    /// Listing the traces since a time.
    Since,
    /// Listing the traces until a time.
    Until,
}

impl ReadFeature {
    /// Returns what it is as text, as in `cannot list traces`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Traces => "list traces",
            Self::Trace => "read a trace by its id",
            Self::Session => "list the traces of a session",
            Self::User => "list the traces of a user",
            Self::Since => "list the traces since a time",
            Self::Until => "list the traces until a time",
        }
    }
}

/// Traces of one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TracePage {
    /// The traces.
    pub traces: Vec<StoredTrace>,
    /// What asks for the next page; `None` on the last one.
    pub next: Option<String>,
}

/// Why a vendor did not respond with traces.
pub type SourceError = Box<dyn Error + Send + Sync>;

/// Reads traces of a vendor. A [`Destination`](super::Destination) returns it from
/// [`source`](super::Destination::source).
pub trait TraceSource: Send + Sync {
    /// Returns whether the vendor's API can do this. What it cannot do is not asked for.
    fn supports(&self, feature: ReadFeature) -> bool;

    /// Requests one page; the first where `page` is `None`.
    fn list<'a>(
        &'a self,
        query: &'a TraceQuery,
        page: Option<&'a str>,
    ) -> BoxFuture<'a, Result<TracePage, SourceError>> {
        let _ = (query, page);
        let nothing: Result<TracePage, SourceError> = Ok(TracePage::default());
        Box::pin(ready(nothing))
    }

    /// Requests one trace. `None` where the vendor has none with the id.
    fn get(&self, id: TraceId) -> BoxFuture<'_, Result<Option<StoredTrace>, SourceError>> {
        let _ = id;
        let nothing: Result<Option<StoredTrace>, SourceError> = Ok(None);
        Box::pin(ready(nothing))
    }
}
