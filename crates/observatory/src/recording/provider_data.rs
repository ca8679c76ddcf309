//! Spans filled from what a program exchanges with a provider's API.

use super::active_span::{ActiveSpan, SpanBuilder};
use crate::model::{Cost, Span, Status};
use crate::providers::{ProviderRequest, ProviderResponse};
use serde::Serialize;
use serde_json::Value;

impl SpanBuilder {
    /// Reads model, messages, tools and parameters of the body of a request to OpenAI's or Anthropic's API, or one of
    /// the same shape: JSON, or any type that serializes to it.
    pub fn request(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        if let (Some(span), Some(body)) = (self.span_mut(), to_json(body)) {
            set_request(span, &body);
        }
        self
    }
}

impl ActiveSpan {
    /// Reads the body of a request. See [`SpanBuilder::request`].
    pub fn request(&mut self, body: &(impl Serialize + ?Sized)) -> &mut Self {
        if let (Some(span), Some(body)) = (self.span_mut(), to_json(body)) {
            set_request(span, &body);
        }
        self
    }

    /// Reads messages, usage, model, id and error of the body of a response of OpenAI's or Anthropic's API, or one of
    /// the same shape: JSON, or any type that serializes to it.
    ///
    /// ```
    /// # let memory = llm_observatory::testing::Memory::new();
    /// # let trace = memory.recorder().trace("request");
    /// let mut call = trace.llm("chat").start();
    /// call.response(&serde_json::json!({
    ///     "model": "gpt-4o-2024-08-06",
    ///     "choices": [{"message": {"role": "assistant", "content": "Hi!"}, "finish_reason": "stop"}],
    ///     "usage": {"prompt_tokens": 8, "completion_tokens": 2},
    /// }));
    /// call.end();
    /// # drop(trace);
    /// let span = memory.span("chat").expect("a span");
    /// assert_eq!(span.output_messages[0].text(), "Hi!");
    /// assert_eq!(span.usage.total(), Some(10));
    /// ```
    pub fn response(&mut self, body: &(impl Serialize + ?Sized)) -> &mut Self {
        if let (Some(span), Some(body)) = (self.span_mut(), to_json(body)) {
            set_response(span, ProviderResponse::read(&body));
        }
        self
    }

    /// Reads the next chunk of a streamed response, and marks the first token with the first chunk that has output. The
    /// whole is set when the span ends.
    pub fn chunk(&mut self, chunk: &(impl Serialize + ?Sized)) -> &mut Self {
        if self.span_mut().is_none() {
            return self;
        }
        if let Some(chunk) = to_json(chunk) {
            let has_output = self.stream.get_or_insert_default().push(&chunk);
            if has_output {
                self.first_token();
            }
        }
        self
    }

    pub(super) fn finish_stream(&mut self) {
        if let (Some(stream), Some(span)) = (self.stream.take(), self.span_mut()) {
            set_response(span, stream.finish());
        }
    }
}

/// Returns the JSON of a body. One that cannot be serialized has nothing to read.
fn to_json(body: &(impl Serialize + ?Sized)) -> Option<Value> {
    serde_json::to_value(body).ok()
}

fn set_request(span: &mut Span, body: &Value) {
    let request = ProviderRequest::read(body);
    span.model = request.model.or(span.model.take());
    span.system.extend(request.system);
    span.input_messages = request.messages.into();
    span.tools = request.tools;
    span.parameters.extend(request.parameters);
}

/// Sets what the response has, and leaves the rest.
fn set_response(span: &mut Span, response: ProviderResponse) {
    span.response_id = response.id.or(span.response_id.take());
    span.response_model = response.model.or(span.response_model.take());
    if !response.messages.is_empty() {
        span.output_messages = response.messages.into();
    }
    if !response.usage.is_empty() {
        span.usage = response.usage;
    }
    if response.cost != Cost::default() {
        span.cost = response.cost;
    }
    if let (Some(error), Status::Ok) = (response.error, &span.status) {
        span.status = error;
    }
}
