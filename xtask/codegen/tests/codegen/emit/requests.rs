//! Operations: request types, their attributes, and the methods that create them.

use super::{Document, TestResult, assert_contains, config, file};
use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;

const KEY: &str = "key: {type: apiKey, in: header, name: X-Key}";
const PASSWORD: &str = "password: {type: http, scheme: basic}";
const THING: &str = "Thing: {type: object, properties: {a: {type: string}}}";

/// Returns the file of the tag `item` for a path item.
fn api(path_item: &str) -> Result<String, Error> {
    api_with(path_item, Config::default())
}

fn api_with(path_item: &str, config: Config) -> Result<String, Error> {
    let document = Document {
        paths: &[path_item],
        schemas: &[THING],
        security_schemes: &[KEY, PASSWORD],
        ..Document::default()
    };
    let files = document.files_with(config, |generator| generator)?;
    Ok(file(&files, "src/api/item.rs"))
}

/// Returns the file of an operation `GET /items` with one parameter.
fn api_with_parameter(parameter: &str) -> Result<String, Error> {
    api(&format!(
        "/items: {{get: {{tags: [item], parameters: [{parameter}], responses: {{'204': {{description: ''}}}}}}}}"
    ))
}

/// Returns the file of an operation `GET /items` with this content of its response.
fn api_with_response(content: &str) -> Result<String, Error> {
    api(&format!(
        "/items: {{get: {{tags: [item], operationId: getItems, responses: {{'200': {{description: '', content: {{{content}}}}}}}}}}}"
    ))
}

/// Returns the file of an operation `POST /items` with this content of its body.
fn api_with_body(content: &str) -> Result<String, Error> {
    api(&format!(
        "/items: {{post: {{tags: [item], requestBody: {{required: true, content: {{{content}}}}}, responses: {{'204': {{description: ''}}}}}}}}"
    ))
}

#[test]
fn request_has_method_path_output_and_must_use() -> TestResult {
    let text = api(
        "/items: {get: {tags: [item], operationId: listItems, responses: {'204': {description: ''}}}}",
    )?;
    assert_contains(
        &text,
        &[
            "/// Request of [`ItemApi::list`].",
            "#[derive(Clone, Debug, Endpoint)]",
            "#[endpoint(GET, \"/items\")]",
            "#[endpoint(output = Empty)]",
            "#[must_use = \"requests do nothing unless awaited\"]",
            "pub struct ListItems {",
            "client: Client,",
            "}",
        ],
    );
    Ok(())
}

#[test]
fn long_path_has_its_own_attribute() -> TestResult {
    let path = "/a/long/path/that/does/not/fit/on/a/line/with/its/method";
    let text = api(&format!(
        "{path}: {{get: {{tags: [item], responses: {{'204': {{description: ''}}}}}}}}"
    ))?;
    assert_contains(
        &text,
        &["#[endpoint(GET)]", &format!("#[endpoint(\"{path}\")]")],
    );
    Ok(())
}

#[test]
fn response_content_determines_the_output() -> TestResult {
    let cases = [
        (
            "application/json: {schema: {$ref: '#/components/schemas/Thing'}}",
            "#[endpoint(output = Json<models::Thing>)]",
        ),
        (
            "text/plain: {schema: {type: string}}",
            "#[endpoint(output = Text)]",
        ),
        (
            "application/octet-stream: {schema: {type: string, format: binary}}",
            "#[endpoint(output = Raw)]",
        ),
    ];
    for (content, attribute) in cases {
        assert_contains(&api_with_response(content)?, &[attribute]);
    }
    Ok(())
}

#[test]
fn optional_response_body_is_or_empty() -> TestResult {
    let text = api(
        "/items: {get: {tags: [item], responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, '204': {description: ''}}}}",
    )?;
    assert_contains(
        &text,
        &["#[endpoint(output = OrEmpty<Json<models::Thing>>)]"],
    );
    Ok(())
}

