//! The order in which rustfmt sorts imports.

use std::cmp::Ordering;

/// Compares two names as rustfmt does: underscores before digits before letters, numbers by value.
pub fn compare_as_rustfmt(a: &str, b: &str) -> Ordering {
    sort_key(a).cmp(&sort_key(b)).then_with(|| a.cmp(b))
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortKeyPart {
    Underscore,
    Number(u128),
    Letter(char),
}

fn sort_key(name: &str) -> Vec<SortKeyPart> {
    let mut key = Vec::new();
    for c in name.chars() {
        let part = match (c, c.to_digit(10), key.last_mut()) {
            ('_', _, _) => SortKeyPart::Underscore,
            (_, Some(digit), Some(SortKeyPart::Number(number))) => {
                *number = number.saturating_mul(10).saturating_add(u128::from(digit));
                continue;
            }
            (_, Some(digit), _) => SortKeyPart::Number(u128::from(digit)),
            (c, None, _) => SortKeyPart::Letter(c),
        };
        key.push(part);
    }
    key
}
