//! Reads requests from a connection.

use std::io;

use tokio::io::AsyncBufReadExt;
use tokio::io::{AsyncReadExt, BufReader};
use tokio::net::TcpStream;

/// Reads a whole request. Returns its method; `None` if the client closed the connection.
///
/// A connection that is closed before all data was read would be reset.
pub(crate) async fn read_request(stream: &mut BufReader<TcpStream>) -> io::Result<Option<String>> {
    let (mut method, mut length, mut is_chunked) = (None, 0, false);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if method.is_none() {
            method = line.split(' ').next().map(str::to_owned);
        }
        let line = line.to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        is_chunked |= line.starts_with("transfer-encoding:");
    }
    if is_chunked {
        read_chunks(stream).await?;
    } else {
        stream.read_exact(&mut vec![0; length]).await?;
    }
    Ok(method)
}

async fn read_chunks(stream: &mut BufReader<TcpStream>) -> io::Result<()> {
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let size = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
        // Each chunk, and the last one, ends with an empty line.
        stream.read_exact(&mut vec![0; size + 2]).await?;
        if size == 0 {
            return Ok(());
        }
    }
}
