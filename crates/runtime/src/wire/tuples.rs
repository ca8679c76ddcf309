//! [`Wire`] for arrays and tuples: JSON lists of fixed length.

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserializer, Error, SeqAccess, Visitor};
use serde_core::ser::{SerializeSeq, Serializer};

use super::buffered::BufferedValue;
use super::containers::prepend_index;
use super::match_score::{MatchScore, Matcher};
use super::{SerdeAdapter, Wire, WireSeed};
use crate::error_path;

impl<T: Wire, const N: usize> Wire for [T; N] {
    const IS_OBJECT: bool = false;

    fn placeholder() -> Self {
        std::array::from_fn(|_| T::placeholder())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(N))?;
        for (index, item) in self.iter().enumerate() {
            write_item(&mut list, index, item)?;
        }
        list.end()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ArrayVisitor(PhantomData))
    }

    fn match_score(value: &BufferedValue<'_>, matcher: &mut Matcher) -> MatchScore {
        let items = value.as_list().filter(|items| items.len() == N)?;
        if matcher.is_exhausted() {
            return Some(1);
        }
        items.iter().try_fold(1_u32, |score, item| {
            Some(score.saturating_add(matcher.score_part(T::match_score, item)?))
        })
    }
}

struct ArrayVisitor<T, const N: usize>(PhantomData<T>);

impl<'de, T: Wire, const N: usize> Visitor<'de> for ArrayVisitor<T, N> {
    type Value = [T; N];

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_expected(formatter, N)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<[T; N], A::Error> {
        let mut array = Self::Value::placeholder();
        for (index, slot) in array.iter_mut().enumerate() {
            *slot = read_item(&mut seq, index, N)?;
        }
        expect_end(&mut seq, N)?;
        Ok(array)
    }
}

fn write_expected(formatter: &mut fmt::Formatter<'_>, length: usize) -> fmt::Result {
    let plural = if length == 1 { "" } else { "s" };
    write!(formatter, "a list of {length} item{plural}")
}

fn write_item<S: SerializeSeq, T: Wire>(
    list: &mut S,
    index: usize,
    item: &T,
) -> Result<(), S::Error> {
    let result = list.serialize_element(&SerdeAdapter(item));
    result.map_err(|error| prepend_index(index, error))
}

fn read_item<'de, T: Wire, A: SeqAccess<'de>>(
    seq: &mut A,
    index: usize,
    length: usize,
) -> Result<T, A::Error> {
    match seq.next_element_seed(WireSeed(PhantomData)) {
        Ok(Some(item)) => Ok(item),
        Ok(None) => Err(A::Error::custom(format_args!(
            "expected {length} items, found {index}"
        ))),
        Err(error) => Err(error_path::error_at_index(index, &error)),
    }
}

/// Rejects further items, which a tuple cannot keep.
fn expect_end<'de, A: SeqAccess<'de>>(seq: &mut A, length: usize) -> Result<(), A::Error> {
    match seq.next_element::<serde_core::de::IgnoredAny>()? {
        None => Ok(()),
        Some(_) => Err(A::Error::custom(format_args!(
            "expected {length} items, found more"
        ))),
    }
}

/// Implements `Wire` for tuples.
macro_rules! impl_wire_for_tuples {
    ($($length:literal: $($ty:ident $index:tt),+;)+) => {$(
        impl<$($ty: Wire),+> Wire for ($($ty,)+) {
            const IS_OBJECT: bool = false;

            fn placeholder() -> Self {
                ($($ty::placeholder(),)+)
            }

            fn write<__S: Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                let mut list = serializer.serialize_seq(Some($length))?;
                $(write_item(&mut list, $index, &self.$index)?;)+
                list.end()
            }

            fn read<'de, __D: Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                struct TupleVisitor<$($ty),+>(PhantomData<($($ty,)+)>);

                impl<'de, $($ty: Wire),+> Visitor<'de> for TupleVisitor<$($ty),+> {
                    type Value = ($($ty,)+);

                    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                        write_expected(formatter, $length)
                    }

                    fn visit_seq<__A: SeqAccess<'de>>(self, mut seq: __A) -> Result<Self::Value, __A::Error> {
                        let tuple = ($(read_item::<$ty, __A>(&mut seq, $index, $length)?,)+);
                        expect_end(&mut seq, $length)?;
                        Ok(tuple)
                    }
                }

                deserializer.deserialize_seq(TupleVisitor(PhantomData))
            }

            fn match_score(value: &BufferedValue<'_>, matcher: &mut Matcher) -> MatchScore {
                let items = value.as_list().filter(|items| items.len() == $length)?;
                if matcher.is_exhausted() {
                    return Some(1);
                }
                let mut score = 1_u32;
                $(
                    let part = matcher.score_part($ty::match_score, items.get($index)?)?;
                    score = score.saturating_add(part);
                )+
                Some(score)
            }
        }
    )+};
}
impl_wire_for_tuples! {
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
    7: A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
    9: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8;
    10: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9;
    11: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10;
    12: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11;
}
