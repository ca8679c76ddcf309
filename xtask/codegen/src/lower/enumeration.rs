//! `enum`: an enum of strings is a type of its own, any other is the primitive of its values.

use serde_json::Value;

use super::lowerer::{Location, Lowerer};
use super::scalar::primitive;
use crate::ir::{Docs, Enum, EnumValue, Primitive, Shape, TypeId, TypeRef};
use crate::spec::Schema;

impl Lowerer<'_> {
    /// Lowers a schema with an `enum`. The values decide, because the `type` next to them may contradict them.
    pub(super) fn lower_enum(
        &mut self,
        schema: &Schema,
        location: &Location,
        component: Option<TypeId>,
    ) -> TypeRef {
        let values = &schema.enum_values;
        if values.iter().all(Value::is_string) {
            let values = values.iter().filter_map(Value::as_str);
            let values = values.map(|value| EnumValue {
                value: value.to_owned(),
                docs: Docs::default(),
            });
            let shape = Shape::Enum(Enum {
                values: values.collect(),
            });
            let id = self.type_id(schema, location, component);
            self.types.get_mut(id).shape = shape;
            return TypeRef::Named(id);
        }
        TypeRef::Primitive(if values.iter().all(Value::is_boolean) {
            Primitive::Bool
        } else if values.iter().all(|value| value.is_i64() || value.is_u64()) {
            primitive("integer", schema.format.as_deref())
        } else if values.iter().all(Value::is_number) {
            Primitive::Number
        } else {
            Primitive::Any
        })
    }
}
