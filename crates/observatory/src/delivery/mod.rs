//! Delivery: queues, batches, retries and accounting.
//!
//! Recording ends at [`Accept`]: the record is put into the queue of each destination, and the program goes on. One
//! background thread with its own runtime has a worker for each destination, which sends batches and notes the result of
//! each record.
//!
//! | question | file |
//! | --- | --- |
//! | What happens to a record first? | `engine.rs`, `sampling.rs`, `content.rs` |
//! | What survives the process? | `storage.rs`, `spool` |
//! | Where does it wait, and how is it counted? | `queue.rs`, `entry.rs`, `counts.rs`, `traces.rs` |
//! | When is which batch sent, and what follows from the response? | `worker.rs`, `batch.rs`, `attempt.rs`, `retry.rs` |
//! | What does a caller see of it? | `report.rs`, `errors.rs`, `events.rs`, `dead_letters.rs` |

mod attempt;
mod background;
mod batch;
mod content;
mod content_text;
mod counts;
mod dead_letters;
mod engine;
mod entry;
mod errors;
mod events;
mod options;
mod queue;
mod report;
mod retry;
mod sampling;
#[cfg(feature = "spool")]
pub(crate) mod spool;
mod storage;
mod text;
mod traces;
mod truncate;
mod worker;

pub(crate) use attempt::catch_panic;
pub use content::{ContentPolicy, Mask};
pub use dead_letters::DeadLetter;
pub(crate) use engine::{Accept, Engine, EngineSettings};
pub use errors::{DeliveryError, ErrorKind, Errors};
#[cfg(feature = "tracing")]
pub(crate) use events::TARGET as EVENT_TARGET;
pub use options::{DeliveryOptions, Overflow};
pub use report::{DestinationReport, DropCause, Problem, Report};
pub use retry::RetryPolicy;
pub(crate) use sampling::Sampling;
#[cfg(feature = "spool")]
pub use spool::SpoolOptions;
pub(crate) use storage::OpenStorage;
