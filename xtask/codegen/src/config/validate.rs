//! Checks of `vendor.toml` that its types do not express.

use super::{Config, UrlRule};
use crate::diag::Code;
use crate::http_names::{has_user_info, is_owned_header, is_token};
use crate::locator::line_column;

impl Config {
    /// Returns the first table that is not valid.
    pub(super) fn find_invalid_table(&self) -> Option<InvalidTable> {
        self.find_invalid_acceptance()
            .or_else(|| self.find_invalid_skip_rule())
            .or_else(|| self.find_invalid_example())
            .or_else(|| self.find_invalid_guide())
            .or_else(|| self.find_invalid_server())
            .or_else(|| self.find_invalid_credential())
            .or_else(|| self.find_invalid_request_id_header())
            .or_else(|| self.find_invalid_url_rule())
            .or_else(|| self.find_invalid_otlp())
            .or_else(|| self.find_invalid_response_rule())
    }

    fn find_invalid_acceptance(&self) -> Option<InvalidTable> {
        find_table("accept", &self.accept, |_, rule| {
            if Code::from_name(&rule.code).is_none() {
                Some(format!("unknown diagnostic code `{}`", rule.code))
            } else if !rule.pointer.starts_with('#') {
                Some("`pointer` must be a JSON pointer that starts with `#`".to_owned())
            } else if rule.reason.trim().is_empty() {
                Some("an accepted gap must have a `reason`".to_owned())
            } else {
                None
            }
        })
    }

    fn find_invalid_skip_rule(&self) -> Option<InvalidTable> {
        find_table("skip", &self.skip, |_, rule| {
            if rule.method.is_none() && rule.operations.is_empty() {
                Some("a skip rule must have a `method` or `operations`".to_owned())
            } else if rule.reason.trim().is_empty() {
                Some("a skip rule must have a `reason`".to_owned())
            } else {
                None
            }
        })
    }

    fn find_invalid_example(&self) -> Option<InvalidTable> {
        find_table("example", &self.example, |index, example| {
            let previous = self.example.get(..index).unwrap_or_default();
            example.find_error(previous).map(str::to_owned)
        })
    }

    fn find_invalid_guide(&self) -> Option<InvalidTable> {
        let message = self.guide.as_ref()?.find_error()?;
        Some(InvalidTable {
            table: "guide",
            index: 0,
            message: message.to_owned(),
        })
    }

    fn find_invalid_server(&self) -> Option<InvalidTable> {
        find_table("server", &self.server, |index, server| {
            let mut previous = self.server.iter().take(index);
            let is_duplicate = previous.any(|other| other.name == server.name);
            if is_duplicate || server.name.is_empty() || !server.url.contains("://") {
                Some("a server must have a unique `name` and an absolute `url`".to_owned())
            } else if has_user_info(&server.url) {
                Some("`url` must not have a user name or a password".to_owned())
            } else {
                None
            }
        })
    }

    fn find_invalid_credential(&self) -> Option<InvalidTable> {
        find_table("credential", &self.credential, |index, credential| {
            let mut previous = self.credential.iter().take(index);
            let is_duplicate = previous.any(|other| other.scheme == credential.scheme);
            if is_duplicate || credential.scheme.is_empty() {
                return Some("a credential must have a unique `scheme`".to_owned());
            }
            let others = &credential.other_header;
            let other_headers = others.iter().map(|other| &other.header);
            let mut headers = credential.header.iter().chain(other_headers);
            let header = headers.find(|name| !is_token(name) || is_owned_header(name));
            let other_variables = others.iter().flat_map(|other| &other.env);
            let own = credential.env.iter().chain(&credential.password_env);
            let mut variables = own.chain(other_variables);
            let variable = variables.find(|name| !is_variable_name(name));
            let prefix = credential.prefix.as_ref();
            let prefix = prefix.filter(|prefix| !prefix.chars().all(|c| matches!(c, ' '..='~')));
            if let Some(name) = header {
                let shown = name.escape_debug();
                Some(format!(
                    "`header`: a key cannot be sent in the header `{shown}`"
                ))
            } else if let Some(name) = variable {
                let shown = name.escape_debug();
                Some(format!(
                    "`env`: `{shown}` is not the name of an environment variable"
                ))
            } else {
                prefix.map(|_| {
                    "`prefix` must consist of visible ASCII characters and spaces".to_owned()
                })
            }
        })
    }

