//! The keywords of numbers, and counts such as `minLength`.

use serde_json::{Number, Value};

use super::draft::SchemaDraft;
use super::json_type::JsonType;
use crate::source::normalize::canonical::{Object, insert_some};
use crate::source::normalize::node::Node;
use crate::source::normalize::normalizer::Normalizer;

impl<'d> Normalizer<'d> {
    /// Reads bounds and `multipleOf`. Exclusive bounds, which are numbers in 3.1, become flags as in 3.0.
    pub(super) fn read_number_keywords(&mut self, node: &Node<'d>, draft: &mut SchemaDraft) {
        let keywords = &mut draft.number_keywords;
        let lower = ["minimum", "exclusiveMinimum"];
        self.read_bound(node, lower, keywords, |new, old| new >= old);
        let upper = ["maximum", "exclusiveMaximum"];
        self.read_bound(node, upper, keywords, |new, old| new <= old);
        let step = node.get("multipleOf");
        let step = step.and_then(|step| self.expect_number(&step));
        insert_some(keywords, "multipleOf", step.map(Value::Number));
    }

    fn read_bound(
        &self,
        node: &Node<'d>,
        [inclusive, exclusive]: [&str; 2],
        keywords: &mut Object,
        is_stricter: fn(f64, f64) -> bool,
    ) {
        let bound = node.get(inclusive);
        let mut bound = bound.and_then(|bound| self.expect_number(&bound));
        let mut is_exclusive = false;
        match node.get(exclusive) {
            None => {}
            Some(flag) if flag.value.is_boolean() => {
                is_exclusive = self.optional_bool(node, exclusive).unwrap_or(false);
            }
            Some(number) => {
                if let Some(number) = self.expect_number(&number)
                    && bound
                        .as_ref()
                        .is_none_or(|bound| is_stricter(to_f64(&number), to_f64(bound)))
                {
                    bound = Some(number);
                    is_exclusive = true;
                }
            }
        }
        if let Some(bound) = bound {
            keywords.insert(inclusive.to_owned(), Value::Number(bound));
            if is_exclusive {
                keywords.insert(exclusive.to_owned(), true.into());
            }
        }
    }

    /// Returns a number, or a string that contains one. Reports other values, which are ignored.
    fn expect_number(&self, node: &Node<'d>) -> Option<Number> {
        let number = match node.value {
            Value::Number(number) => Some(number.clone()),
            Value::String(text) => parse_number(text.trim()),
            _ => None,
        };
        if number.is_none() {
            self.report_ignored(node, "a number", "write a number without quotes");
        }
        number
    }

    /// Reads keywords that are counts. Values that are not non-negative integers are dropped.
    pub(super) fn read_counts(&self, node: &Node<'d>, keys: &[&str], out: &mut Object) {
        for key in keys {
            let number = node.get(key).and_then(|node| self.expect_number(&node));
            let integer = number.and_then(|number| to_i64(&number));
            let count = integer.and_then(|integer| u64::try_from(integer).ok());
            insert_some(out, key, count);
        }
    }
}

impl SchemaDraft {
    /// Inserts bounds and format for `ty`.
    ///
    /// Integer bounds beyond 64 bits become the format `uint64` or `bigint`, since `openapiv3` cannot represent them.
    pub(super) fn insert_number_keywords(&self, ty: JsonType, out: &mut Object) {
        let mut format = self.format.clone();
        let mut keywords = self.number_keywords.clone();
        if ty == JsonType::Integer {
            for (bound, exclusive) in [
                ("minimum", "exclusiveMinimum"),
                ("maximum", "exclusiveMaximum"),
            ] {
                let Some(Value::Number(number)) = self.number_keywords.get(bound) else {
                    continue;
                };
                match to_i64(number) {
                    Some(integer) => {
                        keywords.insert(bound.to_owned(), integer.into());
                    }
                    None => {
                        keywords.remove(bound);
                        keywords.remove(exclusive);
                    }
                }
            }
            let is_narrow = |format: &str| matches!(format, "int64" | "uint64");
            if format.as_deref().is_none_or(is_narrow)
                && let Some(wide) = self.wide_integer_format(format.as_deref())
            {
                format = Some(wide.to_owned());
            }
            let step = keywords.get("multipleOf").and_then(Value::as_number);
            if step.is_some_and(|step| to_i64(step).is_none()) {
                keywords.remove("multipleOf");
            }
        }
        insert_some(out, "format", format);
        out.extend(keywords);
    }

    /// Returns the format of integers whose bounds do not fit `i64`: `uint64` only where they exclude negative ones.
    fn wide_integer_format(&self, format: Option<&str>) -> Option<&'static str> {
        let bound = |key: &str| self.number_keywords.get(key).and_then(Value::as_number);
        let (minimum, maximum) = (bound("minimum"), bound("maximum"));
        let is_unsigned =
            format == Some("uint64") || minimum.is_some_and(|minimum| to_f64(minimum) >= 0.0);
        // Compared as floats: JavaScript writes the bounds of 64 bits as 9223372036854776000.
        let exceeds = |limit: f64| maximum.is_some_and(|maximum| to_f64(maximum) > limit);
        let is_below = minimum.is_some_and(|minimum| to_f64(minimum) < i64::MIN as f64);
        if is_below || exceeds(u64::MAX as f64) {
            Some("bigint")
        } else if exceeds(i64::MAX as f64) {
            Some(if is_unsigned { "uint64" } else { "bigint" })
        } else {
            None
        }
    }
}

fn to_f64(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

/// Returns a number without fraction, if it fits `i64`.
fn to_i64(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number.as_f64().filter(|float| float.fract() == 0.0)?;
        // `i64::MAX` rounds up to 2^63 as `f64`, so `<` excludes exactly the numbers that do not fit.
        (float >= i64::MIN as f64 && float < i64::MAX as f64).then_some(float as i64)
    })
}

fn parse_number(text: &str) -> Option<Number> {
    let integer = text.parse::<i64>().ok().map(Number::from);
    integer.or_else(|| text.parse().ok().and_then(Number::from_f64))
}
