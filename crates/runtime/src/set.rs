//! What setters take.

use std::collections::BTreeMap;

use crate::patch::Patch;

/// What the setter of an optional property takes: a value, anything that turns into one, or an [`Option`].
///
/// `Kind` tells the cases apart and is always inferred.
///
/// Lists of strings also take arrays of `&str`, and maps take arrays of pairs with `&str` keys.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value for a property of type `{T}`",
    label = "expected something that turns into `{T}`, or an `Option<{T}>`"
)]
pub trait IntoOption<T, Kind> {
    /// The value, if there is one.
    fn into_option(self) -> Option<T>;
}

/// What the setter of an optional property that may be null takes: a value, anything that turns into one, an
/// [`Option`] (whose `None` is null), or a [`Patch`].
///
/// `Kind` tells the cases apart and is always inferred.
///
/// Lists of strings also take arrays of `&str`, and maps take arrays of pairs with `&str` keys.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value for a property of type `{T}`",
    label = "expected something that turns into `{T}`, an `Option<{T}>`, or a `Patch<{T}>`"
)]
pub trait IntoPatch<T, Kind> {
    /// The value, null, or nothing.
    fn into_patch(self) -> Patch<T>;
}

/// What [`IntoOption`] and [`IntoPatch`] can be given.
pub mod kind {
    /// Something that turns into the value.
    pub enum Value {}
    /// An option of the value.
    pub enum Option {}
    /// A patch of the value.
    pub enum Patch {}
    /// Items that turn into those of a list or map.
    pub enum Items {}
}

impl<T, U: Into<T>> IntoOption<T, kind::Value> for U {
    fn into_option(self) -> Option<T> {
        Some(self.into())
    }
}

impl<T, U: Into<T>> IntoPatch<T, kind::Value> for U {
    fn into_patch(self) -> Patch<T> {
        Patch::Value(self.into())
    }
}

impl<T> IntoOption<T, kind::Option> for Option<T> {
    fn into_option(self) -> Option<T> {
        self
    }
}

impl<T> IntoPatch<T, kind::Option> for Option<T> {
    fn into_patch(self) -> Patch<T> {
        self.into()
    }
}

impl<T> IntoPatch<T, kind::Patch> for Patch<T> {
    fn into_patch(self) -> Patch<T> {
        self
    }
}

impl<const N: usize> IntoOption<Vec<String>, kind::Items> for [&str; N] {
    fn into_option(self) -> Option<Vec<String>> {
        Some(self.map(str::to_owned).into())
    }
}

impl<const N: usize> IntoPatch<Vec<String>, kind::Items> for [&str; N] {
    fn into_patch(self) -> Patch<Vec<String>> {
        self.into_option().into()
    }
}

impl<T, U: Into<T>, const N: usize> IntoOption<BTreeMap<String, T>, kind::Items>
    for [(&str, U); N]
{
    fn into_option(self) -> Option<BTreeMap<String, T>> {
        Some(
            self.map(|(key, value)| (key.to_owned(), value.into()))
                .into(),
        )
    }
}

impl<T, U: Into<T>, const N: usize> IntoPatch<BTreeMap<String, T>, kind::Items> for [(&str, U); N] {
    fn into_patch(self) -> Patch<BTreeMap<String, T>> {
        self.into_option().into()
    }
}
