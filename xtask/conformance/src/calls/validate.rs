//! Validation of requests, and the validator that uses the document: its operations, parameters and JSON schemas.

use serde_json::{Map, Value};

use super::parameter::{ParameterEncoding, schema_pointer};
use super::program::ResponseText;
use super::sent_request::{SentRequest, match_path};
use super::text_values::{decode_text, object_candidates};
use crate::shared::lookup::{DocumentLookup, media_type_essence};
use crate::shared::read_only::relax_required;
use crate::shared::schema_registry::SchemaRegistry;
use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;
use observatory_codegen::inventory::list_operations;
use observatory_codegen::ir::{ParamLocation, ParamStyle, Pointer};

/// Headers that every request may have.
const STANDARD_HEADERS: &[&str] = &[
    "accept",
    "content-length",
    "content-type",
    "user-agent",
    "authorization",
    "cookie",
];

/// Validates requests.
pub trait RequestValidator {
    /// Validates a request.
    ///
    /// # Errors
    /// When the validator cannot run.
    fn validate(&mut self, request: &SentRequest) -> Result<ValidationResult, Error>;
}

/// The result of validating a request.
#[derive(Clone, Debug, Default)]
pub struct ValidationResult {
    /// What is invalid; empty for a valid request.
    pub violations: Vec<String>,
    /// The response of a validator that is a server.
    pub response: Option<ResponseText>,
}

/// Validates requests with a document: method and path, parameters, headers, credentials and body. Anything that the
/// document does not describe is invalid.
pub struct SchemaRequestValidator {
    pub(super) document: Value,
    schemas: SchemaRegistry,
    /// The paths of the servers' URLs, the longest first.
    base_paths: Vec<String>,
    /// The headers of credentials that the configuration overrides, by security scheme.
    credential_headers: Vec<(String, String)>,
    /// The path of OTLP requests, and their constant headers in lowercase.
    otlp: Option<(String, Vec<String>)>,
}

impl SchemaRequestValidator {
    /// Returns a validator for the operations of a document.
    ///
    /// # Errors
    /// When the JSON Schema validator does not support the document.
    pub fn new(document: Value, config: &Config) -> Result<Self, Error> {
        let servers = server_lists(&document);
        let urls = servers.into_iter().flatten().filter_map(default_url);
        let base_path = |url: String| {
            let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            let path = rest
                .find('/')
                .and_then(|at| rest.get(at..))
                .unwrap_or_default();
            path.trim_end_matches('/').to_owned()
        };
        let mut base_paths: Vec<String> = urls.map(base_path).chain([String::new()]).collect();
        base_paths.sort_by_key(|path| std::cmp::Reverse(path.len()));
        let overrides = config.credential.iter();
        let credential_headers =
            overrides.filter_map(|known| Some((known.scheme.clone(), known.header.clone()?)));
        let otlp = config.otlp.as_ref().map(|otlp| {
            let headers = otlp.headers.keys().map(|name| name.to_lowercase());
            (otlp.path.clone(), headers.collect())
        });
        let document = relax_required(&document);
        Ok(Self {
            schemas: SchemaRegistry::new(&document)?,
            base_paths,
            credential_headers: credential_headers.collect(),
            otlp,
            document,
        })
    }

    /// Returns the operation of a request and its path variables. A path with fewer variables takes precedence.
    fn find_operation(&self, request: &SentRequest) -> Option<(Pointer, Vec<(String, String)>)> {
        let paths = self
            .base_paths
            .iter()
            .filter_map(|base| request.path.strip_prefix(base.as_str()));
        let paths: Vec<&str> = paths.collect();
        let operations = list_operations(&self.document).into_iter();
        let matches = operations.filter_map(|(template, verb, pointer)| {
            if !request.method.eq_ignore_ascii_case(verb) {
                return None;
            }
            let variables = paths.iter().find_map(|path| match_path(template, path))?;
            Some((pointer, variables))
        });
        matches.min_by_key(|(_, variables)| variables.len())
    }

    fn is_valid(&self, schema: &str, value: &Value) -> Result<bool, Error> {
        Ok(self.schemas.validator(schema)?.is_valid(value))
    }

