//! Reads the fields of spans and events.

use crate::attributes::AttributeValue;
use crate::recording::error_message;
use std::error::Error;
use std::fmt;
use tracing_core::Field;
use tracing_core::field::Visit;

/// Calls a closure for each field.
pub(super) struct Visitor<F>(pub(super) F);

impl<F: FnMut(&'static str, AttributeValue<'_>)> Visitor<F> {
    fn visit(&mut self, field: &Field, value: AttributeValue<'_>) {
        (self.0)(field.name(), value);
    }
}

impl<F: FnMut(&'static str, AttributeValue<'_>)> Visit for Visitor<F> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.visit(field, AttributeValue::Text(value.into()));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.visit(field, AttributeValue::Integer(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.visit(field, AttributeValue::Unsigned(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.visit(field, AttributeValue::Float(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.visit(field, AttributeValue::Boolean(value));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.visit(field, AttributeValue::Text(error_message(value).into()));
    }

    /// Called for `%display` and `?debug`.
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.visit(field, AttributeValue::Text(format!("{value:?}").into()));
    }
}