    fn find_invalid_request_id_header(&self) -> Option<InvalidTable> {
        let name = self
            .request_id_headers
            .iter()
            .find(|name| !is_token(name))?;
        Some(InvalidTable {
            table: "request-id-headers",
            index: 0,
            message: format!("`{}` is not the name of a header", name.escape_debug()),
        })
    }

    fn find_invalid_otlp(&self) -> Option<InvalidTable> {
        let message = self.otlp.as_ref()?.find_violation()?;
        Some(InvalidTable {
            table: "otlp",
            index: 0,
            message,
        })
    }

    fn find_invalid_url_rule(&self) -> Option<InvalidTable> {
        let is_invalid = |rule: &UrlRule| {
            rule.url.is_some() == rule.replace.is_some()
                || rule.replace.is_some() != rule.with.is_some()
        };
        let derive = self.base_url.derive.as_ref()?;
        let mut urls = derive.rule.iter().filter_map(|rule| rule.url.as_deref());
        if urls.any(has_user_info) {
            return Some(InvalidTable {
                table: "base-url",
                index: 0,
                message: "`url` must not have a user name or a password".to_owned(),
            });
        }
        derive.rule.iter().any(is_invalid).then(|| InvalidTable {
            table: "base-url",
            index: 0,
            message: "a rule must have either `url`, or `replace` and `with`".to_owned(),
        })
    }

    /// Checks the rules for envelopes, retries and pagination.
    fn find_invalid_response_rule(&self) -> Option<InvalidTable> {
        let envelope = find_table("envelope", &self.envelope, |_, rule| {
            let is_invalid = rule.data.is_empty();
            is_invalid.then(|| "an envelope must have `data`".to_owned())
        });
        let retry = || {
            find_table("retry", &self.retry, |_, rule| {
                let is_invalid = rule.idempotent.is_empty() || rule.reason.trim().is_empty();
                is_invalid.then(|| "a retry rule must have `idempotent` and a `reason`".to_owned())
            })
        };
        let pagination = || {
            find_table("pagination", &self.pagination, |_, rule| {
                rule.find_error().map(str::to_owned)
            })
        };
        envelope.or_else(retry).or_else(pagination)
    }
}

/// Returns whether a text can be the name of an environment variable.
fn is_variable_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c == '=' || c.is_control() || c.is_whitespace())
}

/// A table that is not valid.
pub(super) struct InvalidTable {
    /// The key of the table, or of the array of tables.
    pub table: &'static str,
    /// The index in the array of tables.
    pub index: usize,
    pub message: String,
}

/// Returns the first rule for which `check` returns a message.
fn find_table<T>(
    table: &'static str,
    rules: &[T],
    check: impl Fn(usize, &T) -> Option<String>,
) -> Option<InvalidTable> {
    let mut rules = rules.iter().enumerate();
    rules.find_map(|(index, rule)| {
        let message = check(index, rule)?;
        Some(InvalidTable {
            table,
            index,
            message,
        })
    })
}

/// Returns the line of a table.
pub(super) fn find_line(text: &str, table: &str, index: usize) -> usize {
    let span = toml_edit::Document::parse(text).ok().and_then(|document| {
        let item = document.get(table)?;
        let tables = item
            .as_array_of_tables()
            .and_then(|tables| tables.get(index)?.span());
        let values = item.as_array().and_then(|values| values.get(index)?.span());
        tables.or(values).or_else(|| item.span())
    });
    line_column(text, span.map_or(0, |span| span.start)).0
}