#[test]
fn different_success_responses_are_an_enum() -> TestResult {
    let text = api(
        "/items: {get: {tags: [item], operationId: getItems, responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, '201': {description: '', content: {application/json: {schema: {type: string}}}}}}}",
    )?;
    assert_contains(&text, &["#[endpoint(output = GetItemsAnswer)]"]);
    assert_contains(
        &text,
        &[
            "/// The successful responses, by status.",
            "#[derive(Clone, Debug, PartialEq, Responses)]",
            "#[non_exhaustive]",
            "pub enum GetItemsAnswer {",
        ],
    );
    assert_contains(&text, &["#[status(201, Json)]", "Created(String),"]);
    Ok(())
}

#[test]
fn security_alternatives_are_auth_arguments() -> TestResult {
    let text = api(
        "/items: {get: {tags: [item], security: [{key: []}, {password: [], key: []}], responses: {'204': {description: ''}}}}",
    )?;
    assert_contains(
        &text,
        &["#[endpoint(auth(\"key\"), auth(\"key\", \"password\"))]"],
    );
    Ok(())
}

#[test]
fn envelope_of_the_configuration_is_an_argument() -> TestResult {
    let text = api_with(
        "/items: {get: {tags: [item], responses: {'200': {description: '', content: {application/json: {schema: {type: object, required: [data, error], properties: {data: {type: string}, error: {type: [string, 'null']}}}}}}}}}",
        config("[[envelope]]\ndata = \"data\"\nerror = \"error\"\n")?,
    )?;
    assert_contains(
        &text,
        &["#[endpoint(envelope(data = \"data\", error = \"error\"))]"],
    );
    Ok(())
}

#[test]
fn paginated_request_has_rules_and_item_type() -> TestResult {
    let text = api(
        "/items: {get: {tags: [item], parameters: [{name: cursor, in: query, schema: {type: string}}], responses: {'200': {description: '', content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Thing'}}, next_cursor: {type: string}}}}}}}}}",
    )?;
    assert_contains(
        &text,
        &[
            "#[endpoint(pages(cursor = \"cursor\", next = \"next_cursor\", items = \"data\"))]",
            "#[endpoint(item = models::Thing)]",
        ],
    );
    Ok(())
}

#[test]
fn idempotent_operation_of_the_configuration_is_marked() -> TestResult {
    let text = api_with(
        "/items: {post: {tags: [item], operationId: sendItem, responses: {'204': {description: ''}}}}",
        config("[[retry]]\nidempotent = [\"sendItem\"]\nreason = \"r\"\n")?,
    )?;
    assert_contains(&text, &["#[endpoint(idempotent)]"]);
    Ok(())
}

#[test]
fn server_of_an_operation_is_its_base_url() -> TestResult {
    let text = api(
        "/items: {get: {tags: [item], servers: [{url: 'https://other.example'}], responses: {'204': {description: ''}}}}",
    )?;
    assert_contains(
        &text,
        &["#[endpoint(base_url = \"https://other.example\")]"],
    );
    Ok(())
}

#[test]
fn parameter_location_and_style_are_attributes() -> TestResult {
    let cases = [
        (
            "{name: limit, in: query, schema: {type: integer}}",
            ["#[query]", "pub limit: Option<i64>,"],
        ),
        (
            "{name: userId, in: query, schema: {type: string}}",
            ["#[query(\"userId\")]", "pub user_id: Option<String>,"],
        ),
        (
            "{name: X-Id, in: header, schema: {type: string}}",
            ["#[header(\"X-Id\")]", "pub x_id: Option<String>,"],
        ),
        (
            "{name: sid, in: cookie, schema: {type: string}}",
            ["#[cookie]", "pub sid: Option<String>,"],
        ),
        (
            "{name: ids, in: query, explode: false, schema: {type: array, items: {type: string}}}",
            ["#[query(explode = false)]", "pub ids: Option<Vec<String>>,"],
        ),
        (
            "{name: ids, in: query, style: pipeDelimited, schema: {type: array, items: {type: string}}}",
            [
                "#[query(style = PipeDelimited)]",
                "pub ids: Option<Vec<String>>,",
            ],
        ),
        (
            "{name: path, in: query, allowReserved: true, schema: {type: string}}",
            ["#[query(allow_reserved)]", "pub path: Option<String>,"],
        ),
    ];
    for (parameter, lines) in cases {
        assert_contains(&api_with_parameter(parameter)?, &lines);
    }
    Ok(())
}

