//! What can be set on a span, before it starts and while it runs.

use super::active_span::{ActiveSpan, SpanBuilder};
use super::failure::error_status;
use super::payload::Payload;
use crate::model::{Cost, Document, Message, PromptVersion, Span, Status, Usage};
use serde_json::Value;
use std::error::Error;

/// Declares each setter once, for both types: by value on the builder, by reference on the running span.
macro_rules! setters {
    ($($(#[$doc:meta])* fn $name:ident $([$($generics:tt)*])? ($($arg:ident: $ty:ty),*) |$span:ident| $set:expr;)*) => {
        impl SpanBuilder {
            $(
                $(#[$doc])*
                pub fn $name $(<$($generics)*>)? (mut self, $($arg: $ty),*) -> Self {
                    if let Some($span) = self.span_mut() {
                        $set;
                    }
                    self
                }
            )*
        }

        impl ActiveSpan {
            $(
                $(#[$doc])*
                pub fn $name $(<$($generics)*>)? (&mut self, $($arg: $ty),*) -> &mut Self {
                    if let Some($span) = self.span_mut() {
                        $set;
                    }
                    self
                }
            )*
        }
    };
}

setters! {
    /// Sets the model that is asked for, such as `gpt-4o`.
    fn model(model: impl Into<String>) |span| span.model = Some(model.into());

    /// Sets the model that responded, where it is another, such as `gpt-4o-2024-08-06`.
    fn response_model(model: impl Into<String>) |span| span.response_model = Some(model.into());

    /// Sets the id of the response in the provider's system.
    fn response_id(id: impl Into<String>) |span| span.response_id = Some(id.into());

    /// Sets the provider of the model, such as `openai`.
    fn provider(provider: impl Into<String>) |span| span.provider = Some(provider.into());

    /// Sets a parameter of the request by its name in the GenAI conventions without prefix, such as `temperature`.
    fn parameter(name: impl Into<String>, value: impl Into<Value>) |span| span.parameters.insert(name.into(), value.into());

    /// Adds instructions that are given apart from the messages.
    fn system(text: impl Into<String>) |span| span.system.push(Message::system(text));

    /// Sets the input: messages, or any JSON value.
    fn input(input: impl Into<Payload>) |span| set_input(span, input.into());

    /// Sets the output: messages, or any JSON value.
    fn output(output: impl Into<Payload>) |span| set_output(span, output.into());

    /// Sets the tools that the model can call, as its API describes them.
    fn tools(tools: impl IntoIterator<Item = Value>) |span| span.tools = tools.into_iter().collect();

    /// Sets the tokens used.
    fn usage(usage: Usage) |span| span.usage = usage;

    /// Sets the cost in US dollars: a total, or a [`Cost`].
    fn cost(cost: impl Into<Cost>) |span| span.cost = cost.into();

    /// Sets the documents that a retriever found.
    fn documents(documents: impl IntoIterator<Item = Document>) |span| span.documents = documents.into_iter().collect();

    /// Sets the prompt that is used, and its version.
    fn prompt(name: impl Into<String>, version: impl ToString) |span| span.prompt = Some(PromptVersion {
        name: name.into(),
        version: Some(version.to_string()),
    });

    /// Adds a label to this span.
    fn tag(tag: impl Into<String>) |span| span.tags.push(tag.into());

    /// Adds a further value. A value of the same name is replaced.
    fn metadata(name: impl Into<String>, value: impl Into<Value>) |span| span.metadata.insert(name.into(), value.into());

    /// Marks the span as failed. The status has the messages of the error and its sources, and the name of its type.
    fn error[E: Error + ?Sized](error: &E) |span| span.status = error_status(error);

    /// Marks the span as failed, with a message.
    fn fail(message: impl Into<String>) |span| span.status = Status::Error { kind: None, message: message.into() };
}

fn set_input(span: &mut Span, input: Payload) {
    match input {
        Payload::Messages(messages) => span.input_messages = messages.into(),
        Payload::Prompt { messages, version } => {
            span.input_messages = messages.into();
            span.prompt = Some(version);
        }
        Payload::Value(value) => span.input = Some(value),
    }
}

fn set_output(span: &mut Span, output: Payload) {
    match output {
        Payload::Messages(messages) | Payload::Prompt { messages, .. } => {
            span.output_messages = messages.into();
        }
        Payload::Value(value) => span.output = Some(value),
    }
}
