//! What the program names a project or a log stream by.

/// A name, whose id is looked up, or the id itself.
#[derive(Clone, Debug)]
pub(super) enum Named {
    /// The vendor's id.
    Id(String),
    /// The name that users gave it.
    Name(String),
}
