//! Instances with something new in one place, as a newer version of a server may send them.

use serde_json::{Value, json};

use crate::shared::json_diff::PathStep;
use crate::shared::rng::Rng;
use crate::shared::sample::{NewValueKind, Sample};

/// A value and property name that no document describes.
const UNKNOWN: &str = "something new ☃";

/// An integer that no document describes.
const UNKNOWN_INTEGER: i64 = 1_987_654_321;

/// An instance with something new.
#[derive(Clone, Debug)]
pub(super) struct NewerInstance {
    pub(super) value: Value,
    /// The path of a property that may be missing after decoding and encoding.
    pub(super) optional_path: Option<Vec<PathStep>>,
}

/// Puts something new into an instance. The kinds alternate with `round`. `None` if no place allows any kind.
pub(super) fn make_newer_instance(
    sample: &Sample,
    round: usize,
    rng: &mut Rng,
) -> Option<NewerInstance> {
    const KINDS: usize = 4;
    for offset in 0..KINDS {
        let kind = (round + offset) % KINDS;
        let sites = sample.sites.iter();
        let sites: Vec<_> = sites
            .filter(|site| kind_index(&site.kind) == kind)
            .collect();
        let Some(site) = rng.pick(&sites) else {
            continue;
        };
        let mut value = sample.value.clone();
        let mut path = site.path.clone();
        let place = value_at_mut(&mut value, &path)?;
        let mut optional_path = None;
        match &site.kind {
            NewValueKind::EnumValue if place.is_i64() => *place = UNKNOWN_INTEGER.into(),
            NewValueKind::EnumValue => *place = UNKNOWN.into(),
            NewValueKind::DiscriminatorValue(key) => *place.get_mut(key)? = UNKNOWN.into(),
            NewValueKind::Property => {
                place
                    .as_object_mut()?
                    .insert(UNKNOWN.to_owned(), json!({ "a": [1, null] }));
                path.push(PathStep::Key(UNKNOWN.to_owned()));
                optional_path = Some(path);
            }
            NewValueKind::Null => {
                *place = Value::Null;
                optional_path = Some(path);
            }
        }
        return Some(NewerInstance {
            value,
            optional_path,
        });
    }
    None
}

fn kind_index(kind: &NewValueKind) -> usize {
    match kind {
        NewValueKind::Property => 0,
        NewValueKind::EnumValue => 1,
        NewValueKind::DiscriminatorValue(_) => 2,
        NewValueKind::Null => 3,
    }
}

fn value_at_mut<'v>(value: &'v mut Value, path: &[PathStep]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, step| match step {
        PathStep::Key(key) => value.get_mut(key),
        PathStep::Index(index) => value.get_mut(index),
    })
}
