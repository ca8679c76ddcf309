//! The validator of `calls`: it accepts right requests and rejects wrong ones.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use observatory_codegen::config::Config;
use observatory_codegen::source;
use observatory_conformance::calls::{RequestValidator, SchemaRequestValidator, SentRequest};

const DOCUMENT: &str = r#"
openapi: 3.2.0
info: {title: Fixture, version: '1'}
paths:
  /grid/{x},{y}:
    get:
      parameters:
        - {name: x, in: path, required: true, schema: {type: integer}}
        - {name: y, in: path, required: true, schema: {type: integer}}
      responses: {'204': {}}
  /range/{from}-{to}:
    get:
      parameters:
        - {name: from, in: path, required: true, schema: {type: integer}}
        - {name: to, in: path, required: true, schema: {type: integer}}
      responses: {'204': {}}
  /tenant:
    servers: [{url: '/{name}/api', variables: {name: {default: acme}}}]
    get: {responses: {'204': {}}}
  /search:
    get:
      parameters:
        - {name: point, in: query, explode: false, schema: {type: object, properties: {p: {type: integer}, q: {type: string}}}}
      responses: {'204': {}}
  /select:
    get:
      parameters:
        - {name: selector, in: querystring, required: true, content: {application/json: {schema: {type: object, required: [n], properties: {n: {type: integer}}}}}}
      responses: {'204': {}}
  /secured:
    get: {security: [{undefined: []}], parameters: [{name: other, in: path, required: true, schema: {type: string}}], responses: {'204': {}}}
  /cleared:
    post: {requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {type: [object, 'null'], properties: {a: {type: string}}}}}}, responses: {'204': {}}}
  /raw:
    post: {requestBody: {required: true, content: {multipart/form-data: {schema: {type: string}}}}, responses: {'204': {}}}
  /keyed:
    get: {security: [{undefined: []}, {key: []}], responses: {'204': {}}}
  /styles/{label}/{matrix}:
    get:
      parameters:
        - {name: label, in: path, required: true, style: label, explode: true, schema: {type: array, items: {type: integer}}}
        - {name: matrix, in: path, required: true, style: matrix, schema: {type: array, items: {type: integer}}}
        - {name: deep, in: query, required: true, style: deepObject, schema: {type: object, properties: {a: {type: string}}}}
      responses: {'204': {}}
  /orders:
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Order'}}
          text/csv: {schema: {type: string}}
      responses: {'204': {}}
  /pages:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NumberPage'}}}
      responses: {'204': {}}
  /identified:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Identified'}}}
      responses: {'204': {}}
  /albums:
    post:
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                pages: {type: array, items: {type: integer}}
                about: {type: object, required: [count], properties: {count: {type: integer}}}
            encoding: {pages: {contentType: multipart/mixed}, about: {contentType: multipart/related}}
      responses: {'204': {}}
