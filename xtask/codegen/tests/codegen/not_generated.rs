//! Tests of what `coverage` reports as not generated, although its keyword is known: what only this place cannot use.

use observatory_codegen::coverage::measure;
use observatory_codegen::diag::Error;
use observatory_codegen::{Generator, Input};

type TestResult = Result<(), Error>;

/// Returns the parts of a document that are not generated: object, keyword and the end of the pointer.
fn not_generated(rest: &str) -> Result<Vec<String>, Error> {
    let text = format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\n{rest}");
    let output = Generator::new(Default::default()).generate(Input::text("spec.yaml", text))?;
    let coverage = measure("spec.yaml", &output);
    let parts = coverage.not_generated.into_iter().flat_map(|part| {
        let places = part.places.into_iter();
        places.map(move |place| format!("{} {} {}", part.object, part.keyword, place.pointer))
    });
    Ok(parts.collect())
}

/// Returns what is not generated of an operation `POST /a`, without the pointer of the operation.
fn of_operation(operation: &str) -> Result<Vec<String>, Error> {
    let parts = not_generated(&format!("paths:\n  /a:\n    post: {operation}\n"))?;
    let parts = parts.into_iter();
    Ok(parts
        .map(|part| part.replace("#/paths/~1a/post/", ""))
        .collect())
}

/// Returns what is not generated of a request body, without the pointer of its content.
fn of_body(content: &str) -> Result<Vec<String>, Error> {
    let parts = of_operation(&format!(
        "{{requestBody: {{content: {{{content}}}}}, responses: {{'204': {{description: d}}}}}}"
    ))?;
    let parts = parts.into_iter();
    Ok(parts
        .map(|part| part.replace("requestBody/content/", ""))
        .collect())
}

#[test]
fn reports_schemas_that_text_and_bytes_do_not_use() -> TestResult {
    let object = "schema: {type: object, properties: {a: {type: string}}}";
    assert_eq!(
        of_body(&format!("application/xml: {{{object}}}"))?,
        ["Media Type schema application~1xml/schema"]
    );
    assert_eq!(
        of_body("text/plain: {schema: {type: integer}}")?,
        ["Media Type schema text~1plain/schema"]
    );
    assert!(of_body("text/plain: {schema: {type: string}}")?.is_empty());
    assert!(of_body("image/png: {schema: {type: string, format: binary}}")?.is_empty());
    let response = |media_type: &str| {
        of_operation(&format!(
            "{{responses: {{'200': {{description: d, content: {{{media_type}: {{{object}}}}}}}}}}}"
        ))
    };
    for media_type in [
        "application/yaml",
        "multipart/mixed",
        "application/x-www-form-urlencoded",
    ] {
        let key = media_type.replace('/', "~1");
        assert_eq!(
            response(media_type)?,
            [format!(
                "Media Type schema responses/200/content/{key}/schema"
            )]
        );
    }
    Ok(())
}

#[test]
fn reports_forms_without_fields() -> TestResult {
    let form = |schema: &str| {
        of_body(&format!(
            "application/x-www-form-urlencoded: {{schema: {schema}}}"
        ))
    };
    assert_eq!(
        form("{type: array, items: {type: string}}")?,
        ["Media Type schema application~1x-www-form-urlencoded/schema"]
    );
    assert!(form("{type: string}")?.is_empty());
    assert!(of_body("multipart/form-data: {schema: {type: string, format: binary}}")?.is_empty());
    assert!(of_body("multipart/mixed: {schema: {type: array, items: {type: string}}}")?.is_empty());
    Ok(())
}

#[test]
fn reports_encodings_without_effect() -> TestResult {
    let form = |properties: &str, encoding: &str| {
        of_body(&format!(
            "multipart/form-data: {{schema: {{type: object, properties: {{{properties}}}}}, encoding: {{{encoding}}}}}"
        ))
    };
    assert_eq!(
        form("a: {type: string}", "b: {contentType: text/csv}")?,
        ["Encoding b multipart~1form-data/encoding/b"]
    );
    let object = "a: {type: object, properties: {b: {type: string}}}";
    assert_eq!(
        form(object, "a: {contentType: application/xml}")?,
        ["Encoding contentType multipart~1form-data/encoding/a/contentType"]
    );
    assert!(
        form(
            object,
            "a: {contentType: 'application/xml, application/json'}"
        )?
        .is_empty()
    );
    assert!(form("a: {type: string}", "a: {contentType: application/xml}")?.is_empty());
    assert_eq!(
        form(
            "a: {type: string}",
            "a: {headers: {Content-Type: {schema: {type: string}}}}"
        )?,
        ["Header Content-Type multipart~1form-data/encoding/a/headers/Content-Type"]
    );
    assert_eq!(
        of_body(
            "application/json: {schema: {type: object}, encoding: {a: {contentType: text/csv}}}"
        )?,
        ["Media Type encoding application~1json/encoding"]
    );
    Ok(())
}

