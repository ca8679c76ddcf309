//! Pagination: by the rules of `vendor.toml`, or inferred from the document.
//!
//! It is inferred from a `cursor` in the request and a `nextCursor` in the response (or any other name and the same name
//! after `next`), from a `starting_after` and items with an `id`, from an `offset` with a `limit`, and from a `page` with a
//! page size if the number of the first page is given; and the response must contain one list of items.

mod shape;

use crate::config::{Config, PaginationRule, PaginationStyle};
use crate::ir::{
    Api, Field, Method, NextPage, Operation, PageSelector, Pagination, Struct, TypeRef, TypeTable,
};
use shape::{
    PageParam, ScalarKind, flag_path, is_flag, item_path, items_path, list_path, number_path,
    object_fields, page_params, response_type, scalar_kind, scalar_path, struct_of,
};

/// The parameter with the [`ID`] of the item after which a page starts.
const AFTER: &str = "startingafter";

/// The property that identifies an item.
const ID: &str = "id";

/// Parameters with the number of items to skip.
const OFFSETS: &[&str] = &["offset", "skip"];

/// Parameters with the number of the page.
const PAGES: &[&str] = &["page", "pagenumber"];

/// Parameters with the size of a page. An offset or a number without one may have another meaning.
const SIZES: &[&str] = &["limit", "pagesize", "perpage", "size", "take"];

/// Properties with the number of pages.
const TOTALS: &[&str] = &["totalpages"];

/// Flags that more pages follow.
const MORE: &[&str] = &["hasmore", "hasnext", "hasnextpage"];

pub(super) fn run(api: &mut Api, config: &Config) {
    let found: Vec<Option<Pagination>> = (api.operations.iter())
        .map(|operation| find_pagination(api, config, operation))
        .collect();
    for (operation, pagination) in api.operations.iter_mut().zip(found) {
        operation.pagination = pagination;
    }
}

fn find_pagination(api: &Api, config: &Config, operation: &Operation) -> Option<Pagination> {
    for rule in config
        .pagination
        .iter()
        .filter(|rule| applies_to(rule, operation))
    {
        if rule.style == PaginationStyle::None {
            return None;
        }
        if let Some(pagination) = pagination_by_rule(api, rule, operation) {
            return Some(pagination);
        }
    }
    infer_pagination(api, operation)
}

/// Returns a description of the first rule that has no effect, or none on an operation that it lists.
pub(crate) fn find_unused_rule(api: &Api, config: &Config) -> Option<String> {
    config.pagination.iter().find_map(|rule| {
        let has_effect = |operation: &Operation| {
            rule.style == PaginationStyle::None
                || pagination_by_rule(api, rule, operation).is_some()
        };
        let start = rule.start.as_deref().unwrap_or("Link");
        if rule.operations.is_empty() {
            let is_unused = !api.operations.iter().any(has_effect);
            return is_unused.then(|| format!("a pagination rule is for `{start}`"));
        }
        let at = |pointer: &str| api.operations.iter().find(|known| known.at.0 == pointer);
        let unused =
            (rule.operations.iter()).find(|pointer| !at(pointer).is_some_and(has_effect))?;
        Some(format!("a pagination rule is for `{start}` of {unused}"))
    })
}

fn applies_to(rule: &PaginationRule, operation: &Operation) -> bool {
    rule.operations.is_empty() || rule.operations.contains(&operation.at.0)
}

fn pagination_by_rule(
    api: &Api,
    rule: &PaginationRule,
    operation: &Operation,
) -> Option<Pagination> {
    let types = &api.types;
    let response = response_type(operation)?;
    let items = match &rule.items {
        Some(path) => list_path(types, response, path)?,
        None => items_path(types, response)?,
    };
    let start = |is_number: bool| {
        let path = rule.start.as_deref()?;
        let mut params = page_params(types, operation).into_iter();
        let matches = |param: &PageParam| {
            dotted(&param.location) == path && (!is_number || param.kind == ScalarKind::Number)
        };
        params.find(matches).map(|param| param.location)
    };
    let next = match rule.style {
        PaginationStyle::Cursor => NextPage::Token {
            start: start(false)?,
            next: scalar_path(types, response, rule.next.as_deref()?)?,
            more: match &rule.more {
                Some(more) => Some(flag_path(types, response, more)?),
                None => None,
            },
        },
        PaginationStyle::LastItem => NextPage::LastItem {
            start: start(false)?,
            next: item_path(types, response, &items, rule.next.as_deref()?)?,
            more: match &rule.more {
                Some(more) => Some(flag_path(types, response, more)?),
                None => None,
            },
        },
        PaginationStyle::Offset => NextPage::Offset {
            start: start(true)?,
        },
        PaginationStyle::PageNumber => NextPage::Number {
            start: start(true)?,
            first: rule.first.unwrap_or(1),
            total: match &rule.total {
                Some(total) => Some(number_path(types, response, total)?),
                None => infer_total(types, response),
            },
        },
        PaginationStyle::Link => NextPage::Link,
        PaginationStyle::None => return None,
    };
    Some(Pagination { next, items })
}

