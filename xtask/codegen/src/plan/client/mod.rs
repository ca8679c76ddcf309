//! Plans the client: servers, credentials and environment variables.

pub(super) mod client_plan;
mod plan_client;
mod plan_servers;

pub use client_plan::{
    ClientCredential, ClientPlan, OtherHeaderPlan, SecuritySchemePlan, ServerPlan, ServerTypePlan,
    ServerVariablePlan, UrlPiece, VariableKind,
};
pub(super) use plan_client::plan_client;
