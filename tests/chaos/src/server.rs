//! A local server that draws a fault for each request.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::fault::{ALL, Fault, Situation};
use crate::random::Random;
use crate::request::read_request;
use crate::response::{Bombs, End, Success, WireResponse, make_response};

/// What the server and the caller share.
pub(crate) struct State {
    pub(crate) random: Random,
    /// The response of the current call.
    pub(crate) success: Option<Arc<Success>>,
    pub(crate) situation: Situation,
    /// The fault of every request; drawn at random if `None`.
    pub(crate) fixed_fault: Option<Fault>,
    /// The faults of the requests of the current call, in order.
    pub(crate) faults: Vec<Fault>,
    bombs: Bombs,
}

/// The server. Its address stays the same while it is down.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) state: Arc<Mutex<State>>,
    /// Until when it refuses connections.
    pub(crate) down_until: Instant,
    accepting: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(random: Random) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            random,
            success: None,
            situation: Situation {
                has_body: false,
                is_json: false,
            },
            fixed_fault: None,
            faults: Vec::new(),
            bombs: Bombs::new(),
        }));
        let accepting = tokio::spawn(accept(listener, Arc::clone(&state)));
        Self {
            address,
            state,
            down_until: Instant::now(),
            accepting,
        }
    }

    /// Refuses new connections for some time. Those that exist are kept.
    pub(crate) async fn go_down(&mut self, time: Duration) {
        self.down_until = Instant::now() + time;
        self.accepting.abort();
        // The listener is closed when the task has ended.
        _ = (&mut self.accepting).await;
        let (address, state) = (self.address, Arc::clone(&self.state));
        self.accepting = tokio::spawn(async move {
            sleep(time).await;
            let listener = TcpListener::bind(address).await.unwrap();
            accept(listener, state).await;
        });
    }
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            // The client may close the connection at any time.
            _ = serve(stream, &state).await;
        });
    }
}

async fn serve(stream: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(method) = read_request(&mut stream).await? {
        let response = state.lock().unwrap().respond(&method);
        send(stream.get_mut(), &response).await?;
        match response.end {
            End::KeepAlive => {}
            End::Close => return stream.get_mut().shutdown().await,
            End::Reset => {
                // Let the bytes arrive before the reset.
                sleep(Duration::from_millis(1)).await;
                return stream.get_mut().set_zero_linger();
            }
            End::Stall => {
                stream.read_to_end(&mut Vec::new()).await?;
                return Ok(());
            }
            End::Endless => loop {
                stream.get_mut().write_all(&[b' '; 16 << 10]).await?;
            },
        }
    }
    Ok(())
}

async fn send(stream: &mut TcpStream, response: &WireResponse) -> io::Result<()> {
    if response.pause.is_zero() {
        return stream.write_all(&response.bytes).await;
    }
    for part in response.bytes.chunks(1 + response.bytes.len() / 10) {
        sleep(response.pause).await;
        stream.write_all(part).await?;
    }
    Ok(())
}

impl State {
    fn respond(&mut self, method: &str) -> WireResponse {
        let success = self.success.clone().unwrap();
        let mut situation = self.situation;
        if method == "HEAD" {
            situation = Situation {
                has_body: false,
                is_json: false,
            };
        }
        let drawn = self.fixed_fault.unwrap_or_else(|| {
            // Half of the requests succeed, so that calls end with values, too.
            let is_fault = self.random.below(2) == 0;
            if is_fault {
                *self.random.choose(ALL)
            } else {
                Fault::None
            }
        });
        let fault = drawn.possible(situation);
        self.faults.push(fault);
        make_response(fault, &success, &self.bombs, &mut self.random)
    }
}
