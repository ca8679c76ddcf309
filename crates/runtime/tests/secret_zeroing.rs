//! Dropped keys are overwritten: the test searches the memory of its own process.
#![cfg(all(feature = "client", target_os = "linux"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::fs;
use std::os::unix::fs::FileExt;

use observatory_runtime::spec::{Api, SchemeKind, SecurityScheme};
use observatory_runtime::{Client, ClientBuilder, Empty, Endpoint, Secret};

use crate::support::scripted_transport::{self, ScriptedTransport, Step};
use crate::support::stub_server;

static API: Api = stub_server::api(&[SecurityScheme {
    id: "basic",
    kind: SchemeKind::Basic,
    env: &[],
    password_env: &[],
    other_headers: &[],
}]);

#[derive(Endpoint)]
#[endpoint(GET, "/rows")]
#[endpoint(output = Empty, auth("basic"))]
struct Get {
    client: Client,
}

const LENGTH: usize = 64;

/// The number of bytes that an allocator may overwrite at the start of freed memory.
const OVERWRITTEN: usize = 16;

fn letter(index: usize) -> u8 {
    b'a' + (index * 7 % 26) as u8
}

/// Returns a key that is not part of the program text.
fn key() -> String {
    let mut key = String::with_capacity(LENGTH);
    key.extend((0..LENGTH).map(|index| char::from(letter(index))));
    key
}

fn is_key(bytes: &[u8]) -> bool {
    let mut rest = bytes.iter().enumerate();
    rest.all(|(index, byte)| *byte == letter(index + OVERWRITTEN))
}

/// Counts the occurrences of the key, or of the rest of it, in the writable memory of this process.
fn count_keys() -> usize {
    let memory = fs::File::open("/proc/self/mem").unwrap();
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut count = 0;
    for line in maps.lines().filter(|line| line.contains(" rw-p ")) {
        let range = line.split(' ').next().unwrap();
        let (start, end) = range.split_once('-').unwrap();
        let number = |text| u64::from_str_radix(text, 16).unwrap();
        let (start, end) = (number(start), number(end));
        let mut page = vec![0; 4096 + LENGTH];
        for at in (start..end).step_by(4096) {
            let Ok(read) = memory.read_at(&mut page, at) else {
                break;
            };
            count += page[..read]
                .windows(LENGTH - OVERWRITTEN)
                .filter(|part| is_key(part))
                .count();
        }
        // Do not find the copy in this buffer.
        page.fill(0);
    }
    count
}

/// A single test, because other tests would have keys in the same memory.
#[test]
fn zeroes_dropped_keys() {
    let secret = Secret::new(key());
    assert!(count_keys() > 0, "the search finds a live key");
    let copy = secret.clone();
    drop(secret);
    drop(copy);
    assert_eq!(count_keys(), 0, "the secret is still in memory");

    let builder = ClientBuilder::<Client>::new(&API).base_url("https://a.b");
    let script = ScriptedTransport::repeating(Step::status(204));
    let builder = builder.transport(script.clone()).basic_auth("user", key());
    let client = builder.build().unwrap();
    let copy: Client = ClientBuilder::from_client(&client).build().unwrap();
    scripted_transport::block_on(async { Get::new(&client).await.unwrap() });
    drop((client, copy));
    // The header contains the key in base64 only. With `testing`, a request carries the secrets to recorders.
    #[cfg(feature = "testing")]
    script.take_request_count();
    assert_eq!(count_keys(), 0, "the key of the client is still in memory");

    // A key that is not zeroed is found.
    drop(key());
    let kept = count_keys();
    assert!(kept > 0, "the search finds a freed key");
}
