//! Records as spans of OTLP, independent of their encoding.

use super::attributes::Attributes;
use super::span::{Export, OtlpEvent, OtlpSpan, Resource};
use super::{gen_ai, langfuse, open_inference};
use crate::model::{Record, Score, Span, SpanId, SpanKind, Status, TraceInfo};
use observatory_runtime::spec::OtlpConvention;
use std::collections::HashMap;
use std::sync::Arc;

impl Export {
    /// Translates records into the vocabularies that a vendor reads.
    ///
    /// A score becomes an event of the span that it scores. Where that span is not among the records, or the whole trace
    /// is scored, the event has a span of its own, with an id derived from the score's.
    pub(crate) fn new(records: &[Arc<Record>], conventions: &[OtlpConvention]) -> Self {
        let mut export = Self::default();
        let mut positions = HashMap::new();
        for record in records {
            if let Record::Span(span) = &**record {
                let position = export.push(&span.trace, encode_span(span, conventions));
                positions.insert((span.trace.id, span.id), position);
            }
        }
        for record in records {
            if let Record::Score(score) = &**record {
                let scored = score.span_id.map(|span| (score.trace_id, span));
                match scored.and_then(|key| positions.get(&key)) {
                    Some(position) => export.add_score(*position, score, conventions),
                    None => export.push_score(score, conventions),
                }
            }
        }
        export
    }

    /// Adds a span to the resource of its trace. Returns where it is.
    fn push(&mut self, trace: &TraceInfo, span: OtlpSpan) -> (usize, usize) {
        let mut attributes = Attributes::default();
        attributes.text("service.name", trace.service.as_deref());
        attributes.text("deployment.environment.name", trace.environment.as_deref());
        attributes.text("service.version", trace.release.as_deref());
        let known = self
            .resources
            .iter()
            .position(|resource| resource.attributes == attributes);
        let index = known.unwrap_or_else(|| {
            self.resources.push(Resource {
                attributes,
                spans: Vec::new(),
            });
            self.resources.len() - 1
        });
        let spans = self
            .resources
            .get_mut(index)
            .map(|resource| &mut resource.spans);
        let position = spans.map_or(0, |spans| {
            spans.push(span);
            spans.len() - 1
        });
        (index, position)
    }

    /// Adds a score to a span of the export.
    fn add_score(
        &mut self,
        (resource, span): (usize, usize),
        score: &Score,
        conventions: &[OtlpConvention],
    ) {
        let resource = self.resources.get_mut(resource);
        if let Some(span) = resource.and_then(|resource| resource.spans.get_mut(span)) {
            add_score(span, score, conventions);
        }
    }

    /// Adds a span that has only a score.
    fn push_score(&mut self, score: &Score, conventions: &[OtlpConvention]) {
        let trace = TraceInfo::new(score.trace_id, score.name.clone());
        let mut id = [0; 8];
        id.copy_from_slice(&score.id.to_bytes()[..8]);
        let mut carrier = Span::new(
            Arc::new(trace),
            SpanKind::Evaluator,
            score.name.clone(),
            score.time,
        );
        carrier.id = SpanId::from_bytes(id).unwrap_or(carrier.id);
        carrier.parent = score.span_id;
        let mut span = encode_span(&carrier, conventions);
        add_score(&mut span, score, conventions);
        // Without a service of its own, the score belongs to the first one.
        match self.resources.first_mut() {
            Some(resource) => resource.spans.push(span),
            None => {
                self.push(&carrier.trace, span);
            }
        }
    }
}

fn encode_span(span: &Span, conventions: &[OtlpConvention]) -> OtlpSpan {
    let mut attributes = Attributes::default();
    for convention in conventions {
        match convention {
            OtlpConvention::OpenInference => open_inference::describe(span, &mut attributes),
            OtlpConvention::Langfuse => langfuse::describe(span, &mut attributes),
            // The standard is what an endpoint of a later version is most likely to read.
            _ => gen_ai::describe(span, &mut attributes),
        }
    }
    let mut events: Vec<OtlpEvent> = span.events.iter().map(encode_event).collect();
    let error = match &span.status {
        Status::Error { kind, message } => {
            events.push(exception(span, kind.as_deref(), message));
            Some(message.clone())
        }
        Status::Ok => None,
    };
    OtlpSpan {
        trace_id: span.trace.id,
        id: span.id,
        parent: span.parent,
        name: span.name.clone(),
        is_client: matches!(span.kind, SpanKind::Llm | SpanKind::Embedding),
        start: span.start,
        end: span.end,
        attributes,
        events,
        error,
    }
}

fn encode_event(event: &crate::model::Event) -> OtlpEvent {
    let mut attributes = Attributes::default();
    for (name, value) in &event.attributes {
        attributes.json(name.clone(), value);
    }
    OtlpEvent {
        time: event.time,
        name: event.name.clone(),
        attributes,
    }
}

/// Returns the event by which OpenTelemetry records an error.
fn exception(span: &Span, kind: Option<&str>, message: &str) -> OtlpEvent {
    let mut attributes = Attributes::default();
    attributes.text("exception.type", kind);
    attributes.text("exception.message", Some(message));
    OtlpEvent {
        time: span.end,
        name: "exception".to_owned(),
        attributes,
    }
}

fn add_score(span: &mut OtlpSpan, score: &Score, conventions: &[OtlpConvention]) {
    if conventions.contains(&OtlpConvention::OpenInference) {
        let index = span
            .events
            .iter()
            .filter(|event| event.name == gen_ai::EVALUATION)
            .count();
        open_inference::annotate(score, index, &mut span.attributes);
    }
    span.events.push(gen_ai::evaluation(score));
}
