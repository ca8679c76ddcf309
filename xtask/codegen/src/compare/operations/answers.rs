//! Answers that come in pages.

use super::{Area, At, Call, Cx, Effect, show};

/// `pages` and `items`, which requests have whose answers come in pages.
pub(super) fn pages(cx: &mut Cx<'_>, old: &Call<'_>, new: &Call<'_>) {
    let (effect, what) = match (&old.plan.pages, &new.plan.pages) {
        (None, None) => return,
        (None, Some(_)) => (
            Effect::Additive,
            "its answer comes in pages, with `pages` and `items`".to_owned(),
        ),
        (Some(_), None) => (
            Effect::Breaking,
            "its answer comes in pages no longer: `pages` and `items` are gone".to_owned(),
        ),
        (Some(a), Some(b)) if a.item != b.item => (
            Effect::Breaking,
            format!(
                "there is {} on its pages, no longer {}",
                show::ty(&b.item),
                show::ty(&a.item)
            ),
        ),
        (Some(a), Some(b)) if a != b => (
            Effect::Wire,
            "its pages are turned in another way".to_owned(),
        ),
        _ => return,
    };
    cx.note(
        Area::Operation,
        effect,
        &new.name(),
        At::New(new.at()),
        what,
    );
}
