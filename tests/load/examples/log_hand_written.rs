//! Logs one trace with reqwest and serde: see `log_generated`.

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::args().nth(1).unwrap_or_default();
    let client = observatory_load::hand_written::client();
    observatory_load::hand_written::log(&client, &url, observatory_load::question(1)).await;
}
