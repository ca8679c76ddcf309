//! Passes over operations: envelopes, pagination and retries.

use observatory_codegen::diag::Error;
use observatory_codegen::ir::ResponseContent;

use super::refine_document;
use crate::ir_text::{Outcome, type_text};

/// A document with `GET /x`, its query parameters and the schema of its response.
fn list_operation(params: &str, response: &str) -> String {
    format!(
        "openapi: 3.0.3\n\
         components: {{schemas: {{Item: {{type: object, required: [id], properties: {{id: {{type: string}}}}}}}}}}\n\
         paths:\n\
         \x20 /x:\n\
         \x20   get:\n\
         \x20     operationId: list\n\
         \x20     parameters: [{params}]\n\
         \x20     responses: {{'200': {{description: d, content: {{application/json: {{schema: {response}}}}}}}}}\n"
    )
}

fn query(name: &str, schema: &str) -> String {
    format!("{{in: query, name: {name}, schema: {schema}}}")
}

const ITEMS: &str = "items: {type: array, items: {$ref: '#/components/schemas/Item'}}";

/// Checks the pagination of `GET /x`, as `Debug` prints its style.
#[track_caller]
fn pagination_becomes(
    params: &str,
    properties: &str,
    config: &str,
    expected: Option<&str>,
) -> Outcome {
    let response = format!("{{type: object, properties: {{{properties}}}}}");
    let api = refine_document(&list_operation(params, &response), config)?;
    let pagination = api.operations[0].pagination.as_ref();
    let text = pagination
        .map(|pagination| format!("{:?} of {}", pagination.next, pagination.items.join(".")));
    assert_eq!(text.as_deref(), expected);
    Ok(())
}

#[test]
fn infers_a_cursor_from_its_next_value() -> Outcome {
    let cursor = query("cursor", "{type: string}");
    pagination_becomes(
        &cursor,
        &format!("{ITEMS}, nextCursor: {{type: string}}, has_more: {{type: boolean}}"),
        "",
        Some(
            "Token { start: Query(\"cursor\"), next: [\"nextCursor\"], more: Some([\"has_more\"]) } of items",
        ),
    )?;
    pagination_becomes(
        &cursor,
        &format!("{ITEMS}, meta: {{type: object, properties: {{next_cursor: {{type: string}}}}}}"),
        "",
        Some(
            "Token { start: Query(\"cursor\"), next: [\"meta\", \"next_cursor\"], more: None } of items",
        ),
    )?;
    pagination_becomes(&cursor, ITEMS, "", None)
}

#[test]
fn infers_the_last_item_from_starting_after() -> Outcome {
    pagination_becomes(
        &query("starting_after", "{type: string}"),
        ITEMS,
        "",
        Some("LastItem { start: Query(\"starting_after\"), next: [\"id\"], more: None } of items"),
    )
}

#[test]
fn infers_an_offset_with_a_limit_only() -> Outcome {
    let (offset, limit) = (
        query("offset", "{type: integer}"),
        query("limit", "{type: integer}"),
    );
    pagination_becomes(
        &format!("{offset}, {limit}"),
        ITEMS,
        "",
        Some("Offset { start: Query(\"offset\") } of items"),
    )?;
    pagination_becomes(&offset, ITEMS, "", None)
}

#[test]
fn infers_a_page_number_if_the_first_is_known() -> Outcome {
    let limit = query("limit", "{type: integer}");
    let page = query("page", "{type: integer, default: 0}");
    pagination_becomes(
        &format!("{page}, {limit}"),
        ITEMS,
        "",
        Some("Number { start: Query(\"page\"), first: 0, total: None } of items"),
    )?;
    let page = query("page", "{type: integer}");
    pagination_becomes(&format!("{page}, {limit}"), ITEMS, "", None)
}

#[test]
fn finds_the_number_of_pages() -> Outcome {
    let params = format!(
        "{}, {}",
        query("page", "{type: integer, default: 1}"),
        query("limit", "{type: integer}")
    );
    let number = "Number { start: Query(\"page\"), first: 1, total";
    pagination_becomes(
        &params,
        &format!("{ITEMS}, total_pages: {{type: number}}"),
        "",
        Some(&format!("{number}: Some([\"total_pages\"]) }} of items")),
    )?;
    let meta =
        "meta: {type: object, properties: {totalPages: {type: integer}, pages: {type: integer}}}";
    pagination_becomes(
        &params,
        &format!("{ITEMS}, {meta}"),
        "",
        Some(&format!(
            "{number}: Some([\"meta\", \"totalPages\"]) }} of items"
        )),
    )?;
    let rule =
        "[[pagination]]\nstyle = \"page-number\"\nstart = \"page\"\ntotal = \"meta.pages\"\n";
    pagination_becomes(
        &params,
        &format!("{ITEMS}, {meta}"),
        rule,
        Some(&format!(
            "{number}: Some([\"meta\", \"pages\"]) }} of items"
        )),
    )
}

