//! The names of attributes, by convention and version.

use Field::*;

/// What an attribute sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// The name of the span.
    Name,
    /// The kind of the span, as an operation of the GenAI conventions.
    Operation,
    /// The kind of the span by another vocabulary.
    Kind,
    /// The name of the tool, agent or workflow that runs: the name of the span, if it has that kind.
    Subject,
    Provider,
    Model,
    ResponseModel,
    ResponseId,
    FinishReasons,
    /// A parameter of the request, by its name in the GenAI conventions.
    Parameter(&'static str),
    /// Several parameters, as a JSON object.
    Parameters,
    System,
    InputMessages,
    OutputMessages,
    Tools,
    Input,
    Output,
    InputTokens,
    OutputTokens,
    CacheReadTokens,
    CacheWriteTokens,
    ReasoningTokens,
    InputCost,
    OutputCost,
    TotalCost,
    /// Seconds from the start to the first token.
    FirstToken,
    Session,
    User,
    Tags,
    /// Several values, as a JSON object.
    Metadata,
    PromptName,
    PromptVersion,
    StatusCode,
    StatusMessage,
    /// Whether there was an error, or its message.
    Error,
    ErrorType,
    Documents,
    EvaluationName,
    EvaluationValue,
    EvaluationLabel,
    EvaluationComment,
    /// A field of an input message; the first index is the message's.
    InputMessage(MessageField),
    /// A field of an output message.
    OutputMessage(MessageField),
    /// A field of a document.
    Document(DocumentField),
    /// The text that is embedded.
    EmbeddingText,
    /// One tool that the model can call.
    Tool,
    /// Nothing: what it means is clear from other attributes.
    Ignored,
}

/// A field of a message whose attributes are flattened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MessageField {
    Role,
    Text,
    Reasoning,
    FinishReason,
    /// The id of the tool call to which the message responds.
    ResultOf,
    /// The text of a part; the second index is the part's.
    PartText,
    /// The URL of an image.
    PartImage,
    /// The id of a tool call; the second index is the call's.
    CallId,
    CallName,
    CallArguments,
}

/// A field of a document whose attributes are flattened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DocumentField {
    Id,
    Content,
    Score,
    Metadata,
}

/// The names of one version of a convention.
pub(super) struct Table {
    /// The convention and its version.
    pub(super) convention: &'static str,
    pub(super) rows: &'static [(&'static str, Field)],
}

/// All names. A name is in one table only.
pub(super) const TABLES: &[Table] = &[
    Table {
        convention: "OpenTelemetry GenAI 0.1.0",
        rows: GEN_AI,
    },
    Table {
        convention: "OpenTelemetry GenAI, before 0.1.0",
        rows: GEN_AI_OLD,
    },
    Table {
        convention: "OpenTelemetry",
        rows: OPEN_TELEMETRY,
    },
    Table {
        convention: "OpenInference 0.1",
        rows: OPEN_INFERENCE,
    },
    Table {
        convention: "OpenLLMetry 0.4",
        rows: OPEN_LLMETRY,
    },
];

const GEN_AI: &[(&str, Field)] = &[
    ("gen_ai.operation.name", Operation),
    ("gen_ai.provider.name", Provider),
    ("gen_ai.request.model", Model),
    ("gen_ai.request.choice.count", Parameter("choice.count")),
    (
        "gen_ai.request.encoding_formats",
        Parameter("encoding_formats"),
    ),
    (
        "gen_ai.request.frequency_penalty",
        Parameter("frequency_penalty"),
    ),
    ("gen_ai.request.max_tokens", Parameter("max_tokens")),
    (
        "gen_ai.request.presence_penalty",
        Parameter("presence_penalty"),
    ),
    ("gen_ai.request.seed", Parameter("seed")),
    ("gen_ai.request.stop_sequences", Parameter("stop_sequences")),
    ("gen_ai.request.stream", Parameter("stream")),
    ("gen_ai.request.temperature", Parameter("temperature")),
    ("gen_ai.request.top_k", Parameter("top_k")),
    ("gen_ai.request.top_p", Parameter("top_p")),
    ("gen_ai.response.finish_reasons", FinishReasons),
    ("gen_ai.response.id", ResponseId),
    ("gen_ai.response.model", ResponseModel),
    ("gen_ai.response.time_to_first_chunk", FirstToken),
    ("gen_ai.usage.input_tokens", InputTokens),
    ("gen_ai.usage.output_tokens", OutputTokens),
    ("gen_ai.usage.cache_read.input_tokens", CacheReadTokens),
    ("gen_ai.usage.cache_creation.input_tokens", CacheWriteTokens),
    ("gen_ai.usage.cache_write.input_tokens", CacheWriteTokens),
    ("gen_ai.usage.reasoning.output_tokens", ReasoningTokens),
    ("gen_ai.system_instructions", System),
    ("gen_ai.input.messages", InputMessages),
    ("gen_ai.output.messages", OutputMessages),
    ("gen_ai.tool.definitions", Tools),
    ("gen_ai.tool.name", Subject),
    ("gen_ai.agent.name", Subject),
    ("gen_ai.workflow.name", Subject),
    ("gen_ai.tool.call.arguments", Input),
    ("gen_ai.tool.call.result", Output),
    ("gen_ai.retrieval.query.text", Input),
    ("gen_ai.retrieval.documents", Documents),
    ("gen_ai.conversation.id", Session),
    ("gen_ai.prompt.name", PromptName),
    ("gen_ai.prompt.version", PromptVersion),
    ("gen_ai.evaluation.name", EvaluationName),
    ("gen_ai.evaluation.score.value", EvaluationValue),
    ("gen_ai.evaluation.score.label", EvaluationLabel),
    ("gen_ai.evaluation.explanation", EvaluationComment),
];

