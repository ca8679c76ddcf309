//! The protobuf encoding of OTLP.
//!
//! Fields are written straight from the spans, without a copy of them as generated messages: a batch has a million bytes.
//! Numbers of fields are those of opentelemetry-proto 1.x, which never change.

mod wire;

use super::attributes::{AttributeValue, Attributes};
use super::span::{Export, OtlpEvent, OtlpSpan, SCOPE};
use wire::{Field, Writer, read_fields};

/// Encodes an export request.
pub(super) fn encode(export: &Export<'_>) -> Vec<u8> {
    let mut request = Writer::default();
    for resource in &export.resources {
        request.message(1, |resource_spans| {
            resource_spans.message(1, |message| {
                write_attributes(message, 1, &resource.attributes);
            });
            resource_spans.message(2, |scope_spans| {
                scope_spans.message(1, |scope| {
                    scope.bytes(1, SCOPE.0);
                    scope.bytes(2, SCOPE.1);
                });
                for span in &resource.spans {
                    scope_spans.message(2, |message| write_span(message, span));
                }
            });
        });
    }
    request.into_bytes()
}

fn write_span(message: &mut Writer, span: &OtlpSpan<'_>) {
    message.bytes(1, span.trace_id.to_bytes());
    message.bytes(2, span.id.to_bytes());
    if let Some(parent) = span.parent {
        message.bytes(4, parent.to_bytes());
    }
    message.bytes(5, span.name.as_bytes());
    message.integer(6, span.kind().into());
    message.fixed64(7, span.start.0);
    message.fixed64(8, span.end.0);
    write_attributes(message, 9, &span.attributes);
    for event in &span.events {
        message.message(11, |message| write_event(message, event));
    }
    message.message(15, |status| {
        status.bytes(2, span.error.as_deref().unwrap_or_default());
        status.integer(3, span.status_code().into());
    });
}

fn write_event(message: &mut Writer, event: &OtlpEvent<'_>) {
    message.fixed64(1, event.time.0);
    message.bytes(2, event.name.as_bytes());
    write_attributes(message, 3, &event.attributes);
}

fn write_attributes(message: &mut Writer, field: u64, attributes: &Attributes<'_>) {
    for (name, value) in attributes.iter() {
        message.message(field, |pair| {
            pair.bytes(1, name);
            pair.message(2, |message| write_value(message, value));
        });
    }
}

fn write_value(message: &mut Writer, value: &AttributeValue<'_>) {
    match value {
        AttributeValue::Text(text) => message.bytes_even_if_empty(1, text.as_bytes()),
        AttributeValue::Boolean(boolean) => message.integer(2, (*boolean).into()),
        AttributeValue::Integer(integer) => message.integer(3, *integer),
        AttributeValue::Number(number) => message.fixed64(4, number.to_bits()),
        AttributeValue::Texts(texts) => message.message(5, |values| {
            for text in texts {
                values.message(1, |value| value.bytes_even_if_empty(1, text.as_bytes()));
            }
        }),
    }
}

/// Returns how many spans were refused, and why. Fails where the body is not a response of OTLP.
pub(super) fn decode_response(body: &[u8]) -> Result<(u64, String), String> {
    let (mut rejected, mut message) = (0, String::new());
    for (number, field) in read_fields(body)? {
        let (1, Field::Bytes(partial_success)) = (number, field) else {
            continue;
        };
        for (number, field) in read_fields(partial_success)? {
            match (number, field) {
                (1, Field::Integer(count)) => rejected = count,
                (2, Field::Bytes(text)) => {
                    let text = std::str::from_utf8(text).map_err(|error| error.to_string())?;
                    text.clone_into(&mut message);
                }
                _ => {}
            }
        }
    }
    if i64::try_from(rejected).is_err() {
        return Err("`rejected_spans` is negative".to_owned());
    }
    Ok((rejected, message))
}
