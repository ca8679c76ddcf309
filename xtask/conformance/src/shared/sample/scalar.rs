//! Samples strings and numbers, with a preference for special values.

use serde_json::{Map, Number, Value, json};

use super::sampler::Sampler;
use super::text::sample_pattern;
use crate::shared::rng::Rng;

/// Timestamps in the spellings that servers use.
const TIMESTAMPS: &[&str] = &[
    "2024-05-01T10:00:00Z",
    "2024-05-01T10:00:00.123456Z",
    "2024-05-01T10:00:00+00:00",
    "2024-05-01T10:00:00.123456789Z",
    "2024-05-01 10:00:00",
    "2024-05-01T10:00:00",
    "2024-05-01 10:00:00.5+02:00",
    "2024-05-01T10:00:00.000-07:30",
    "2024-05-01T10:00:00.120Z",
    "2016-12-31T23:59:60Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "2024-02-29t00:00:00z",
];

const TEXTS: &[&str] = &[
    "",
    "text",
    "héllo ☃ 𝄞 e\u{301}",
    "\u{0}\u{1}\u{1f}\u{7f}\t\n\r\u{2028}",
    "quote \" backslash \\ slash / </script>",
    " spaces ",
    "null",
    "true",
    "0",
    "1e3",
    "[]",
    "{}",
    "2024-05-01T10:00:00Z",
    "\u{feff}\u{fffd}\u{10ffff}",
];

const INTEGERS: &[i64] = &[
    0,
    1,
    -1,
    42,
    1_714_557_600_000,
    i32::MAX as i64,
    i32::MIN as i64,
    (1 << 53) + 1,
    -(1 << 53) - 1,
    i64::MAX,
    i64::MIN,
];

const FLOATS: &[f64] = &[
    0.0,
    1.0,
    3.0,
    -1.5,
    0.1,
    1e-7,
    0.300_000_000_000_000_04,
    123_456_789.123_456_79,
    9_007_199_254_740_992.0,
    1e15,
    1e16,
    1e21,
    -1e300,
    f64::MAX,
    5e-324,
];

impl Sampler<'_> {
    /// Samples a value of any type.
    pub(super) fn sample_any(&mut self, at: &str) -> Value {
        let index = self.choose(at, "anything", ANY_VALUE_COUNT);
        any_value(&mut self.rng, index)
    }

    pub(super) fn sample_string(&mut self, at: &str, schema: &Map<String, Value>) -> String {
        let format = schema.get("format").and_then(Value::as_str);
        let special: &[&str] = match format {
            Some("date-time") => TIMESTAMPS,
            Some("date") => &["2024-02-29", "0001-01-01", "9999-12-31"],
            Some("time") => &["10:00:00Z", "10:00:00.123456789+02:00"],
            Some("byte" | "base64") => &["", "AA==", "aGVsbG8=", "//79", "__79"],
            Some("uuid" | "uuid4") => &[
                "00000000-0000-4000-8000-000000000000",
                "F47AC10B-58CC-4372-A567-0E02B2C3D479",
            ],
            Some("uri" | "url") => &["https://example.org/ä?q=%20#f", "urn:x:y"],
            Some("email") => &["a@example.org"],
            _ => &[],
        };
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && let Some(text) = sample_pattern(pattern, &mut self.rng)
        {
            return text;
        }
        let candidates = if special.is_empty() { TEXTS } else { special };
        let index = self.choose(at, "text", candidates.len());
        let text = candidates.get(index).copied().unwrap_or_default();
        if special.is_empty() {
            fit_length(
                text,
                size_keyword(schema, "minLength"),
                size_keyword(schema, "maxLength"),
            )
        } else {
            text.to_owned()
        }
    }

    pub(super) fn sample_number(
        &mut self,
        at: &str,
        schema: &Map<String, Value>,
        is_integer: bool,
    ) -> Value {
        let multiple = schema.get("multipleOf").and_then(Value::as_f64);
        let mut candidates: Vec<Value> = if is_integer {
            integer_candidates(schema.get("format").and_then(Value::as_str))
        } else {
            let integers = [json!(7), json!(-3), json!(1_u64 << 53)];
            FLOATS
                .iter()
                .map(|float| json!(float))
                .chain(integers)
                .collect()
        };
        candidates.extend(boundary_values(schema, is_integer));
        if let Some(multiple) = multiple {
            candidates = candidates
                .iter()
                .filter_map(|value| multiply(value, multiple))
                .collect();
        }
        candidates.retain(|value| is_within(schema, value));
        let index = self.choose(at, "number", candidates.len());
        candidates.get(index).cloned().unwrap_or(json!(0))
    }
}