#[test]
fn needs_one_list_of_items() -> Outcome {
    let params = format!(
        "{}, {}",
        query("offset", "{type: integer}"),
        query("limit", "{type: integer}")
    );
    let strings = "names: {type: array, items: {type: string}}";
    let offset = "Offset { start: Query(\"offset\") } of";
    pagination_becomes(
        &params,
        &format!("{ITEMS}, {strings}"),
        "",
        Some(&format!("{offset} items")),
    )?;
    pagination_becomes(&params, strings, "", Some(&format!("{offset} names")))?;
    pagination_becomes(
        &params,
        &format!("{strings}, tags: {{type: array, items: {{}}}}"),
        "",
        None,
    )?;
    pagination_becomes(&params, "n: {type: integer}", "", None)
}

#[test]
fn a_rule_of_the_configuration_comes_first() -> Outcome {
    let params = format!(
        "{}, {}",
        query("offset", "{type: integer}"),
        query("limit", "{type: integer}")
    );
    pagination_becomes(
        &params,
        ITEMS,
        "[[pagination]]\nstyle = \"none\"\noperations = [\"#/paths/~1x/get\"]\n",
        None,
    )?;
    pagination_becomes(
        &params,
        ITEMS,
        "[[pagination]]\nstyle = \"page-number\"\nstart = \"offset\"\nfirst = 3\n",
        Some("Number { start: Query(\"offset\"), first: 3, total: None } of items"),
    )?;
    pagination_becomes(
        &params,
        ITEMS,
        "[[pagination]]\nstyle = \"link\"\n",
        Some("Link of items"),
    )?;
    pagination_becomes(
        &query("after", "{type: string}"),
        &format!("{ITEMS}, end: {{type: string}}"),
        "[[pagination]]\nstyle = \"cursor\"\nstart = \"after\"\nnext = \"end\"\n",
        Some("Token { start: Query(\"after\"), next: [\"end\"], more: None } of items"),
    )?;
    pagination_becomes(
        &query("after", "{type: string}"),
        ITEMS,
        "[[pagination]]\nstyle = \"last-item\"\nstart = \"after\"\nnext = \"id\"\n",
        Some("LastItem { start: Query(\"after\"), next: [\"id\"], more: None } of items"),
    )
}

const ENVELOPE: &str = "[[envelope]]\ndata = \"data\"\nerror = \"error\"\n";

/// Checks the response of `GET /x`, and whether it came in an envelope.
#[track_caller]
fn response_becomes(schema: &str, expected: &str, is_wrapped: bool) -> Outcome {
    let api = refine_document(&list_operation("", schema), ENVELOPE)?;
    let response = &api.operations[0].responses.success[0];
    let ResponseContent::Json(ty) = &response.content else {
        panic!("{:?}", response.content);
    };
    let null = if response.nullable { " | null" } else { "" };
    assert_eq!(format!("{}{null}", type_text(&api, ty)), expected);
    assert_eq!(response.envelope.is_some(), is_wrapped);
    Ok(())
}

#[test]
fn unwraps_envelopes() -> Outcome {
    response_becomes(
        "{type: object, required: [data], properties: {data: {$ref: '#/components/schemas/Item'}, error: {type: string}}}",
        "Item",
        true,
    )?;
    response_becomes(
        "{type: object, properties: {data: {$ref: '#/components/schemas/Item'}, error: {type: string}}}",
        "Item | null",
        true,
    )
}

#[test]
fn unwraps_a_union_of_envelopes() -> Outcome {
    let success = "{type: object, required: [data], properties: {data: {type: integer}, error: {enum: [null]}}}";
    let failure = "{type: object, required: [data], properties: {data: {enum: [null]}, error: {type: string}}}";
    response_becomes(&format!("{{oneOf: [{success}, {failure}]}}"), "i64", true)
}

#[test]
fn an_object_with_other_properties_is_not_an_envelope() -> Outcome {
    response_becomes(
        "{type: object, required: [data, error, more], properties: {data: {type: integer}, error: {type: string}, \
         more: {type: integer}}}",
        "{data: i64, error: string, more: i64}",
        false,
    )?;
    response_becomes(
        "{type: object, required: [data], properties: {data: {type: integer}}}",
        "{data: i64}",
        false,
    )?;
    response_becomes(
        "{type: object, required: [data, error], properties: {data: {type: integer}, error: {type: string}}, \
         additionalProperties: true}",
        "{data: i64, error: string, ...: any}",
        false,
    )
}

#[test]
fn marks_operations_that_the_configuration_calls_idempotent() -> Outcome {
    let document = list_operation("", "{}");
    let is_idempotent = |config: &str| -> Result<bool, Error> {
        let api = refine_document(&document, config)?;
        Ok(api.operations[0].idempotent)
    };
    let config = "[[retry]]\nidempotent = [\"list\"]\nreason = \"reads only\"\n";
    assert!(is_idempotent(config)? && !is_idempotent("")?);
    Ok(())
}
