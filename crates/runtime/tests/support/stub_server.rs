//! A server on this machine that keeps what it was sent, byte for byte, and answers what it was told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use observatory_runtime::spec::{Api, BaseUrl, Scheme};
use observatory_runtime::{Client, ClientBuilder};

/// An API without servers.
pub const fn api(schemes: &'static [Scheme]) -> Api {
    Api {
        title: "Peer",
        user_agent: "peer/1",
        servers: &[],
        base_url: BaseUrl {
            env: &[],
            suffix: None,
            derive: None,
        },
        schemes,
        request_id_headers: &[],
    }
}

pub static API_WITHOUT_AUTH: Api = api(&[]);

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub struct ReceivedRequest {
    pub method: String,
    /// What stands between method and version.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl ReceivedRequest {
    /// The value of a header that came once at most.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        let first = found.next();
        assert!(found.next().is_none(), "{name} came more than once");
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
        let mut sent = Self::default();
        let start = line();
        let mut words = start.split(' ');
        sent.method = words.next().unwrap_or_default().to_owned();
        sent.target = words.next().unwrap_or_default().to_owned();
        loop {
            let line = line();
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            sent.headers
                .push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = sent.header("content-length").map(|text| text.parse());
        sent.body = vec![0; length.transpose().unwrap().unwrap_or_default()];
        lines.read_exact(&mut sent.body).unwrap();
        sent
    }
}

pub struct StubServer {
    url: String,
    sent: Arc<Mutex<Vec<ReceivedRequest>>>,
}

impl StubServer {
    /// It answers with 204.
    pub fn start() -> Self {
        Self::with_response("204 No Content", "", b"")
    }

    /// It answers with this status, these header lines and this body.
    pub fn with_response(status: &str, headers: &str, body: &[u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let sent = Arc::new(Mutex::new(Vec::new()));
        let length = match status {
            "204 No Content" => String::new(),
            _ => format!("content-length: {}\r\n", body.len()),
        };
        let mut answer =
            format!("HTTP/1.1 {status}\r\n{length}{headers}connection: close\r\n\r\n").into_bytes();
        answer.extend_from_slice(body);
        let kept = Arc::clone(&sent);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                kept.lock().unwrap().push(ReceivedRequest::read(&stream));
                _ = stream.write_all(&answer);
            }
        });
        Self { url, sent }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// A builder of clients for this server.
    pub fn builder(&self, api: &'static Api) -> ClientBuilder<Client> {
        ClientBuilder::new(api).base_url(self.url())
    }

    /// A client without credentials.
    pub fn client(&self) -> Client {
        self.builder(&API_WITHOUT_AUTH).build().unwrap()
    }

    /// What came since the last time.
    pub fn take_requests(&self) -> Vec<ReceivedRequest> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }

    /// The one request that came since the last time.
    pub fn take_single_request(&self) -> ReceivedRequest {
        let mut all = self.take_requests();
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }
}
