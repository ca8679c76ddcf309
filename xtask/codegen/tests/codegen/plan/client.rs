//! The client: constructor, servers, environment variables and quick start.

use observatory_codegen::plan::ClientCredential;

use super::{TestResult, config, plan, plan_with};

const PATH: &str = "/a: {get: {tags: [t], operationId: a, responses: {'204': {description: ''}}}}";

/// Returns the arguments of `Client::new` for security schemes, security requirements, and the paths.
fn constructor(
    schemes: &str,
    security: &str,
    paths: &[&str],
) -> Result<Vec<String>, observatory_codegen::diag::Error> {
    let root = format!("security: [{security}]\ncomponents: {{securitySchemes: {{{schemes}}}}}");
    let plan = plan_with(
        observatory_codegen::config::Config::default(),
        &root,
        paths,
        &[],
    )?;
    let arguments = plan.client.constructor.into_iter();
    let arguments = arguments.map(|credential| match credential {
        ClientCredential::Key { name, scheme } => match scheme {
            Some(scheme) => format!("{name} for {scheme}"),
            None => name,
        },
        ClientCredential::BasicAuth => "user and password".to_owned(),
    });
    Ok(arguments.collect())
}

#[test]
fn the_constructor_takes_a_key_unless_all_schemes_are_basic() -> TestResult {
    let (bearer, basic) = (
        "b: {type: http, scheme: bearer}",
        "p: {type: http, scheme: basic}",
    );
    assert_eq!(constructor("", "", &[PATH])?, Vec::<String>::new());
    assert_eq!(constructor(basic, "", &[PATH])?, ["user and password"]);
    let both = format!("a: {{type: http, scheme: basic}}, {bearer}");
    assert_eq!(constructor(&both, "", &[PATH])?, ["api_key"]);
    Ok(())
}

#[test]
fn the_constructor_takes_what_the_default_requirement_needs_without_a_flow() -> TestResult {
    let schemes = "o: {type: oauth2, flows: {}}, publicKeyAuth: {type: apiKey, in: header, name: P}, \
                   secret-key: {type: apiKey, in: header, name: S}, p: {type: http, scheme: basic}";
    let keys = "{publicKeyAuth: [], secret-key: []}";
    let named = ["public_key for publicKeyAuth", "secret_key for secret-key"];
    assert_eq!(
        constructor(schemes, &format!("{{o: []}}, {keys}, {{}}"), &[PATH])?,
        named
    );
    assert_eq!(constructor(schemes, "{o: []}", &[PATH])?, ["api_key"]);
    let mixed = ["user and password", "secret_key for secret-key"];
    assert_eq!(
        constructor(schemes, "{p: [], secret-key: []}", &[PATH])?,
        mixed
    );
    // Without a default, the requirement of most operations.
    let own = |path: &str, security: &str| {
        format!(
            "{path}: {{get: {{tags: [t], security: [{security}], responses: {{'204': {{description: ''}}}}}}}}"
        )
    };
    let (a, b, c) = (own("/a", "{p: []}"), own("/b", keys), own("/c", keys));
    assert_eq!(constructor(schemes, "", &[&a, &b, &c])?, named);
    Ok(())
}

#[test]
fn relative_servers_are_ignored() -> TestResult {
    let root = "servers: [{url: /api}, {url: 'https://acme.test'}, {url: 'https://eu.acme.test', description: EU}]";
    let plan = plan_with(
        observatory_codegen::config::Config::default(),
        root,
        &[PATH],
        &[],
    )?;
    let servers = plan.client.servers.iter();
    let servers: Vec<(&str, &str)> = servers
        .map(|server| (server.name.as_str(), server.constant.as_str()))
        .collect();
    assert_eq!(servers, [("default", "DEFAULT"), ("EU", "EU")]);
    Ok(())
}

