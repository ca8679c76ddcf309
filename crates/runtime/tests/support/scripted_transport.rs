//! A transport with scripted results, and a clock that advances only in `sleep`.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use observatory_runtime::{
    Body, BoxFuture, ByteStream, Clock, Limits, Transport, TransportError, TransportErrorKind,
    Value,
};

/// Status, headers and body.
type ResponseParts = (u16, Vec<(String, String)>, Vec<u8>);

/// The result of one attempt.
#[derive(Clone, Debug)]
pub struct Step {
    result: Result<ResponseParts, TransportErrorKind>,
    /// Whether the attempt uses its whole timeout.
    uses_timeout: bool,
}

impl Step {
    pub fn status(status: u16) -> Self {
        Self {
            result: Ok((status, Vec::new(), Vec::new())),
            uses_timeout: false,
        }
    }

    pub fn json(status: u16, body: Value) -> Self {
        Self::status(status).body(&body.to_string())
    }

    pub fn failure(failure: TransportErrorKind) -> Self {
        Self {
            result: Err(failure),
            uses_timeout: false,
        }
    }

    pub fn headers(mut self, headers: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        if let Ok((_, existing, _)) = &mut self.result {
            *existing = headers.iter().map(owned).collect();
        }
        self
    }

    pub fn body(mut self, body: &str) -> Self {
        if let Ok((_, _, existing)) = &mut self.result {
            *existing = body.as_bytes().to_vec();
        }
        self
    }

    /// Lets the attempt use its whole timeout.
    pub fn stalling(self) -> Self {
        Self {
            uses_timeout: true,
            ..self
        }
    }

    fn into_result(self) -> Result<http::Response<ByteStream>, TransportError> {
        let (status, headers, body) = self
            .result
            .map_err(|failure| TransportError::new(failure, "connection lost"))?;
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(name, value);
        }
        Ok(response.body(body.into()).unwrap())
    }
}

#[derive(Default)]
struct State {
    /// The steps that are left. The last one is repeated.
    steps: Vec<Step>,
    requests: Vec<http::Request<Body>>,
    limits: Vec<Limits>,
    sleeps: Vec<Duration>,
    time: Duration,
}

/// A transport that returns one step for each request. It is also a clock.
#[derive(Clone, Default)]
pub struct ScriptedTransport(Arc<Mutex<State>>);

impl ScriptedTransport {
    /// Creates a transport that repeats a step.
    pub fn repeating(step: Step) -> Self {
        Self::new([step])
    }

    /// Creates a transport that returns the steps in order and repeats the last one.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let this = Self::default();
        this.state().steps = steps.into_iter().collect();
        this
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Replaces the steps with one that is repeated.
    pub fn set_step(&self, step: Step) {
        self.state().steps = vec![step];
    }

    /// Returns the number of requests.
    pub fn request_count(&self) -> usize {
        self.state().requests.len()
    }

    /// Removes the recorded requests and returns their number.
    pub fn take_request_count(&self) -> usize {
        std::mem::take(&mut self.state().requests).len()
    }

    pub fn requests(&self) -> Vec<http::Request<Body>> {
        self.state().requests.clone()
    }

    pub fn limits(&self) -> Vec<Limits> {
        self.state().limits.clone()
    }

    /// Returns the duration of each sleep.
    pub fn sleeps(&self) -> Vec<Duration> {
        self.state().sleeps.clone()
    }

    /// Returns the time on the clock.
    pub fn elapsed(&self) -> Duration {
        self.state().time
    }
}

impl Transport for ScriptedTransport {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let mut state = self.state();
        state.requests.push(request);
        state.limits.push(limits);
        let step = match state.steps.len() {
            1 => state.steps[0].clone(),
            _ => state.steps.remove(0),
        };
        if step.uses_timeout {
            state.time += limits.timeout;
        }
        Box::pin(async { step.into_result() })
    }
}

impl Clock for ScriptedTransport {
    fn now(&self) -> Duration {
        self.state().time
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        let mut state = self.state();
        state.sleeps.push(time);
        state.time += time;
        Box::pin(async {})
    }
}

/// Runs a future without tokio.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = Box::pin(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}
