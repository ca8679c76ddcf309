//! Spans of a batch by trace, and as trees.

#[cfg(feature = "galileo")]
use crate::model::SpanId;
use crate::model::{Record, Span, Status, TraceInfo, UnixNanos};
use std::collections::HashMap;
#[cfg(feature = "galileo")]
use std::collections::HashSet;
use std::sync::Arc;

/// Spans of one trace, in the order of the batch.
#[derive(Debug)]
pub(super) struct TraceSpans<'b> {
    /// What the spans share.
    pub(super) info: &'b TraceInfo,
    /// The spans, each with its position in the batch.
    pub(super) spans: Vec<(usize, &'b Span)>,
}

/// Groups the spans of a batch by trace.
pub(super) fn group_by_trace(batch: &[Arc<Record>]) -> Vec<TraceSpans<'_>> {
    let mut traces: Vec<TraceSpans<'_>> = Vec::new();
    let mut positions = HashMap::new();
    for (index, record) in batch.iter().enumerate() {
        let Record::Span(span) = &**record else {
            continue;
        };
        let position = *positions.entry(span.trace.id).or_insert(traces.len());
        match traces.get_mut(position) {
            Some(trace) => trace.spans.push((index, span)),
            None => traces.push(TraceSpans {
                info: &span.trace,
                spans: vec![(index, span)],
            }),
        }
    }
    traces
}

impl<'b> TraceSpans<'b> {
    /// Returns the root, unless it was in an earlier batch or has not ended.
    pub(super) fn root(&self) -> Option<&'b Span> {
        let mut spans = self.spans.iter().map(|(_, span)| *span);
        spans.find(|span| span.parent.is_none())
    }

    /// Returns when the first span began and the last one ended.
    pub(super) fn times(&self) -> (UnixNanos, UnixNanos) {
        let spans = self.spans.iter().map(|(_, span)| span);
        let start = spans.clone().map(|span| span.start).min();
        let end = spans.map(|span| span.end).max();
        (start.unwrap_or(UnixNanos(0)), end.unwrap_or(UnixNanos(0)))
    }

    /// Returns whether the root failed; where there is none, whether any span failed.
    pub(super) fn has_failed(&self) -> bool {
        let has_failed = |span: &Span| matches!(span.status, Status::Error { .. });
        match self.root() {
            Some(root) => has_failed(root),
            None => self.spans.iter().any(|(_, span)| has_failed(span)),
        }
    }
}

/// The spans of a trace by their parents.
#[cfg(feature = "galileo")]
#[derive(Debug)]
pub(super) struct Tree<'b> {
    /// Spans whose parent is not among them, the earliest first.
    pub(super) tops: Vec<&'b Span>,
    children: HashMap<SpanId, Vec<&'b Span>>,
}

#[cfg(feature = "galileo")]
impl<'b> Tree<'b> {
    /// Arranges the spans of a trace.
    pub(super) fn new(trace: &TraceSpans<'b>) -> Self {
        let mut spans: Vec<&'b Span> = trace.spans.iter().map(|(_, span)| *span).collect();
        spans.sort_by_key(|span| span.start);
        let ids: HashSet<SpanId> = spans.iter().map(|span| span.id).collect();
        let mut tops = Vec::new();
        let mut children: HashMap<SpanId, Vec<&'b Span>> = HashMap::new();
        for span in spans {
            match span
                .parent
                .filter(|parent| ids.contains(parent) && *parent != span.id)
            {
                Some(parent) => children.entry(parent).or_default().push(span),
                None => tops.push(span),
            }
        }
        let mut tree = Self { tops, children };
        tree.break_circles();
        tree
    }

    /// Returns the children of a span, the earliest first.
    pub(super) fn children(&self, span: &Span) -> &[&'b Span] {
        self.children.get(&span.id).map_or(&[], Vec::as_slice)
    }

    /// Makes a top of one span of each circle of parents, which only damaged records have.
    fn break_circles(&mut self) {
        let mut reached = HashSet::new();
        let mut open = self.tops.clone();
        loop {
            while let Some(span) = open.pop() {
                if reached.insert(span.id) {
                    open.extend(self.children(span));
                }
            }
            let mut unreached = self.children.values().flatten();
            let Some(first) = unreached.find(|span| !reached.contains(&span.id)).copied() else {
                return;
            };
            for siblings in self.children.values_mut() {
                siblings.retain(|span| span.id != first.id);
            }
            self.tops.push(first);
            open.push(first);
        }
    }
}
