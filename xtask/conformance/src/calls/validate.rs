//! Who looks at requests; and one who does: a JSON Schema validator over a document as published.

use crate::shared::schema_registry::Oracle;
use serde_json::{Map, Value};

use super::operation::{Way, schema_of};
use super::program::Answer;
use super::sent_request::{Sent, arrived, variables};
use crate::shared::lookup::{Places, essence};
use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;
use observatory_codegen::inventory::list_operations;
use observatory_codegen::ir::{ParamLocation, ParamStyle, Pointer};

/// Headers that every client may send.
const USUAL: &[&str] = &[
    "accept",
    "content-type",
    "user-agent",
    "authorization",
    "cookie",
];

/// Someone who looks at requests.
pub trait Judge {
    /// What is to say of a request.
    ///
    /// # Errors
    /// When the judge cannot be asked.
    fn judge(&mut self, sent: &Sent) -> Result<Verdict, Error>;
}

/// What a judge says.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// What is wrong with the request; nothing, if it is accepted.
    pub complaints: Vec<String>,
    /// An answer, from a judge that is a server.
    pub answer: Option<Answer>,
}

/// Holds requests against a document: method and path, parameters, headers, credentials, and the body, by their schemas.
/// Whatever is not described is refused.
pub struct SchemaJudge {
    document: Value,
    oracle: Oracle,
    /// Paths that servers have in front.
    bases: Vec<String>,
    /// Headers of credentials where `vendor.toml` knows better, by scheme.
    headers: Vec<(String, String)>,
}

impl SchemaJudge {
    /// A judge by this document.
    ///
    /// # Errors
    /// When the validator cannot make sense of it.
    pub fn new(document: Value, vendor: &Config) -> Result<Self, Error> {
        let servers = document.get("servers").and_then(Value::as_array);
        let urls = servers
            .into_iter()
            .flatten()
            .filter_map(|server| server.get("url")?.as_str());
        let base = |url: &str| {
            let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
            let path = rest
                .find('/')
                .and_then(|at| rest.get(at..))
                .unwrap_or_default();
            path.trim_end_matches('/').to_owned()
        };
        let mut bases: Vec<String> = urls.map(base).chain([String::new()]).collect();
        bases.sort_by_key(|base| std::cmp::Reverse(base.len()));
        let overrides = vendor.credential.iter();
        let headers =
            overrides.filter_map(|known| Some((known.scheme.clone(), known.header.clone()?)));
        Ok(Self {
            oracle: Oracle::new(&document)?,
            bases,
            headers: headers.collect(),
            document,
        })
    }

    /// The operation that a request calls, with the variables of its path: what is spelled out goes before what is not.
    fn called(&self, sent: &Sent) -> Option<(Pointer, Vec<(String, String)>)> {
        let paths = self
            .bases
            .iter()
            .filter_map(|base| sent.path.strip_prefix(base.as_str()));
        let paths: Vec<&str> = paths.collect();
        let fitting =
            list_operations(&self.document)
                .into_iter()
                .filter_map(|(template, verb, at)| {
                    if !sent.method.eq_ignore_ascii_case(verb) {
                        return None;
                    }
                    let found = paths.iter().find_map(|path| variables(template, path))?;
                    Some((found.len(), at, found))
                });
        let best = fitting.min_by_key(|(variables, ..)| *variables);
        best.map(|(_, at, found)| (at, found))
    }

    fn is_valid(&self, schema: &str, value: &Value) -> Result<bool, Error> {
        Ok(self.oracle.validator(schema)?.is_valid(value))
    }