#[test]
fn body_content_determines_its_attribute() -> TestResult {
    let cases = [
        (
            "application/json: {schema: {$ref: '#/components/schemas/Thing'}}",
            ["#[body(Json)]", "pub body: models::Thing,"],
        ),
        (
            "application/vnd.acme+json: {schema: {$ref: '#/components/schemas/Thing'}}",
            [
                "#[body(Json(\"application/vnd.acme+json\"))]",
                "pub body: models::Thing,",
            ],
        ),
        (
            "application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Thing'}}",
            ["#[body(Form)]", "pub body: models::Thing,"],
        ),
        (
            "multipart/form-data: {schema: {$ref: '#/components/schemas/Thing'}}",
            ["#[body(Multipart)]", "pub body: models::Thing,"],
        ),
    ];
    for (content, lines) in cases {
        assert_contains(&api_with_body(content)?, &lines);
    }
    Ok(())
}

#[test]
fn required_fields_that_may_have_no_value_are_marked() -> TestResult {
    let schema = "{type: object, required: [ids, meta, name, other], properties: {
        ids: {type: array, items: {type: string}}, tags: {type: array, items: {type: string}}, name: {type: string},
        meta: {type: object, additionalProperties: true}, other: {type: object, additionalProperties: true}}}";
    for (media_type, kind) in [
        ("application/x-www-form-urlencoded", "Form"),
        ("multipart/form-data", "Multipart"),
    ] {
        let text = api_with_body(&format!(
            "{media_type}: {{schema: {schema}, encoding: {{meta: {{style: deepObject}}}}}}"
        ))?;
        let body = format!("#[body({kind})]");
        let meta = "#[part(\"meta\", required, style = DeepObject)]";
        assert_contains(
            &text,
            &[
                &body,
                meta,
                "#[part(\"ids\", required)]",
                "pub body: models::CreateItemRequest,",
            ],
        );
    }
    Ok(())
}

#[test]
fn nullable_body_is_sent_as_null() -> TestResult {
    let schema = "{nullable: true, allOf: [{$ref: '#/components/schemas/Thing'}]}";
    let text = api_with_body(&format!("application/json: {{schema: {schema}}}"))?;
    assert_contains(
        &text,
        &[
            "#[body(Json, nullable)]",
            "pub body: Option<models::Thing>,",
        ],
    );
    assert_contains(
        &text,
        &["pub fn create(&self, body: impl Into<Option<models::Thing>>) -> CreateItem {"],
    );
    let text = api_with_body("application/json: {schema: {type: integer, nullable: true}}")?;
    assert_contains(
        &text,
        &["pub fn create(&self, body: impl Into<Option<i64>>) -> CreateItem {"],
    );
    let text = api_with_body("application/json: {schema: {nullable: true}}")?;
    assert_contains(&text, &["#[body(Json)]", "pub body: Value,"]);
    let text = api(&format!(
        "/items: {{post: {{tags: [item], requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}, responses: {{'204': {{description: ''}}}}}}}}"
    ))?;
    assert_contains(&text, &["#[body(Json)]", "pub body: Patch<models::Thing>,"]);
    Ok(())
}

#[test]
fn method_takes_path_parameters_and_required_body() -> TestResult {
    let text = api(
        "/items/{id}: {post: {tags: [item], operationId: sendItem, parameters: [{name: id, in: path, required: true, schema: {type: string}}], requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, responses: {'204': {description: ''}}}}",
    )?;
    assert_contains(
        &text,
        &[
            "pub fn send(",
            "&self,",
            "id: impl Into<String>,",
            "body: impl Into<models::Thing>,",
            ") -> SendItem {",
            "SendItem::new(&self.0, id, body)",
            "}",
        ],
    );
    assert_contains(&text, &["#[in_path]", "pub id: String,"]);
    Ok(())
}

#[test]
fn wide_method_body_is_two_statements() -> TestResult {
    let long = "a_long_name_of_an_operation_that_leaves_no_room_for_its_only_argument_on_a_line";
    let text = api(&format!(
        "/items/{{id}}: {{get: {{tags: [item], operationId: {long}, parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}], responses: {{'204': {{description: ''}}}}}}}}"
    ))?;
    assert_contains(&text, &["new(&self.0, id)", "}"]);
    Ok(())
}

