//! Faults of the network: a destination that speaks to a local server, one line of JSON for each record.

use super::support::{LONG, checked, eventually, quick, spans};
use llm_observatory::Observatory;
use llm_observatory::destinations::{BoxFuture, Destination, ItemOutcome, Outcome};
use llm_observatory::model::Record;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Sends each batch on a connection of its own.
struct Tcp(SocketAddr);

impl Tcp {
    async fn send(&self, batch: &[Arc<Record>]) -> std::io::Result<Outcome> {
        let mut stream = tokio::net::TcpStream::connect(self.0).await?;
        let mut text = String::new();
        for record in batch {
            text += &serde_json::to_string(record)?;
            text.push('\n');
        }
        text.push('\n');
        stream.write_all(text.as_bytes()).await?;
        let mut response = String::new();
        stream.read_to_string(&mut response).await?;
        if response == "ok" {
            return Ok(Outcome::Items(vec![ItemOutcome::Acknowledged; batch.len()]));
        }
        Ok(Outcome::Retry {
            reason: "closed before the response".to_owned(),
            after: None,
        })
    }
}

impl Destination for Tcp {
    fn name(&self) -> &str {
        "tcp"
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            self.send(batch)
                .await
                .unwrap_or_else(|error| Outcome::Retry {
                    reason: error.kind().to_string(),
                    after: None,
                })
        })
    }
}

/// What the server does with a connection.
#[derive(Clone, Copy)]
enum Fault {
    Close,
    CloseAfterReading,
    Stall,
}

/// Serves connections in order: first the faults, then correct responses. Returns the lines that it has acknowledged.
fn serve(listener: TcpListener, faults: Vec<Fault>) -> Arc<Mutex<Vec<String>>> {
    let stored = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&stored);
    thread::spawn(move || {
        let mut faults = faults.into_iter();
        let mut stalled = Vec::new();
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            match faults.next() {
                Some(Fault::Close) => drop(stream),
                Some(Fault::CloseAfterReading) => drop(read(&stream)),
                Some(Fault::Stall) => stalled.push(stream),
                None => {
                    let received = read(&stream);
                    lines.lock().unwrap().extend(received);
                    let mut stream = stream;
                    let _ = stream.write_all(b"ok");
                }
            }
        }
    });
    stored
}

fn read(stream: &TcpStream) -> Vec<String> {
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    lines.take_while(|line| !line.is_empty()).collect()
}

fn build(address: SocketAddr) -> Observatory {
    let options = quick().attempt_timeout(Duration::from_millis(50));
    Observatory::builder()
        .to(Tcp(address))
        .delivery(options)
        .build()
        .unwrap()
}

#[test]
fn delivers_after_refused_connections() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let observatory = build(address);
    spans(&observatory, 10);
    eventually(|| observatory.report().destinations[0].retries >= 2);
    let report = observatory.report();
    let problem = checked(&report, "tcp").problem.clone().unwrap();
    assert_eq!(problem.reason, "connection refused");
    let stored = serve(TcpListener::bind(address).unwrap(), Vec::new());
    let report = observatory.flush_blocking(LONG);
    assert_eq!(report.to_string(), "tcp: 10 accepted, 10 acknowledged");
    assert_eq!(stored.lock().unwrap().len(), 10);
}

#[test]
fn delivers_after_closed_and_stalled_connections() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let faults = vec![Fault::Close, Fault::CloseAfterReading, Fault::Stall];
    let stored = serve(listener, faults);
    let observatory = build(address);
    spans(&observatory, 10);
    let report = observatory.flush_blocking(LONG);
    let report = checked(&report, "tcp");
    assert_eq!((report.acknowledged, report.retries), (10, 3));
    assert_eq!(stored.lock().unwrap().len(), 10);
}

/// The background thread's runtime has its own timers and sockets, so the program's runtime may be busy or blocked.
#[tokio::test(flavor = "current_thread")]
async fn delivers_while_the_runtime_of_the_program_is_blocked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let stored = serve(listener, vec![Fault::Stall]);
    let observatory = build(address);
    spans(&observatory, 10);
    eventually(|| stored.lock().unwrap().len() == 10);
}
