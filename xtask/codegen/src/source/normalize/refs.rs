//! Following references.

use super::read::{Node, as_text};
use super::{Cx, Object};
use crate::diag::Code;
use crate::ir::Pointer;

/// How many references may lead to a value.
const MAX_HOPS: usize = 64;

/// Why a reference leads nowhere.
pub(super) enum Lost {
    /// It points into another document.
    External,
    /// Nothing is there.
    Dangling,
}

/// The place that `reference` points at, seen from `from`.
pub(super) fn resolve<'d>(
    root: &Node<'d>,
    reference: &str,
    from: &Pointer,
) -> Result<Node<'d>, Lost> {
    let Some(fragment) = reference.strip_prefix('#') else {
        return Err(Lost::External);
    };
    // Nearly all are written as they are meant.
    if !fragment.contains(['%', '~'])
        && fragment.starts_with('/')
        && let Some(value) = root.value.pointer(fragment)
    {
        return Ok(Node::new(value, Pointer(reference.to_owned())));
    }
    let fragment = percent_decode(fragment);
    let Some(path) = fragment.strip_prefix('/') else {
        return anchor(root, &fragment).ok_or(Lost::Dangling);
    };
    let tokens: Vec<String> = path.split('/').map(unescape).collect();
    // Forms write a space as `+`, and so do people who confuse the two.
    let spaced = || {
        tokens
            .iter()
            .map(|token| token.replace('+', " "))
            .collect::<Vec<_>>()
    };
    if let Some(found) = walk(root, root, &tokens, 0).or_else(|| walk(root, root, &spaced(), 0)) {
        return Ok(found);
    }
    // A schema that was taken over with its `$defs` still points at them as if it were a document of its own.
    if matches!(
        tokens.first().map(String::as_str),
        Some("$defs" | "definitions")
    ) {
        let mut around = from.0.as_str();
        while let Some((parent, _)) = around.rsplit_once('/') {
            around = parent;
            let scope = pointer_tokens(around);
            if let Some(found) =
                walk(root, root, &scope, 0).and_then(|scope| walk(root, &scope, &tokens, 0))
            {
                return Ok(found);
            }
        }
    }
    Err(Lost::Dangling)
}

/// The tokens of a pointer that we made.
pub(super) fn pointer_tokens(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(unescape).collect()
}

/// Goes down from `from`, through references on the way.
fn walk<'d>(root: &Node<'d>, from: &Node<'d>, tokens: &[String], hops: usize) -> Option<Node<'d>> {
    let mut node = from.clone();
    for (i, token) in tokens.iter().enumerate() {
        let next = match node.value.as_array() {
            Some(items) => items
                .get(token.parse::<usize>().ok()?)
                .map(|v| Node::new(v, node.at.join(token))),
            None => node.raw(token),
        };
        node = match next {
            Some(next) => next,
            None if hops < MAX_HOPS => {
                let through = node
                    .reference()?
                    .value
                    .as_str()?
                    .strip_prefix("#/")
                    .map(percent_decode)?;
                let target: Vec<String> = through.split('/').map(unescape).collect();
                let target = walk(root, root, &target, hops + 1)?;
                return walk(root, &target, tokens.get(i..)?, hops + 1);
            }
            None => return None,
        };
    }
    Some(node)
}

/// The value that calls itself `name` by `$anchor`.
fn anchor<'d>(root: &Node<'d>, name: &str) -> Option<Node<'d>> {
    let mut open = vec![root.clone()];
    while let Some(node) = open.pop() {
        for key in ["$anchor", "$dynamicAnchor"] {
            if !name.is_empty() && node.raw(key).is_some_and(|anchor| anchor.value == name) {
                return Some(node);
            }
        }
        open.extend(node.entries().map(|(_, child)| child));
        open.extend(node.items());
    }
    None
}

/// A token as it stands in the document.
pub(super) fn unescape(token: &str) -> String {
    if token.contains('~') {
        token.replace("~1", "/").replace("~0", "~")
    } else {
        token.to_owned()
    }
}

/// Decodes `%xx`; what is no such escape stays as it is.
fn percent_decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = (*first == b'%').then(|| tail.get(..2)).flatten();
        let code = code
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(code.unwrap_or(*first));
        rest = if code.is_some() {
            tail.get(2..).unwrap_or_default()
        } else {
            tail
        };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

impl<'d> Cx<'d> {
    /// The text of `reference`, a `$ref` node.
    pub(super) fn reference_text(&self, reference: &Node<'d>) -> Option<&'d str> {
        let text = reference.value.as_str();
        if text.is_none() {
            self.wrong(
                reference,
                "`$ref`, a string",
                "write `$ref: '#/components/…'`",
            );
        }
        text
    }

    /// What `reference` points at; a fault where that is nothing.
    pub(super) fn target(&self, reference: &Node<'d>) -> Option<Node<'d>> {
        let text = self.reference_text(reference)?;
        match resolve(&self.root, text, &reference.at) {
            Ok(target) => Some(target),
            Err(Lost::External) => {
                let message = format!("`{text}` is in another document");
                self.fault(
                    Code::ExternalRef,
                    &reference.at,
                    message,
                    "bundle the documents into one first",
                );
                None
            }
            Err(Lost::Dangling) => {
                let help = match self.similar(text) {
                    Some(name) => format!("there is `{name}`"),
                    None => {
                        "add what is missing, or remove the reference in overlay.yaml".to_owned()
                    }
                };
                self.fault(
                    Code::DanglingRef,
                    &reference.at,
                    format!("`{text}` does not exist"),
                    &help,
                );
                None
            }
        }
    }

    /// `node`, or what it refers to. Words beside a reference go before the words at its target, says 3.1.
    pub(super) fn deref(&self, node: Node<'d>) -> Option<(Node<'d>, Object)> {
        let mut words = Object::new();
        let start = node.at.clone();
        let mut node = node;
        for _ in 0..MAX_HOPS {
            let Some(reference) = node.reference() else {
                return Some((node, words));
            };
            for key in ["summary", "description"] {
                if let Some(text) = node.get(key).and_then(|node| as_text(node.value)) {
                    words.entry(key).or_insert(text.into());
                }
            }
            node = self.target(&reference)?;
        }
        self.fault(
            Code::CyclicRef,
            &start,
            "the reference leads back to itself",
            "refer to what is meant",
        );
        None
    }

    /// A component that differs from a missing one in case alone, or in nothing but signs.
    fn similar(&self, reference: &str) -> Option<String> {
        let plain = |text: &str| {
            text.chars()
                .filter(|c| c.is_alphanumeric())
                .collect::<String>()
                .to_lowercase()
        };
        let (parent, name) = reference.rsplit_once('/')?;
        let parent_tokens = pointer_tokens(parent.strip_prefix('#')?);
        let wanted = plain(&unescape(name));
        let parent_node = walk(&self.root, &self.root, &parent_tokens, 0)?;
        let found = parent_node
            .entries()
            .map(|(key, _)| key)
            .find(|key| plain(key) == wanted)?;
        let found = found.replace('~', "~0").replace('/', "~1");
        Some(format!("{parent}/{found}"))
    }
}
