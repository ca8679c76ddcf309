//! Plans the servers that leave a choice: a type for each, with a method for each variable of its URL.

use super::client_plan::{ServerTypePlan, ServerVariablePlan, UrlPiece, VariableKind};
use crate::ir::{Api, Literal, Server, ServerVariable};
use crate::plan::casing::{has_words, split_words};
use crate::plan::context::PlanContext;
use crate::plan::docs;
use crate::plan::docs::markdown::inline_code;
use crate::plan::models::EnumValuePlan;
use crate::plan::scope::Scope;

/// Plans the types of the servers: those of the document, then those of paths and operations that leave a choice. None if
/// `vendor.toml` lists the servers, or if no server has variables and no operation has several.
pub(super) fn plan_server_types(cx: &PlanContext<'_>) -> Vec<ServerTypePlan> {
    let servers = find_servers(cx.api);
    let has_variables = servers
        .iter()
        .any(|(_, server)| !server.variables.is_empty());
    let mut operations = cx.api.operations.iter();
    let has_choice = operations.any(|operation| operation.servers.len() > 1);
    if !cx.config.server.is_empty() || !(has_variables || has_choice) {
        return Vec::new();
    }
    let mut types = Scope::types();
    types.reserve("Server");
    let mut functions = Scope::snake_case(&["new", "default"]);
    let mut known = Vec::new();
    let plans = servers.into_iter();
    plans
        .map(|(name, server)| {
            let described = server.docs.description.as_deref().map(split_words);
            let is_short = |words: &String| !words.is_empty() && words.len() <= MAX_NAME_LENGTH;
            let name = described.filter(is_short).unwrap_or(name);
            plan_server_type(&name, server, &mut functions, &mut types, &mut known)
        })
        .collect()
}

/// Returns the absolute servers, each with a name for one without a short description.
fn find_servers(api: &Api) -> Vec<(String, &Server)> {
    let own = api
        .servers
        .iter()
        .enumerate()
        .map(|(index, server)| match index {
            0 => ("primary".to_owned(), server),
            index => (format!("server {}", index + 1), server),
        });
    let of_operations = api.operations.iter().flat_map(|operation| {
        let mut segments = operation.path.split('/');
        let first = segments.find(|segment| has_words(segment) && !segment.starts_with('{'));
        let name = first.map_or_else(|| "operation".to_owned(), split_words);
        let servers = operation.servers.iter().enumerate();
        let servers = servers.map(move |(index, server)| match index {
            0 => (name.clone(), server),
            index => (format!("{name} server {}", index + 1), server),
        });
        // A single URL without variables needs no name.
        let is_choice = operation.servers.len() > 1;
        servers.filter(move |(_, server)| is_choice || !server.variables.is_empty())
    });
    let mut found: Vec<(String, &Server)> = Vec::new();
    for (name, server) in own.chain(of_operations) {
        let is_known = found
            .iter()
            .any(|(_, known)| known.template == server.template);
        let is_absolute = server.template.contains("://") || server.template.starts_with('{');
        if !is_known && is_absolute {
            found.push((name, server));
        }
    }
    found
}

fn plan_server_type(
    name: &str,
    server: &Server,
    functions: &mut Scope,
    types: &mut Scope,
    known: &mut Vec<KnownChoice>,
) -> ServerTypePlan {
    let mut fields = Scope::snake_case(&["url", "from", "into", "clone"]);
    let variables = server.variables.iter();
    let variables: Vec<ServerVariablePlan> = variables
        .map(|variable| plan_variable(name, variable, &mut fields, types, known))
        .collect();
    ServerTypePlan {
        function: functions.claim([name.to_owned(), format!("{name} server")]),
        type_name: types.claim([format!("{name} server")]),
        docs: docs::text_or_else(&server.docs, || {
            Some(format!("{}.", inline_code(&server.template)))
        }),
        pieces: url_pieces(&server.template, &server.variables),
        variables,
    }
}

/// The choices of a variable, which servers share if their values are the same.
struct KnownChoice {
    variable: ServerVariable,
    kind: VariableKind,
}

