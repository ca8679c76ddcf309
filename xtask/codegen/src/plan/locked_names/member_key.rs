//! Keys of fields, variants, parameters and bodies in `names.lock`.

use crate::ir::ParamLocation;
use crate::lock::Members;
use crate::plan::scope::Scope;

/// The key of the request body among the members of an operation.
pub(crate) const BODY_KEY: &str = "body";

/// Returns the key of a parameter. It includes the location, because two locations can have parameters of one name; for a
/// header of a part of a multipart body, the location is the part.
pub(crate) fn param_key(location: ParamLocation, part: Option<&str>, wire_name: &str) -> String {
    if let Some(part) = part {
        return format!("part.{part}.{wire_name}");
    }
    let location = match location {
        ParamLocation::Path => "path",
        ParamLocation::Query => "query",
        ParamLocation::Header => "header",
        ParamLocation::Cookie => "cookie",
    };
    format!("{location}.{wire_name}")
}

/// Reserves the locked names of the members in `keys`, so that no new member gets them. Returns those that were free.
pub(crate) fn reserve_member_names<'k>(
    scope: &mut Scope,
    locked: Option<&Members>,
    keys: impl Iterator<Item = &'k str>,
) -> Members {
    let Some(locked) = locked else {
        return Members::new();
    };
    let named = keys.filter_map(|key| Some((key.to_owned(), locked.get(key)?.clone())));
    named.filter(|(_, name)| scope.reserve(name)).collect()
}
