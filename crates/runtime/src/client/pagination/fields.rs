//! Access to the fields that control pagination, independent of their types. For generated code.

use crate::{Number, Patch};

/// A field that contains the position of a page.
///
/// Positions are converted through text, because the fields of the response and of the next request may have different
/// types.
#[doc(hidden)]
pub trait PagePosition: Sized {
    /// Returns the position, or `None` if the field is empty.
    fn to_position(&self) -> Option<String>;
    /// Returns the value of a field, or `None` if its type cannot represent the position.
    fn from_position(position: &str) -> Option<Self>;
}

impl PagePosition for String {
    fn to_position(&self) -> Option<String> {
        (!self.is_empty()).then(|| self.clone())
    }

    fn from_position(position: &str) -> Option<Self> {
        Some(position.to_owned())
    }
}

macro_rules! impl_for_numbers {
    ($($number:ty)*) => {$(
        impl PagePosition for $number {
            fn to_position(&self) -> Option<String> {
                Some(self.to_string())
            }

            fn from_position(position: &str) -> Option<Self> {
                position.parse().ok()
            }
        }
    )*};
}

impl_for_numbers!(i32 i64 u64 f64 Number);

/// A field that may be absent: `Option` or `Patch`.
#[doc(hidden)]
pub trait OptionalField {
    type Inner;
    fn get(&self) -> Option<&Self::Inner>;
    fn into_inner(self) -> Option<Self::Inner>;
    /// Returns the value; an absent field is set to the default first.
    fn get_mut_or_default(&mut self) -> Option<&mut Self::Inner>
    where
        Self::Inner: Default;
}

impl<T> OptionalField for Option<T> {
    type Inner = T;

    fn get(&self) -> Option<&T> {
        self.as_ref()
    }

    fn into_inner(self) -> Option<T> {
        self
    }

    fn get_mut_or_default(&mut self) -> Option<&mut T>
    where
        T: Default,
    {
        Some(self.get_or_insert_with(T::default))
    }
}

impl<T> OptionalField for Patch<T> {
    type Inner = T;

    fn get(&self) -> Option<&T> {
        self.value()
    }

    fn into_inner(self) -> Option<T> {
        self.into_option()
    }

    fn get_mut_or_default(&mut self) -> Option<&mut T>
    where
        T: Default,
    {
        if !self.is_value() {
            *self = Self::Value(T::default());
        }
        self.value_mut()
    }
}

macro_rules! impl_for_optional {
    ($($outer:ident)*) => {$(
        impl<T: PagePosition> PagePosition for $outer<T> {
            fn to_position(&self) -> Option<String> {
                self.get()?.to_position()
            }

            fn from_position(position: &str) -> Option<Self> {
                T::from_position(position).map(Self::from)
            }
        }

        impl<T: HasMore> HasMore for $outer<T> {
            fn has_more(&self) -> Option<bool> {
                self.get()?.has_more()
            }
        }

        impl<T: PageItems> PageItems for $outer<T> {
            type Item = T::Item;

            fn item_count(&self) -> usize {
                self.get().map_or(0, PageItems::item_count)
            }

            fn last_item(&self) -> Option<&T::Item> {
                self.get()?.last_item()
            }

            fn into_items(self) -> Vec<T::Item> {
                self.into_inner().map(PageItems::into_items).unwrap_or_default()
            }
        }
    )*};
}

impl_for_optional!(Option Patch);

/// A field that declares whether there is another page.
#[doc(hidden)]
pub trait HasMore {
    fn has_more(&self) -> Option<bool>;
}

impl HasMore for bool {
    fn has_more(&self) -> Option<bool> {
        Some(*self)
    }
}

/// A field that contains the items of a page.
#[doc(hidden)]
pub trait PageItems {
    type Item;
    fn item_count(&self) -> usize;
    fn last_item(&self) -> Option<&Self::Item>;
    fn into_items(self) -> Vec<Self::Item>;
}

impl<T> PageItems for Vec<T> {
    type Item = T;

    fn item_count(&self) -> usize {
        self.len()
    }

    fn last_item(&self) -> Option<&T> {
        self.as_slice().last()
    }

    fn into_items(self) -> Self {
        self
    }
}
