//! Redirects: followed only to the same host and with an unchanged request.

use std::time::Duration;

use observatory_runtime::{Client, Endpoint, Error, Json};
use wiremock::matchers::{body_string, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::stub_server::{self, StubServer};

#[derive(Endpoint)]
#[endpoint(GET, "/rows")]
#[endpoint(output = Json<i64>)]
struct Get {
    client: Client,
    #[header("X-Kept")]
    kept: Option<String>,
}

#[derive(Endpoint)]
#[endpoint(POST, "/rows")]
#[endpoint(output = Json<i64>)]
struct Post {
    client: Client,
    #[body(Json)]
    body: Vec<i64>,
}

/// Sends a GET and a POST that are redirected from `/rows` to `/there`, which returns 1 only for the unchanged request.
async fn send_redirected(status: u16) -> (Result<i64, Error>, Result<i64, Error>) {
    let server = MockServer::start().await;
    let moved = ResponseTemplate::new(status).insert_header("location", "there/?a=1");
    let moved = Mock::given(path("/rows")).respond_with(moved);
    moved.mount(&server).await;
    let one = || ResponseTemplate::new(200).set_body_string("1");
    let there = |verb| Mock::given(method(verb)).and(path("/there/"));
    let get = there("GET").and(query_param("a", "1"));
    get.and(header("x-kept", "kept"))
        .respond_with(one())
        .mount(&server)
        .await;
    let post = there("POST").and(body_string("[7]"));
    post.and(header("content-type", "application/json"))
        .respond_with(one())
        .mount(&server)
        .await;
    let client = StubServer::start()
        .builder(&stub_server::API_WITHOUT_AUTH)
        .base_url(server.uri());
    let client = client.build().unwrap();
    let get_result = Get::new(&client).kept("kept").await;
    (get_result, Post::new(&client, vec![7]).await)
}

#[tokio::test]
async fn repeats_request_after_307_and_308() {
    for status in [307, 308] {
        let (get, post) = send_redirected(status).await;
        assert_eq!((get.unwrap(), post.unwrap()), (1, 1));
    }
}

#[tokio::test]
async fn does_not_change_post_to_get() {
    for status in [301, 302, 303] {
        let (get, post) = send_redirected(status).await;
        assert_eq!(get.unwrap(), 1);
        let error = post.unwrap_err();
        assert!(error.is_api());
        assert_eq!(error.status().unwrap().as_u16(), status);
        let location = error.headers().unwrap().get("location").unwrap();
        assert_eq!(location, "there/?a=1");
    }
}

#[tokio::test]
async fn ignores_location_of_other_statuses() {
    for status in [300, 304, 404] {
        let (get, post) = send_redirected(status).await;
        for error in [get.unwrap_err(), post.unwrap_err()] {
            assert_eq!(error.status().unwrap().as_u16(), status);
        }
    }
    let (get, _) = send_redirected(201).await;
    assert!(get.unwrap_err().is_decode());
}

#[tokio::test]
async fn limits_number_of_redirects() {
    for location in ["/rows", "/again"] {
        let moved = format!("location: {location}\r\n");
        let peer = StubServer::with_response("307 Temporary Redirect", &moved, b"");
        let error = Get::new(&peer.client()).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 307);
        let all = peer.take_requests();
        let targets: Vec<&str> = all.iter().map(|sent| sent.target.as_str()).collect();
        assert_eq!(targets[..2], ["/rows", location]);
        assert_eq!(targets.len(), 6);
    }
}

#[tokio::test]
async fn does_not_follow_invalid_or_foreign_locations() {
    for location in [
        "",
        "location: http://[\r\n",
        "location: https://127.0.0.1/rows\r\n",
        "location: http://127.0.0.1:1/rows\r\n",
        "location: //localhost/rows\r\n",
        "location: ftp://127.0.0.1/rows\r\n",
    ] {
        let peer = StubServer::with_response("307 Temporary Redirect", location, b"");
        let error = Get::new(&peer.client()).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 307, "{location}");
        assert_eq!(peer.take_requests().len(), 1, "{location}");
    }
}

#[tokio::test]
async fn timeout_includes_redirects() {
    let server = MockServer::start().await;
    let moved = ResponseTemplate::new(307)
        .insert_header("location", "/rows")
        .set_delay(Duration::from_millis(150));
    Mock::given(path("/rows"))
        .respond_with(moved)
        .mount(&server)
        .await;
    let client = StubServer::start()
        .builder(&stub_server::API_WITHOUT_AUTH)
        .base_url(server.uri());
    let client = client.timeout(Duration::from_millis(400)).build().unwrap();
    // Each single request would be in time.
    let error = Get::new(&client).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}
