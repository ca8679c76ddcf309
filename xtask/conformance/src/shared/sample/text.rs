//! Text that a pattern fits.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::shared::rng::Rng;

/// A text for a pattern; `None` for patterns that only other languages know.
pub(crate) fn of_pattern(pattern: &str, rng: &mut Rng) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut out = String::new();
    write(&hir, rng, &mut out);
    Some(out)
}

fn write(hir: &Hir, rng: &mut Rng, out: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => out.extend(character(class, rng)),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let spare = most.saturating_sub(repetition.min).min(6);
            let more = rng.below(usize::try_from(spare).unwrap_or(0) + 1);
            let times = usize::try_from(repetition.min.min(1_000)).unwrap_or(0) + more;
            (0..times).for_each(|_| write(&repetition.sub, rng, out));
        }
        HirKind::Capture(capture) => write(&capture.sub, rng, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, rng, out)),
        HirKind::Alternation(parts) => {
            if let Some(part) = rng.pick(parts) {
                write(part, rng, out);
            }
        }
    }
}

fn character(class: &Class, rng: &mut Rng) -> Option<char> {
    match class {
        Class::Unicode(class) => {
            // `\d` is every script's digits to some languages and ten characters to others.
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
