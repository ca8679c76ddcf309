//! The guide: one page for each topic.

#[doc = include_str!("../docs/first_trace.md")]
pub mod first_trace {}

#[doc = include_str!("../docs/typed_api.md")]
pub mod typed_api {}

#[cfg(feature = "tracing")]
#[doc = include_str!("../docs/tracing.md")]
pub mod tracing {}

#[doc = include_str!("../docs/destinations.md")]
pub mod destinations {}

#[doc = include_str!("../docs/delivery.md")]
pub mod delivery {}

#[doc = include_str!("../docs/masking.md")]
pub mod masking {}

#[doc = include_str!("../docs/sampling.md")]
pub mod sampling {}

#[cfg(feature = "opentelemetry")]
#[doc = include_str!("../docs/opentelemetry.md")]
pub mod opentelemetry {}

#[doc = include_str!("../docs/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/production.md")]
pub mod production {}
