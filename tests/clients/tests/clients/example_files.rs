//! The programs in `crates/<vendor>/examples`. Here they are modules, since a program for each would have to be linked.
//! Their crates have another width of lines, so that rustfmt skips them here.

#![expect(dead_code, reason = "tests call what `main` calls")]

#[rustfmt::skip]
#[path = "../../../../crates/adaline/examples/log_trace.rs"]
pub mod adaline_log_trace;
#[rustfmt::skip]
#[path = "../../../../crates/adaline/examples/read_traces.rs"]
pub mod adaline_read_traces;
#[rustfmt::skip]
#[path = "../../../../crates/braintrust/examples/log_trace.rs"]
pub mod braintrust_log_trace;
#[rustfmt::skip]
#[path = "../../../../crates/braintrust/examples/read_traces.rs"]
pub mod braintrust_read_traces;
#[rustfmt::skip]
#[path = "../../../../crates/braintrust/examples/score.rs"]
pub mod braintrust_score;
#[rustfmt::skip]
#[path = "../../../../crates/galileo/examples/log_trace.rs"]
pub mod galileo_log_trace;
#[rustfmt::skip]
#[path = "../../../../crates/galileo/examples/read_traces.rs"]
pub mod galileo_read_traces;
#[rustfmt::skip]
#[path = "../../../../crates/galileo/examples/score.rs"]
pub mod galileo_score;
#[rustfmt::skip]
#[path = "../../../../crates/helicone/examples/log_trace.rs"]
pub mod helicone_log_trace;
#[rustfmt::skip]
#[path = "../../../../crates/helicone/examples/read_traces.rs"]
pub mod helicone_read_traces;
#[rustfmt::skip]
#[path = "../../../../crates/helicone/examples/score.rs"]
pub mod helicone_score;
#[rustfmt::skip]
#[path = "../../../../crates/langfuse/examples/log_trace.rs"]
pub mod langfuse_log_trace;
#[rustfmt::skip]
#[path = "../../../../crates/langfuse/examples/read_traces.rs"]
pub mod langfuse_read_traces;
#[rustfmt::skip]
#[path = "../../../../crates/langfuse/examples/score.rs"]
pub mod langfuse_score;
#[rustfmt::skip]
#[path = "../../../../crates/langsmith/examples/log_trace.rs"]
pub mod langsmith_log_trace;
#[rustfmt::skip]
#[path = "../../../../crates/langsmith/examples/read_traces.rs"]
pub mod langsmith_read_traces;
#[rustfmt::skip]
#[path = "../../../../crates/langsmith/examples/score.rs"]
pub mod langsmith_score;
#[rustfmt::skip]
#[path = "../../../../crates/opik/examples/log_trace.rs"]
pub mod opik_log_trace;
#[rustfmt::skip]
#[path = "../../../../crates/opik/examples/read_traces.rs"]
pub mod opik_read_traces;
#[rustfmt::skip]
#[path = "../../../../crates/opik/examples/score.rs"]
pub mod opik_score;
#[rustfmt::skip]
#[path = "../../../../crates/phoenix/examples/log_trace.rs"]
pub mod phoenix_log_trace;
#[rustfmt::skip]
#[path = "../../../../crates/phoenix/examples/read_traces.rs"]
pub mod phoenix_read_traces;
#[rustfmt::skip]
#[path = "../../../../crates/phoenix/examples/score.rs"]
pub mod phoenix_score;
