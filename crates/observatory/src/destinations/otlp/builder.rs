//! Builds the destination of an endpoint.

use super::export::Vocabulary;
use super::profile::{KeyRule, Place, Profile, Setting};
use super::{Otlp, send};
use crate::destinations::classify::SEND_TIMEOUT;
use crate::destinations::{Error, Limits};
use observatory_runtime::spec::{OtlpConvention, OtlpEncoding};
use observatory_runtime::{Client, ClientBuilder, Secret, spec};
use std::time::Duration;

/// Returns a builder for an endpoint, such as `http://localhost:4318/v1/traces`. `/v1/traces` is added to a URL without
/// a path.
pub fn endpoint(url: impl Into<String>) -> OtlpBuilder {
    let (base, path) = send::split_url(&url.into());
    OtlpBuilder {
        name: "otlp".to_owned(),
        client: ClientBuilder::new(&send::API).base_url(base),
        path,
        encoding: OtlpEncoding::Protobuf,
        conventions: vec![OtlpConvention::GenAi],
        limits: Limits::default(),
        timeout: SEND_TIMEOUT,
        secrets: Vec::new(),
        vendor: None,
        project: None,
        workspace: None,
    }
}

/// Returns a builder for an endpoint as a vendor's crate describes it, such as `observatory_braintrust::Client::OTLP`.
/// `base_url` is the URL of the vendor's API. The credential is a [`header`](OtlpBuilder::header).
pub fn api(base_url: impl AsRef<str>, otlp: &spec::Otlp) -> OtlpBuilder {
    let base_url = base_url.as_ref().trim_end_matches('/');
    let url = format!("{base_url}{}", otlp.path);
    endpoint(url).describe(otlp)
}

/// Returns a builder for the endpoint of a vendor.
pub(in crate::destinations) fn vendor(profile: &'static Profile) -> OtlpBuilder {
    let mut builder = endpoint("").describe(&profile.otlp);
    builder.client = ClientBuilder::new(&profile.api);
    builder.path = profile.otlp.path.trim_matches('/').to_owned();
    builder.name = profile.name.to_owned();
    builder.vendor = Some(Vendor {
        profile,
        has_url: false,
        has_key: false,
    });
    builder
}

/// Builder of an [`Otlp`] destination.
#[must_use]
pub struct OtlpBuilder {
    name: String,
    client: ClientBuilder<Client>,
    path: String,
    encoding: OtlpEncoding,
    conventions: Vec<OtlpConvention>,
    limits: Limits,
    timeout: Duration,
    secrets: Vec<Secret>,
    vendor: Option<Vendor>,
    project: Option<String>,
    workspace: Option<String>,
}

/// A vendor, and what is configured of it.
struct Vendor {
    profile: &'static Profile,
    has_url: bool,
    has_key: bool,
}

impl OtlpBuilder {
    /// Reads the URL, the key and the project from the environment variables that the vendor's SDKs use. What is set in
    /// code before this call and has no variable stays. A builder of [`endpoint`] has no variables.
    ///
    /// # Errors
    /// If a value is not valid.
    pub fn from_env(self) -> Result<Self, Error> {
        self.from_lookup(|name| std::env::var(name).ok())
    }

    /// Like [`from_env`](Self::from_env), with another source of variables than the environment of the process.
    ///
    /// # Errors
    /// If a value is not valid.
    pub fn from_lookup(mut self, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let Some(profile) = self.vendor.as_ref().map(|vendor| vendor.profile) else {
            return Ok(self);
        };
        let lookup = |name: &str| {
            let value = lookup(name)?.trim().to_owned();
            (!value.is_empty()).then_some(value)
        };
        let first = |names: &[&str]| names.iter().find_map(|name| lookup(name));
        self.project = profile.project.find(lookup).or(self.project);
        let workspace = profile.workspace.and_then(|setting| setting.find(lookup));
        self.workspace = workspace.or(self.workspace);
        let url = first(profile.api.base_url.env);
        let mut found = Vec::new();
        for scheme in profile.api.schemes {
            let variables = [scheme.env, scheme.password_env];
            let is_secret = |names: &&&[&str]| !names.is_empty();
            let key = variables
                .iter()
                .rev()
                .find(is_secret)
                .and_then(|names| first(names));
            found.extend(key.map(Secret::new));
        }
        if let (Some(_), Some(key)) = (profile.user, found.first()) {
            self = self.api_key(key.clone());
        } else if let (Some(vendor), false) = (&mut self.vendor, found.is_empty()) {
            vendor.has_key = true;
            self.secrets.extend(found);
            self.client = self.client.from_lookup(lookup)?;
        }
        Ok(match url {
            Some(url) => self.base_url(url),
            None => self,
        })
    }

