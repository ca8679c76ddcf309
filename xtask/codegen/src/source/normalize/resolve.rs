//! Resolves references to nodes of the source document.

use super::node::Node;
use crate::ir::Pointer;

/// The maximum number of references in a chain.
pub(super) const MAX_REFERENCES: usize = 64;

/// Why a reference cannot be resolved.
pub(super) enum ResolveError {
    /// The target is in another document.
    External,
    /// The target does not exist.
    NotFound,
}

/// Returns the target of `reference`, which is written at `from`.
pub(super) fn resolve_reference<'d>(
    root: &Node<'d>,
    reference: &str,
    from: &Pointer,
) -> Result<Node<'d>, ResolveError> {
    let Some(fragment) = reference.strip_prefix('#') else {
        return Err(ResolveError::External);
    };
    // The fast path for nearly all references: no escapes.
    if !fragment.contains(['%', '~'])
        && fragment.starts_with('/')
        && let Some(value) = root.value.pointer(fragment)
    {
        return Ok(Node::new(value, Pointer(reference.to_owned())));
    }
    let fragment = percent_decode(fragment);
    // References to anchors have become pointers.
    let path = fragment.strip_prefix('/').ok_or(ResolveError::NotFound)?;
    let tokens: Vec<String> = path.split('/').map(unescape).collect();
    // Form encoding writes a space as `+`, and some documents use it in references.
    let with_spaces = || -> Vec<String> {
        let tokens = tokens.iter();
        tokens.map(|token| token.replace('+', " ")).collect()
    };
    let target = resolve_tokens(root, root, &tokens, 0)
        .or_else(|| resolve_tokens(root, root, &with_spaces(), 0))
        .or_else(|| resolve_local_definition(root, &tokens, from));
    target.ok_or(ResolveError::NotFound)
}

/// Resolves `#/$defs/…` against the ancestors of the reference.
///
/// A schema that was copied with its `$defs` still refers to them as if the schema were the whole document.
fn resolve_local_definition<'d>(
    root: &Node<'d>,
    tokens: &[String],
    from: &Pointer,
) -> Option<Node<'d>> {
    if !matches!(tokens.first()?.as_str(), "$defs" | "definitions") {
        return None;
    }
    let mut ancestor = from.0.as_str();
    while let Some((parent, _)) = ancestor.rsplit_once('/') {
        ancestor = parent;
        let scope = resolve_tokens(root, root, &pointer_tokens(ancestor), 0);
        if let Some(target) = scope.and_then(|scope| resolve_tokens(root, &scope, tokens, 0)) {
            return Some(target);
        }
    }
    None
}

/// Returns the unescaped tokens of a pointer.
pub(super) fn pointer_tokens(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(unescape).collect()
}

/// Returns the descendant of `from` at `tokens`. References on the path are resolved.
pub(super) fn resolve_tokens<'d>(
    root: &Node<'d>,
    from: &Node<'d>,
    tokens: &[String],
    reference_count: usize,
) -> Option<Node<'d>> {
    let mut node = from.clone();
    for (i, token) in tokens.iter().enumerate() {
        let next = match node.value.as_array() {
            Some(items) => items
                .get(token.parse::<usize>().ok()?)
                .map(|v| Node::new(v, node.at.join(token))),
            None => node.get_or_null(token),
        };
        node = match next {
            Some(next) => next,
            None if reference_count < MAX_REFERENCES => {
                let reference = node.reference_node()?.value.as_str()?;
                let path = reference.strip_prefix("#/").map(percent_decode)?;
                let target: Vec<String> = path.split('/').map(unescape).collect();
                let target = resolve_tokens(root, root, &target, reference_count + 1)?;
                return resolve_tokens(root, &target, tokens.get(i..)?, reference_count + 1);
            }
            None => return None,
        };
    }
    Some(node)
}

/// Unescapes a pointer token.
pub(in crate::source) fn unescape(token: &str) -> String {
    if token.contains('~') {
        token.replace("~1", "/").replace("~0", "~")
    } else {
        token.to_owned()
    }
}

/// Decodes `%xx`. Invalid escapes are not changed.
pub(in crate::source) fn percent_decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = (*first == b'%').then(|| tail.get(..2)).flatten();
        let byte = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() {
            tail.get(2..).unwrap_or_default()
        } else {
            tail
        };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}
