#![doc = include_str!("../docs/guide.md")]

#[doc = include_str!("../docs/retry.md")]
pub mod retry {}

#[doc = include_str!("../docs/timeout.md")]
pub mod timeout {}

#[doc = include_str!("../docs/errors.md")]
pub mod errors {}

#[doc = include_str!("../docs/pagination.md")]
pub mod pagination {}

#[doc = include_str!("../docs/streaming.md")]
pub mod streaming {}

// Without the feature, the examples of these pages do not compile.
#[cfg(any(feature = "blocking", not(doctest)))]
#[doc = include_str!("../docs/blocking.md")]
pub mod blocking {}

#[doc = include_str!("../docs/transport.md")]
pub mod transport {}

#[cfg(any(feature = "testing", not(doctest)))]
#[doc = include_str!("../docs/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/security.md")]
pub mod security {}
