//! A blocking call in a forked process is an error. `fork` is unsafe, which the workspace forbids.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use observatory_runtime::spec::{Api, BaseUrlSource};
use observatory_runtime::{Client, ClientBuilder, Endpoint, Json, RequestExt};

static API: Api = Api {
    title: "Test",
    user_agent: "test/1",
    servers: &[],
    base_url: BaseUrlSource {
        env: &[],
        suffix: None,
        derive: None,
    },
    schemes: &[],
    requires_credential: false,
    request_id_headers: &[],
};

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/rows")]
#[endpoint(output = Json<i64>)]
struct Get {
    client: Client,
}

#[test]
fn blocking_call_after_fork_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(&stream).lines();
            _ = lines
                .take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty()))
                .count();
            let response = b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\n7";
            _ = stream.write_all(response);
        }
    });
    let client: Client = ClientBuilder::new(&API).base_url(url).build().unwrap();
    assert_eq!(Get::new(&client).wait().unwrap(), 7);
    // SAFETY: the child process makes one call and exits.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let result = Get::new(&client).wait();
        let is_expected = result.is_err_and(|error| error.to_string().contains("fork"));
        // SAFETY: ends the child process without running the test harness.
        unsafe { libc::_exit(i32::from(!is_expected)) };
    }
    let mut status = -1;
    for _ in 0..500 {
        // SAFETY: `status` outlives the call.
        if unsafe { libc::waitpid(child, &raw mut status, libc::WNOHANG) } == child {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    // Ends a child process that waits forever.
    if status == -1 {
        // SAFETY: the child process is the one that was forked.
        unsafe { libc::kill(child, libc::SIGKILL) };
    }
    assert_eq!(status, 0);
}
