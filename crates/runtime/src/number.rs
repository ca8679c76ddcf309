//! Numbers of any size.

use std::fmt;
use std::str::FromStr;

use serde_core::de::{Deserializer, Unexpected, Visitor};
use serde_core::ser::{Serialize, Serializer};

/// A JSON number in the range of `f64`. Integers keep all their digits, also beyond 64 bits.
///
/// Integers of at most 128 bits are sent as they are. Larger ones are sent as the nearest float, unless a crate of the
/// program enables the feature `arbitrary_precision` of serde_json. Without that feature, `serde_json::from_str` and a
/// [`Value`](crate::Value) have 64 bits; responses are decoded exactly.
///
/// ```
/// # use observatory_runtime::Number;
/// let number: Number = "-170141183460469231731687303715884105728".parse().unwrap();
/// assert_eq!(number.as_i128(), Some(i128::MIN));
/// assert_eq!(number.as_i64(), None);
/// assert_eq!(Number::from(7), "7".parse().unwrap());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// An integer of at most 64 bits, or a float.
    Json(serde_json::Number),
    /// The text of a number that is neither: an integer of more bits, without leading zeros, or an integer with a
    /// fraction or an exponent of which the nearest float is another number.
    Digits(Box<str>),
}

impl Number {
    /// Converts the digits of an integer without zeros at the start.
    fn from_digits(text: &str) -> Result<Self, InvalidNumber> {
        let small = text.parse::<i64>().map(serde_json::Number::from).ok();
        let small = small.or_else(|| text.parse::<u64>().map(serde_json::Number::from).ok());
        if let Some(number) = small {
            return Ok(Self(Repr::Json(number)));
        }
        let float: f64 = text.parse().map_err(|_| InvalidNumber(()))?;
        match float.is_finite() {
            true => Ok(Self(Repr::Digits(text.into()))),
            false => Err(InvalidNumber(())),
        }
    }

    /// Returns the number as `i64`, if it is an integer in its range.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Json(number) => number.as_i64(),
            Repr::Digits(_) => None,
        }
    }

    /// Returns the number as `u64`, if it is an integer in its range.
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Repr::Json(number) => number.as_u64(),
            Repr::Digits(_) => None,
        }
    }

    /// Returns the number as `i128`, if it is an integer in its range.
    pub fn as_i128(&self) -> Option<i128> {
        match &self.0 {
            Repr::Json(number) => number.as_i128(),
            Repr::Digits(digits) => parse_integer(digits),
        }
    }

    /// Returns the number as `u128`, if it is an integer in its range.
    pub fn as_u128(&self) -> Option<u128> {
        match &self.0 {
            Repr::Json(number) => number.as_u128(),
            Repr::Digits(digits) => digits.parse().ok(),
        }
    }

    /// Returns the nearest `f64`. `None` if the number is too large for it, which only `From<serde_json::Number>` allows.
    pub fn as_f64(&self) -> Option<f64> {
        match &self.0 {
            Repr::Json(number) => number.as_f64(),
            Repr::Digits(digits) => digits.parse().ok().filter(|float: &f64| float.is_finite()),
        }
    }

    /// Returns the number as serde_json has it: the nearest float, where it has 64 bits.
    pub(crate) fn into_json(self) -> Option<serde_json::Number> {
        match self.0 {
            Repr::Json(number) => Some(number),
            // It is in the range of `f64`.
            Repr::Digits(digits) => digits.parse().ok(),
        }
    }

    /// Returns whether the number was not written as an integer.
    pub(crate) fn is_float(&self) -> bool {
        match &self.0 {
            Repr::Json(number) => number.is_f64(),
            Repr::Digits(digits) => digits.contains(['.', 'e', 'E']),
        }
    }

    /// Returns the integer that the number is, also if it was not written as one.
    pub(crate) fn as_exact_integer(&self) -> Option<i128> {
        match &self.0 {
            Repr::Json(number) if number.is_f64() => {
                let float = number.as_f64()?;
                (float.fract() == 0.0 && float.abs() < MAX_EXACT).then_some(float as i128)
            }
            _ => self.as_i128(),
        }
    }

    /// Returns the number as the subject of an error.
    pub(crate) fn unexpected(&self) -> Unexpected<'_> {
        match (self.as_i64(), self.as_u64(), self.as_f64()) {
            (Some(integer), _, _) => Unexpected::Signed(integer),
            (_, Some(integer), _) => Unexpected::Unsigned(integer),
            (_, _, Some(float)) => Unexpected::Float(float),
            _ => Unexpected::Other("number"),
        }
    }

    /// Passes the number to a visitor. `visit_digits` gets the digits of a large integer.
    pub(crate) fn visit<'a, V: Visitor<'a>>(
        &'a self,
        visitor: V,
        visit_digits: impl FnOnce(&'a str, V) -> Result<V::Value, serde_json::Error>,
    ) -> Result<V::Value, serde_json::Error> {
        match &self.0 {
            Repr::Json(number) => number.deserialize_any(visitor),
            Repr::Digits(digits) => visit_digits(digits, visitor),
        }
    }
}

