//! Where an API takes traces in the OpenTelemetry protocol.

/// Where and how an API takes traces in the OpenTelemetry protocol over HTTP (OTLP/HTTP).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Otlp {
    /// The path after the base URL.
    pub path: &'static str,
    /// The encoding of bodies.
    pub encoding: OtlpEncoding,
    /// Headers of every request, besides the credential.
    pub headers: &'static [(&'static str, &'static str)],
    /// The vocabularies of attributes that the API reads.
    pub conventions: &'static [OtlpConvention],
    /// The largest number of spans in one request.
    pub max_spans: usize,
    /// The largest body in bytes.
    pub max_bytes: usize,
}

/// The encoding of bodies in the OpenTelemetry protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtlpEncoding {
    /// `application/x-protobuf`.
    Protobuf,
    /// `application/json`.
    Json,
}

/// A vocabulary of attributes of spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtlpConvention {
    /// OpenTelemetry's semantic conventions for generative AI: `gen_ai.*`.
    GenAi,
    /// OpenInference: `openinference.span.kind`, `llm.*`.
    OpenInference,
    /// Langfuse: `langfuse.*`.
    Langfuse,
}
