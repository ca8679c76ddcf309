//! Queries of the types of fields. They compare names, because a macro does not resolve types.

use syn::{GenericArgument, Path, PathArguments, Type};

/// Returns `T` of `name<T>`. Only the last segment of the path is compared with `name`.
pub fn type_argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    type_arguments(ty, name).and_then(|mut arguments| arguments.next())
}

/// Returns `V` of `BTreeMap<K, V>`.
pub fn map_value(ty: &Type) -> Option<&Type> {
    type_arguments(ty, "BTreeMap").and_then(|mut arguments| arguments.nth(1))
}

fn type_arguments<'a>(
    ty: &'a Type,
    name: &str,
) -> Option<impl Iterator<Item = &'a Type> + use<'a>> {
    let segment = type_path(ty)?
        .segments
        .last()
        .filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    Some(arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }))
}

/// Returns whether the last segment of the type's path is one of `names`, without arguments.
pub fn is_one_of(ty: &Type, names: &[&str]) -> bool {
    type_path(ty)
        .and_then(|path| path.segments.last())
        .is_some_and(|segment| {
            segment.arguments.is_none() && names.iter().any(|name| segment.ident == name)
        })
}

fn type_path(ty: &Type) -> Option<&Path> {
    match ty {
        Type::Path(path) if path.qself.is_none() => Some(&path.path),
        Type::Group(group) => type_path(&group.elem),
        _ => None,
    }
}
