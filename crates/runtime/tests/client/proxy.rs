//! Which requests go through a proxy of the environment.
//!
//! The environment of this process cannot be changed, so the client runs in a child process.

use std::env;
use std::process::Command;

use observatory_runtime::{Client, ClientBuilder, Endpoint, Json, RetryPolicy};

use crate::support::stub_server::{API_WITHOUT_AUTH, StubServer};

/// The variable with the base URL, for the child process.
const URL: &str = "OBSERVATORY_TEST_PROXY_URL";

#[derive(Endpoint)]
#[endpoint(GET, "/rows")]
#[endpoint(output = Json<i64>)]
struct Get {
    client: Client,
    #[header("X-Api-Key")]
    key: String,
}

/// Sends a GET to the URL from a child process with this proxy. Returns its output.
fn get_in_child_process(url: &str, variable: &str, proxy: &str) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    for name in [
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "REQUEST_METHOD",
    ] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    let output = command
        .args([
            "--exact",
            "proxy::child_process_get",
            "--ignored",
            "--nocapture",
        ])
        .env(variable, proxy)
        .env(URL, url)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
#[ignore = "runs in the child process that the other tests start"]
async fn child_process_get() {
    let builder: ClientBuilder<Client> = ClientBuilder::new(&API_WITHOUT_AUTH);
    let builder = builder.base_url(env::var(URL).expect("run by the other tests"));
    let builder = builder.allow_http(true).retry(RetryPolicy::never());
    let client = builder.build().unwrap();
    match Get::new(&client, "key").await {
        Ok(value) => println!("\nresult: {value}"),
        Err(error) => println!("\nresult: {error} {error:?}"),
    }
}

#[test]
fn requests_to_this_machine_use_no_proxy() {
    let server = StubServer::with_response("200 OK", "", b"7");
    let port = server.url().rsplit(':').next().unwrap();
    for variable in ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"] {
        for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.1"] {
            let proxy = StubServer::with_response("200 OK", "", b"666");
            let url = format!("http://{host}:{port}");
            let output = get_in_child_process(&url, variable, proxy.url());
            assert!(output.contains("result: 7"), "{variable} {url}: {output}");
            assert!(proxy.take_requests().is_empty());
        }
    }
}

#[test]
fn requests_to_other_hosts_use_the_proxy_of_the_environment() {
    let proxy = StubServer::with_response("200 OK", "", b"8");
    let output = get_in_child_process("http://example.invalid", "http_proxy", proxy.url());
    assert!(output.contains("result: 8"), "{output}");
    let request = proxy.take_single_request();
    assert_eq!(request.target, "http://example.invalid/rows");
    // With HTTPS, the proxy sees the host alone.
    let output = get_in_child_process("https://example.invalid", "https_proxy", proxy.url());
    assert!(output.contains("result: "), "{output}");
    let request = proxy.take_single_request();
    assert_eq!(request.method, "CONNECT");
    assert_eq!(request.header("x-api-key"), None);
}

/// The password of a proxy is not a credential of the API, but a secret as well.
#[test]
fn errors_show_no_password_of_a_proxy() {
    for proxy in [
        "http://user:PROXY-SECRET@127.0.0.1:1",
        "http://PROXY-SECRET@127.0.0.1:1",
        "http://user:PROXY-SECRET@[::1",
        "user:PROXY-SECRET@127.0.0.1:1",
        "socks5://user:PROXY-SECRET@127.0.0.1:1",
        "ftp://user:PROXY-SECRET@127.0.0.1:1",
    ] {
        for (url, variable) in [
            ("http://example.invalid", "http_proxy"),
            ("https://example.invalid", "https_proxy"),
        ] {
            let output = get_in_child_process(url, variable, proxy);
            assert!(output.contains("result: "), "{proxy}: {output}");
            assert!(!output.contains("SECRET"), "{proxy}: {output}");
        }
    }
}

#[test]
fn requests_to_other_names_of_this_machine_use_no_proxy() {
    let server = StubServer::with_response("200 OK", "", b"7");
    let port = server.url().rsplit(':').next().unwrap();
    for host in [
        "127.0.0.2",
        "0x7f000001",
        "2130706433",
        "LOCALHOST",
        "localhost.",
    ] {
        let proxy = StubServer::with_response("200 OK", "", b"666");
        get_in_child_process(&format!("http://{host}:{port}"), "http_proxy", proxy.url());
        assert!(proxy.take_requests().is_empty(), "{host}");
    }
}