/// Returns the candidates for an integer. `3.0` is an integer, too. Without a format, integers have 64 bits and a sign.
fn integer_candidates(format: Option<&str>) -> Vec<Value> {
    let mut all: Vec<Value> = INTEGERS.iter().map(|value| json!(value)).collect();
    all.push(json!(3.0));
    let fits = |value: &Value, fits: fn(i64) -> bool| value.as_i64().is_none_or(fits);
    match format {
        Some("int32" | "int16" | "int8") => {
            all.retain(|value| fits(value, |value| i32::try_from(value).is_ok()));
        }
        Some("uint64") => {
            all.retain(|value| fits(value, |value| value >= 0));
            all.extend([json!(1_u64 << 63), json!(u64::MAX)]);
        }
        _ => {}
    }
    all
}

/// Returns the limits of a numeric schema and their neighbors.
fn boundary_values(schema: &Map<String, Value>, is_integer: bool) -> Vec<Value> {
    let keys = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
    let bounds: Vec<Number> = keys
        .iter()
        .filter_map(|key| schema.get(*key)?.as_number().cloned())
        .collect();
    let mut all = Vec::new();
    for bound in &bounds {
        if let Some(value) = bound.as_i64() {
            all.extend([value.checked_sub(1), Some(value), value.checked_add(1)]);
        }
    }
    let mut all: Vec<Value> = all.into_iter().flatten().map(Value::from).collect();
    if !is_integer {
        let floats: Vec<f64> = bounds.iter().filter_map(Number::as_f64).collect();
        all.extend(floats.iter().map(|value| json!(value)));
        let sum: f64 = floats.iter().sum();
        all.push(json!(sum / 2.0));
        all.extend(floats.iter().map(|value| json!(value + 0.5)));
    }
    all
}

/// Multiplies a number by `factor`; `None` if the product is not finite.
fn multiply(value: &Value, factor: f64) -> Option<Value> {
    if let (Some(value), true) = (value.as_i64(), factor.fract() == 0.0 && factor.abs() < 1e15) {
        return value.checked_mul(factor as i64).map(Value::from);
    }
    let product = value.as_f64()? * factor;
    product.is_finite().then(|| json!(product))
}

/// Returns whether a number is within the limits of a schema.
fn is_within(schema: &Map<String, Value>, value: &Value) -> bool {
    let Some(value) = value.as_f64() else {
        return true;
    };
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    bound("minimum").is_none_or(|bound| value >= bound)
        && bound("maximum").is_none_or(|bound| value <= bound)
        && bound("exclusiveMinimum").is_none_or(|bound| value > bound)
        && bound("exclusiveMaximum").is_none_or(|bound| value < bound)
}

/// Returns the value of a keyword such as `minItems`.
pub(super) fn size_keyword(schema: &Map<String, Value>, key: &str) -> Option<usize> {
    let size = schema.get(key).and_then(Value::as_u64)?;
    usize::try_from(size).ok()
}

/// Cuts or extends a text to the allowed number of characters.
fn fit_length(text: &str, min: Option<usize>, max: Option<usize>) -> String {
    let max = max.unwrap_or(usize::MAX);
    let mut out: String = text.chars().take(max).collect();
    let missing = min
        .unwrap_or(0)
        .min(10_000)
        .saturating_sub(out.chars().count());
    out.extend(std::iter::repeat_n('x', missing));
    out
}

/// The number of choices of [`any_value`].
const ANY_VALUE_COUNT: usize = 12;

/// Returns a value of any type by its index.
fn any_value(rng: &mut Rng, index: usize) -> Value {
    match index {
        0 => Value::Null,
        1 => json!(false),
        2 => json!(u64::MAX),
        3 => json!((1_i64 << 53) + 1),
        4 => json!(1e-7),
        5 => json!(3.0),
        6 => json!([]),
        7 => json!({}),
        8 => json!({ "a": [1, null, { "ключ": ["b", {}] }], "": -0.5, "type": "x" }),
        9 => json!([[], [null], "c"]),
        _ => json!(rng.pick(TEXTS)),
    }
}
