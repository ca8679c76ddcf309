//! Examples of calls, which are compiled as doctests.

use std::collections::BTreeSet;

use crate::plan::operations::operation_plan::ArgPlan;
use crate::plan::rust_type::RustType;

/// Returns a section with a call of a method. Values without an obvious literal are arguments of the example.
pub(in crate::plan) fn example(
    library_path: &str,
    module: &str,
    method: &str,
    args: &[ArgPlan],
) -> Vec<String> {
    let mut parameters = BTreeSet::new();
    let values = args.iter().map(|arg| {
        literal(&arg.name, &arg.ty).unwrap_or_else(|| {
            let models = format!("{library_path}::models::");
            let ty = arg.ty.to_source(&models, &format!("{library_path}::"));
            parameters.insert((arg.name.clone(), ty));
            arg.name.clone()
        })
    });
    let values: Vec<String> = values.collect();
    let parameters: String = parameters
        .into_iter()
        .map(|(name, ty)| format!(", {name}: {ty}"))
        .collect();
    vec![
        String::new(),
        "# Examples".to_owned(),
        String::new(),
        "```no_run".to_owned(),
        format!(
            "# async fn example(client: {library_path}::Client{parameters}) -> Result<(), {library_path}::Error> {{"
        ),
        format!("client.{module}().{method}({}).await?;", values.join(", ")),
        "# Ok(())".to_owned(),
        "# }".to_owned(),
        "```".to_owned(),
    ]
}

/// Returns a literal for an argument or a field `name` of a builtin type, or of one that is converted from text.
pub(in crate::plan) fn literal(name: &str, ty: &RustType) -> Option<String> {
    match ty {
        RustType::Builtin("String") | RustType::Runtime("Secret") => {
            Some(format!("\"{}\"", name.trim_end_matches('_')))
        }
        RustType::Builtin("bool") => Some("true".to_owned()),
        RustType::Builtin("f64") => Some("1.0".to_owned()),
        RustType::Builtin(_) => Some("1".to_owned()),
        _ => None,
    }
}
