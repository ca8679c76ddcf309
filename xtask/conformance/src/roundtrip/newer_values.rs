//! What a server of a later version may say: something new at one place of a valid instance.

use serde_json::{Value, json};

use crate::shared::json_diff::Step;
use crate::shared::rng::Rng;
use crate::shared::sample::{Sample, SiteKind};

/// A value that no document has thought of.
const NEW: &str = "something new ☃";

/// An instance with something new.
#[derive(Clone, Debug)]
pub(crate) struct Newer {
    pub(crate) value: Value,
    /// What may be lost where the type has no room for it: the path of a property.
    pub(crate) may_lose: Option<Vec<Step>>,
}

/// Puts something new into an instance; the kinds take turns. `None` where there is no place for any.
pub(crate) fn newer(sample: &Sample, turn: usize, rng: &mut Rng) -> Option<Newer> {
    const KINDS: usize = 4;
    for offset in 0..KINDS {
        let wanted = (turn + offset) % KINDS;
        let sites = sample
            .sites
            .iter()
            .filter(|site| number(&site.kind) == wanted);
        let sites: Vec<_> = sites.collect();
        let Some(site) = rng.pick(&sites) else {
            continue;
        };
        let mut value = sample.value.clone();
        let mut at = site.at.clone();
        let place = find(&mut value, &at)?;
        let mut may_lose = None;
        match &site.kind {
            SiteKind::Enum => *place = NEW.into(),
            SiteKind::Tag(key) => *place.get_mut(key)? = NEW.into(),
            SiteKind::Object => {
                place
                    .as_object_mut()?
                    .insert(NEW.to_owned(), json!({ "a": [1, null] }));
                at.push(Step::Key(NEW.to_owned()));
                may_lose = Some(at);
            }
            SiteKind::Optional => {
                *place = Value::Null;
                may_lose = Some(at);
            }
        }
        return Some(Newer { value, may_lose });
    }
    None
}

fn number(kind: &SiteKind) -> usize {
    match kind {
        SiteKind::Object => 0,
        SiteKind::Enum => 1,
        SiteKind::Tag(_) => 2,
        SiteKind::Optional => 3,
    }
}

fn find<'v>(value: &'v mut Value, at: &[Step]) -> Option<&'v mut Value> {
    at.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Index(index) => value.get_mut(index),
    })
}
