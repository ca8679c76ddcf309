//! The documentation of constraints: "at most 256 characters", "from 0 to 1", "matches `^a`".

use crate::ir::{Bound, Constraint, Literal, SizeRange};

/// Describes a constraint without a capital or a full stop; `quote` shows text of the document as code.
pub(crate) fn describe_constraint(
    constraint: &Constraint,
    quote: impl Fn(&str) -> String,
) -> String {
    match constraint {
        Constraint::Length(range) => describe_sizes(*range, "character"),
        Constraint::ItemCount(range) => describe_sizes(*range, "item"),
        Constraint::Range { min, max } => describe_bounds(*min, *max),
        Constraint::OneOf(values) => {
            let shown: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("one of {}", shown.join(", "))
        }
        Constraint::Pattern(pattern) => format!("matches {}", quote(pattern)),
        Constraint::Constant(value) => format!("always {}", quote(&literal(value))),
        Constraint::EndsRecursion => {
            "absent in the innermost value, because the type requires itself".to_owned()
        }
    }
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Null => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::Number(value) => value.to_string(),
        Literal::String(value) => value.clone(),
    }
}

fn describe_sizes(range: SizeRange, unit: &str) -> String {
    let counted = |size: usize| match size {
        1 => format!("1 {unit}"),
        size => format!("{size} {unit}s"),
    };
    match (range.min, range.max) {
        (Some(min), Some(max)) if min == max => format!("exactly {}", counted(min)),
        (Some(min), Some(max)) => format!("from {min} to {}", counted(max)),
        (Some(min), None) => format!("at least {}", counted(min)),
        (None, Some(max)) => format!("at most {}", counted(max)),
        (None, None) => String::new(),
    }
}

fn describe_bounds(min: Option<Bound>, max: Option<Bound>) -> String {
    if let (Some(min), Some(max)) = (min, max)
        && !min.is_exclusive
        && !max.is_exclusive
    {
        let (min, max) = (number(min.value), number(max.value));
        return match min == max {
            true => format!("exactly {min}"),
            false => format!("from {min} to {max}"),
        };
    }
    let describe = |bound: Bound, inclusive: &str, exclusive: &str| match bound.is_exclusive {
        true => format!("{exclusive} {}", number(bound.value)),
        false => format!("{inclusive} {}", number(bound.value)),
    };
    let min = min.map(|min| describe(min, "at least", "more than"));
    let max = max.map(|max| describe(max, "at most", "less than"));
    min.into_iter().chain(max).collect::<Vec<_>>().join(" and ")
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        format!("{value:.0}")
    } else {
        value.to_string()
    }
}
