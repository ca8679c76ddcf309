//! Requests of the destinations of `llm-observatory`: valid by the vendors' documents, complete, and equal in meaning to
//! those of the vendors' own SDKs. And what responses of vendors mean for each record.

mod adaline;
mod braintrust;
mod chat;
mod example;
mod galileo;
mod helicone;
mod langfuse;
mod otlp;
mod otlp_encoding;
mod outcomes;
mod profiles;
mod prompts;
mod reading;
mod real_servers;
mod support;
mod wire;
mod with_shared;
