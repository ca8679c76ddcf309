//! Unions without discriminator: the planner predicts which variant a value is decoded as, to report ambiguous variants, and
//! the runtime decodes it. Both implement the same rules. Here they get the same random values of the vendors' unions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use observatory_codegen::ir::Literal;
use observatory_codegen::plan::ambiguity::{ModelIndex, matching_variant};
use observatory_codegen::plan::{FieldEncoding, FieldPlan, ModelFile, ModelKind, RustType};
use serde_json::{Map, Value, json};
use xtask::repository::VendorFolder;

/// Number of values for each union.
const VALUES: usize = 500;

/// Nesting depth of values. The rules consider at most 5 levels.
const DEPTH: usize = 4;

/// Decodes a value with the runtime, and returns the name of the variant.
type Decode = fn(Value) -> String;

/// Lists unions of a vendor with their decoders.
macro_rules! unions {
    ($vendor:ident: $($union:ident)*) => {
        [$((stringify!($union), variant_name::<$vendor::models::$union> as Decode)),*]
    };
}

fn variant_name<U: Debug + serde::de::DeserializeOwned>(value: Value) -> String {
    let read = serde_json::from_value::<U>(value).unwrap();
    let shown = format!("{read:?}");
    shown.split('(').next().unwrap().to_owned()
}

/// A generator of random values, most of which match their type. The sequence is always the same.
struct Sampler<'m> {
    models: BTreeMap<&'m str, &'m ModelKind>,
    state: u64,
}

impl Sampler<'_> {
    fn below(&mut self, size: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.state >> 33).unwrap() % size.max(1)
    }

    /// Returns a scalar that the planner classifies correctly. It treats other times and Base64 values as plain text.
    fn scalar(&mut self) -> Value {
        let all = [
            json!(null),
            json!(true),
            json!(1),
            json!(1.5),
            json!("text"),
            json!("2026-01-02T03:04:05Z"),
            json!("QUJD"),
            json!([]),
            json!({}),
        ];
        all[self.below(all.len())].clone()
    }

    fn value(&mut self, ty: &RustType, depth: usize) -> Value {
        if depth == 0 || self.below(8) == 0 {
            return self.scalar();
        }
        match ty {
            RustType::Box(inner) | RustType::Option(inner) | RustType::Patch(inner) => {
                self.value(inner, depth)
            }
            RustType::Vec(item) => (0..self.below(3))
                .map(|_| self.value(item, depth - 1))
                .collect(),
            RustType::Map(inner) => {
                let keys = ["a", "b", "new"].into_iter().take(self.below(4));
                let entries: Map<String, Value> = keys
                    .map(|key| (key.to_owned(), self.value(inner, depth - 1)))
                    .collect();
                entries.into()
            }
            RustType::Model(name) => match self.models.get(name.as_str()).copied() {
                Some(kind) => self.model(kind, depth),
                None => self.scalar(),
            },
            RustType::Builtin("bool") => true.into(),
            RustType::Builtin("f64" | "i32" | "i64" | "u64") => 1.into(),
            RustType::Runtime("Value") => self.scalar(),
            RustType::Runtime("Timestamp") => "2026-01-02T03:04:05Z".into(),
            _ => ["text", "QUJD"][self.below(2)].into(),
        }
    }

    fn model(&mut self, kind: &ModelKind, depth: usize) -> Value {
        match kind {
            ModelKind::Alias(ty) => self.value(ty, depth),
            ModelKind::Enum { values, .. } if !values.is_empty() => {
                match &values[self.below(values.len())].wire_value {
                    Literal::String(value) => value.as_str().into(),
                    Literal::Integer(value) => serde_json::to_value(value).unwrap(),
                    other => panic!("not a value of an enum: {other:?}"),
                }
            }
            ModelKind::Union { tag, variants, .. } if !variants.is_empty() => {
                let variant = &variants[self.below(variants.len())];
                let mut value = self.value(&variant.ty, depth);
                if let (Some(tag), Some(object)) = (tag, value.as_object_mut()) {
                    let known = variant
                        .tags
                        .first()
                        .map_or("new".to_owned(), ToString::to_string);
                    object.insert(tag.clone(), known.into());
                }
                value
            }
            ModelKind::Struct { fields, .. } => self.object(fields, depth),
            _ => self.scalar(),
        }
    }

    fn object(&mut self, fields: &[FieldPlan], depth: usize) -> Value {
        let mut object = Map::new();
        for field in fields {
            let (name, value) = match &field.encoding {
                FieldEncoding::Named { name, .. } => (name, self.value(&field.ty, depth - 1)),
                FieldEncoding::Fixed { name, value, .. } => {
                    let text = format!("{value:?}");
                    let constant = text.split('"').nth(1).map(Value::from);
                    (name, constant.unwrap_or_else(|| self.scalar()))
                }
                FieldEncoding::Extra => continue,
            };
            let is_optional = matches!(field.ty, RustType::Option(_) | RustType::Patch(_));
            if self.below(if is_optional { 3 } else { 12 }) != 0 {
                object.insert(name.clone(), value);
            }
        }
        if self.below(3) == 0 {
            object.insert("new".to_owned(), self.scalar());
        }
        object.into()
    }
}

