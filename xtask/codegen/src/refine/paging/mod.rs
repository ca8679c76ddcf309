//! Answers that come in pages: the rules of `vendor.toml` first, then what is plain from the document.
//!
//! Plain is a request that takes a `cursor` and an answer that has a `nextCursor` (or any other name and `next` before
//! it), a `starting_after` and items with an `id`, an `offset` beside a `limit`, and a `page` beside its size whose first
//! number is known; and an answer that holds one list to take the items from.

mod shape;

use crate::config::{Config, PaginationRule, PaginationStyle};
use crate::ir::{
    Api, Field, Method, Operation, PageStart, Paging, PagingStyle, Struct, TypeRef, TypeTable,
};
use shape::{
    Scalar, Start, answer, fields, is_flag, item_at, list_at, list_in, scalar, scalar_at, starts,
};

/// What says after which item a page starts, by that item's [`ID`].
const AFTER: &str = "startingafter";

/// What an item is known by.
const ID: &str = "id";

/// What says how many items to skip.
const OFFSETS: &[&str] = &["offset", "skip"];

/// What says which page is wanted, by number.
const PAGES: &[&str] = &["page", "pagenumber"];

/// What says how many items there are at most; an offset or a number without it may be anything.
const SIZES: &[&str] = &["limit", "pagesize", "perpage", "size", "take"];

/// What says whether there is more.
const MORE: &[&str] = &["hasmore", "hasnext", "hasnextpage"];

pub(super) fn run(api: &mut Api, vendor: &Config) {
    let found: Vec<Option<Paging>> = (api.operations.iter())
        .map(|operation| paging(api, vendor, operation))
        .collect();
    for (operation, paging) in api.operations.iter_mut().zip(found) {
        operation.paging = paging;
    }
}

fn paging(api: &Api, vendor: &Config, operation: &Operation) -> Option<Paging> {
    for rule in vendor
        .pagination
        .iter()
        .filter(|rule| covers(rule, operation))
    {
        if rule.style == PaginationStyle::None {
            return None;
        }
        if let Some(paging) = by_rule(api, rule, operation) {
            return Some(paging);
        }
    }
    plain(api, operation)
}

/// The first rule that does nothing, or nothing for an operation it names, in words. `None` if there is none.
pub(crate) fn find_unused_rule(api: &Api, vendor: &Config) -> Option<String> {
    vendor.pagination.iter().find_map(|rule| {
        let does = |operation: &Operation| {
            rule.style == PaginationStyle::None || by_rule(api, rule, operation).is_some()
        };
        let start = rule.start.as_deref().unwrap_or("Link");
        if rule.operations.is_empty() {
            let idle = !api.operations.iter().any(does);
            return idle.then(|| format!("a pagination rule is for `{start}`"));
        }
        let at = |pointer: &str| api.operations.iter().find(|known| known.at.0 == pointer);
        let idle = (rule.operations.iter()).find(|pointer| !at(pointer).is_some_and(does))?;
        Some(format!("a pagination rule is for `{start}` of {idle}"))
    })
}

fn covers(rule: &PaginationRule, operation: &Operation) -> bool {
    rule.operations.is_empty() || rule.operations.contains(&operation.at.0)
}

fn by_rule(api: &Api, rule: &PaginationRule, operation: &Operation) -> Option<Paging> {
    let types = &api.types;
    let answer = answer(operation)?;
    let items = match &rule.items {
        Some(path) => list_at(types, answer, path)?,
        None => list_in(types, answer)?,
    };
    let start = |number: bool| {
        let wanted = rule.start.as_deref()?;
        let mut starts = starts(types, operation).into_iter();
        let fits = |start: &Start| {
            dotted(&start.place) == wanted && (!number || start.kind == Scalar::Number)
        };
        starts.find(fits).map(|start| start.place)
    };
    let style = match rule.style {
        PaginationStyle::Cursor => PagingStyle::Token {
            start: start(false)?,
            next: scalar_at(types, answer, rule.next.as_deref()?)?,
            more: match &rule.more {
                Some(more) => Some(shape::flag_at(types, answer, more)?),
                None => None,
            },
        },
        PaginationStyle::LastItem => PagingStyle::LastItem {
            start: start(false)?,
            next: item_at(types, answer, &items, rule.next.as_deref()?)?,
            more: match &rule.more {
                Some(more) => Some(shape::flag_at(types, answer, more)?),
                None => None,
            },
        },
        PaginationStyle::Offset => PagingStyle::Offset {
            start: start(true)?,
        },
        PaginationStyle::PageNumber => PagingStyle::Number {
            start: start(true)?,
            first: rule.first.unwrap_or(1),
        },
        PaginationStyle::Link => PagingStyle::Link,
        PaginationStyle::None => return None,
    };
    Some(Paging { style, items })
}

