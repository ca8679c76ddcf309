//! The layer.

use super::current;
use super::node::{Fields, Node, Recorded};
use super::visit::Visitor;
use crate::attributes::{AttributeValue, Draft, describes_trace, is_marker};
use crate::delivery::EVENT_TARGET;
use crate::model::{Status, UnixNanos};
use crate::recording::{Context, Recorder, panic_status};
use serde_json::{Map, Value};
use std::iter;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Level, LevelFilter, Metadata, Subscriber};
use tracing_subscriber::layer::{self, Layer};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

impl Recorder {
    /// Returns the layer that records what the crate `tracing` observes. See [`tracing_layer`](crate::tracing_layer).
    pub fn layer(&self) -> TracingLayer {
        TracingLayer {
            recorder: self.clone(),
            all_spans: false,
            max_level: Level::INFO,
        }
    }
}

/// Records what the crate `tracing` observes. See the [module](crate::tracing_layer).
#[derive(Clone, Debug)]
pub struct TracingLayer {
    recorder: Recorder,
    all_spans: bool,
    max_level: Level,
}

impl TracingLayer {
    /// Records all spans below a recorded one, such as those of an HTTP client. Default: spans of LLM applications only.
    pub fn all_spans(mut self) -> Self {
        self.all_spans = true;
        self
    }

    /// Sets the most verbose level of spans and events that are recorded. Default: `INFO`.
    pub fn max_level(mut self, level: Level) -> Self {
        self.max_level = level;
        self
    }

    /// Decides what is recorded of a new span.
    fn new_node<S>(&self, attributes: &Attributes<'_>, span: &SpanRef<'_, S>) -> Node
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let metadata = attributes.metadata();
        let is_marked = metadata
            .fields()
            .iter()
            .any(|field| is_marker(field.name()));
        let above = Self::above(attributes, span);
        if is_marked {
            return match above {
                Above::Context(context, fields) => self.record(attributes, &context, fields),
                Above::Outermost(id, fields) => match self.promote(span, &id) {
                    Some(context) => self.record(attributes, &context, fields),
                    None => self.record_root(attributes),
                },
                Above::Nothing => self.record_root(attributes),
            };
        }
        match above {
            Above::Context(context, fields) if self.all_spans => {
                self.record(attributes, &context, fields)
            }
            Above::Context(context, fields) => Node::Transparent {
                context,
                fields: with_trace_fields(fields, attributes),
            },
            Above::Outermost(outermost, fields) => Node::Below {
                outermost,
                fields: with_trace_fields(fields, attributes),
            },
            Above::Nothing => Node::Outermost {
                start: self.recorder.now(),
                fields: all_fields(attributes),
            },
        }
    }

    /// Finds what is above a new span.
    fn above<S>(attributes: &Attributes<'_>, span: &SpanRef<'_, S>) -> Above
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let mut parents = iter::successors(span.parent(), SpanRef::parent);
        let parent = parents.find_map(|parent| {
            let extensions = parent.extensions();
            let above = extensions.get::<Node>().map(|node| match node {
                Node::Recorded(recorded) => Above::Context(recorded.context.clone(), Fields::new()),
                Node::Transparent { context, fields } => {
                    Above::Context(context.clone(), fields.clone())
                }
                Node::Outermost { .. } => Above::Outermost(parent.id(), Fields::new()),
                Node::Below { outermost, fields } => {
                    Above::Outermost(outermost.clone(), fields.clone())
                }
            });
            drop(extensions);
            above
        });
        if !attributes.is_contextual() {
            return parent.unwrap_or(Above::Nothing);
        }
        // The current context is that of the innermost recorded span, or of a scope inside it.
        match (parent, Context::current()) {
            (Some(Above::Context(context, fields)), Some(current)) => {
                if context.id() == current.id() {
                    Above::Context(context, fields)
                } else {
                    Above::Context(current, Fields::new())
                }
            }
            (_, Some(current)) => Above::Context(current, Fields::new()),
            (parent, None) => parent.unwrap_or(Above::Nothing),
        }
    }

    /// Records the outermost span of a trace, which was not recorded until now. Returns its context.
    fn promote<S>(&self, span: &SpanRef<'_, S>, outermost: &Id) -> Option<Context>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let root = span.scope().find(|parent| parent.id() == *outermost)?;
        let mut extensions = root.extensions_mut();
        let node = extensions.get_mut::<Node>()?;
        if let Node::Outermost { start, fields } = node {
            let fields = std::mem::take(fields);
            *node = self.root_node(root.metadata(), *start, |draft| {
                for (name, value) in fields {
                    draft.set(name, value);
                }
            });
        }
        node.context().cloned()
    }

    fn record_root(&self, attributes: &Attributes<'_>) -> Node {
        let start = self.recorder.now();
        self.root_node(attributes.metadata(), start, |draft| {
            set_fields(draft, attributes);
        })
    }

    /// Begins a trace.
    fn root_node(
        &self,
        metadata: &Metadata<'_>,
        start: UnixNanos,
        set: impl FnOnce(&mut Draft),
    ) -> Node {
        let (trace, root) = self.recorder.begin_trace(metadata.name(), start);
        match root {
            Some(span) => recorded(trace, Draft::new(span), set),
            None => Node::Transparent {
                context: trace,
                fields: Fields::new(),
            },
        }
    }

    /// Records a span below `parent`.
    fn record(&self, attributes: &Attributes<'_>, parent: &Context, fields: Fields) -> Node {
        let start = self.recorder.now();
        match parent.open_child(attributes.metadata().name(), start) {
            Some(span) => recorded(parent.clone(), Draft::new(span), |draft| {
                for (name, value) in fields {
                    draft.set(name, value);
                }
                set_fields(draft, attributes);
            }),
            None => Node::Transparent {
                context: parent.clone(),
                fields,
            },
        }
    }

    /// Ends a recorded span.
    fn end(&self, mut recorded: Recorded) {
        let draft = &mut recorded.draft;
        let parent_id = draft.span.parent;
        let now = self.recorder.now();
        let is_score = draft.is_score();
        if let Some(score) = draft.take_score(parent_id, now) {
            recorded.context.score(score);
        }
        // A score below a span is recorded as such only. Alone it is a trace, so that the trace is complete.
        if is_score && parent_id.is_some() {
            recorded.parent.discard();
            return;
        }
        draft.finish(now);
        if std::thread::panicking() && draft.span.status == Status::Ok {
            draft.span.status = panic_status();
        }
        recorded.parent.end(recorded.draft.span);
    }
}

