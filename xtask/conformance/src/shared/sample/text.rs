//! Samples strings that match a regular expression.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::shared::rng::Rng;

/// Returns a string that matches `pattern`; `None` if the `regex` syntax does not support the pattern.
pub(crate) fn sample_pattern(pattern: &str, rng: &mut Rng) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut out = String::new();
    push_match(&hir, rng, &mut out);
    Some(out)
}

fn push_match(hir: &Hir, rng: &mut Rng, out: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => out.extend(sample_char(class, rng)),
        HirKind::Repetition(repetition) => {
            let max = repetition.max.unwrap_or(u32::MAX);
            let spare = max.saturating_sub(repetition.min).min(6);
            let extra = rng.below(usize::try_from(spare).unwrap_or(0) + 1);
            let count = usize::try_from(repetition.min.min(1_000)).unwrap_or(0) + extra;
            (0..count).for_each(|_| push_match(&repetition.sub, rng, out));
        }
        HirKind::Capture(capture) => push_match(&capture.sub, rng, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| push_match(part, rng, out)),
        HirKind::Alternation(parts) => {
            if let Some(part) = rng.pick(parts) {
                push_match(part, rng, out);
            }
        }
    }
}

fn sample_char(class: &Class, rng: &mut Rng) -> Option<char> {
    match class {
        Class::Unicode(class) => {
            // ASCII is preferred: `\d` means ten characters in some languages and the digits of every script in others.
            let ascii = class.ranges().iter().filter(|range| range.end().is_ascii());
            let ascii: Vec<_> = ascii.copied().collect();
            let range = rng.pick(&ascii).or_else(|| class.ranges().first())?;
            let (start, end) = (u32::from(range.start()), u32::from(range.end()));
            let offset = rng.below(usize::try_from(end - start).ok()? + 1);
            char::from_u32(start + u32::try_from(offset).ok()?).or(Some(range.start()))
        }
        Class::Bytes(class) => rng
            .pick(class.ranges())
            .map(|range| char::from(range.start())),
    }
}
