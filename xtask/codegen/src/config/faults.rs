//! What serde lets pass in `vendor.toml`, and nobody can mean.

use super::{Config, UrlRule};
use crate::diag::Code;

impl Config {
    /// The first thing that serde lets pass and nobody can mean.
    pub(super) fn fault(&self) -> Option<Fault> {
        let first = self.accept_fault().or_else(|| self.server_fault());
        first.or_else(|| self.rule_fault())
    }

    fn accept_fault(&self) -> Option<Fault> {
        self.accept.iter().enumerate().find_map(|(index, rule)| {
            let message = if Code::from_name(&rule.code).is_none() {
                format!("`{}` is no diagnostic's code", rule.code)
            } else if !rule.pointer.starts_with('#') {
                "`pointer` names a place in the document and starts with `#`".to_owned()
            } else if rule.reason.trim().is_empty() {
                "an accepted gap has a `reason`".to_owned()
            } else {
                return None;
            };
            Some(Fault {
                table: "accept",
                index,
                message,
            })
        })
    }

    fn server_fault(&self) -> Option<Fault> {
        let servers = self.server.iter().enumerate().find_map(|(index, server)| {
            let twice = self
                .server
                .iter()
                .take(index)
                .any(|other| other.name == server.name);
            let wrong = twice || server.name.is_empty() || !server.url.contains("://");
            let message = "a server has a `name` of its own and a `url`".to_owned();
            wrong.then_some(Fault {
                table: "server",
                index,
                message,
            })
        });
        let credentials = self
            .credential
            .iter()
            .enumerate()
            .find_map(|(index, credential)| {
                let twice = self
                    .credential
                    .iter()
                    .take(index)
                    .any(|other| other.scheme == credential.scheme);
                let message = "a credential has a `scheme` of its own".to_owned();
                (twice || credential.scheme.is_empty()).then_some(Fault {
                    table: "credential",
                    index,
                    message,
                })
            });
        let rules = self.base_url.derive.as_ref().and_then(|derive| {
            let odd = |rule: &UrlRule| {
                rule.url.is_some() == rule.replace.is_some()
                    || rule.replace.is_some() != rule.with.is_some()
            };
            let message = "a rule has either `url` or `replace` and `with`".to_owned();
            derive.rule.iter().any(odd).then_some(Fault {
                table: "base-url",
                index: 0,
                message,
            })
        });
        servers.or(credentials).or(rules)
    }

    fn rule_fault(&self) -> Option<Fault> {
        let envelopes = self.envelope.iter().position(|rule| rule.data.is_empty());
        let envelopes = envelopes.map(|index| Fault {
            table: "envelope",
            index,
            message: "an envelope has `data`".to_owned(),
        });
        let retries = self
            .retry
            .iter()
            .position(|rule| rule.idempotent.is_empty() || rule.reason.trim().is_empty());
        let retries = retries.map(|index| Fault {
            table: "retry",
            index,
            message: "what may be sent again is named by `idempotent`, with a `reason`".to_owned(),
        });
        let pages = self
            .pagination
            .iter()
            .enumerate()
            .find_map(|(index, rule)| {
                let message = rule.fault()?.to_owned();
                Some(Fault {
                    table: "pagination",
                    index,
                    message,
                })
            });
        envelopes.or(retries).or(pages)
    }
}

/// Something that nobody can mean, in the `index`th table of a name.
pub(super) struct Fault {
    pub table: &'static str,
    pub index: usize,
    pub message: String,
}

/// The line on which the table stands.
pub(super) fn line_of(text: &str, table: &str, index: usize) -> usize {
    let span = toml_edit::Document::parse(text).ok().and_then(|document| {
        let item = document.get(table)?;
        let tables = item
            .as_array_of_tables()
            .and_then(|tables| tables.get(index)?.span());
        let values = item.as_array().and_then(|values| values.get(index)?.span());
        tables.or(values).or_else(|| item.span())
    });
    crate::locator::line_column(text, span.map_or(0, |span| span.start)).0
}