/// What is above a new span.
enum Above {
    /// A recorded span, with what fields of spans in between set for the trace.
    Context(Context, Fields),
    /// A span that may become the root of a trace.
    Outermost(Id, Fields),
    Nothing,
}

fn recorded(parent: Context, mut draft: Draft, set: impl FnOnce(&mut Draft)) -> Node {
    set(&mut draft);
    Node::Recorded(Recorded {
        context: parent.of(&draft.span),
        parent,
        draft,
    })
}

fn set_fields(draft: &mut Draft, attributes: &Attributes<'_>) {
    attributes.record(&mut Visitor(|name, value: AttributeValue<'_>| {
        draft.set(name, value);
    }));
}

fn all_fields(attributes: &Attributes<'_>) -> Fields {
    let mut fields = Fields::new();
    attributes.record(&mut Visitor(|name, value: AttributeValue<'_>| {
        fields.push((name, value.into_owned()));
    }));
    fields
}

/// Adds the fields that describe the trace.
fn with_trace_fields(mut fields: Fields, attributes: &Attributes<'_>) -> Fields {
    attributes.record(&mut Visitor(|name, value: AttributeValue<'_>| {
        if describes_trace(name) {
            fields.push((name, value.into_owned()));
        }
    }));
    fields
}

impl<S> Layer<S> for TracingLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::from_level(self.max_level))
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: layer::Context<'_, S>) {
        // Other layers can ask for more levels.
        if *attributes.metadata().level() > self.max_level {
            return;
        }
        if let Some(span) = context.span(id) {
            let node = self.new_node(attributes, &span);
            span.extensions_mut().insert(node);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: layer::Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        // The lock is taken for each value, after it was formatted: a program's `Debug` can record something itself.
        values.record(&mut Visitor(|name, value: AttributeValue<'_>| {
            if let Some(node) = span.extensions_mut().get_mut::<Node>() {
                node.set(name, value);
            }
        }));
    }

    fn on_event(&self, event: &Event<'_>, context: layer::Context<'_, S>) {
        let level = *event.metadata().level();
        if level > self.max_level || event.metadata().target() == EVENT_TARGET {
            return;
        }
        let Some(span) = context.event_span(event) else {
            return;
        };
        let is_recorded = matches!(span.extensions().get(), Some(Node::Recorded(_)));
        if !is_recorded {
            return;
        }
        let (name, attributes) = read_event(event);
        let now = self.recorder.now();
        let mut extensions = span.extensions_mut();
        let Some(Node::Recorded(recorded)) = extensions.get_mut::<Node>() else {
            return;
        };
        let failure = match attributes.get("error") {
            Some(Value::String(error)) => Some(error.clone()),
            _ if level == Level::ERROR => Some(name.clone()),
            _ => None,
        };
        if let Some(score) = recorded.draft.event(&name, now, attributes) {
            recorded.context.score(score);
        } else if let Some(message) = failure {
            recorded.draft.fail(message);
        }
    }

    fn on_enter(&self, id: &Id, context: layer::Context<'_, S>) {
        if let Some(span) = context.span(id) {
            if let Some(Node::Recorded(recorded)) = span.extensions().get::<Node>() {
                current::enter(id, recorded.context.clone());
            }
        }
    }

    fn on_exit(&self, id: &Id, _: layer::Context<'_, S>) {
        current::exit(id);
    }

    fn on_close(&self, id: Id, context: layer::Context<'_, S>) {
        let Some(span) = context.span(&id) else {
            return;
        };
        let node = span.extensions_mut().remove::<Node>();
        if let Some(Node::Recorded(recorded)) = node {
            self.end(recorded);
        }
    }
}

/// Returns the name of an event and its other fields. Events of `tracing` are named by their place in the source unless
/// the program gives a name, so that the message serves instead.
fn read_event(event: &Event<'_>) -> (String, Map<String, Value>) {
    let mut attributes = Map::new();
    event.record(&mut Visitor(
        |name: &'static str, value: AttributeValue<'_>| {
            attributes.insert(name.to_owned(), value.into_value());
        },
    ));
    let name = event.metadata().name();
    if !name.starts_with("event ") {
        return (name.to_owned(), attributes);
    }
    let name = match attributes.remove("event.name") {
        Some(name) => Some(name),
        None => attributes.remove("message"),
    };
    match name {
        Some(Value::String(name)) => (name, attributes),
        _ => (event.metadata().target().to_owned(), attributes),
    }
}
