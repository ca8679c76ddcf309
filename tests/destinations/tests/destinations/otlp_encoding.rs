//! The encodings of OTLP: protobuf as another implementation decodes it, and messages as JSON text.

use crate::example::{ROOT, call, records};
use crate::support::{Vendor, attributes, deliver, find, parsed};
use crate::wire;
use llm_observatory::destinations::otlp::{self, Otlp, OtlpEncoding};
use llm_observatory::destinations::{ItemOutcome, Outcome};
use llm_observatory::model::{Message, Part, Record};
use prost::Message as _;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

const TRACES: &str = "/v1/traces";

fn protobuf(vendor: &Vendor) -> Otlp {
    otlp::endpoint(vendor.url()).build().unwrap()
}

/// Sends one span in protobuf and returns its attributes as the server decodes them.
async fn decoded(vendor: &Vendor, span: llm_observatory::model::Span) -> Value {
    deliver(&protobuf(vendor), &[Record::from(span)]).await;
    let request = vendor.requests().await.pop().unwrap();
    let span = &wire::spans(&request)[0];
    let pairs = span.attributes.iter().map(|attribute| {
        let value = wire::to_json(attribute.value.as_ref().unwrap());
        (attribute.key.clone(), value)
    });
    Value::Object(pairs.collect())
}

#[tokio::test]
async fn protobuf_has_the_same_spans_as_json() {
    let vendor = Vendor::start(&[("POST", TRACES, 200, json!({}))]).await;
    let json = otlp::endpoint(vendor.url()).encoding(OtlpEncoding::Json);
    deliver(&json.build().unwrap(), &records()).await;
    let body = vendor.bodies(TRACES).await.pop().unwrap();
    let spans = body["resourceSpans"][0]["scopeSpans"][0]["spans"].clone();
    deliver(&protobuf(&vendor), &records()).await;
    let request = vendor.requests().await.pop().unwrap();
    assert_eq!(
        request.header("content-type"),
        Some("application/x-protobuf")
    );
    let body = wire::Request::decode(request.body.as_slice()).unwrap();
    let decoded = &body.resource_spans[0].scope_spans[0].spans;
    assert_eq!(decoded.len(), 5);
    for span in decoded {
        let hex: String = span
            .span_id
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let expected = find(&spans, "spanId", &hex);
        assert_eq!(span.name, expected["name"]);
        assert_eq!(span.trace_id.len(), 16);
        assert_eq!(span.parent.is_empty(), hex == ROOT);
        assert_eq!(span.start.to_string(), expected["startTimeUnixNano"]);
        let values = attributes(expected);
        assert_eq!(span.attributes.len(), values.as_object().unwrap().len());
        for attribute in &span.attributes {
            let value = attribute.value.as_ref().unwrap();
            let actual = wire::to_json(value);
            assert_eq!(actual, values[attribute.key.as_str()], "{}", attribute.key);
        }
    }
}

#[tokio::test]
async fn partial_success_is_read_in_both_encodings() {
    let partial = wire::Response {
        partial: Some(wire::Partial {
            rejected: 1,
            message: "too old".to_owned(),
        }),
    };
    let all = json!({"partialSuccess": {"rejectedSpans": 9, "errorMessage": "all"}});
    for (response, expected) in [
        (
            ResponseTemplate::new(200)
                .set_body_raw(partial.encode_to_vec(), "application/x-protobuf"),
            1,
        ),
        (
            ResponseTemplate::new(200)
                .set_body_json(json!({"partialSuccess": {"errorMessage": "a warning"}})),
            0,
        ),
        (ResponseTemplate::new(200).set_body_json(all), 6),
        (ResponseTemplate::new(200), 0),
        (
            ResponseTemplate::new(200).set_body_raw("<html>log in</html>", "text/html"),
            6,
        ),
        (
            ResponseTemplate::new(200)
                .set_body_json(json!({"partialSuccess": {"rejectedSpans": -1}})),
            6,
        ),
    ] {
        let vendor = Vendor::start(&[]).await;
        vendor.respond("POST", TRACES, response).await;
        let rejected = match deliver(&protobuf(&vendor), &records()).await {
            Outcome::Rejected { .. } => 6,
            Outcome::Items(items) => items
                .iter()
                .filter(|item| matches!(item, ItemOutcome::Rejected { .. }))
                .count(),
            other => panic!("{other:?}"),
        };
        assert_eq!(rejected, expected);
    }
}

#[tokio::test]
async fn fields_of_every_length_are_decoded() {
    let vendor = Vendor::start(&[("POST", TRACES, 200, json!({}))]).await;
    let around = |length: usize| length - 12..length + 4;
    let lengths = (0..4).chain(around(1 << 7)).chain(around(1 << 14));
    for length in lengths.chain(around(1 << 21).step_by(5)) {
        let mut span = call();
        let text = "é".repeat(length / 2) + &"x".repeat(length % 2);
        span.model = Some(text.clone());
        let values = decoded(&vendor, span).await;
        assert!(values["gen_ai.request.model"] == text, "{length} bytes");
        assert_eq!(values["gen_ai.response.id"], "chatcmpl-1", "{length} bytes");
    }
}

