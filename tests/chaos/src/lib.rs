//! Calls every operation of a generated client, at random, while its server fails at random.
//!
//! The server is a real one, on a socket of this process. It draws a [`Fault`](fault::Fault) for each request. Client and
//! server share one thread and the paused clock of tokio, which advances when both wait, so that the same seed gives the
//! same calls, and timeouts take no time. Each call must end in its time, with the value that was sent or an error that
//! names the cause.

mod call;
#[path = "../../../crates/runtime/tests/support/error_text.rs"]
mod error_text;
mod fault;
#[allow(dead_code, reason = "the tests of the runtime use the rest of it")]
#[path = "../../../crates/runtime/tests/support/random.rs"]
mod random;
mod report;
mod request;
mod response;
mod server;

use std::fmt::Debug;
use std::future::Future;
use std::io::BufRead;

use observatory_runtime::{BoxFuture, Client, ClientBuilder, Error, Response};
use peak_alloc::PeakAlloc;

use call::Caller;
use report::Report;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The debug text of the value that a call returns, or an error of the arguments.
pub type Sent = Result<BoxFuture<'static, Result<String, Error>>, String>;

/// A generated client and its operations.
pub struct Program<C: 'static, V: 'static> {
    /// Returns a client builder with a credential for each security scheme.
    pub builder: fn() -> ClientBuilder<C>,
    /// A function for each operation.
    pub calls: &'static [fn(&C, &V) -> Sent],
    /// Makes the arguments of a call from JSON texts.
    pub values: fn(Vec<Option<String>>) -> V,
}

/// Returns the future of a call as the program stores it.
pub fn finish<T: Debug + 'static>(
    request: impl Future<Output = Result<Response<T>, Error>> + Send + 'static,
) -> Sent {
    Ok(Box::pin(async {
        let response = request.await?;
        Ok(format!("{:?}", response.into_value()))
    }))
}

/// Reads the operations from standard input, a [`call::Task`] in each line, and makes as many calls as the first argument
/// has, with the seed that the second one has. Prints the report as JSON.
pub fn run<C: From<Client> + 'static, V: 'static>(program: &Program<C, V>) {
    let mut arguments = std::env::args().skip(1);
    let mut number = || arguments.next().unwrap().parse().unwrap();
    let (count, seed) = (number(), number());
    let lines = std::io::stdin().lock().lines().map(Result::unwrap);
    let tasks = lines.map(|line| serde_json::from_str(&line).unwrap());
    rustls::crypto::ring::default_provider()
        .install_default()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let report = runtime.block_on(make_calls(program, tasks.collect(), count, seed));
    println!("{}", serde_json::to_string(&report).unwrap());
}

async fn make_calls<C: From<Client>, V: 'static>(
    program: &Program<C, V>,
    tasks: Vec<call::Task>,
    count: u64,
    seed: u64,
) -> Report {
    let mut caller = Caller::new(program, seed).await;
    let operations = caller.prepare(tasks).await;
    let mut before = 0;
    for number in 0..count {
        // By now connections, buffers and tables have their size.
        if number == count / 10 {
            before = MEMORY.current_usage();
        }
        caller.call(&operations, number).await;
    }
    let grown = MEMORY.current_usage().saturating_sub(before);
    caller.into_report(grown)
}