    /// Sets the URL of the vendor's API: another region, or a server of one's own. It replaces the URL of [`endpoint`].
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        let url = url.into();
        let url = url.trim().trim_end_matches('/');
        // Some variables contain the URL of the endpoint.
        let base = url.strip_suffix(&self.path).unwrap_or(url);
        self.client = self.client.base_url(base.trim_end_matches('/'));
        if let Some(vendor) = &mut self.vendor {
            vendor.has_url = true;
        }
        self
    }

    /// Sets the key, which is sent as the vendor expects it. For a builder of [`endpoint`], it is a bearer token.
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        let key = key.into();
        self.secrets.push(key.clone());
        let user = self.vendor.as_ref().and_then(|vendor| vendor.profile.user);
        self.client = match user {
            Some(user) => self.client.basic_auth(user, key),
            None => self.client.api_key(key),
        };
        if let Some(vendor) = &mut self.vendor {
            vendor.has_key = true;
        }
        self
    }

    /// Sets what the vendor groups traces by: the name of a project, or the id of an experiment.
    pub fn project(mut self, project: impl Into<String>) -> Self {
        self.project = Some(project.into());
        self
    }

    /// Sets the workspace that contains the project.
    pub fn workspace(mut self, workspace: impl Into<String>) -> Self {
        self.workspace = Some(workspace.into());
        self
    }

    /// Sets the name by which reports refer to the destination. By default the vendor's, or `otlp`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Adds a header to every request, such as `authorization`. Its value is a secret: it is replaced where a server
    /// repeats it.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.secrets.push(Secret::new(value));
        if let Some((_scheme, credential)) = value.split_once(' ') {
            self.secrets.push(Secret::new(credential));
        }
        self.client = self.client.header(name, value);
        self
    }

    /// Sets the encoding. By default protobuf, which every endpoint takes.
    pub fn encoding(mut self, encoding: OtlpEncoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// Sets the vocabularies of attributes. A span has the attributes of all of them; where two have the same name, that
    /// of the first.
    pub fn conventions(mut self, conventions: &[OtlpConvention]) -> Self {
        self.conventions = conventions.to_vec();
        self
    }

    /// Sets the largest request. By default 512 records and 3 MB.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the time limit of one request. By default 30 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Allows plain HTTP to other hosts than this machine, which sends headers and content unencrypted.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.client = self.client.allow_http(allow);
        self
    }

    /// Creates the destination.
    ///
    /// # Errors
    /// If the URL or a header is not valid, the vendor requires a key or a project that is not set, or the HTTP transport
    /// cannot be created.
    pub fn build(mut self) -> Result<Otlp, Error> {
        let mut vocabulary = Vocabulary::new(&self.conventions);
        let profile = self.vendor.as_ref().map(|vendor| vendor.profile);
        if let Some(vendor) = &self.vendor {
            vendor.check_key()?;
            vocabulary.names = Some(&vendor.profile.names);
        }
        let project = profile.map(|profile| &profile.project);
        let workspace = profile.and_then(|profile| profile.workspace.as_ref());
        let project = choose("project", project, self.project)?;
        let workspace = choose("workspace", workspace, self.workspace)?;
        for (place, value) in project.into_iter().chain(workspace) {
            match place {
                Place::Header(name) => self.client = self.client.header(name, &value),
                Place::Resource(name) => vocabulary.resource.push((name, value)),
            }
        }
        Ok(Otlp {
            client: self.client.build()?,
            name: self.name,
            path: self.path,
            encoding: self.encoding,
            vocabulary,
            send_score: profile.and_then(|profile| profile.send_score),
            limits: self.limits,
            timeout: self.timeout,
            secrets: self.secrets,
        })
    }

    /// Sets what a vendor describes.
    fn describe(mut self, otlp: &spec::Otlp) -> Self {
        for (name, value) in otlp.headers {
            self.client = self.client.header(name, value);
        }
        let limits = Limits {
            records: otlp.max_spans,
            bytes: otlp.max_bytes,
        };
        let described = self.limits(limits).encoding(otlp.encoding);
        described.conventions(otlp.conventions)
    }
}

impl Vendor {
    fn check_key(&self) -> Result<(), Error> {
        let is_required = match self.profile.key {
            KeyRule::Required => true,
            KeyRule::RequiredByVendor => !self.has_url,
            KeyRule::Optional => false,
        };
        if !is_required || self.has_key {
            return Ok(());
        }
        Err(Error::builder(format!(
            "no key; set {}, or call `api_key`",
            self.profile.key_variables()
        )))
    }
}

/// Returns the value of a setting, and where requests have it.
fn choose(
    label: &str,
    setting: Option<&Setting>,
    value: Option<String>,
) -> Result<Option<(Place, String)>, Error> {
    let Some(setting) = setting else {
        return match value {
            Some(_) => Err(Error::builder(format!("the endpoint has no {label}"))),
            None => Ok(None),
        };
    };
    let value = value.or(setting.default.map(str::to_owned));
    if value.is_none() && setting.is_required {
        let variables = setting.env.join(" and ");
        let message = format!("no {label}; set {variables}, or call `{label}`");
        return Err(Error::builder(message));
    }
    Ok(value.map(|value| (setting.place, value)))
}