#[test]
fn deprecated_operation_is_a_deprecated_method() -> TestResult {
    let text = api(
        "/items: {get: {tags: [item], operationId: listItems, deprecated: true, responses: {'204': {description: ''}}}}",
    )?;
    assert_contains(
        &text,
        &[
            "#[deprecated = \"the API's document marks this as deprecated\"]",
            "pub fn list(&self) -> ListItems {",
        ],
    );
    Ok(())
}

#[test]
fn deprecation_has_the_reason_of_the_document() -> TestResult {
    let text = api(
        "/items: {get: {tags: [item], operationId: listItems, deprecated: true, x-deprecated-since: '2.0', x-deprecated-reason: \"it is\\n slow.\", x-sunset: 2027-01-31, x-replaced-by: GET /things, responses: {'204': {description: ''}}}}",
    )?;
    let note = "since 2.0; it is slow; supported until 2027-01-31; use GET /things instead";
    assert_contains(
        &text,
        &[
            &format!("#[deprecated = \"{note}\"]"),
            "pub fn list(&self) -> ListItems {",
        ],
    );
    assert_eq!(text.matches("it is slow").count(), 1, "{text}");
    Ok(())
}

#[test]
fn an_argument_can_have_the_name_of_a_placeholder() -> TestResult {
    let text = api(
        "/items: {get: {tags: [item], operationId: listItems, parameters: [{name: foo, in: query, required: true, schema: {type: string}}], responses: {'204': {description: ''}}}}",
    )?;
    assert!(text.contains("clippy::disallowed_names"), "{text}");
    Ok(())
}

#[test]
fn deprecated_parameter_is_a_deprecated_field() -> TestResult {
    let text = api(
        "/items: {get: {tags: [item], operationId: listItems, parameters: [{name: page, in: query, deprecated: true, x-sunset: 2027-01-31, schema: {type: string}}], responses: {'204': {description: ''}}}}",
    )?;
    assert_contains(
        &text,
        &[
            "#[deprecated = \"supported until 2027-01-31\"]",
            "#[query]",
            "pub page: Option<String>,",
        ],
    );
    Ok(())
}

#[test]
fn operation_that_takes_traces_sends_the_headers_of_otlp() -> TestResult {
    let document = Document {
        paths: &[
            "/v1/traces: {post: {tags: [item], operationId: logSpans, responses: {'204': {description: ''}}}, get: {tags: [item], operationId: listSpans, responses: {'204': {description: ''}}}}",
        ],
        ..Document::default()
    };
    let config = config(
        "[otlp]\npath = \"/v1/traces\"\nencoding = \"json\"\nheaders = { \"x-version\" = \"4\" }\nconventions = [\"gen-ai\"]\n",
    )?;
    let files = document.files_with(config, |generator| generator)?;
    let text = file(&files, "src/api/item.rs");
    assert_contains(&text, &["#[endpoint(header(\"x-version\", \"4\"))]"]);
    assert_eq!(text.matches("x-version").count(), 1, "{text}");
    Ok(())
}

#[test]
fn description_stays_in_the_doc_comment() -> TestResult {
    let text = api(
        "/items: {get: {tags: [item], description: \"Ends */ a comment\\n\\n```\\n}\\nfn injected() {}\\n```\", responses: {'204': {description: ''}}}}",
    )?;
    let is_code = |line: &&str| line.contains("injected") && !line.starts_with("///");
    assert_eq!(text.lines().find(is_code), None, "{text}");
    Ok(())
}

#[test]
fn the_text_of_a_path_is_percent_encoded_once() -> TestResult {
    let request = api(
        "'/a b/\u{fc}/%7Bc%7D/{id}': {get: {tags: [item], parameters: [{name: id, in: path, required: true, schema: {type: string}}], \
         responses: {'204': {description: ''}}}}",
    )?;
    assert_contains(
        &request,
        &["#[endpoint(GET, \"/a%20b/%C3%BC/%7Bc%7D/{id}\")]"],
    );
    Ok(())
}