#[tokio::test]
async fn values_of_every_type_are_decoded() {
    let vendor = Vendor::start(&[("POST", TRACES, 200, json!({}))]).await;
    let mut span = call();
    let metadata = json!({
        "zero": 0, "negative": -1, "least": i64::MIN, "most": i64::MAX, "half": 0.5, "minus": -2.5e300,
        "yes": true, "no": false, "empty": "", "list": ["", "a"], "object": {"a": [1, null]},
    });
    let Value::Object(metadata) = metadata else {
        panic!("an object");
    };
    span.metadata = metadata;
    let values = decoded(&vendor, span).await;
    for (name, expected) in [
        ("zero", json!("0")),
        ("negative", json!("-1")),
        ("least", json!(i64::MIN.to_string())),
        ("most", json!(i64::MAX.to_string())),
        ("half", json!(0.5)),
        ("minus", json!(-2.5e300)),
        ("yes", json!(true)),
        ("no", json!(false)),
        ("empty", json!("")),
        ("list", json!(["", "a"])),
        ("object", json!(r#"{"a":[1,null]}"#)),
    ] {
        assert_eq!(values[format!("metadata.{name}")], expected, "{name}");
    }
}

#[tokio::test]
async fn every_character_of_a_message_is_escaped_as_json_requires() {
    let vendor = Vendor::start(&[("POST", TRACES, 200, json!({}))]).await;
    let ascii = (0..0x80_u8).map(char::from);
    let characters: Vec<char> = ascii.chain(['é', '\u{2028}', '😀']).collect();
    // Before, at and after the bounds of what is compared at once.
    let texts = [0, 1, 31, 32, 33, 64].iter().flat_map(|offset| {
        let characters = characters.iter();
        characters.map(|character| format!("{}{character}é{character}", "x".repeat(*offset)))
    });
    let mut texts: Vec<String> = texts.collect();
    texts.push(characters.iter().collect());
    let mut span = call();
    let messages: Vec<Message> = texts
        .iter()
        .map(|text| Message::new(text.as_str(), text))
        .collect();
    span.input_messages = messages.into();
    let values = decoded(&vendor, span).await;
    let input = parsed(&values["gen_ai.input.messages"]);
    assert_eq!(input.as_array().unwrap().len(), texts.len());
    for (message, text) in input.as_array().unwrap().iter().zip(&texts) {
        let expected = json!({"role": text, "parts": [{"type": "text", "content": text}]});
        assert_eq!(*message, expected);
    }
}

#[tokio::test]
async fn every_kind_of_part_is_written() {
    let vendor = Vendor::start(&[("POST", TRACES, 200, json!({}))]).await;
    let media = |content, media_type: Option<&str>| llm_observatory::model::Media {
        content,
        media_type: media_type.map(str::to_owned),
        name: None,
    };
    let uri = |text: &str| llm_observatory::model::Content::Uri(text.to_owned());
    let parts = [
        Part::Reasoning {
            content: "because".to_owned(),
        },
        Part::ToolCall {
            id: None,
            name: "now".to_owned(),
            arguments: Value::Null,
        },
        Part::ToolResult {
            id: Some("1".to_owned()),
            result: json!(["\"", 1.5]),
        },
        Part::Image(media(uri("https://a.example/\"b"), None)),
        Part::File(media(uri("c"), Some("audio/wav"))),
        Part::File(media(uri("d"), None)),
    ];
    let mut span = call();
    span.output_messages = vec![Message::with_parts("assistant", parts)].into();
    let values = decoded(&vendor, span).await;
    let expected = json!([
        {"type": "reasoning", "content": "because"},
        {"type": "tool_call", "id": null, "name": "now", "arguments": null},
        {"type": "tool_call_response", "id": "1", "response": ["\"", 1.5]},
        {"type": "uri", "modality": "image", "uri": "https://a.example/\"b"},
        {"type": "uri", "modality": "audio", "uri": "c", "mime_type": "audio/wav"},
        {"type": "uri", "modality": "document", "uri": "d"},
    ]);
    assert_eq!(
        parsed(&values["gen_ai.output.messages"])[0]["parts"],
        expected
    );
}

#[tokio::test]
async fn responses_of_any_bytes_are_read_or_refused() {
    // The number of refused spans, or `None` where the bytes are not a response.
    let partial = |bytes: &[u8]| [&[0x0a, u8::try_from(bytes.len()).unwrap()], bytes].concat();
    for (body, expected) in [
        (partial(&[0x08, 1]), Some(1)),
        // Other fields, of every kind, before and after.
        (
            [
                &[0x10, 5, 0x1a, 1, b'x'],
                &partial(&[0x08, 2])[..],
                &[0x21, 1, 2, 3, 4, 5, 6, 7, 8],
            ]
            .concat(),
            Some(2),
        ),
        (
            partial(&[0x25, 1, 2, 3, 4, 0x08, 1, 0x12, 1, b'm']),
            Some(1),
        ),
        // The last of several values.
        (partial(&[0x08, 1, 0x08, 3]), Some(3)),
        // Negative, and more than 64 bits.
        (
            partial(&[
                0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1,
            ]),
            None,
        ),
        (
            partial(&[
                0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1,
            ]),
            None,
        ),
        // Cut off.
        (vec![0x0a], None),
        (vec![0x0a, 2, 0x08], None),
        (
            vec![
                0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0,
            ],
            None,
        ),
        (vec![0x21, 1], None),
        // A group, the field 0, and text that is not UTF-8.
        (vec![0x0b], None),
        (vec![0x00, 1], None),
        (partial(&[0x12, 1, 0xff]), None),
    ] {
        let vendor = Vendor::start(&[]).await;
        let response = ResponseTemplate::new(200);
        let response = response.set_body_raw(body.clone(), "application/x-protobuf");
        vendor.respond("POST", TRACES, response).await;
        let refused = match deliver(&protobuf(&vendor), &records()).await {
            Outcome::Rejected { .. } => None,
            Outcome::Items(items) => Some(
                items
                    .iter()
                    .filter(|item| matches!(item, ItemOutcome::Rejected { .. }))
                    .count(),
            ),
            other => panic!("{other:?}"),
        };
        assert_eq!(refused, expected, "{body:02x?}");
    }
}
