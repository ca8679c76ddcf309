//! Plans the client: servers, credentials and environment variables.

pub(super) mod client_plan;
mod plan_client;

pub use client_plan::{ClientConstructor, ClientPlan, SecuritySchemePlan, ServerPlan};
pub(super) use plan_client::plan_client;
