//! Path templates and their variables.

use serde_json::Value;

use super::canonical::insert_some;

/// A parsed path template.
pub(super) struct PathTemplate {
    /// Literal text, and the variable after it as it is written between the braces.
    parts: Vec<(String, Option<String>)>,
}

impl PathTemplate {
    /// Parses a path template. Unbalanced braces are literal text.
    pub(super) fn parse(path: &str) -> Self {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut rest = path;
        while let Some((before, tail)) = rest.split_once('{') {
            text.push_str(before);
            match tail.split_once('}') {
                Some((name, tail)) if !name.trim().is_empty() && !name.contains('{') => {
                    parts.push((std::mem::take(&mut text), Some(name.trim().to_owned())));
                    rest = tail;
                }
                _ => {
                    text.push('{');
                    rest = tail;
                }
            }
        }
        text.push_str(rest);
        parts.push((text, None));
        Self { parts }
    }

    /// Returns the path with the names of the declared parameters as variables.
    ///
    /// `{+path}`, `{path*}` and `{id:[0-9]+}` lose the modifiers that the parameter does not have. The parameter of
    /// `{+path}` is marked with `x-allow-slash`.
    pub(super) fn canonical_path(&self, parameters: &mut [Value]) -> String {
        let mut out = String::new();
        for (text, name) in &self.parts {
            out.push_str(text);
            let Some(name) = name else { continue };
            let declared = self.declared_name(name, parameters).to_owned();
            if declared != *name && name.starts_with('+') {
                for parameter in parameters
                    .iter_mut()
                    .filter(|parameter| is_path_parameter(parameter, &declared))
                {
                    if let Value::Object(parameter) = parameter {
                        insert_some(parameter, "x-allow-slash", Some(true));
                    }
                }
            }
            out.push('{');
            out.push_str(&declared);
            out.push('}');
        }
        out
    }

    /// Returns the variables without a parameter, without duplicates.
    pub(super) fn undeclared_variables(&self, parameters: &[Value]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.parts.iter().filter_map(|(_, name)| name.as_deref()) {
            let name = self.declared_name(name, parameters);
            if !names.iter().any(|known| known == name)
                && !parameters
                    .iter()
                    .any(|known| is_path_parameter(known, name))
            {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// Returns the name of the parameter for a variable, or the variable itself if it has no parameter.
    fn declared_name<'a>(&self, name: &'a str, parameters: &'a [Value]) -> &'a str {
        let declared = |name: &str| {
            parameters
                .iter()
                .any(|parameter| is_path_parameter(parameter, name))
        };
        let bare = name
            .trim_start_matches(['+', '#', '.', '/', ';', '?', '&'])
            .trim_end_matches('*');
        let bare = bare.split_once(':').map_or(bare, |(bare, _)| bare);
        if declared(name) {
            name
        } else if declared(bare) {
            bare
        } else {
            self.similar_parameter(name, parameters).unwrap_or(name)
        }
    }

    /// Returns the only parameter without a variable whose name differs from `name` only in case and punctuation
    /// (`orgID` for `{orgId}`).
    fn similar_parameter<'a>(&self, name: &str, parameters: &'a [Value]) -> Option<&'a str> {
        let has_variable = |name: &str| {
            self.parts
                .iter()
                .any(|(_, variable)| variable.as_deref() == Some(name))
        };
        let names = parameters.iter().filter_map(|parameter| {
            let other = parameter.get("name")?.as_str()?;
            (is_path_parameter(parameter, other)
                && !has_variable(other)
                && letters_and_digits(other) == letters_and_digits(name))
            .then_some(other)
        });
        let mut names = names.fuse();
        let first = names.next();
        first.filter(|_| names.next().is_none())
    }
}

/// Returns the letters and digits of a name in lower case.
pub(super) fn letters_and_digits(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn is_path_parameter(parameter: &Value, name: &str) -> bool {
    parameter
        .get("in")
        .is_some_and(|location| location == "path")
        && parameter.get("name").is_some_and(|other| other == name)
}
