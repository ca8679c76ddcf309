//! Drafts the servers and the variable of the base URL.

use serde_json::Value;

use super::variables::Purpose;
use super::{ConfigDraft, comment, toml_string};

impl ConfigDraft<'_> {
    /// Drafts the servers. The first one is called by default, so that a key must not go to a server on this machine, or
    /// without encryption, by accident.
    pub(super) fn servers(&self) -> String {
        let servers = self.document.get("servers").and_then(Value::as_array);
        let urls = servers
            .into_iter()
            .flatten()
            .filter_map(|server| server.get("url")?.as_str());
        let urls: Vec<&str> = urls.filter(|url| url.starts_with("http")).collect();
        let mut ranked = urls.clone();
        ranked.sort_by_key(|url| (is_local(url), !url.starts_with("https:")));
        let mut out = if urls.is_empty() {
            "# The document lists no server. Without one here, callers have to set the base URL.\n\
             # [[server]]\n# name = \"production\"\n# url = \"https://…\"\n"
                .to_owned()
        } else {
            comment(&format!("Servers of the document: {}.", urls.join(", ")))
        };
        // The document's servers are used if none is here. A URL with variables is left to the generator.
        if ranked != urls && !urls.iter().any(|url| url.contains('{')) {
            out += "# Ranked: https first, and servers on this machine last. The first one is the default.\n";
            for (index, url) in ranked.iter().enumerate() {
                let name = server_name(url, index);
                let (name, url) = (toml_string(&name), toml_string(url));
                out += &format!("[[server]]\nname = {name}\nurl = {url}\n\n");
            }
        }
        out + &self.base_url()
    }

    fn base_url(&self) -> String {
        let (variables, reason) = self.variables_of(
            Purpose::Url,
            "BASE_URL",
            "The conventional name of the variable; prefer the one that the vendor's SDKs read.",
        );
        comment(&reason) + &format!("[base-url]\nenv = [{variables}]\n")
    }
}

/// Returns whether the host of a URL is this machine.
fn is_local(url: &str) -> bool {
    let authority = url.split("://").nth(1).unwrap_or_default();
    let host = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let host = host.to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host.starts_with("127.")
        || ["0.0.0.0", "::1", "host.docker.internal"].contains(&host.as_str())
}

fn server_name(url: &str, index: usize) -> String {
    match (is_local(url), index) {
        (_, 0) => "production".to_owned(),
        (true, _) => "local".to_owned(),
        (false, _) => format!("server-{index}"),
    }
}