const GEN_AI_OLD: &[(&str, Field)] = &[
    ("gen_ai.system", Provider),
    ("gen_ai.prompt", InputMessages),
    ("gen_ai.completion", OutputMessages),
    ("gen_ai.usage.prompt_tokens", InputTokens),
    ("gen_ai.usage.completion_tokens", OutputTokens),
    ("gen_ai.usage.cost", TotalCost),
    ("gen_ai.openai.request.seed", Parameter("seed")),
    ("gen_ai.server.time_to_first_token", FirstToken),
];

const OPEN_TELEMETRY: &[(&str, Field)] = &[
    ("otel.name", Name),
    ("otel.kind", Ignored),
    ("otel.status_code", StatusCode),
    ("otel.status_description", StatusMessage),
    ("otel.status_message", StatusMessage),
    ("error", Error),
    ("error.message", StatusMessage),
    ("error.type", ErrorType),
    ("session.id", Session),
    ("user.id", User),
    ("enduser.id", User),
];

const OPEN_INFERENCE: &[(&str, Field)] = &[
    ("openinference.span.kind", Kind),
    ("llm.provider", Provider),
    ("llm.system", Provider),
    ("llm.model_name", Model),
    ("embedding.model_name", Model),
    ("reranker.model_name", Model),
    ("llm.invocation_parameters", Parameters),
    ("embedding.invocation_parameters", Parameters),
    ("reranker.top_k", Parameter("top_k")),
    ("llm.finish_reason", FinishReasons),
    (
        "llm.input_messages.#.message.role",
        InputMessage(MessageField::Role),
    ),
    (
        "llm.input_messages.#.message.content",
        InputMessage(MessageField::Text),
    ),
    (
        "llm.input_messages.#.message.tool_call_id",
        InputMessage(MessageField::ResultOf),
    ),
    (
        "llm.input_messages.#.message.contents.#.message_content.text",
        InputMessage(MessageField::PartText),
    ),
    (
        "llm.input_messages.#.message.contents.#.message_content.type",
        Ignored,
    ),
    (
        "llm.input_messages.#.message.contents.#.message_content.image.image.url",
        InputMessage(MessageField::PartImage),
    ),
    (
        "llm.input_messages.#.message.tool_calls.#.tool_call.id",
        InputMessage(MessageField::CallId),
    ),
    (
        "llm.input_messages.#.message.tool_calls.#.tool_call.function.name",
        InputMessage(MessageField::CallName),
    ),
    (
        "llm.input_messages.#.message.tool_calls.#.tool_call.function.arguments",
        InputMessage(MessageField::CallArguments),
    ),
    (
        "llm.output_messages.#.message.role",
        OutputMessage(MessageField::Role),
    ),
    (
        "llm.output_messages.#.message.content",
        OutputMessage(MessageField::Text),
    ),
    (
        "llm.output_messages.#.message.contents.#.message_content.text",
        OutputMessage(MessageField::PartText),
    ),
    (
        "llm.output_messages.#.message.contents.#.message_content.type",
        Ignored,
    ),
    (
        "llm.output_messages.#.message.tool_calls.#.tool_call.id",
        OutputMessage(MessageField::CallId),
    ),
    (
        "llm.output_messages.#.message.tool_calls.#.tool_call.function.name",
        OutputMessage(MessageField::CallName),
    ),
    (
        "llm.output_messages.#.message.tool_calls.#.tool_call.function.arguments",
        OutputMessage(MessageField::CallArguments),
    ),
    ("llm.prompts", InputMessages),
    (
        "llm.prompts.#.prompt.text",
        InputMessage(MessageField::Text),
    ),
    (
        "llm.choices.#.completion.text",
        OutputMessage(MessageField::Text),
    ),
    ("llm.tools.#.tool.json_schema", Tool),
    ("llm.token_count.prompt", InputTokens),
    ("llm.token_count.completion", OutputTokens),
    ("llm.token_count.prompt_details.cache_read", CacheReadTokens),
    (
        "llm.token_count.prompt_details.cache_write",
        CacheWriteTokens,
    ),
    (
        "llm.token_count.completion_details.reasoning",
        ReasoningTokens,
    ),
    ("llm.cost.prompt", InputCost),
    ("llm.cost.completion", OutputCost),
    ("llm.cost.total", TotalCost),
    ("llm.prompt_template.version", PromptVersion),
    ("embedding.text", EmbeddingText),
    ("embedding.embeddings.#.embedding.text", EmbeddingText),
    // Vectors are large, and no vendor shows them.
    ("embedding.embeddings.#.embedding.vector", Ignored),
    (
        "retrieval.documents.#.document.id",
        Document(DocumentField::Id),
    ),
    (
        "retrieval.documents.#.document.content",
        Document(DocumentField::Content),
    ),
    (
        "retrieval.documents.#.document.score",
        Document(DocumentField::Score),
    ),
    (
        "retrieval.documents.#.document.metadata",
        Document(DocumentField::Metadata),
    ),
    ("reranker.query", Input),
    (
        "reranker.output_documents.#.document.id",
        Document(DocumentField::Id),
    ),
    (
        "reranker.output_documents.#.document.content",
        Document(DocumentField::Content),
    ),
    (
        "reranker.output_documents.#.document.score",
        Document(DocumentField::Score),
    ),
    (
        "reranker.output_documents.#.document.metadata",
        Document(DocumentField::Metadata),
    ),
    ("tool.name", Subject),
    ("tool.parameters", Input),
    ("tool_call.function.name", Subject),
    ("tool_call.function.arguments", Input),
    ("agent.name", Subject),
    ("input.value", Input),
    ("input.mime_type", Ignored),
    ("output.value", Output),
    ("output.mime_type", Ignored),
    ("metadata", Metadata),
    ("tag.tags", Tags),
];

