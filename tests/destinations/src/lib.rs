//! Tests of the destinations of `llm-observatory`; a package of its own, so that other tests do not compile the clients.