fn planned_models(vendor: &str) -> Vec<ModelFile> {
    let vendor = VendorFolder::find(&[vendor.to_owned()]).unwrap().remove(0);
    let generator = vendor.generator().unwrap();
    generator.plan(vendor.document()).unwrap().plan.models
}

/// Asserts that planner and runtime agree on all values, and that the values have more than one variant.
fn assert_agreement(vendor: &str, unions: &[(&str, Decode)]) {
    let models = planned_models(vendor);
    let index = ModelIndex::from_files(&models);
    let kinds = models.iter().flat_map(|file| &file.types);
    let kinds: BTreeMap<&str, &ModelKind> = kinds
        .map(|model| (model.name.as_str(), &model.kind))
        .collect();
    for (name, decode) in unions {
        let Some(
            kind @ ModelKind::Union {
                variants,
                fallback: other,
                ..
            },
        ) = kinds.get(name).copied()
        else {
            panic!("{vendor} has no union {name}");
        };
        let mut sampler = Sampler {
            models: kinds.clone(),
            state: 7,
        };
        let mut seen = BTreeSet::new();
        for _ in 0..VALUES {
            let value = sampler.model(kind, DEPTH);
            let planned = matching_variant(&index, name, &value).unwrap_or(other);
            assert_eq!(decode(value.clone()), planned, "{vendor}, {name}: {value}");
            seen.insert(planned.to_owned());
        }
        assert!(
            seen.len() > 1,
            "{vendor}, {name}: only {seen:?} of {}",
            variants.len()
        );
    }
}

#[test]
fn planner_and_runtime_agree_for_galileo() {
    use observatory_galileo as galileo;
    assert_agreement(
        "galileo",
        &unions!(galileo: FilterExpression NumberOrIntegerOrText RatingInfoValue
        TextOrMessageListOrContentPartList TextOrTextList),
    );
}

#[test]
fn planner_and_runtime_agree_for_helicone() {
    use observatory_helicone as helicone;
    assert_agreement(
        "helicone",
        &unions!(helicone: FilterNode RequestFilterNode LlmRequestBodyInput
        ContentAndRoleContent Prompt2025VersionPromptToolChoice),
    );
}

#[test]
fn planner_and_runtime_agree_for_adaline() {
    use observatory_adaline as adaline;
    assert_agreement(
        "adaline",
        &unions!(adaline: ErrorResponseError GetProviderResponse CreateValue LogAttributesValue),
    );
}

#[test]
fn planner_and_runtime_agree_for_langfuse() {
    use observatory_langfuse as langfuse;
    assert_agreement(
        "langfuse",
        &unions!(langfuse: CreateScoreValue UnstableCreateEvaluationRuleRequest UsageDetails
        IngestionUsage),
    );
}

#[test]
fn planner_and_runtime_agree_for_braintrust() {
    use observatory_braintrust as braintrust;
    assert_agreement(
        "braintrust",
        &unions!(braintrust: ModelParams FunctionId ChatCompletionMessageParamUserContent),
    );
}
