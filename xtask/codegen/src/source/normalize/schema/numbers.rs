//! Keywords of numbers, and counts.

use serde_json::{Number, Value};

use super::Draft;
use super::kinds::Kind;
use crate::source::normalize::read::Node;
use crate::source::normalize::{Cx, Object};

impl<'d> Cx<'d> {
    /// Reads bounds; 3.1's exclusive bounds, which are numbers, become 3.0's.
    pub(super) fn read_number(&mut self, node: &Node<'d>, draft: &mut Draft) {
        self.read_bound(node, ["minimum", "exclusiveMinimum"], draft, |a, b| a >= b);
        self.read_bound(node, ["maximum", "exclusiveMaximum"], draft, |a, b| a <= b);
        if let Some(step) = node.get("multipleOf").and_then(|step| self.number(&step)) {
            draft
                .number
                .insert("multipleOf".to_owned(), Value::Number(step));
        }
    }

    fn read_bound(
        &self,
        node: &Node<'d>,
        [inclusive, exclusive]: [&str; 2],
        draft: &mut Draft,
        stricter: fn(f64, f64) -> bool,
    ) {
        let mut bound = node.get(inclusive).and_then(|bound| self.number(&bound));
        let mut excluded = false;
        if let Some(said) = node.get(exclusive) {
            match said.value {
                Value::Bool(_) => excluded = self.flag(node, exclusive).unwrap_or(false),
                _ => {
                    let other = self.number(&said);
                    if let Some(other) = other
                        && bound
                            .as_ref()
                            .is_none_or(|bound| stricter(float(&other), float(bound)))
                    {
                        bound = Some(other);
                        excluded = true;
                    }
                }
            }
        }
        if let Some(bound) = bound {
            draft
                .number
                .insert(inclusive.to_owned(), Value::Number(bound));
            if excluded {
                draft.number.insert(exclusive.to_owned(), true.into());
            }
        }
    }

    /// A number, which may stand in quotes.
    fn number(&self, node: &Node<'d>) -> Option<Number> {
        let number = match node.value {
            Value::Number(number) => Some(number.clone()),
            Value::String(text) => parse(text.trim()),
            _ => None,
        };
        if number.is_none() {
            self.wrong(node, "a number", "write a number without quotes");
        }
        number
    }

    /// Reads counts: whole numbers from zero. One that says nothing a count can say is left out.
    pub(super) fn read_counts(&self, node: &Node<'d>, keys: &[&str], out: &mut Object) {
        for key in keys {
            let count = node.get(key).and_then(|count| self.number(&count));
            if let Some(count) = count
                .and_then(|count| whole(&count))
                .and_then(|count| u64::try_from(count).ok())
            {
                out.insert((*key).to_owned(), count.into());
            }
        }
    }
}

impl Draft {
    /// Writes bounds and format for `kind`. Bounds beyond 64 bits show in the format, because 3.0's importers read none.
    pub(super) fn write_number(&self, kind: Kind, out: &mut Object) {
        let mut format = self.format.clone();
        let mut bounds = self.number.clone();
        if kind == Kind::Integer {
            for (bound, exclusive) in [
                ("minimum", "exclusiveMinimum"),
                ("maximum", "exclusiveMaximum"),
            ] {
                let Some(Value::Number(number)) = self.number.get(bound) else {
                    continue;
                };
                match whole(number) {
                    Some(n) => {
                        bounds.insert(bound.to_owned(), n.into());
                    }
                    None => {
                        bounds.remove(bound);
                        bounds.remove(exclusive);
                    }
                }
                if let Some(wide) = wider(number)
                    && format
                        .as_deref()
                        .is_none_or(|format| matches!(format, "int64" | "uint64"))
                {
                    format = Some(
                        if format.as_deref() == Some("bigint") {
                            "bigint"
                        } else {
                            wide
                        }
                        .to_owned(),
                    );
                }
            }
            if bounds
                .get("multipleOf")
                .and_then(Value::as_number)
                .is_some_and(|step| whole(step).is_none())
            {
                bounds.remove("multipleOf");
            }
        }
        super::super::put(out, "format", format);
        out.extend(bounds);
    }
}

/// The format that says how wide an integer must be for `bound` to mean something, where 64 bits are too few.
fn wider(bound: &Number) -> Option<&'static str> {
    let bound = float(bound);
    if bound > u64::MAX as f64 || bound < i64::MIN as f64 {
        Some("bigint")
    } else if bound > i64::MAX as f64 {
        Some("uint64")
    } else {
        None
    }
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

/// A number that is a whole one and fits 64 bits.
fn whole(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number.as_f64().filter(|float| float.fract() == 0.0)?;
        // The bounds themselves are no `f64`, so these comparisons are exact.
        (float >= i64::MIN as f64 && float < i64::MAX as f64).then_some(float as i64)
    })
}

fn parse(text: &str) -> Option<Number> {
    let whole = text.parse::<i64>().ok().map(Number::from);
    whole.or_else(|| text.parse().ok().and_then(Number::from_f64))
}
