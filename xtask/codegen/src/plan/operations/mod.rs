//! Plans the operations: a handle for each resource, and a method with a request type for each operation.

mod method;
pub(super) mod operation_plan;
mod pagination;
mod request_parts;
mod resource_plans;
mod resource_types;
mod response_types;

pub use operation_plan::{
    AlternativePlan, ArgPlan, BodyPlan, MethodPlan, OutputPlan, PageParameter, PaginationPlan,
    ParamPlan, ResourcePlan, ResponsePlan, StreamPlan,
};
pub(super) use resource_plans::plan_resources;
pub use resource_types::ResourceTypes;
