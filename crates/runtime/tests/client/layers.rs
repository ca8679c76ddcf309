//! Transport layers.

#[cfg(feature = "rustls")]
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::HeaderValue;
#[cfg(feature = "rustls")]
use observatory_runtime::RequestExt as _;
use observatory_runtime::{
    Body, BoxFuture, ByteStream, Client, ClientBuilder, Endpoint, Json, Limits, Transport,
    TransportError,
};
use serde_json::json;

use crate::support::scripted_transport::{ScriptedTransport, Step};
use crate::support::stub_server;

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/rows")]
#[endpoint(output = Json<i64>)]
struct Get {
    client: Client,
}

type Log = Arc<Mutex<Vec<String>>>;

/// Appends its name to a header, and logs each response.
struct NamedLayer<T> {
    name: &'static str,
    inner: T,
    log: Log,
}

impl<T: Transport> Transport for NamedLayer<T> {
    fn send(
        &self,
        mut request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let name = HeaderValue::from_static(self.name);
        request.headers_mut().append("x-by", name);
        Box::pin(async move {
            let response = self.inner.send(request, limits).await;
            let status = response.as_ref().map(|response| response.status().as_u16());
            let line = format!("{} {status:?}", self.name).replace("Ok", "");
            self.log.lock().unwrap().push(line);
            response
        })
    }
}

fn builder_with_layers(script: &ScriptedTransport, log: &Log) -> ClientBuilder<Client> {
    let (first, second) = (Arc::clone(log), Arc::clone(log));
    ClientBuilder::new(&stub_server::API_WITHOUT_AUTH)
        .base_url("https://a.b")
        .layer(|inner| NamedLayer {
            name: "inner",
            inner,
            log: first,
        })
        .transport(script.clone())
        .clock(script.clone())
        .layer(|inner| NamedLayer {
            name: "outer",
            inner,
            log: second,
        })
}

#[tokio::test]
async fn layers_wrap_each_attempt_in_order() {
    let script = ScriptedTransport::new([Step::status(503), Step::json(200, json!(7))]);
    let log = Log::default();
    let client = builder_with_layers(&script, &log).build().unwrap();
    assert_eq!(Get::new(&client).await.unwrap(), 7);
    let expected = ["inner (503)", "outer (503)", "inner (200)", "outer (200)"];
    assert_eq!(*log.lock().unwrap(), expected);
    for request in script.requests() {
        let by: Vec<_> = request.headers().get_all("x-by").iter().collect();
        assert_eq!(by, ["outer", "inner"]);
    }
    // A client that is built from this one has each layer once.
    let like: Client = ClientBuilder::from_client(&client).build().unwrap();
    Get::new(&like).await.unwrap();
    let requests = script.requests();
    assert_eq!(requests[2].headers().get_all("x-by").iter().count(), 2);
}

#[tokio::test]
async fn limits_reach_transport_and_are_enforced_if_it_ignores_them() {
    let script = ScriptedTransport::repeating(Step::json(200, json!(1234567)));
    let builder = builder_with_layers(&script, &Log::default())
        .timeout(Duration::from_secs(9))
        .max_response_size(6);
    let error = Get::new(&builder.build().unwrap()).await.unwrap_err();
    assert!(
        error.is_too_large() && script.request_count() == 1,
        "{error}"
    );
    assert_eq!(script.limits(), [Limits::new(Duration::from_secs(9), 6)]);
}

/// The response body does not end, so a layer that buffers it would wait forever.
#[cfg(feature = "rustls")]
#[tokio::test]
async fn layers_do_not_buffer_streams() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for (stream, head) in listener.incoming().zip(["503 Busy", "200 OK"]) {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            assert_eq!(request.matches("x-by: ").count(), 2, "{request}");
            let length = if head == "200 OK" {
                ""
            } else {
                "content-length: 1\r\nconnection: close\r\n"
            };
            let response = format!("HTTP/1.1 {head}\r\n{length}\r\n7");
            stream.write_all(response.as_bytes()).unwrap();
            kept.push(stream);
        }
        std::thread::park();
    });
    let log = Log::default();
    let (first, second) = (Arc::clone(&log), Arc::clone(&log));
    let client: Client = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH)
        .base_url(url)
        .layer(|inner| NamedLayer {
            name: "inner",
            inner,
            log: first,
        })
        .layer(|inner| NamedLayer {
            name: "outer",
            inner,
            log: second,
        })
        .build()
        .unwrap();
    let response = Get::new(&client).stream().await.unwrap();
    assert_eq!(response.attempts(), 2);
    assert_eq!(response.into_value().next().await.unwrap().unwrap(), b"7");
    let expected = ["inner (503)", "outer (503)", "inner (200)", "outer (200)"];
    assert_eq!(*log.lock().unwrap(), expected);
}