components:
  securitySchemes: {key: {type: apiKey, in: query, name: key}}
  schemas:
    Page: {type: object, properties: {items: {type: array, items: {$dynamicRef: '#item'}}}, $defs: {any: {$dynamicAnchor: item}}}
    Named: {$ref: '#/components/schemas/Page'}
    NumberPage: {$ref: '#/components/schemas/Named', $defs: {item: {$dynamicAnchor: item, type: integer}}}
    Identified: {$id: 'https://acme.test/a/b', type: object, properties: {size: {$ref: '#/$defs/size'}, color: {$ref: ../c#color}}, $defs: {size: {type: integer}}}
    Colors: {$id: 'https://acme.test/c', $defs: {color: {$anchor: color, type: string}}}
    Order: {type: object, required: [id], properties: {id: {type: integer}}}
"#;

/// Returns whether the validator accepts a request.
#[track_caller]
fn is_valid(method: &str, path: &str, query: &str, body: Option<(&str, &str)>) -> bool {
    let document = source::parse("document.yaml".as_ref(), DOCUMENT.as_bytes().to_vec()).unwrap();
    let mut validator = SchemaRequestValidator::new(document.value, &Config::default()).unwrap();
    let headers = body.map(|(media_type, _)| ("content-type".to_owned(), media_type.to_owned()));
    let request = SentRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: headers.into_iter().collect(),
        body: body.map(|(_, text)| text.into()).unwrap_or_default(),
    };
    validator.validate(&request).unwrap().violations.is_empty()
}

#[test]
fn reads_several_variables_of_a_segment() {
    assert!(is_valid("GET", "/grid/1,-2", "", None));
    assert!(!is_valid("GET", "/grid/wrong,2", "", None));
    assert!(!is_valid("GET", "/grid/1,wrong", "", None));
    assert!(!is_valid("GET", "/grid/1", "", None));
    assert!(is_valid("GET", "/range/-1--2", "", None));
    assert!(!is_valid("GET", "/range/-1", "", None));
}

#[test]
fn reads_a_value_of_an_object_as_json_or_text() {
    // The text `null` is a string where the schema allows one.
    assert!(is_valid("GET", "/search", "point=p,3,q,null", None));
    assert!(is_valid("GET", "/search", "point=p,3,q,7", None));
    assert!(!is_valid("GET", "/search", "point=p,wrong,q,null", None));
}

#[test]
fn expects_nothing_that_no_client_can_send() {
    assert!(is_valid("GET", "/secured", "", None));
    assert!(is_valid("GET", "/keyed", "key=k", None));
    assert!(!is_valid("GET", "/keyed", "", None));
    // A form has no null, and one without fields is the caller's text.
    assert!(is_valid("POST", "/cleared", "", None));
    assert!(!is_valid("POST", "/raw", "", None));
    assert!(is_valid(
        "POST",
        "/raw",
        "",
        Some(("multipart/form-data", "--x"))
    ));
}

#[test]
fn reads_the_styles_of_parameters() {
    assert!(is_valid(
        "GET",
        "/styles/.1.2/;matrix=3,4",
        "deep%5Ba%5D=x",
        None
    ));
    assert!(!is_valid(
        "GET",
        "/styles/.1.x/;matrix=3,4",
        "deep%5Ba%5D=x",
        None
    ));
    assert!(!is_valid(
        "GET",
        "/styles/.1.2/;matrix=3,4",
        "other=x",
        None
    ));
}

#[test]
fn replaces_the_variables_of_a_server_by_their_defaults() {
    assert!(is_valid("GET", "/acme/api/tenant", "", None));
    assert!(!is_valid("GET", "/other/api/tenant", "", None));
}

#[test]
fn reads_the_whole_query() {
    assert!(is_valid("GET", "/select", "%7B%22n%22%3A1%7D", None));
    assert!(!is_valid("GET", "/select", "%7B%22n%22%3A%22x%22%7D", None));
    assert!(!is_valid("GET", "/select", "", None));
}

#[test]
fn chooses_the_schema_by_the_media_type() {
    let post = |media_type, text| is_valid("POST", "/orders", "", Some((media_type, text)));
    assert!(post("text/csv", "a,b"));
    assert!(!post("application/xml", "<a/>"));
    assert!(post("application/json", r#"{"id":1}"#));
    assert!(!post("application/json", "[]"));
}

#[test]
fn binds_dynamic_references_through_references() {
    let post = |text| is_valid("POST", "/pages", "", Some(("application/json", text)));
    assert!(post(r#"{"items":[1]}"#));
    assert!(!post(r#"{"items":["a"]}"#));
}

#[test]
fn resolves_identifiers_inside_the_document() {
    let post = |text| is_valid("POST", "/identified", "", Some(("application/json", text)));
    assert!(post(r#"{"size":1,"color":"red"}"#));
    assert!(!post(r#"{"size":"1"}"#));
    assert!(!post(r#"{"color":1}"#));
}

#[test]
fn reads_parts_inside_parts() {
    let media_type = "multipart/form-data; boundary=A";
    let post = |page: &str, about: &str| {
        let nested = |boundary: &str, name: &str, text: &str| {
            format!(
                "--{boundary}\r\nContent-Disposition: form-data{name}\r\n\r\n{text}\r\n--{boundary}--\r\n"
            )
        };
        let outer = |name: &str, kind: &str, boundary: &str, content: &str| {
            format!(
                "--A\r\nContent-Disposition: form-data; name=\"{name}\"\r\nContent-Type: multipart/{kind}; boundary={boundary}\r\n\r\n{content}\r\n"
            )
        };
        let pages = outer("pages", "mixed", "B", &nested("B", "", page));
        let about = outer(
            "about",
            "related",
            "C",
            &nested("C", "; name=\"count\"", about),
        );
        let body = format!("{pages}{about}--A--\r\n");
        is_valid("POST", "/albums", "", Some((media_type, &body)))
    };
    assert!(is_valid(
        "POST",
        "/albums",
        "",
        Some((media_type, "--A--\r\n"))
    ));
    assert!(post("1", "2"));
    assert!(!post("x", "2"));
    assert!(!post("1", "x"));
}