    /// Returns whether texts can be decoded as an instance of a schema.
    pub(super) fn are_valid_texts(
        &self,
        schema: Option<&str>,
        texts: &[String],
        is_json: bool,
    ) -> Result<bool, Error> {
        let Some(schema) = schema else {
            return Ok(true);
        };
        let decode = |text: &String| decode_text(text);
        let strings: Vec<Value> = texts.iter().map(|text| text.clone().into()).collect();
        let values: Vec<Value> = texts.iter().map(decode).collect();
        let mut candidates: Vec<Value> = Vec::new();
        if let [text] = texts {
            candidates.push(decode(text));
            // A header has all items of a list.
            let items = || text.split(',').map(|item| item.trim().to_owned());
            let values: Vec<Value> = items().map(|item| decode(&item)).collect();
            let strings: Vec<String> = items().collect();
            candidates.extend([values.into(), strings.into()]);
            candidates.extend((!is_json).then(|| text.clone().into()));
        }
        // A text may contain the delimiter.
        candidates.push(texts.join(",").into());
        candidates.extend(object_candidates(texts));
        candidates.extend([strings.into(), values.into()]);
        for candidate in candidates {
            if self.is_valid(schema, &candidate)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns whether a parameter is an object whose properties are parameters of their own.
    fn is_spread(&self, parameter: &ParameterEncoding, schema: Option<&str>) -> bool {
        let resolved = schema.and_then(|schema| DocumentLookup(&self.document).resolve(schema));
        let is_object = resolved.is_some_and(|(_, schema)| {
            schema.get("properties").is_some() || schema.get("additionalProperties").is_some()
        });
        is_object && parameter.explode && parameter.style == ParamStyle::Form
    }

    fn validate_parameters(
        &self,
        operation: &Pointer,
        request: &SentRequest,
        path_variables: &[(String, String)],
        described: &mut DescribedNames,
    ) -> Result<Vec<String>, Error> {
        let mut violations = Vec::new();
        for (at, object) in DocumentLookup(&self.document).parameters(operation) {
            let Some(parameter) = ParameterEncoding::from_document(object) else {
                continue;
            };
            let (name, location) = (&parameter.name, parameter.location);
            match location {
                ParamLocation::Query => described.query.push(name.clone()),
                ParamLocation::Header => described.headers.push(name.to_ascii_lowercase()),
                _ => {}
            }
            let schema = schema_pointer(&at, object);
            if location == ParamLocation::Query && parameter.style == ParamStyle::Form {
                self.describe_properties(schema.as_deref(), described);
            }
            // A path that matches has a value for each of its variables; it has no place for another parameter.
            let is_required = object.get("required") == Some(&Value::Bool(true))
                && location != ParamLocation::Path;
            let is_json = matches!(parameter.style, ParamStyle::Json | ParamStyle::QueryJson);
            described.is_free_form |= matches!(
                parameter.style,
                ParamStyle::QueryJson | ParamStyle::QueryText
            );
            let label = format!("{name} in {location:?}").to_lowercase();
            match parameter.find_texts(request, path_variables) {
                None if is_required
                    && !self.is_spread(&parameter, schema.as_deref())
                    && !has_deep_members(&parameter, request) =>
                {
                    violations.push(format!("{label}: missing"));
                }
                Some(texts) if !self.are_valid_texts(schema.as_deref(), &texts, is_json)? => {
                    violations.push(format!("{label}: {texts:?}"));
                }
                _ => {}
            }
        }
        Ok(violations)
    }

    /// Adds the properties of an object that is a query parameter: each is a pair of its own.
    fn describe_properties(&self, schema: Option<&str>, described: &mut DescribedNames) {
        let resolved = schema.and_then(|schema| DocumentLookup(&self.document).resolve(schema));
        let Some((_, schema)) = resolved else { return };
        let members = ["oneOf", "anyOf", "allOf"].into_iter();
        let members = members.filter_map(|key| schema.get(key)?.as_array());
        for schema in members.flatten().chain([schema]) {
            let properties = schema.get("properties").and_then(Value::as_object);
            described
                .query
                .extend(properties.into_iter().flat_map(|all| all.keys().cloned()));
            let allows_any = schema.get("type").is_none() && properties.is_none();
            let additional = schema.get("additionalProperties");
            described.is_free_form |= allows_any || additional.is_some_and(|any| *any != false);
        }
    }

    /// Returns whether the request satisfies one of the operation's security requirements. Adds the names of all their
    /// headers and query parameters to `described`.
    fn has_credentials(
        &self,
        operation: &Pointer,
        request: &SentRequest,
        described: &mut DescribedNames,
    ) -> bool {
        let operation = operation.value_in(&self.document);
        let own = operation.and_then(|operation| operation.get("security"));
        let requirements = own
            .or_else(|| self.document.get("security"))
            .and_then(Value::as_array);
        let requirements = requirements.into_iter().flatten();
        let requirements = requirements.filter_map(Value::as_object);
        // No client can satisfy a requirement with an undefined scheme.
        let is_defined = |requirement: &&serde_json::Map<String, Value>| {
            let mut schemes = requirement.keys();
            schemes.all(|scheme| self.find_scheme(scheme).is_some())
        };
        let mut requirements = requirements.filter(is_defined).peekable();
        if requirements.peek().is_none() {
            return true;
        }
        let mut is_satisfied = false;
        for requirement in requirements {
            let schemes: Vec<bool> = requirement
                .keys()
                .map(|scheme| self.has_credential(scheme, request, described))
                .collect();
            is_satisfied |= schemes.into_iter().all(|is_present| is_present);
        }
        is_satisfied
    }

    fn find_scheme(&self, id: &str) -> Option<&Value> {
        let at = Pointer("#/components/securitySchemes".to_owned()).join(id);
        let (_, scheme) = DocumentLookup(&self.document).resolve(&at.0)?;
        Some(scheme)
    }

    fn has_credential(
        &self,
        scheme_id: &str,
        request: &SentRequest,
        described: &mut DescribedNames,
    ) -> bool {
        let Some(scheme) = self.find_scheme(scheme_id) else {
            return false;
        };
        let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
        let mut overrides = self.credential_headers.iter();
        let name = overrides
            .find(|(id, _)| id == scheme_id)
            .map_or(text("name"), |(_, header)| header)
            .to_ascii_lowercase();
        let authorization = request.header("authorization").unwrap_or_default();
        let has_prefix =
            |prefix: &str| authorization.len() > prefix.len() && authorization.starts_with(prefix);
        match (
            text("type"),
            text("in"),
            text("scheme").to_ascii_lowercase().as_str(),
        ) {
            ("apiKey", "header", _) => {
                let is_present = request.header(&name).is_some_and(|value| !value.is_empty());
                described.headers.push(name);
                is_present
            }
            ("apiKey", "query", _) => {
                let is_present = request.query_pairs().iter().any(|(key, _)| *key == name);
                described.query.push(name);
                is_present
            }
            ("apiKey", _, _) => request
                .header("cookie")
                .is_some_and(|cookies| cookies.to_ascii_lowercase().contains(&name)),
            ("http", _, "basic") => has_prefix("Basic "),
            _ => has_prefix("Bearer "),
        }
    }

    /// Returns whether a body is a form that may be null: then none is sent.
    fn allows_null_form(&self, at: &str, body: &Value) -> Result<bool, Error> {
        let content = body.get("content").and_then(Value::as_object);
        for media_type in content.into_iter().flat_map(Map::keys) {
            let essence = media_type_essence(media_type);
            let is_form =
                essence.starts_with("multipart/") || essence.ends_with("x-www-form-urlencoded");
            let schema = Pointer(at.to_owned()).join("content").join(media_type);
            let schema = DocumentLookup(&self.document).resolve(&schema.join("schema").0);
            if let (true, Some((schema, _))) = (is_form, schema)
                && self.is_valid(&schema, &Value::Null)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn validate_body(
        &self,
        operation: &Pointer,
        request: &SentRequest,
    ) -> Result<Option<String>, Error> {
        let lookup = DocumentLookup(&self.document);
        let described = lookup.resolve(&operation.join("requestBody").0);
        let Some((at, described)) = described else {
            return Ok((!request.body.is_empty()).then(|| "a body is not described".to_owned()));
        };
        let Some(media_type) = request.header("content-type") else {
            let is_required = described.get("required") == Some(&Value::Bool(true))
                && !self.allows_null_form(&at, described)?;
            return Ok(is_required.then(|| "the body is missing".to_owned()));
        };
        let content = described.get("content").and_then(Value::as_object);
        let mut media_types = content.into_iter().flat_map(Map::keys);
        let sent = media_type_essence(media_type);
        let is_same = |known: &&String| is_in_range(&sent, &media_type_essence(known));
        let Some(key) = media_types.find(is_same) else {
            return Ok(Some(format!(
                "the media type {media_type} is not described"
            )));
        };
        let schema = Pointer(at).join("content").join(key).join("schema").0;
        let (Some((schema, _)), Some(value)) = (lookup.resolve(&schema), request.decode_body())
        else {
            return Ok(None);
        };
        let is_json = sent.ends_with("json");
        let is_text = |schema: &Value| schema.get("type").is_some_and(|ty| ty == "string");
        let described = lookup.resolve(&schema);
        let value = match value {
            // The caller writes a form without fields.
            _ if !is_json && described.is_some_and(|(_, schema)| is_text(schema)) => {
                return Ok(None);
            }
            Ok(value) => value,
            Err(error) => return Ok(Some(format!("the body cannot be decoded: {error}"))),
        };
        if is_json {
            let error = self.schemas.validator(&schema)?.first_error(&value);
            return Ok(error.map(|error| format!("the body: {error}")));
        }
        let encoding = content.and_then(|content| content.get(key)?.get("encoding"));
        self.validate_form(&schema, encoding, &value)
    }
}

/// Returns whether a query has members of an object in the style `deepObject`.
fn has_deep_members(parameter: &ParameterEncoding, request: &SentRequest) -> bool {
    let start = format!("{}[", parameter.name);
    let pairs = request.query_pairs();
    parameter.style == ParamStyle::DeepObject
        && pairs.iter().any(|(name, _)| name.starts_with(&start))
}

/// Returns the URL of a server with the defaults of its variables.
fn default_url(server: &Value) -> Option<String> {
    let mut url = server.get("url")?.as_str()?.to_owned();
    let variables = server.get("variables").and_then(Value::as_object);
    for (name, variable) in variables.into_iter().flatten() {
        if let Some(default) = variable.get("default").and_then(Value::as_str) {
            url = url.replace(&format!("{{{name}}}"), default);
        }
    }
    Some(url)
}

/// Returns the servers of the document, of its paths and of its operations.
fn server_lists(document: &Value) -> Vec<&Vec<Value>> {
    let paths = document.get("paths").and_then(Value::as_object);
    let items = paths.into_iter().flat_map(Map::values);
    let operations = items
        .clone()
        .filter_map(Value::as_object)
        .flat_map(Map::values);
    let owners = std::iter::once(document).chain(items).chain(operations);
    owners
        .filter_map(|owner| owner.get("servers")?.as_array())
        .collect()
}

/// Returns the names in the query of a path template.
fn template_query_names(operation: &Pointer) -> Vec<String> {
    let template = operation.0.split('/').nth(2).unwrap_or_default();
    let template = template.replace("~1", "/").replace("~0", "~");
    let query = template.split_once('?').map_or("", |(_, query)| query);
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns whether a media type is another one, or in a range such as `image/*`.
fn is_in_range(media_type: &str, range: &str) -> bool {
    let kind = |name: &str| name.split('/').next().unwrap_or_default().to_owned();
    match range.strip_suffix("/*") {
        // A range is sent as the default of the client, unless the file has a media type.
        Some("*") => true,
        Some(group) => kind(media_type) == group || media_type == "application/octet-stream",
        None => media_type == range,
    }
}

/// The names of query parameters and headers that the document describes for an operation.
#[derive(Default)]
struct DescribedNames {
    query: Vec<String>,
    /// Whether a query parameter may have any properties, each a pair of its own.
    is_free_form: bool,
    /// In lowercase.
    headers: Vec<String>,
}

impl DescribedNames {
    /// Returns whether `name` is a query parameter, or a property of one: `filter[name]`.
    fn has_query(&self, name: &str) -> bool {
        self.is_free_form
            || self
                .query
                .iter()
                .any(|known| known == name || name.starts_with(&format!("{known}[")))
    }

    fn has_header(&self, name: &str) -> bool {
        STANDARD_HEADERS.contains(&name) || self.headers.iter().any(|known| known == name)
    }
}

impl RequestValidator for SchemaRequestValidator {
    fn validate(&mut self, request: &SentRequest) -> Result<ValidationResult, Error> {
        let Some((operation, path_variables)) = self.find_operation(request) else {
            return Ok(ValidationResult {
                violations: vec![format!(
                    "{} {} is not described",
                    request.method, request.path
                )],
                response: None,
            });
        };
        let mut described = DescribedNames::default();
        described.query.extend(template_query_names(&operation));
        if let Some((path, headers)) = &self.otlp
            && request.path.ends_with(path.as_str())
        {
            described.headers.extend(headers.iter().cloned());
        }
        let mut violations =
            self.validate_parameters(&operation, request, &path_variables, &mut described)?;
        if !self.has_credentials(&operation, request, &mut described) {
            violations.push("the credential is missing".to_owned());
        }
        violations.extend(self.validate_body(&operation, request)?);
        let pairs = request.query_pairs().into_iter();
        let unknown = pairs.filter(|(name, _)| !described.has_query(name));
        violations.extend(unknown.map(|(name, _)| format!("{name} in query: not described")));
        let headers = request.headers.iter();
        let unknown = headers.filter(|(name, _)| !described.has_header(name));
        violations.extend(unknown.map(|(name, _)| format!("the header {name}: not described")));
        Ok(ValidationResult {
            violations,
            response: None,
        })
    }
}