/// The text is not a JSON number, or one beyond the range of `f64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidNumber(());

impl fmt::Display for InvalidNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid number")
    }
}

impl std::error::Error for InvalidNumber {}

impl FromStr for Number {
    type Err = InvalidNumber;

    /// Parses a number in JSON syntax (RFC 8259, section 6).
    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        // Integers have no negative zero. serde_json reads a float, unless it keeps the text for `arbitrary_precision`.
        let text = if text == "-0" { "-0.0" } else { text };
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_integer = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        // Fewer digits fit, and a zero at the start is invalid.
        if is_integer && digits.len() >= 19 && !digits.starts_with('0') {
            return Self::from_digits(text);
        }
        let number: serde_json::Number = text.parse().map_err(|_| InvalidNumber(()))?;
        // With `arbitrary_precision`, serde_json has numbers beyond the range of `f64`.
        let float = number.as_f64().ok_or(InvalidNumber(()))?;
        if is_integer || float.fract() != 0.0 {
            return Ok(Self(Repr::Json(number)));
        }
        // The float is an integer. Whether the number is this one, another one or none is seen in the text.
        let is_exact = float.abs() < MAX_EXACT && parse_integer(text) == Some(float as i128);
        Ok(Self(match is_exact {
            true => Repr::Json(number),
            false => Repr::Digits(text.into()),
        }))
    }
}

/// 2^53: `f64` does not have the next integer.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns the integer that a number in JSON syntax is, also one with a fraction or an exponent (`12.50e1`). `None` if it
/// is none, or has more than 128 bits.
pub(crate) fn parse_integer(text: &str) -> Option<i128> {
    /// The digits of `i128::MAX`.
    const MAX_DIGITS: usize = 39;
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    let zeros = digits.len() - digits.trim_start_matches('0').len();
    let exponent: i64 = exponent.parse().ok()?;
    // The number of digits before the point.
    let count = exponent.checked_add(i64::try_from(whole.len()).ok()?)?;
    let count = usize::try_from(count).ok()?.checked_sub(zeros)?;
    if count < significant.len() || count > MAX_DIGITS {
        return None;
    }
    format!("{sign}{significant:0<count$}").parse().ok()
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Json(number) => number.fmt(f),
            Repr::Digits(digits) => f.write_str(digits),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({self})")
    }
}

impl From<serde_json::Number> for Number {
    fn from(number: serde_json::Number) -> Self {
        Self(Repr::Json(number))
    }
}

macro_rules! impl_from_integers {
    ($($small:ty),*; $($wide:ty),*) => {
        $(impl From<$small> for Number {
            fn from(integer: $small) -> Self {
                Self(Repr::Json(integer.into()))
            }
        })*
        $(impl From<$wide> for Number {
            fn from(integer: $wide) -> Self {
                if let Ok(integer) = i64::try_from(integer) {
                    return integer.into();
                }
                match u64::try_from(integer) {
                    Ok(integer) => integer.into(),
                    Err(_) => Self(Repr::Digits(integer.to_string().into())),
                }
            }
        })*
    };
}
impl_from_integers!(i32, i64, u32, u64; i128, u128);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Json(number) => number.serialize(serializer),
            Repr::Digits(digits) => match (self.as_i128(), self.as_u128()) {
                (Some(integer), _) => serializer.serialize_i128(integer),
                (_, Some(integer)) => serializer.serialize_u128(integer),
                _ => {
                    let number: Result<serde_json::Number, _> = digits.parse();
                    number
                        .map_err(serde_core::ser::Error::custom)?
                        .serialize(serializer)
                }
            },
        }
    }
}