/// The maximum length of a server's description that is used as its name.
const MAX_NAME_LENGTH: usize = 40;

fn plan_variable(
    server: &str,
    variable: &ServerVariable,
    fields: &mut Scope,
    types: &mut Scope,
    known: &mut Vec<KnownChoice>,
) -> ServerVariablePlan {
    let is_same = |known: &&KnownChoice| known.variable == *variable;
    let kind = match known.iter().find(is_same) {
        Some(known) => known.kind.clone(),
        None if variable.values.is_empty() => VariableKind::Text(variable.default.clone()),
        None => {
            let kind = plan_choice(server, variable, types);
            known.push(KnownChoice {
                variable: variable.clone(),
                kind: kind.clone(),
            });
            kind
        }
    };
    ServerVariablePlan {
        name: fields.claim_field_name(&variable.name, "variable"),
        docs: docs::text_or_else(&variable.docs, || {
            Some(format!("Sets {}.", inline_code(&variable.name)))
        }),
        kind,
    }
}

fn plan_choice(server: &str, variable: &ServerVariable, types: &mut Scope) -> VariableKind {
    let words = split_words(&variable.name);
    let mut scope = Scope::variants();
    let shared = shared_words(&variable.values);
    let values = variable.values.iter().map(|value| EnumValuePlan {
        name: scope.claim([distinct_words(value, shared), split_words(value)]),
        wire_value: Literal::String(value.clone()),
        docs: vec![format!("{}.", inline_code(value))],
    });
    let values: Vec<EnumValuePlan> = values.collect();
    let default = values
        .iter()
        .find(|value| value.wire_value.to_string() == variable.default);
    let default = default.or(values.first()).map(|value| value.name.clone());
    VariableKind::Choice {
        type_name: types.claim([words.clone(), format!("{server} {words}")]),
        default: default.unwrap_or_default(),
        fallback: scope.claim(["other"]),
        values,
    }
}

/// Returns how many words at the start and at the end all values share, so that at least one is left of each.
fn shared_words(values: &[String]) -> (usize, usize) {
    let words: Vec<Vec<String>> = values.iter().map(|value| value_words(value)).collect();
    let Some(first) = words.first().filter(|_| values.len() > 1) else {
        return (0, 0);
    };
    let shortest = words.iter().map(Vec::len).min().unwrap_or_default();
    let is_shared = |position: &usize| {
        let mut all = words.iter();
        all.all(|words| words.get(*position) == first.get(*position))
    };
    let start = (0..shortest.saturating_sub(1))
        .take_while(is_shared)
        .count();
    let from_end = |words: &Vec<String>, position: usize| {
        words
            .len()
            .checked_sub(position + 1)
            .and_then(|at| words.get(at))
            .cloned()
    };
    let is_shared_at_end = |position: &usize| {
        let mut all = words.iter();
        all.all(|words| from_end(words, *position) == from_end(first, *position))
    };
    let end = (0..shortest.saturating_sub(start + 1))
        .take_while(is_shared_at_end)
        .count();
    (start, end)
}

fn value_words(value: &str) -> Vec<String> {
    split_words(value).split(' ').map(str::to_owned).collect()
}

/// Returns the words of a value without those that all values share.
fn distinct_words(value: &str, (start, end): (usize, usize)) -> String {
    let words = value_words(value);
    let last = words.len().saturating_sub(end);
    words.get(start..last).unwrap_or_default().join(" ")
}

/// Splits a template into text and variables.
fn url_pieces(template: &str, variables: &[ServerVariable]) -> Vec<UrlPiece> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        pieces.push(UrlPiece::Text(before.to_owned()));
        match variables.iter().position(|variable| variable.name == name) {
            Some(index) => pieces.push(UrlPiece::Variable(index)),
            None => pieces.push(UrlPiece::Text(format!("{{{name}}}"))),
        }
        rest = after;
    }
    pieces.push(UrlPiece::Text(rest.to_owned()));
    pieces.retain(|piece| *piece != UrlPiece::Text(String::new()));
    pieces
}
