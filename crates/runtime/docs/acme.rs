// The client of a small API, as the generator emits it, for the examples of the guide. Its responses are scripted.

use std::sync::{Arc, Mutex};
use std::time::Duration;

pub use observatory_runtime::{Error, File, Response, RequestExt, RetryPolicy};
use observatory_runtime::{
    self as runtime, Body, BoxFuture, ByteStream, Bytes, Clock, Empty, Endpoint, Json, Limits, Model, Raw, Transport,
    TransportError, spec,
};

#[derive(Clone, Debug)]
pub struct Client(runtime::Client);

pub type ClientBuilder = runtime::ClientBuilder<Client>;

impl From<runtime::Client> for Client {
    fn from(client: runtime::Client) -> Self {
        Self(client)
    }
}

impl Client {
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new(&API).api_key("key")
    }
    pub fn project(&self, id: i64) -> GetProject {
        GetProject::new(&self.0, id)
    }
    pub fn projects(&self) -> ListProjects {
        ListProjects::new(&self.0)
    }
    pub fn create_project(&self, body: Project) -> CreateProject {
        CreateProject::new(&self.0, body)
    }
    pub fn upload(&self, file: File) -> Upload {
        Upload::new(&self.0, file)
    }
    pub fn export(&self) -> Export {
        Export::new(&self.0)
    }
}

#[derive(Clone, Debug, PartialEq, Model)]
pub struct Project {
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Model)]
pub struct ProjectPage {
    pub projects: Vec<Project>,
    pub next_cursor: Option<String>,
}

#[derive(Clone, Debug, Endpoint)]
#[endpoint(GET, "/projects/{id}")]
#[endpoint(output = Json<Project>, auth("key"))]
pub struct GetProject {
    client: runtime::Client,
    #[in_path]
    id: i64,
}

#[derive(Clone, Debug, Endpoint)]
#[endpoint(GET, "/projects")]
#[endpoint(output = Json<ProjectPage>, auth("key"))]
#[endpoint(pages(cursor = "cursor", next = "next_cursor", items = "projects"))]
#[endpoint(item = Project)]
pub struct ListProjects {
    client: runtime::Client,
    #[query]
    pub cursor: Option<String>,
    #[query]
    pub limit: Option<i64>,
}

#[derive(Clone, Debug, Endpoint)]
#[endpoint(POST, "/projects")]
#[endpoint(output = Json<Project>, auth("key"))]
pub struct CreateProject {
    client: runtime::Client,
    #[body(Json)]
    pub body: Project,
}

#[derive(Clone, Debug, Endpoint)]
#[endpoint(PUT, "/file")]
#[endpoint(output = Empty, auth("key"))]
pub struct Upload {
    client: runtime::Client,
    #[body(Bytes)]
    pub body: File,
}

#[derive(Clone, Debug, Endpoint)]
#[endpoint(GET, "/export")]
#[endpoint(output = Raw, auth("key"))]
pub struct Export {
    client: runtime::Client,
}

static API: spec::Api = spec::Api {
    title: "Acme",
    user_agent: "acme/1",
    servers: &[spec::Server {
        name: "production",
        url: "https://api.acme.example",
        key_prefix: None,
    }],
    base_url: spec::BaseUrlSource {
        env: &[],
        suffix: None,
        derive: None,
    },
    schemes: &[spec::SecurityScheme {
        id: "key",
        kind: spec::SchemeKind::Bearer,
        env: &["ACME_API_KEY"],
        password_env: &[],
        other_headers: &[],
    }],
    requires_credential: true,
    request_id_headers: &["x-request-id"],
};

/// A transport that returns the responses in order and repeats the last one, and a clock that advances in `sleep`.
#[derive(Clone)]
pub struct ScriptedTransport(Arc<Mutex<(Vec<(u16, String)>, Duration)>>);

impl ScriptedTransport {
    pub fn new(responses: &[(u16, &str)]) -> Self {
        let responses = responses.iter().map(|(status, body)| (*status, (*body).to_owned()));
        Self(Arc::new(Mutex::new((responses.collect(), Duration::ZERO))))
    }
}

impl Transport for ScriptedTransport {
    fn send(
        &self,
        request: http::Request<Body>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let (responses, _) = &mut *self.0.lock().unwrap();
        let (status, body) = if responses.len() > 1 { responses.remove(0) } else { responses[0].clone() };
        Box::pin(async move {
            _ = std::io::copy(&mut request.body().reader(), &mut std::io::sink());
            let response = http::Response::builder().status(status).header("x-request-id", "r-1");
            Ok(response.body(body.into_bytes().into()).unwrap())
        })
    }
}

impl Clock for ScriptedTransport {
    fn now(&self) -> Duration {
        self.0.lock().unwrap().1
    }
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.lock().unwrap().1 += duration;
        Box::pin(async {})
    }
}

/// Returns a client builder whose transport returns these responses.
pub fn builder_with_responses(responses: &[(u16, &str)]) -> ClientBuilder {
    let transport = ScriptedTransport::new(responses);
    Client::builder().transport(transport.clone()).clock(transport)
}

pub fn run<T>(future: impl Future<Output = Result<T, Error>>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future).unwrap()
}