const OPEN_LLMETRY: &[(&str, Field)] = &[
    ("traceloop.span.kind", Kind),
    ("llm.request.type", Operation),
    ("traceloop.entity.name", Name),
    ("traceloop.workflow.name", Subject),
    ("traceloop.entity.input", Input),
    ("traceloop.entity.output", Output),
    ("traceloop.association.properties.session_id", Session),
    ("traceloop.association.properties.user_id", User),
    ("traceloop.prompt.key", PromptName),
    ("traceloop.prompt.version", PromptVersion),
    ("llm.vendor", Provider),
    ("llm.request.model", Model),
    ("llm.response.model", ResponseModel),
    ("llm.response.finish_reason", FinishReasons),
    ("llm.response.stop_reason", FinishReasons),
    ("gen_ai.response.finish_reason", FinishReasons),
    ("llm.user", User),
    ("llm.temperature", Parameter("temperature")),
    ("llm.top_p", Parameter("top_p")),
    ("llm.top_k", Parameter("top_k")),
    ("llm.frequency_penalty", Parameter("frequency_penalty")),
    ("llm.presence_penalty", Parameter("presence_penalty")),
    ("llm.request.max_tokens", Parameter("max_tokens")),
    ("llm.chat.stop_sequences", Parameter("stop_sequences")),
    ("llm.is_streaming", Parameter("stream")),
    ("gen_ai.is_streaming", Parameter("stream")),
    ("gen_ai.prompt.#.role", InputMessage(MessageField::Role)),
    ("gen_ai.prompt.#.content", InputMessage(MessageField::Text)),
    (
        "gen_ai.prompt.#.tool_call_id",
        InputMessage(MessageField::ResultOf),
    ),
    (
        "gen_ai.prompt.#.tool_calls.#.id",
        InputMessage(MessageField::CallId),
    ),
    (
        "gen_ai.prompt.#.tool_calls.#.name",
        InputMessage(MessageField::CallName),
    ),
    (
        "gen_ai.prompt.#.tool_calls.#.arguments",
        InputMessage(MessageField::CallArguments),
    ),
    (
        "gen_ai.completion.#.role",
        OutputMessage(MessageField::Role),
    ),
    (
        "gen_ai.completion.#.content",
        OutputMessage(MessageField::Text),
    ),
    (
        "gen_ai.completion.#.reasoning",
        OutputMessage(MessageField::Reasoning),
    ),
    (
        "gen_ai.completion.#.finish_reason",
        OutputMessage(MessageField::FinishReason),
    ),
    (
        "gen_ai.completion.#.tool_calls.#.id",
        OutputMessage(MessageField::CallId),
    ),
    (
        "gen_ai.completion.#.tool_calls.#.name",
        OutputMessage(MessageField::CallName),
    ),
    (
        "gen_ai.completion.#.tool_calls.#.arguments",
        OutputMessage(MessageField::CallArguments),
    ),
    ("llm.prompts.#.role", InputMessage(MessageField::Role)),
    ("llm.prompts.#.content", InputMessage(MessageField::Text)),
    ("llm.completions.#.role", OutputMessage(MessageField::Role)),
    (
        "llm.completions.#.content",
        OutputMessage(MessageField::Text),
    ),
    (
        "llm.completions.#.finish_reason",
        OutputMessage(MessageField::FinishReason),
    ),
    ("llm.usage.prompt_tokens", InputTokens),
    ("llm.usage.completion_tokens", OutputTokens),
    ("gen_ai.usage.cache_read_input_tokens", CacheReadTokens),
    ("gen_ai.usage.cache_creation_input_tokens", CacheWriteTokens),
    // Used by rig too.
    ("gen_ai.usage.reasoning_tokens", ReasoningTokens),
];
