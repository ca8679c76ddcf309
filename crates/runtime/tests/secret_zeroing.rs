//! Keys do not stay in memory: the memory of this process is searched for one that was dropped.
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

use observatory_runtime::spec::{Api, Scheme, SchemeKind};
use observatory_runtime::{Client, ClientBuilder, Empty, Endpoint, Secret};

use crate::support::scripted_transport::{self, ScriptedTransport, Step};
use crate::support::stub_server;

static API: Api = stub_server::api(&[Scheme {
    id: "basic",
    kind: SchemeKind::Basic,
    env: &[],
    password_env: &[],
}]);

#[derive(Endpoint)]
#[endpoint(GET, "/rows")]
#[endpoint(output = Empty, auth("basic"))]
struct Get {
    client: Client,
}

const LENGTH: usize = 64;

/// What an allocator writes at the start of what is freed.
const LOST: usize = 16;

fn letter(index: usize) -> u8 {
    b'a' + (index * 7 % 26) as u8
}

/// A key that stands nowhere in the program.
fn key() -> String {
    let mut key = String::with_capacity(LENGTH);
    key.extend((0..LENGTH).map(|index| char::from(letter(index))));
    key
}

fn is_key(bytes: &[u8]) -> bool {
    let mut rest = bytes.iter().enumerate();
    rest.all(|(index, byte)| *byte == letter(index + LOST))
}

/// How often the key, or what is left of it, is in what this process can write to.
fn found() -> usize {
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
                .windows(LENGTH - LOST)
                .filter(|part| is_key(part))
                .count();
        }
        // Nothing of it is to be found in what was read.
        page.fill(0);
    }
    count
}

/// One test, since others would have keys of their own in the same memory.
#[test]
fn a_key_that_is_dropped_is_gone() {
    let secret = Secret::new(key());
    assert!(found() > 0, "the search finds what is there");
    let copy = secret.clone();
    drop(secret);
    drop(copy);
    assert_eq!(found(), 0, "a secret was dropped");

    let builder = ClientBuilder::<Client>::new(&API).base_url("https://a.b");
    let script = ScriptedTransport::repeating(Step::status(204));
    let builder = builder.transport(script.clone()).basic_auth("user", key());
    let client = builder.build().unwrap();
    let copy: Client = ClientBuilder::like(&client).build().unwrap();
    scripted_transport::block_on(async { Get::new(&client).await.unwrap() });
    drop((client, copy));
    // As text it was in no header: there it was in base64.
    assert_eq!(found(), 0, "a client was dropped");

    // What nobody wipes is found.
    drop(key());
    let kept = found();
    assert!(kept > 0, "the search finds what was dropped");
}