#[test]
fn reports_parameters_that_cannot_be_sent_as_described() -> TestResult {
    let parameter = |rest: &str| {
        of_operation(&format!(
            "{{parameters: [{{name: a, {rest}}}], responses: {{'204': {{description: d}}}}}}"
        ))
    };
    let object = "{type: object, properties: {b: {type: string}}}";
    assert_eq!(
        parameter(&format!(
            "in: query, content: {{application/xml: {{schema: {object}}}}}"
        ))?,
        ["Media Type schema parameters/0/content/application~1xml/schema"]
    );
    assert!(parameter("in: query, content: {text/plain: {schema: {type: integer}}}")?.is_empty());
    assert_eq!(
        parameter("in: header, style: form, schema: {type: string}")?,
        ["Parameter style parameters/0/style"]
    );
    assert_eq!(
        parameter("in: query, content: {application/json: {}, text/plain: {}}")?,
        ["Media Type text/plain parameters/0/content/text~1plain"]
    );
    let ignored = "{parameters: [{name: Accept, in: header, schema: {type: string}}], responses: {'204': {description: d}}}";
    assert_eq!(of_operation(ignored)?, ["Parameter Accept parameters/0"]);
    Ok(())
}

#[test]
fn reports_relative_servers() -> TestResult {
    let operation = |servers: &str| {
        of_operation(&format!(
            "{{servers: [{servers}], responses: {{'204': {{description: d}}}}}}"
        ))
    };
    assert!(operation("{url: /v2}")?.is_empty());
    assert_eq!(
        operation("{url: /v2}, {url: ../v3}")?,
        ["Server url servers/1/url"]
    );
    assert_eq!(
        operation("{url: '/{tenant}', variables: {tenant: {default: a}}}")?,
        ["Server variables servers/0/variables"]
    );
    assert_eq!(
        not_generated(
            "servers: [{url: /api}, {url: 'https://a.test'}, {url: //b.test}]\npaths: {}"
        )?,
        ["Server url #/servers/0/url"]
    );
    Ok(())
}

#[test]
fn reports_security_schemes_without_support() -> TestResult {
    let schemes =
        "a: {type: mutualTLS}, b: {type: http, scheme: digest}, c: {type: http, scheme: Basic}";
    assert_eq!(
        not_generated(&format!(
            "paths: {{}}\ncomponents: {{securitySchemes: {{{schemes}}}}}"
        ))?,
        [
            "Security Scheme scheme #/components/securitySchemes/b/scheme",
            "Security Scheme type #/components/securitySchemes/a/type",
        ]
    );
    Ok(())
}

#[test]
fn reports_discriminators_that_choose_no_member() -> TestResult {
    let schemas =
        |schemas: &str| not_generated(&format!("paths: {{}}\ncomponents:\n  schemas:\n{schemas}"));
    // In an inline member of `allOf`, and outside of the components.
    let member = "allOf: [{discriminator: {propertyName: t, mapping: {a: A}}, properties: {t: {type: string}}}, {properties: {b: {type: string}}}]";
    assert_eq!(
        schemas(&format!(
            "    A: {{type: object, properties: {{t: {{type: string}}}}}}\n    B: {{type: object, properties: {{c: {{{member}}}}}}}\n"
        ))?,
        ["Discriminator mapping #/components/schemas/B/properties/c/allOf/0/discriminator/mapping"]
    );
    let union = "oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]";
    let members = "    A: {type: object, properties: {a: {type: string}}}\n    B: {type: object, properties: {b: {type: string}}}\n    C: {type: object}\n";
    assert_eq!(
        schemas(&format!(
            "{members}    U: {{{union}, discriminator: {{propertyName: t, mapping: {{a: A, b: B, c: C}}, defaultMapping: C}}}}\n"
        ))?,
        [
            "Discriminator defaultMapping #/components/schemas/U/discriminator/defaultMapping",
            "Discriminator mapping #/components/schemas/U/discriminator/mapping/c",
        ]
    );
    assert_eq!(
        schemas(
            "    U: {oneOf: [{properties: {a: {}}}, {properties: {b: {}}}], discriminator: {propertyName: t}}\n"
        )?,
        ["Schema discriminator #/components/schemas/U/discriminator"]
    );
    Ok(())
}

#[test]
fn reports_values_that_are_lists_or_objects() -> TestResult {
    let schema = |schema: &str| {
        not_generated(&format!(
            "paths: {{}}\ncomponents: {{schemas: {{S: {schema}}}}}"
        ))
    };
    assert_eq!(
        schema("{enum: [a, {b: 1}]}")?,
        ["Schema enum #/components/schemas/S/enum"]
    );
    assert_eq!(
        schema("{const: [1, 2]}")?,
        ["Schema const #/components/schemas/S/const"]
    );
    assert!(schema("{enum: [a, 1]}")?.is_empty());
    Ok(())
}

/// Rust cannot express an alias of itself: values of any type are read.
#[test]
fn reports_lists_and_maps_of_themselves() -> TestResult {
    let parts = not_generated(
        "paths: {}\ncomponents:
  schemas:
    List: {type: array, items: {$ref: '#/components/schemas/List'}}
    Map: {type: object, additionalProperties: {type: array, items: {$ref: '#/components/schemas/Map'}}}
    Tree: {type: object, properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}\n",
    )?;
    assert_eq!(
        parts,
        [
            "Schema additionalProperties #/components/schemas/Map/additionalProperties",
            "Schema items #/components/schemas/List/items",
        ]
    );
    Ok(())
}
