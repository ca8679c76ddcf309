//! Logs one trace with the generated client. `cargo xtask bench` compares the size of this program with
//! `log_hand_written`.
//!
//! `cargo run -p observatory-load --example log_generated http://127.0.0.1:8080`

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::args().nth(1).unwrap_or_default();
    let client = observatory_load::generated::client(&url);
    observatory_load::generated::log(&client, observatory_load::question(1)).await;
}
