//! A local HTTP server that records requests and sends a fixed response.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use observatory_runtime::spec::{Api, BaseUrlSource, SecurityScheme};
use observatory_runtime::{Client, ClientBuilder};

/// Returns an API without servers.
pub const fn api(schemes: &'static [SecurityScheme]) -> Api {
    Api {
        title: "Test",
        user_agent: "test/1",
        servers: &[],
        base_url: BaseUrlSource {
            env: &[],
            suffix: None,
            derive: None,
        },
        schemes,
        requires_credential: true,
        request_id_headers: &[],
    }
}

pub static API_WITHOUT_AUTH: Api = api(&[]);

/// A recorded request.
#[derive(Clone, Debug, Default)]
pub struct ReceivedRequest {
    pub method: String,
    /// The request target: path and query.
    pub target: String,
    /// The header names are in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl ReceivedRequest {
    /// Returns the value of a header. Fails if the header occurs more than once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut matches = self.headers.iter().filter(|(known, _)| known == name);
        let first = matches.next();
        assert!(matches.next().is_none(), "duplicate header {name}");
        first.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn read(stream: &TcpStream) -> Self {
        let mut lines = BufReader::new(stream);
        let mut line = || {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            line.trim_end_matches(['\r', '\n']).to_owned()
        };
        let mut request = Self::default();
        let request_line = line();
        let mut words = request_line.split(' ');
        request.method = words.next().unwrap_or_default().to_owned();
        request.target = words.next().unwrap_or_default().to_owned();
        loop {
            let line = line();
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            request
                .headers
                .push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = request.header("content-length").map(|text| text.parse());
        request.body = vec![0; length.transpose().unwrap().unwrap_or_default()];
        lines.read_exact(&mut request.body).unwrap();
        request
    }
}

pub struct StubServer {
    url: String,
    requests: Arc<Mutex<Vec<ReceivedRequest>>>,
}

impl StubServer {
    /// Starts a server that responds with 204.
    pub fn start() -> Self {
        Self::with_response("204 No Content", "", b"")
    }

    /// Starts a server that responds with a status, header lines (each ending in CRLF) and a body.
    pub fn with_response(status: &str, headers: &str, body: &[u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let length = match status {
            "204 No Content" => String::new(),
            _ => format!("content-length: {}\r\n", body.len()),
        };
        let mut response =
            format!("HTTP/1.1 {status}\r\n{length}{headers}connection: close\r\n\r\n").into_bytes();
        response.extend_from_slice(body);
        let recorded = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                recorded
                    .lock()
                    .unwrap()
                    .push(ReceivedRequest::read(&stream));
                _ = stream.write_all(&response);
            }
        });
        Self { url, requests }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns a client builder for this server.
    pub fn builder(&self, api: &'static Api) -> ClientBuilder<Client> {
        ClientBuilder::new(api).base_url(self.url())
    }

    /// Returns a client without credentials.
    pub fn client(&self) -> Client {
        self.builder(&API_WITHOUT_AUTH).build().unwrap()
    }

    /// Takes the requests since the last call.
    pub fn take_requests(&self) -> Vec<ReceivedRequest> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }

    /// Takes the only request since the last call. Fails if there is not exactly one.
    pub fn take_single_request(&self) -> ReceivedRequest {
        let mut requests = self.take_requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests.remove(0)
    }
}
