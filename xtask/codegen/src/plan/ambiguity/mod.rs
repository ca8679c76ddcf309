//! Unions told by shape, and values that do not tell: what fits two members equally well.
//!
//! A reader takes the first of equals, so every value has its place and goes back as it came; but which member it is
//! found in is a matter of the document's order, and callers should know.

mod both;
mod fit;

use std::collections::BTreeMap;

use serde_json::Value;

use super::models::{ModelFile, ModelKind, ModelPlan, VariantPlan};
use super::text;
use super::types::RustType;
use crate::ir::Pointer;

/// So many pairs are told in the words of a type; `coverage` has them all.
const TOLD: usize = 3;

/// A longer value is no help in the words of a type.
const LONG: usize = 100;

/// Two members of a union, and a value that fits both.
#[derive(Clone, Debug, PartialEq)]
pub struct Ambiguity {
    /// The union.
    pub union: String,
    /// Where it stands in the document.
    pub at: Pointer,
    /// The member that the value is read as.
    pub read_as: String,
    /// The member that it could be as well.
    pub or: String,
    /// The value.
    pub instance: Value,
}

/// The types by their names.
struct Types<'m>(BTreeMap<&'m str, &'m ModelKind>);

impl<'m> Types<'m> {
    fn of(models: &'m [ModelFile]) -> Self {
        let all = models.iter().flat_map(|file| &file.types);
        Self(
            all.map(|model| (model.name.as_str(), &model.kind))
                .collect(),
        )
    }

    /// A type without what it may be wrapped in, aliases followed.
    fn bare<'t>(&'t self, ty: &'t RustType) -> Bare<'t> {
        let mut ty = ty;
        // An alias of itself is not Rust, and does not come here; but nothing here may go on for ever.
        for _ in 0..32 {
            ty = match ty {
                RustType::Box(inner) | RustType::Option(inner) | RustType::Patch(inner) => inner,
                RustType::Model(name) => match self.0.get(name.as_str()) {
                    Some(ModelKind::Alias(target)) => target,
                    kind => {
                        return Bare {
                            ty,
                            kind: kind.copied(),
                        };
                    }
                },
                _ => break,
            };
        }
        Bare { ty, kind: None }
    }
}

/// What a type is underneath.
struct Bare<'t> {
    ty: &'t RustType,
    /// If it is a type of the crate's, and no alias.
    kind: Option<&'t ModelKind>,
}

impl Bare<'_> {
    fn is_any(&self) -> bool {
        *self.ty == RustType::Runtime("Value")
    }
}

/// Finds what is ambiguous, and says so in the words of the unions.
pub(super) fn tell(models: &mut [ModelFile], places: &BTreeMap<&str, &Pointer>) -> Vec<Ambiguity> {
    let found = find(models, places);
    let unions = models.iter_mut().flat_map(|file| &mut file.types);
    for union in unions {
        let own: Vec<&Ambiguity> = found.iter().filter(|one| one.union == union.name).collect();
        if !own.is_empty() {
            union.docs.push(words(&own));
        }
    }
    found
}

/// The member that the runtime takes a value for, of a union told by shape; `None` if it is none of them.
pub fn read_as<'m>(models: &'m [ModelFile], union: &str, value: &Value) -> Option<&'m str> {
    let types = Types::of(models);
    let Some(ModelKind::Union { variants, .. }) = types.0.get(union) else {
        return None;
    };
    chosen(&types, variants, value).map(|variant| variant.name.as_str())
}

fn chosen<'m>(
    types: &Types<'m>,
    variants: &'m [VariantPlan],
    value: &Value,
) -> Option<&'m VariantPlan> {
    let mut best: Option<(&VariantPlan, u32)> = None;
    for variant in variants {
        let score = fit::whole(types, &variant.ty, value);
        if let Some(score) = score.filter(|score| best.is_none_or(|(_, other)| *score > other)) {
            best = Some((variant, score));
        }
    }
    let (variant, _) = best?;
    match types.bare(&variant.ty).kind {
        // What none of its own members fits is none of them here, either.
        Some(ModelKind::Union {
            tag: None,
            variants,
            ..
        }) => chosen(types, variants, value).map(|_| variant),
        _ => Some(variant),
    }
}

fn find(models: &[ModelFile], places: &BTreeMap<&str, &Pointer>) -> Vec<Ambiguity> {
    let types = Types::of(models);
    let mut found = Vec::new();
    for model in models.iter().flat_map(|file| &file.types) {
        let at = places.get(model.name.as_str());
        if let (
            ModelKind::Union {
                tag: None,
                variants,
                ..
            },
            Some(at),
        ) = (&model.kind, at)
        {
            found.extend(pairs(&types, at, model, variants));
        }
    }
    found
}

fn pairs(
    types: &Types<'_>,
    at: &Pointer,
    union: &ModelPlan,
    variants: &[VariantPlan],
) -> Vec<Ambiguity> {
    let mut found = Vec::new();
    for (index, first) in variants.iter().enumerate() {
        for second in variants.iter().skip(index + 1) {
            let Some(instance) = both::value(types, &first.ty, &second.ty) else {
                continue;
            };
            // Another member may fit better than these two, and then there is no doubt.
            let of = |variant: &VariantPlan| fit::whole(types, &variant.ty, &instance);
            let best = variants.iter().filter_map(of).max();
            if best.is_some() && of(first) == best && of(second) == best {
                found.push(Ambiguity {
                    union: union.name.clone(),
                    at: at.clone(),
                    read_as: first.name.clone(),
                    or: second.name.clone(),
                    instance,
                });
            }
        }
    }
    found
}

fn words(own: &[&Ambiguity]) -> String {
    let mut told: Vec<String> = own.iter().take(TOLD).map(|one| sentence(one)).collect();
    match own.len().saturating_sub(TOLD) {
        0 => {}
        1 => told.push("Another pair is as close.".to_owned()),
        more => told.push(format!("{more} other pairs are as close.")),
    }
    told.join(" ")
}

fn sentence(one: &Ambiguity) -> String {
    let (read_as, or) = (text::code(&one.read_as), text::code(&one.or));
    let value = one.instance.to_string();
    let value = if value.len() > LONG {
        "A value that has only what both know".to_owned()
    } else {
        text::code(&value)
    };
    format!("{value} could be {read_as} as well as {or}, and is read as the first of them.")
}