/// What is plain from the document, of operations that only ask.
fn plain(api: &Api, operation: &Operation) -> Option<Paging> {
    if !matches!(operation.method, Method::Get | Method::Post) {
        return None;
    }
    let answer = answer(operation)?;
    let items = list_in(&api.types, answer)?;
    let starts = starts(&api.types, operation);
    let style = token(&api.types, answer, &starts)
        .or_else(|| after(&api.types, answer, &items, &starts))
        .or_else(|| counted(&starts))?;
    Some(Paging { style, items })
}

fn token(types: &TypeTable, answer: &TypeRef, starts: &[Start]) -> Option<PagingStyle> {
    let object = shape::object(types, answer)?;
    starts.iter().map(|start| &start.place).find_map(|start| {
        let asked = bare(last(start));
        let next = |object: &Struct| {
            let found = object.fields.iter().find(|field| {
                let name = bare(&field.wire);
                let goes_on =
                    name == format!("next{asked}") || name == asked && asked.starts_with("next");
                goes_on && scalar(types, &field.ty).is_some()
            });
            found.map(|field| field.wire.clone())
        };
        let (object, mut prefix, next) = match next(object) {
            Some(next) => (object, Vec::new(), next),
            None => fields(types, object)
                .find_map(|(wire, inner)| Some((inner, vec![wire.to_owned()], next(inner)?)))?,
        };
        let more = object.fields.iter().find(|field| is_more(types, field));
        let more = more.map(|field| [prefix.clone(), vec![field.wire.clone()]].concat());
        prefix.push(next);
        Some(PagingStyle::Token {
            start: start.clone(),
            next: prefix,
            more,
        })
    })
}

fn after(
    types: &TypeTable,
    answer: &TypeRef,
    items: &[String],
    starts: &[Start],
) -> Option<PagingStyle> {
    let mut starts = starts.iter().map(|start| &start.place);
    let start = starts.find(|start| bare(last(start)) == AFTER)?;
    let next = item_at(types, answer, items, ID)?;
    let mut fields = shape::object(types, answer)
        .into_iter()
        .flat_map(|object| &object.fields);
    let more = fields.find(|field| is_more(types, field));
    Some(PagingStyle::LastItem {
        start: start.clone(),
        next,
        more: more.map(|field| vec![field.wire.clone()]),
    })
}

fn is_more(types: &TypeTable, field: &Field) -> bool {
    MORE.contains(&bare(&field.wire).as_str()) && is_flag(types, &field.ty)
}

fn counted(starts: &[Start]) -> Option<PagingStyle> {
    let number = |names: &[&str]| {
        let mut numbers = starts.iter().filter(|start| start.kind == Scalar::Number);
        numbers.find(|start| names.contains(&bare(last(&start.place)).as_str()))
    };
    number(SIZES)?;
    if let Some(start) = number(OFFSETS) {
        let start = start.place.clone();
        return Some(PagingStyle::Offset { start });
    }
    let start = number(PAGES)?;
    // A number that is one too high would leave a page out, and nobody would know.
    let first = start.first?;
    let start = start.place.clone();
    Some(PagingStyle::Number { start, first })
}

/// A name without what people write it in.
fn bare(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_ascii_alphanumeric());
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

fn last(start: &PageStart) -> &str {
    match start {
        PageStart::Query(name) => name,
        PageStart::Body(path) => path.last().map_or("", String::as_str),
    }
}

fn dotted(start: &PageStart) -> String {
    match start {
        PageStart::Query(name) => name.clone(),
        PageStart::Body(path) => path.join("."),
    }
}
