//! Text and numbers: the odd ones first.

use serde_json::{Map, Number, Value, json};

use super::sampler::Sampler;
use super::text;
use crate::shared::rng::Rng;

/// In all the ways that servers write them.
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
    pub(super) fn anything(&mut self, at: &str) -> Value {
        let card = self.draw(at, "anything", ANYTHING);
        anything(&mut self.rng, card)
    }

    pub(super) fn text(&mut self, at: &str, schema: &Map<String, Value>) -> String {
        let format = schema.get("format").and_then(Value::as_str);
        let fixed: &[&str] = match format {
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
            && let Some(text) = text::of_pattern(pattern, &mut self.rng)
        {
            return text;
        }
        let from = if fixed.is_empty() { TEXTS } else { fixed };
        let card = self.draw(at, "text", from.len());
        let text = from.get(card).copied().unwrap_or_default();
        if fixed.is_empty() {
            fitted(text, size(schema, "minLength"), size(schema, "maxLength"))
        } else {
            text.to_owned()
        }
    }

    pub(super) fn number(&mut self, at: &str, schema: &Map<String, Value>, whole: bool) -> Value {
        let step = schema.get("multipleOf").and_then(Value::as_f64);
        let mut from: Vec<Value> = if whole {
            integers(schema.get("format").and_then(Value::as_str))
        } else {
            let whole = [json!(7), json!(-3), json!(1_u64 << 53)];
            FLOATS
                .iter()
                .map(|float| json!(float))
                .chain(whole)
                .collect()
        };
        from.extend(edges(schema, whole));
        if let Some(step) = step {
            from = from
                .iter()
                .filter_map(|value| stepped(value, step))
                .collect();
        }
        from.retain(|value| is_within(schema, value));
        let card = self.draw(at, "number", from.len());
        from.get(card).cloned().unwrap_or(json!(0))
    }
}

/// `3.0` is a whole number too. Without a format 64 bits with a sign are what a whole number has, as the README says.
fn integers(format: Option<&str>) -> Vec<Value> {
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

/// The limits and what lies just inside them.
fn edges(schema: &Map<String, Value>, whole: bool) -> Vec<Value> {
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
    if !whole {
        let floats: Vec<f64> = bounds.iter().filter_map(Number::as_f64).collect();
        all.extend(floats.iter().map(|value| json!(value)));
        let sum: f64 = floats.iter().sum();
        all.push(json!(sum / 2.0));
        all.extend(floats.iter().map(|value| json!(value + 0.5)));
    }
    all
}

fn stepped(value: &Value, step: f64) -> Option<Value> {
    if let (Some(value), true) = (value.as_i64(), step.fract() == 0.0 && step.abs() < 1e15) {
        return value.checked_mul(step as i64).map(Value::from);
    }
    let product = value.as_f64()? * step;
    product.is_finite().then(|| json!(product))
}

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

pub(super) fn size(schema: &Map<String, Value>, key: &str) -> Option<usize> {
    let size = schema.get(key).and_then(Value::as_u64)?;
    usize::try_from(size).ok()
}

/// The text with as many characters as it may have.
fn fitted(text: &str, least: Option<usize>, most: Option<usize>) -> String {
    let most = most.unwrap_or(usize::MAX);
    let mut out: String = text.chars().take(most).collect();
    let missing = least
        .unwrap_or(0)
        .min(10_000)
        .saturating_sub(out.chars().count());
    out.extend(std::iter::repeat_n('x', missing));
    out
}

/// How many cards [`anything`] knows.
const ANYTHING: usize = 12;

/// Any value at all.
fn anything(rng: &mut Rng, card: usize) -> Value {
    match card {
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
