//! Pagination.

use super::super::change::{Area, Effect};
use super::super::comparison::{At, Comparison};
use super::super::describe::type_text;
use super::call::Call;

/// Compares `pages` and `items`, the methods of requests that are paginated.
pub(super) fn compare_pagination(comparison: &mut Comparison<'_>, old: &Call<'_>, new: &Call<'_>) {
    let (effect, description) = match (&old.plan.pagination, &new.plan.pagination) {
        (None, None) => return,
        (None, Some(_)) => (
            Effect::Additive,
            "is paginated now, with `pages` and `items`".to_owned(),
        ),
        (Some(_), None) => (
            Effect::Breaking,
            "is no longer paginated: `pages` and `items` were removed".to_owned(),
        ),
        (Some(a), Some(b)) if a.item != b.item => {
            let (was, is) = (type_text(&a.item), type_text(&b.item));
            (
                Effect::Breaking,
                format!("its pages contain {is} instead of {was}"),
            )
        }
        (Some(a), Some(b)) if a != b => {
            (Effect::Wire, "follows pages by different rules".to_owned())
        }
        _ => return,
    };
    let at = At::New(new.at());
    comparison.add(Area::Operation, effect, &new.name(), at, description);
}