#[test]
fn the_quick_start_has_the_path_of_a_relative_server() -> TestResult {
    let code = |root: &str| {
        let plan = plan_with(Default::default(), root, &[PATH], &[])?;
        Ok::<_, observatory_codegen::diag::Error>(plan.quick_start.code)
    };
    let relative = code("servers: [{url: /api/v3/}]")?;
    let call = ".base_url(\"https://api.example.com/api/v3\")";
    assert!(relative.contains(call), "{relative}");
    let hostile = code("servers: [{url: '/\"); evil(); //'}]")?;
    assert!(
        hostile.contains("(\"https://api.example.com\")"),
        "{hostile}"
    );
    Ok(())
}

#[test]
fn documents_environment_variables() -> TestResult {
    let config = config(
        "[[credential]]\nscheme = \"b\"\nenv = [\"ACME_KEY\"]\n[base-url]\nenv = [\"ACME_URL\"]\n",
    )?;
    let root = "components: {securitySchemes: {b: {type: http, scheme: bearer}}}";
    let plan = plan_with(config, root, &[PATH], &[])?;
    assert_eq!(
        plan.client.env_docs,
        [
            "- `ACME_KEY`: the credential for the security scheme `b`.",
            "- `ACME_URL`: the base URL."
        ]
    );
    Ok(())
}

#[test]
fn sentences_do_not_repeat_the_word_api() -> TestResult {
    let plan = plan(&[PATH], &[])?;
    assert_eq!(
        (plan.title.as_str(), plan.doc_title.as_str()),
        ("Acme API", "Acme")
    );
    assert_eq!(plan.description, "Client for the Acme API");
    Ok(())
}

#[test]
fn the_quick_start_calls_the_operation_with_the_fewest_arguments() -> TestResult {
    let other = "/b/{id}: {get: {tags: [t], operationId: b, parameters: [{name: id, in: path, required: true, schema: \
                 {type: string}}], responses: {'204': {description: ''}}}}";
    let plan = plan(&[other, PATH], &[])?;
    assert!(
        plan.quick_start
            .code
            .contains("    client.t().a().await?;\n")
    );
    assert!(
        plan.quick_start
            .code
            .starts_with("use acme_client::{Client, Error};\n")
    );
    Ok(())
}

#[test]
fn the_quick_start_calls_the_operation_that_vendor_toml_names() -> TestResult {
    const SPANS: &str = "/spans: {post: {tags: [t], operationId: log, requestBody: {required: true, content: {application/json: \
                         {schema: {type: array, items: {$ref: '#/components/schemas/Span'}}}}}, responses: {'204': {description: ''}}}}";
    const UNIONS: &str = "/unions: {post: {tags: [t], operationId: union, requestBody: {required: true, content: \
                          {application/json: {schema: {$ref: '#/components/schemas/Union'}}}}, responses: {'204': {description: ''}}}}";
    let span = "Span: {type: object, required: [id, at, kind, any], properties: {id: {type: string}, at: {type: string, format: \
                date-time}, kind: {type: string, enum: [llm, tool]}, any: {}, name: {type: string}, other: {type: string}}}";
    let union = "Union: {type: object, required: [either], properties: {either: {oneOf: [{type: string}, {type: integer}]}, \
                 at: {type: string, format: date-time}}}";
    let code = |operation: &str| {
        let config = config(&format!("[quick-start]\noperation = \"{operation}\"\n"))?;
        let plan = plan_with(config, "", &[PATH, SPANS, UNIONS], &[span, union])?;
        Ok::<_, observatory_codegen::diag::Error>(plan.quick_start.code)
    };
    let logs = code("#/paths/~1spans/post")?;
    let call = "client.t().log([models::Span::new(\"id\", SystemTime::now(), models::SpanKind::Llm, Value::from(\"text\")).name(\"name\")]).await?;";
    assert!(logs.contains(call), "{logs}");
    let imports =
        "use std::time::SystemTime;\n\nuse acme_client::{Client, Error, Value, models};\n";
    assert!(logs.starts_with(imports), "{logs}");
    // A union has no simple value.
    let other = code("#/paths/~1unions/post")?;
    assert!(other.contains("    client.t().a().await?;\n"), "{other}");
    assert!(
        other.starts_with("use acme_client::{Client, Error};\n"),
        "{other}"
    );
    assert!(code("#/paths/~1gone/post").is_err());
    Ok(())
}
