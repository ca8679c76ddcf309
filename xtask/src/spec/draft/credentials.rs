//! Drafts the credentials.

use std::cmp::Reverse;

use serde_json::Value;

use super::variables::Purpose;
use super::{ConfigDraft, comment, toml_string};
use observatory_codegen::plan::casing::split_words;

/// A security scheme of the document.
struct Scheme<'v> {
    id: &'v str,
    value: &'v Value,
    /// The number of operations that use it.
    uses: usize,
}

impl Scheme<'_> {
    fn text(&self, key: &str) -> &str {
        self.value
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn is_api_key_in(&self, location: &str) -> bool {
        self.text("type") == "apiKey" && self.text("in") == location
    }

    /// Returns whether the scheme is an API key that is not sent as a cookie, and is not an ID that is called one.
    fn is_key(&self) -> bool {
        let words = split_words(&format!("{} {}", self.text("name"), self.id));
        let is_key_word =
            |word| ["key", "apikey", "token", "auth", "authorization"].contains(&word);
        (self.is_api_key_in("header") || self.is_api_key_in("query"))
            && words.split(' ').any(is_key_word)
    }

    /// Returns the order of drafts: keys of programs, then tokens and passwords, then what else is sent with them. A
    /// scheme that few operations use comes after those that most use.
    fn rank(&self, most_uses: usize) -> (bool, usize, Reverse<usize>) {
        let kind = match self.text("type") {
            "apiKey" if self.is_key() => 0,
            "apiKey" if self.is_api_key_in("cookie") => 3,
            "apiKey" => 2,
            _ => 1,
        };
        let is_rare = kind < 2 && 2 * self.uses < most_uses;
        (is_rare, kind, Reverse(self.uses))
    }
}

impl ConfigDraft<'_> {
    /// Drafts the credentials, that of programs first: `Client::new` takes it.
    pub(super) fn credentials(&self) -> String {
        let schemes = self
            .document
            .pointer("/components/securitySchemes")
            .and_then(Value::as_object);
        let mut schemes: Vec<Scheme<'_>> = (schemes.into_iter().flatten())
            .map(|(id, scheme)| Scheme {
                id,
                value: self.resolve(scheme),
                uses: self.count_uses(id),
            })
            .collect();
        let most_uses = schemes.iter().map(|scheme| scheme.uses).max();
        let most_uses = most_uses.unwrap_or_default();
        schemes.sort_by_cached_key(|scheme| (scheme.rank(most_uses), scheme.id.to_owned()));
        if schemes.is_empty() {
            let mut out = "# The document has no security scheme. If the API requires a key, add a scheme and `security` in\n\
                    # overlay.yaml, and a [[credential]] here.\n"
                .to_owned();
            let named = self.variables.of(Purpose::Key, &self.vendor_names());
            if !named.is_empty() {
                let named = named.join("`, `");
                out += &comment(&format!("Variables that its text names: `{named}`."));
            }
            return out;
        }
        let mut is_first_key = true;
        let drafts = schemes.iter().map(|scheme| {
            let mut out = comment(&format!("Used by {} operations.", scheme.uses));
            out += &format!("[[credential]]\nscheme = {}\n", toml_string(scheme.id));
            out + &self.credential(scheme, &mut is_first_key)
        });
        drafts.collect::<Vec<_>>().join("\n")
    }

    /// Returns the number of operations that use a scheme. Operations without `security` use the document's.
    fn count_uses(&self, id: &str) -> usize {
        let uses_scheme = |security: &Value| {
            let requirements = security.as_array().into_iter().flatten();
            requirements
                .filter_map(Value::as_object)
                .any(|requirement| requirement.contains_key(id))
        };
        let default = self.document.get("security");
        let operations = self.operations().into_iter();
        let securities = operations.filter_map(|operation| operation.get("security").or(default));
        securities.filter(|security| uses_scheme(security)).count()
    }

    fn credential(&self, scheme: &Scheme<'_>, is_first_key: &mut bool) -> String {
        const CONVENTIONAL: &str = "The conventional name of the variable.";
        if scheme.is_api_key_in("cookie") {
            return "# A browser session; programs rarely have one.\n".to_owned();
        }
        if (scheme.text("type"), scheme.text("scheme")) == ("http", "basic") {
            const PAIR: &str = "User name and password. If the API calls them two keys, use the names of their variables.";
            let (user, reason) = self.variables_of(Purpose::User, "USERNAME", PAIR);
            let (password, _) = self.variables_of(Purpose::Password, "PASSWORD", PAIR);
            return comment(&reason) + &format!("env = [{user}]\npassword-env = [{password}]\n");
        }
        let is_id = scheme.text("type") == "apiKey" && !scheme.is_key();
        let (variables, reason) = if !is_id && std::mem::take(is_first_key) {
            self.variables_of(Purpose::Key, "API_KEY", CONVENTIONAL)
        } else {
            let words = split_words(scheme.id).replace(' ', "_").to_uppercase();
            (self.variable(&words), CONVENTIONAL.to_owned())
        };
        let in_authorization = scheme.is_api_key_in("header")
            && scheme.text("name").eq_ignore_ascii_case("authorization");
        let env = format!("env = [{variables}]\n");
        if !in_authorization {
            return comment(&reason) + &env;
        }
        let reason = Some(reason).filter(|reason| reason != CONVENTIONAL);
        reason.map(|reason| comment(&reason)).unwrap_or_default()
            + "# The document states no prefix; most APIs that expect a key in this header require this one.\n"
            + &env
            + "prefix = \"Bearer \"\n"
    }
}