/// Infers pagination from the document, for methods that can read.
fn infer_pagination(api: &Api, operation: &Operation) -> Option<Pagination> {
    if !matches!(operation.method, Method::Get | Method::Post) {
        return None;
    }
    let response = response_type(operation)?;
    let items = items_path(&api.types, response)?;
    let params = page_params(&api.types, operation);
    let next = infer_token(&api.types, response, &params)
        .or_else(|| infer_last_item(&api.types, response, &items, &params))
        .or_else(|| infer_numbered(&api.types, response, &params))?;
    Some(Pagination { next, items })
}

fn infer_token(types: &TypeTable, response: &TypeRef, params: &[PageParam]) -> Option<NextPage> {
    let object = struct_of(types, response)?;
    params
        .iter()
        .map(|param| &param.location)
        .find_map(|start| {
            let param_name = normalized(last_name(start));
            let next = |object: &Struct| {
                let found = object.fields.iter().find(|field| {
                    let name = normalized(&field.wire_name);
                    let is_next = name == format!("next{param_name}")
                        || name == param_name && param_name.starts_with("next");
                    is_next && scalar_kind(types, &field.ty).is_some()
                });
                found.map(|field| field.wire_name.clone())
            };
            let (object, mut prefix, next) = match next(object) {
                Some(next) => (object, Vec::new(), next),
                None => object_fields(types, object).find_map(|(wire_name, inner)| {
                    Some((inner, vec![wire_name.to_owned()], next(inner)?))
                })?,
            };
            let more = object
                .fields
                .iter()
                .find(|field| is_more_flag(types, field));
            let more = more.map(|field| [prefix.clone(), vec![field.wire_name.clone()]].concat());
            prefix.push(next);
            Some(NextPage::Token {
                start: start.clone(),
                next: prefix,
                more,
            })
        })
}

fn infer_last_item(
    types: &TypeTable,
    response: &TypeRef,
    items: &[String],
    params: &[PageParam],
) -> Option<NextPage> {
    let mut locations = params.iter().map(|param| &param.location);
    let start = locations.find(|start| normalized(last_name(start)) == AFTER)?;
    let next = item_path(types, response, items, ID)?;
    let mut fields = struct_of(types, response)
        .into_iter()
        .flat_map(|object| &object.fields);
    let more = fields.find(|field| is_more_flag(types, field));
    Some(NextPage::LastItem {
        start: start.clone(),
        next,
        more: more.map(|field| vec![field.wire_name.clone()]),
    })
}

fn is_more_flag(types: &TypeTable, field: &Field) -> bool {
    MORE.contains(&normalized(&field.wire_name).as_str()) && is_flag(types, &field.ty)
}

fn infer_numbered(types: &TypeTable, response: &TypeRef, params: &[PageParam]) -> Option<NextPage> {
    let number = |names: &[&str]| {
        let mut numbers = params
            .iter()
            .filter(|param| param.kind == ScalarKind::Number);
        numbers.find(|param| names.contains(&normalized(last_name(&param.location)).as_str()))
    };
    number(SIZES)?;
    if let Some(param) = number(OFFSETS) {
        let start = param.location.clone();
        return Some(NextPage::Offset { start });
    }
    let param = number(PAGES)?;
    // A first number that is one too high would skip a page without an error.
    let first = param.first?;
    let start = param.location.clone();
    let total = infer_total(types, response);
    Some(NextPage::Number {
        start,
        first,
        total,
    })
}

/// Returns the path of the number of pages, in the response or in an object of it.
fn infer_total(types: &TypeTable, response: &TypeRef) -> Option<Vec<String>> {
    let object = struct_of(types, response)?;
    let total = |object: &Struct| {
        let found = object.fields.iter().find(|field| {
            TOTALS.contains(&normalized(&field.wire_name).as_str())
                && scalar_kind(types, &field.ty) == Some(ScalarKind::Number)
        });
        found.map(|field| field.wire_name.clone())
    };
    match total(object) {
        Some(name) => Some(vec![name]),
        None => object_fields(types, object)
            .find_map(|(outer, inner)| Some(vec![outer.to_owned(), total(inner)?])),
    }
}

/// Returns the letters and digits of a name in lower case.
fn normalized(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_ascii_alphanumeric());
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

fn last_name(start: &PageSelector) -> &str {
    match start {
        PageSelector::Query(name) => name,
        PageSelector::Body(path) => path.last().map_or("", String::as_str),
    }
}

fn dotted(start: &PageSelector) -> String {
    match start {
        PageSelector::Query(name) => name.clone(),
        PageSelector::Body(path) => path.join("."),
    }
}