    /// Whether a text, or several, can be read as what a schema describes.
    fn fits(&self, schema: Option<&str>, texts: &[String], json: bool) -> Result<bool, Error> {
        let Some(schema) = schema else {
            return Ok(true);
        };
        let read =
            |text: &String| serde_json::from_str(text).unwrap_or_else(|_| text.clone().into());
        let words: Vec<Value> = texts.iter().map(|text| text.clone().into()).collect();
        let values: Vec<Value> = texts.iter().map(read).collect();
        let mut readings: Vec<Value> = Vec::new();
        if let [text] = texts {
            readings.push(read(text));
            readings.extend((!json).then(|| text.clone().into()));
        }
        // A comma may stand in a text, too.
        readings.push(texts.join(",").into());
        readings.extend([words.into(), values.into()]);
        for reading in readings {
            if self.is_valid(schema, &reading)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn parameters(
        &self,
        at: &Pointer,
        sent: &Sent,
        variables: &[(String, String)],
        known: &mut Known,
    ) -> Result<Vec<String>, Error> {
        let mut complaints = Vec::new();
        for (at, param) in Places(&self.document).parameters(at) {
            let Some((way, required)) = described(param) else {
                continue;
            };
            let Way::Param {
                name,
                location,
                style,
                ..
            } = &way
            else {
                continue;
            };
            match location {
                ParamLocation::Query => known.queries.push(name.clone()),
                ParamLocation::Header => known.headers.push(name.to_ascii_lowercase()),
                _ => {}
            }
            let schema = schema_of(&at, param);
            let shown = format!("{name} in {location:?}").to_lowercase();
            match arrived(&way, sent, variables) {
                None if required => complaints.push(format!("{shown}: missing")),
                Some(texts)
                    if !self.fits(schema.as_deref(), &texts, *style == ParamStyle::Json)? =>
                {
                    complaints.push(format!("{shown}: {texts:?}"));
                }
                _ => {}
            }
        }
        Ok(complaints)
    }

    /// Whether one of the alternatives is met; what they use is known from then on.
    fn proves(&self, at: &Pointer, sent: &Sent, known: &mut Known) -> bool {
        let operation = self.document.pointer(at.0.trim_start_matches('#'));
        let own = operation.and_then(|operation| operation.get("security"));
        let alternatives = own
            .or_else(|| self.document.get("security"))
            .and_then(Value::as_array);
        let Some(alternatives) = alternatives.filter(|all| !all.is_empty()) else {
            return true;
        };
        let mut met = false;
        for all in alternatives.iter().filter_map(Value::as_object) {
            let schemes: Vec<bool> = all.keys().map(|id| self.travels(id, sent, known)).collect();
            met |= schemes.into_iter().all(|travels| travels);
        }
        met
    }

    fn travels(&self, id: &str, sent: &Sent, known: &mut Known) -> bool {
        let at = Pointer("#/components/securitySchemes".to_owned()).join(id);
        let Some((_, scheme)) = Places(&self.document).follow(&at.0) else {
            return false;
        };
        let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
        let other = self.headers.iter().find(|(scheme, _)| scheme == id);
        let name = other
            .map_or(text("name"), |(_, header)| header)
            .to_ascii_lowercase();
        let authorization = sent.header("authorization").unwrap_or_default();
        let starts =
            |prefix: &str| authorization.len() > prefix.len() && authorization.starts_with(prefix);
        match (
            text("type"),
            text("in"),
            text("scheme").to_ascii_lowercase().as_str(),
        ) {
            ("apiKey", "header", _) => {
                let found = sent.header(&name).is_some_and(|value| !value.is_empty());
                known.headers.push(name);
                found
            }
            ("apiKey", "query", _) => {
                let found = sent.pairs().iter().any(|(key, _)| *key == name);
                known.queries.push(name);
                found
            }
            ("apiKey", _, _) => sent
                .header("cookie")
                .is_some_and(|cookies| cookies.contains(&name)),
            ("http", _, "basic") => starts("Basic "),
            _ => starts("Bearer "),
        }
    }

    fn body(&self, at: &Pointer, sent: &Sent) -> Result<Option<String>, Error> {
        let places = Places(&self.document);
        let described = places.follow(&at.join("requestBody").0);
        let Some((at, described)) = described else {
            return Ok((!sent.body.is_empty()).then(|| "a body where there is none".to_owned()));
        };
        let Some(media) = sent.header("content-type") else {
            let required = described.get("required") == Some(&Value::Bool(true));
            return Ok(required.then(|| "no body".to_owned()));
        };
        let content = described.get("content").and_then(Value::as_object);
        let offered = content.into_iter().flat_map(Map::keys);
        let mut offered = offered.filter(|known| essence(known) == essence(media));
        let Some(key) = offered.next() else {
            return Ok(Some(format!("a body of the media type {media}")));
        };
        let schema = Pointer(at).join("content").join(key).join("schema").0;
        let (Some((schema, _)), Some(value)) = (places.follow(&schema), sent.value()) else {
            return Ok(None);
        };
        let value = match value {
            Ok(value) => value,
            Err(why) => return Ok(Some(format!("the body cannot be read: {why}"))),
        };
        if essence(media).ends_with("json") {
            let validator = self.oracle.validator(&schema)?;
            let fault = validator.first_fault(&value);
            return Ok(fault.map(|fault| format!("the body: {fault}")));
        }
        self.form(&schema, &value)
    }

    /// The fields of a form are text: each is held against its property, and there have to be those that must.
    fn form(&self, schema: &str, fields: &Value) -> Result<Option<String>, Error> {
        let fields = fields.as_object().into_iter().flatten();
        let fields: Map<String, Value> = fields
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let places = Places(&self.document);
        let described = places.follow(schema).map(|(_, described)| described);
        let list = |key: &str| described.and_then(|described| described.get(key));
        let required = list("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for name in required.filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                return Ok(Some(format!("the form has no `{name}`")));
            }
        }
        let properties = list("properties").and_then(Value::as_object);
        for (name, value) in &fields {
            if properties.is_none_or(|all| !all.contains_key(name)) {
                return Ok(Some(format!(
                    "the form has `{name}`, which is not described"
                )));
            }
            let texts: Vec<String> = match value {
                Value::Array(items) => items
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
                value => value.as_str().map(str::to_owned).into_iter().collect(),
            };
            let at = Pointer(schema.to_owned()).join("properties").join(name).0;
            if !self.fits(Some(&at), &texts, false)? {
                return Ok(Some(format!("the form's `{name}`: {texts:?}")));
            }
        }
        Ok(None)
    }
}

/// What a request may have.
#[derive(Default)]
struct Known {
    queries: Vec<String>,
    headers: Vec<String>,
}

impl Judge for SchemaJudge {
    fn judge(&mut self, sent: &Sent) -> Result<Verdict, Error> {
        let Some((at, variables)) = self.called(sent) else {
            let complaints = vec![format!("there is no {} {}", sent.method, sent.path)];
            return Ok(Verdict {
                complaints,
                answer: None,
            });
        };
        let mut known = Known::default();
        let mut complaints = self.parameters(&at, sent, &variables, &mut known)?;
        if !self.proves(&at, sent, &mut known) {
            complaints.push("no credential".to_owned());
        }
        complaints.extend(self.body(&at, sent)?);
        let is_known = |name: &String| {
            known
                .queries
                .iter()
                .any(|known| known == name || name.starts_with(&format!("{known}[")))
        };
        let strangers = sent.pairs().into_iter().filter(|(name, _)| !is_known(name));
        complaints.extend(strangers.map(|(name, _)| format!("{name} in query: not described")));
        let usual =
            |name: &str| USUAL.contains(&name) || known.headers.iter().any(|known| known == name);
        let strangers = sent.headers.iter().filter(|(name, _)| !usual(name));
        complaints.extend(strangers.map(|(name, _)| format!("the header {name}: not described")));
        Ok(Verdict {
            complaints,
            answer: None,
        })
    }
}

/// How a parameter travels, as the document says, and whether it must be there.
fn described(param: &Value) -> Option<(Way, bool)> {
    let text = |key: &str| param.get(key).and_then(Value::as_str);
    let location = match text("in")? {
        "path" => ParamLocation::Path,
        "query" => ParamLocation::Query,
        "header" => ParamLocation::Header,
        _ => ParamLocation::Cookie,
    };
    let style = match text("style") {
        _ if param.get("content").is_some() => ParamStyle::Json,
        Some("label") => ParamStyle::Label,
        Some("matrix") => ParamStyle::Matrix,
        Some("spaceDelimited") => ParamStyle::SpaceDelimited,
        Some("pipeDelimited") => ParamStyle::PipeDelimited,
        Some("deepObject") => ParamStyle::DeepObject,
        Some("form") => ParamStyle::Form,
        None if matches!(location, ParamLocation::Query | ParamLocation::Cookie) => {
            ParamStyle::Form
        }
        _ => ParamStyle::Simple,
    };
    let explode = param.get("explode").and_then(Value::as_bool);
    let way = Way::Param {
        name: text("name")?.to_owned(),
        location,
        style,
        explode: explode.unwrap_or(style == ParamStyle::Form),
    };
    let required = param.get("required") == Some(&Value::Bool(true));
    Some((way, required))
}
