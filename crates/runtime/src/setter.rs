//! Arguments of generated setters.

use std::collections::BTreeMap;

use crate::patch::Patch;

/// An argument for the setter of an optional property: a value, anything that converts into one, or an [`Option`].
///
/// The type parameter `Marker` selects the conversion and is always inferred.
///
/// A list of strings, also of strings that may be null, can be set from an array of `&str` or `&String`, and a map from
/// an array of pairs with such keys.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be converted to a property of type `{T}`",
    label = "expected a type that converts into `{T}`, or an `Option<{T}>`"
)]
pub trait IntoOption<T, Marker> {
    /// Returns the value, if there is one.
    fn into_option(self) -> Option<T>;
}

/// An argument for the setter of an optional, nullable property: a value, anything that converts into one, an
/// [`Option`] (`None` means null), or a [`Patch`].
///
/// The type parameter `Marker` selects the conversion and is always inferred.
///
/// A list of strings, also of strings that may be null, can be set from an array of `&str` or `&String`, and a map from
/// an array of pairs with such keys.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be converted to a property of type `{T}`",
    label = "expected a type that converts into `{T}`, an `Option<{T}>`, or a `Patch<{T}>`"
)]
pub trait IntoPatch<T, Marker> {
    /// Returns the value, null, or absent.
    fn into_patch(self) -> Patch<T>;
}

/// Markers for the kinds of arguments that [`IntoOption`] and [`IntoPatch`] accept.
pub mod marker {
    /// A type that converts into the value.
    pub enum Value {}
    /// An `Option` of the value.
    pub enum Option {}
    /// A `Patch` of the value.
    pub enum Patch {}
    /// An array of items for a list or a map.
    pub enum Items {}
}

impl<T, U: Into<T>> IntoOption<T, marker::Value> for U {
    fn into_option(self) -> Option<T> {
        Some(self.into())
    }
}

impl<T, U: Into<T>> IntoPatch<T, marker::Value> for U {
    fn into_patch(self) -> Patch<T> {
        Patch::Value(self.into())
    }
}

impl<T> IntoOption<T, marker::Option> for Option<T> {
    fn into_option(self) -> Option<T> {
        self
    }
}

impl<T> IntoPatch<T, marker::Option> for Option<T> {
    fn into_patch(self) -> Patch<T> {
        self.into()
    }
}

impl<T> IntoPatch<T, marker::Patch> for Patch<T> {
    fn into_patch(self) -> Patch<T> {
        self
    }
}

/// Implements the conversions of an array of texts, `&str` or `&String`, to a list.
macro_rules! impl_for_texts {
    ($($item:ty: $convert:expr),*) => {$(
        impl<S: AsRef<str> + ?Sized, const N: usize> IntoOption<Vec<$item>, marker::Items> for [&S; N] {
            fn into_option(self) -> Option<Vec<$item>> {
                let convert: fn(&str) -> $item = $convert;
                Some(self.map(|text| convert(text.as_ref())).into())
            }
        }

        impl<S: AsRef<str> + ?Sized, const N: usize> IntoPatch<Vec<$item>, marker::Items> for [&S; N] {
            fn into_patch(self) -> Patch<Vec<$item>> {
                self.into_option().into()
            }
        }
    )*};
}
impl_for_texts!(String: str::to_owned, Option<String>: |text| Some(text.to_owned()));

impl<K: AsRef<str> + ?Sized, T, U: Into<T>, const N: usize>
    IntoOption<BTreeMap<String, T>, marker::Items> for [(&K, U); N]
{
    fn into_option(self) -> Option<BTreeMap<String, T>> {
        Some(
            self.map(|(key, value)| (key.as_ref().to_owned(), value.into()))
                .into(),
        )
    }
}

impl<K: AsRef<str> + ?Sized, T, U: Into<T>, const N: usize>
    IntoPatch<BTreeMap<String, T>, marker::Items> for [(&K, U); N]
{
    fn into_patch(self) -> Patch<BTreeMap<String, T>> {
        self.into_option().into()
    }
}
