//! Places in requests and answers that turn pages: what generated code names, read and written whatever its type.

use crate::{Number, Patch};

/// Something that says where a page starts. It travels as text between an answer and the next request, which may not
/// agree on its type.
#[doc(hidden)]
pub trait Position: Sized {
    /// What it says; nothing, if it says nothing.
    fn position(&self) -> Option<String>;
    /// One that says this; nothing, if it cannot be said.
    fn at(place: &str) -> Option<Self>;
}

impl Position for String {
    fn position(&self) -> Option<String> {
        (!self.is_empty()).then(|| self.clone())
    }

    fn at(place: &str) -> Option<Self> {
        Some(place.to_owned())
    }
}

macro_rules! written {
    ($($number:ty)*) => {$(
        impl Position for $number {
            fn position(&self) -> Option<String> {
                Some(self.to_string())
            }

            fn at(place: &str) -> Option<Self> {
                place.parse().ok()
            }
        }
    )*};
}

written!(i32 i64 u64 f64 Number);

/// What may be nothing, and how to look into it.
#[doc(hidden)]
pub trait Inside {
    /// What is in it.
    type Inner;
    /// Looks at it.
    fn inside(&self) -> Option<&Self::Inner>;
    /// Takes it out.
    fn into_inside(self) -> Option<Self::Inner>;
    /// Looks at it to change it; makes it if it is not there.
    fn inside_mut(&mut self) -> Option<&mut Self::Inner>
    where
        Self::Inner: Default;
}

impl<T> Inside for Option<T> {
    type Inner = T;

    fn inside(&self) -> Option<&T> {
        self.as_ref()
    }

    fn into_inside(self) -> Option<T> {
        self
    }

    fn inside_mut(&mut self) -> Option<&mut T>
    where
        T: Default,
    {
        Some(self.get_or_insert_with(T::default))
    }
}

impl<T> Inside for Patch<T> {
    type Inner = T;

    fn inside(&self) -> Option<&T> {
        self.value()
    }

    fn into_inside(self) -> Option<T> {
        self.into_option()
    }

    fn inside_mut(&mut self) -> Option<&mut T>
    where
        T: Default,
    {
        if !self.is_value() {
            *self = Self::Value(T::default());
        }
        self.value_mut()
    }
}

macro_rules! through {
    ($($outer:ident)*) => {$(
        impl<T: Position> Position for $outer<T> {
            fn position(&self) -> Option<String> {
                self.inside()?.position()
            }

            fn at(place: &str) -> Option<Self> {
                T::at(place).map(Self::from)
            }
        }

        impl<T: Flag> Flag for $outer<T> {
            fn flag(&self) -> Option<bool> {
                self.inside()?.flag()
            }
        }

        impl<T: List> List for $outer<T> {
            type Item = T::Item;

            fn count(&self) -> usize {
                self.inside().map_or(0, List::count)
            }

            fn last(&self) -> Option<&T::Item> {
                self.inside()?.last()
            }

            fn take(self) -> Vec<T::Item> {
                self.into_inside().map(List::take).unwrap_or_default()
            }
        }
    )*};
}

through!(Option Patch);

/// Something that says whether there is more.
#[doc(hidden)]
pub trait Flag {
    /// What it says, if anything.
    fn flag(&self) -> Option<bool>;
}

impl Flag for bool {
    fn flag(&self) -> Option<bool> {
        Some(*self)
    }
}

/// The items of a page.
#[doc(hidden)]
pub trait List {
    /// What they are.
    type Item;
    /// How many there are.
    fn count(&self) -> usize;
    /// The last of them.
    fn last(&self) -> Option<&Self::Item>;
    /// Takes them out.
    fn take(self) -> Vec<Self::Item>;
}

impl<T> List for Vec<T> {
    type Item = T;

    fn count(&self) -> usize {
        self.len()
    }

    fn last(&self) -> Option<&T> {
        self.as_slice().last()
    }

    fn take(self) -> Self {
        self
    }
}
