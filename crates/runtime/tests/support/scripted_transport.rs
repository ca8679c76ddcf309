//! A transport that does what it is told, and a clock that moves only where somebody waits.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use observatory_runtime::{
    Body, BoxFuture, ByteStream, Clock, Limits, Transport, TransportError, TransportFailure, Value,
};

/// Status, headers and body.
type Answer = (u16, Vec<(String, String)>, Vec<u8>);

/// What comes of an attempt.
#[derive(Clone, Debug)]
pub struct Step {
    result: Result<Answer, TransportFailure>,
    /// Takes all the time that it is given.
    stalls: bool,
}

impl Step {
    pub fn status(status: u16) -> Self {
        Self {
            result: Ok((status, Vec::new(), Vec::new())),
            stalls: false,
        }
    }

    pub fn json(status: u16, body: Value) -> Self {
        Self::status(status).body(&body.to_string())
    }

    pub fn failure(failure: TransportFailure) -> Self {
        Self {
            result: Err(failure),
            stalls: false,
        }
    }

    pub fn headers(mut self, headers: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        if let Ok((_, kept, _)) = &mut self.result {
            *kept = headers.iter().map(owned).collect();
        }
        self
    }

    pub fn body(mut self, body: &str) -> Self {
        if let Ok((_, _, kept)) = &mut self.result {
            *kept = body.as_bytes().to_vec();
        }
        self
    }

    pub fn stalling(self) -> Self {
        Self {
            stalls: true,
            ..self
        }
    }

    fn into_result(self) -> Result<http::Response<ByteStream>, TransportError> {
        let (status, headers, body) = self
            .result
            .map_err(|failure| TransportError::new(failure, "the cable"))?;
        let mut answer = http::Response::builder().status(status);
        for (name, value) in headers {
            answer = answer.header(name, value);
        }
        Ok(answer.body(body.into()).unwrap())
    }
}

#[derive(Default)]
struct State {
    /// The last one stays.
    steps: Vec<Step>,
    requests: Vec<http::Request<Body>>,
    limits: Vec<Limits>,
    sleeps: Vec<Duration>,
    time: Duration,
}

#[derive(Clone, Default)]
pub struct ScriptedTransport(Arc<Mutex<State>>);

impl ScriptedTransport {
    pub fn repeating(step: Step) -> Self {
        Self::new([step])
    }

    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let this = Self::default();
        this.state().steps = steps.into_iter().collect();
        this
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// From now on.
    pub fn set_step(&self, step: Step) {
        self.state().steps = vec![step];
    }

    /// How many requests there were.
    pub fn request_count(&self) -> usize {
        self.state().requests.len()
    }

    /// How many requests there were since the last time.
    pub fn take_request_count(&self) -> usize {
        std::mem::take(&mut self.state().requests).len()
    }

    pub fn requests(&self) -> Vec<http::Request<Body>> {
        self.state().requests.clone()
    }

    pub fn limits(&self) -> Vec<Limits> {
        self.state().limits.clone()
    }

    pub fn sleeps(&self) -> Vec<Duration> {
        self.state().sleeps.clone()
    }

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
        if step.stalls {
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

/// A runtime that is not tokio.
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
