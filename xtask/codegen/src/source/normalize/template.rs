//! The variables of a path.

use serde_json::Value;

use super::put;

/// A path, cut at its variables.
pub(super) struct Template {
    /// Text, and behind it a variable as it is written between the braces.
    pieces: Vec<(String, Option<String>)>,
}

impl Template {
    pub(super) fn read(path: &str) -> Self {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut rest = path;
        while let Some((before, tail)) = rest.split_once('{') {
            text.push_str(before);
            match tail.split_once('}') {
                Some((name, tail)) if !name.trim().is_empty() && !name.contains('{') => {
                    pieces.push((std::mem::take(&mut text), Some(name.trim().to_owned())));
                    rest = tail;
                }
                _ => {
                    text.push('{');
                    rest = tail;
                }
            }
        }
        text.push_str(rest);
        pieces.push((text, None));
        Self { pieces }
    }

    /// The path as it is written from now on: `{+path}`, `{path*}` and `{id:[0-9]+}` lose their signs where a
    /// parameter is declared without them.
    pub(super) fn spell(&self, parameters: &mut [Value]) -> String {
        let mut out = String::new();
        for (text, name) in &self.pieces {
            out.push_str(text);
            let Some(name) = name else { continue };
            let bare = self.bare(name, parameters).to_owned();
            if bare != *name && name.starts_with('+') {
                for parameter in parameters
                    .iter_mut()
                    .filter(|parameter| is_path(parameter, &bare))
                {
                    if let Value::Object(parameter) = parameter {
                        put(parameter, "x-allow-reserved", Some(true));
                    }
                }
            }
            out.push('{');
            out.push_str(&bare);
            out.push('}');
        }
        out
    }

    /// The variables that no parameter declares, each once.
    pub(super) fn undeclared(&self, parameters: &[Value]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.pieces.iter().filter_map(|(_, name)| name.as_deref()) {
            let name = self.bare(name, parameters);
            if !names.iter().any(|known| known == name)
                && !parameters.iter().any(|known| is_path(known, name))
            {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// The variable as it is declared: without signs, or spelled otherwise.
    fn bare<'a>(&self, name: &'a str, parameters: &'a [Value]) -> &'a str {
        let declared = |name: &str| parameters.iter().any(|parameter| is_path(parameter, name));
        let bare = name
            .trim_start_matches(['+', '#', '.', '/', ';', '?', '&'])
            .trim_end_matches('*');
        let bare = bare.split_once(':').map_or(bare, |(bare, _)| bare);
        if declared(name) {
            name
        } else if declared(bare) {
            bare
        } else {
            self.otherwise_spelled(name, parameters).unwrap_or(name)
        }
    }

    /// `orgID` where the path says `{orgId}`: the one parameter that has no place of its own, and differs from the
    /// variable in nothing but case and signs.
    fn otherwise_spelled<'a>(&self, name: &str, parameters: &'a [Value]) -> Option<&'a str> {
        let placed = |said: &str| {
            self.pieces
                .iter()
                .any(|(_, known)| known.as_deref() == Some(said))
        };
        let names = parameters.iter().filter_map(|parameter| {
            let said = parameter.get("name")?.as_str()?;
            (is_path(parameter, said) && !placed(said) && plain(said) == plain(name))
                .then_some(said)
        });
        let mut names = names.fuse();
        let found = names.next();
        found.filter(|_| names.next().is_none())
    }
}

/// A name without case and signs.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn is_path(parameter: &Value, name: &str) -> bool {
    parameter.get("in").is_some_and(|place| place == "path")
        && parameter.get("name").is_some_and(|said| said == name)
}
