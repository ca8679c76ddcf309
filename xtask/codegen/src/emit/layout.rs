//! Laying items out as people and rustfmt do. prettyplease sets all but one thing as rustfmt does: a field's type that does not
//! fit on the field's line, or the alias's, stands on the next one, whole.

use syn::{Field, GenericArgument, Item, PathArguments, Type};

use super::nodes::named_type;

/// How long a line may be; the `rustfmt.toml` of generated crates says the same.
pub(super) const WIDTH: usize = 89;

/// What a field is indented by.
const INDENT: &str = "    ";

/// One item, as text that ends in a line break.
pub(super) fn item(mut item: Item) -> String {
    let moved: Vec<StandIn> = match &mut item {
        Item::Struct(item) => item.fields.iter_mut().filter_map(field).collect(),
        Item::Type(item) => alias(item).into_iter().collect(),
        _ => Vec::new(),
    };
    let apart = matches!(item, Item::Impl(_));
    let text = unparse(Vec::new(), vec![item]);
    let text = if apart { methods_apart(&text) } else { text };
    moved.into_iter().fold(text, |text, moved| {
        let next_line = format!("\n{}{}", moved.indent, moved.long);
        text.replacen(&format!(" {}", moved.short), &next_line, 1)
    })
}

/// A blank line between methods, as people write them.
fn methods_apart(text: &str) -> String {
    let end = format!("{INDENT}}}");
    let mut out = String::new();
    let mut after_method = false;
    for line in text.lines() {
        if after_method && line != "}" {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        after_method = line == end;
    }
    out
}

/// Items and inner attributes as they are.
pub(super) fn unparse(attrs: Vec<syn::Attribute>, items: Vec<Item>) -> String {
    prettyplease::unparse(&syn::File {
        attrs,
        ..super::of_items(items)
    })
}

/// A type that has to stand on the next line, and the name that holds its place while the item is printed.
struct StandIn {
    short: String,
    long: String,
    indent: String,
}

fn field(field: &mut Field) -> Option<StandIn> {
    let name = field.ident.as_ref()?.to_string();
    let before = INDENT.len() + "pub : ".len() + name.len();
    stand_in(&name, before, &INDENT.repeat(2), &mut field.ty)
}

fn alias(item: &mut syn::ItemType) -> Option<StandIn> {
    let name = item.ident.to_string();
    let before = "pub type  = ".len() + name.len();
    stand_in(&name, before, INDENT, &mut item.ty)
}

/// Puts a short name in the place of a type that does not fit on its line but on the next.
fn stand_in(name: &str, before: usize, indent: &str, ty: &mut Type) -> Option<StandIn> {
    let long = on_one_line(ty)?;
    let end = ",".len();
    if before + long.len() + end <= WIDTH || indent.len() + long.len() + end > WIDTH {
        return None;
    }
    // No generated type is called so: names of types begin with a capital.
    let short = format!("on_the_next_line_{}", name.replace("r#", ""));
    *ty = named_type(&short);
    Some(StandIn {
        short,
        long,
        indent: indent.to_owned(),
    })
}

/// The text of a type of paths and their arguments, which is all that generated fields have.
fn on_one_line(ty: &Type) -> Option<String> {
    let mut out = String::new();
    write_type(ty, &mut out).then_some(out)
}

fn write_type(ty: &Type, out: &mut String) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.iter().enumerate().all(|(i, segment)| {
        if i > 0 {
            out.push_str("::");
        }
        out.push_str(&segment.ident.to_string());
        match &segment.arguments {
            PathArguments::AngleBracketed(arguments) => write_arguments(&arguments.args, out),
            _ => true,
        }
    })
}

fn write_arguments<'a>(
    arguments: impl IntoIterator<Item = &'a GenericArgument>,
    out: &mut String,
) -> bool {
    out.push('<');
    let whole = arguments.into_iter().enumerate().all(|(i, argument)| {
        if i > 0 {
            out.push_str(", ");
        }
        matches!(argument, GenericArgument::Type(ty) if write_type(ty, out))
    });
    out.push('>');
    whole
}
