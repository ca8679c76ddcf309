//! Helicone.

use super::{id, observatory, time};
use crate::example::{TRACE, at};
use crate::helicone;
use crate::support::{Vendor, assert_valid, json_body};
use llm_observatory::model::{Message, ScoreValue, SpanKind, Status};
use serde_json::json;

#[tokio::test]
async fn helicone_returns_the_requests_of_a_session() {
    let mut request = json!({
        "response_id": "chatcmpl-1", "response_created_at": time(840), "response_status": 500, "response_model": "gpt-4o",
        "request_id": "00f067aa-0ba9-420a-b4f7-651916cd43dd", "request_created_at": time(40), "request_path": "/v1/chat/completions",
        "request_body": {"model": "gpt-4o", "messages": [{"role": "user", "content": "Why?"}]},
        "response_body": {"message": "no reply"},
        "request_user_id": "u-7", "request_properties": {}, "request_model": "gpt-4o", "model_override": null,
        "helicone_user": null, "provider": "OPENAI", "delay_ms": 800, "time_to_first_token": 100, "total_tokens": 150,
        "prompt_tokens": 120, "prompt_cache_write_tokens": null, "prompt_cache_read_tokens": 20, "completion_tokens": 30,
        "reasoning_tokens": 10, "prompt_audio_tokens": null, "completion_audio_tokens": null, "cost": 0.003
    });
    let more = json!({
        "prompt_id": null, "prompt_version": null, "llmSchema": null, "country_code": null, "asset_ids": null,
        "asset_urls": null, "scores": {"helpful": 1}, "costUSD": null, "assets": [], "target_url": "", "model": "gpt-4o",
        "cache_reference_id": null, "cache_enabled": false, "updated_at": time(900), "request_referrer": null,
        "ai_gateway_body_mapping": null, "storage_location": "s3", "properties": {
            "Helicone-Session-Id": TRACE, "Helicone-Session-Name": "explain the sky", "Name": "chat", "Kind": "llm",
            "Conversation": "s-1", "Service": "support-bot",
        },
    });
    for (name, value) in more.as_object().unwrap() {
        request[name] = value.clone();
    }
    let body = json!({"data": [request], "error": null});
    let vendor = Vendor::start(&[("POST", "/v1/request/query", 200, body)]).await;
    let observatory = observatory(helicone::destination(&vendor));
    let reader = observatory.reader("helicone").unwrap();
    let trace = reader.trace(id()).await.unwrap().unwrap();
    assert_eq!(trace.info.name, "explain the sky");
    assert_eq!(trace.info.session.as_deref(), Some("s-1"));
    assert_eq!(trace.info.user.as_deref(), Some("u-7"));
    let call = &trace.spans[0];
    assert_eq!((call.name.as_str(), call.kind), ("chat", SpanKind::Llm));
    assert_eq!(call.end, at(840));
    assert_eq!(call.usage.total(), Some(150));
    assert_eq!(call.input_messages, [Message::user("Why?")]);
    assert_eq!(trace.scores[0].value, ScoreValue::Number(1.0));
    assert!(matches!(&call.status, Status::Error { message, .. } if message == "no reply"));
    let requests = vendor.requests().await;
    let filter = &json_body(&requests[0])["filter"]["properties"];
    assert_eq!(filter["Helicone-Session-Id"]["equals"], TRACE);
    assert_valid("helicone", &requests);
    let again = reader.trace(id()).await.unwrap().unwrap();
    assert_eq!(
        again.scores, trace.scores,
        "their ids are the same each time"
    );
}
