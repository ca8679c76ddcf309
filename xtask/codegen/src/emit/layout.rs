//! Lays items out as rustfmt does.
//!
//! prettyplease agrees with rustfmt except in three cases: rustfmt puts the type of a field or of an alias that is too wide
//! on the next line, whole; methods have a blank line between them; and lines of imports are one letter shorter.

use quote::ToTokens;
use syn::{Attribute, Field, GenericArgument, Item, ItemType, PathArguments, Type};

use super::items::file_of_items;
use super::types::named_type;
use super::width::MAX_WIDTH;

/// The indent of a field.
const INDENT: &str = "    ";

/// Returns an item as text that ends in a line break.
pub(super) fn item_text(mut item: Item) -> String {
    let wide_types: Vec<WideType> = match &mut item {
        Item::Struct(item) => item
            .fields
            .iter_mut()
            .filter_map(replace_field_type)
            .collect(),
        Item::Type(item) => replace_alias_type(item).into_iter().collect(),
        _ => Vec::new(),
    };
    let correct: fn(String) -> String = match item {
        Item::Impl(_) => separate_methods,
        Item::Use(_) => fill_import_lines,
        _ => |text| text,
    };
    let text = correct(unparse(Vec::new(), vec![item]));
    wide_types.into_iter().fold(text, |text, wide| {
        let next_line = format!("\n{}{}", wide.indent, wide.text);
        text.replacen(&format!(" {}", wide.placeholder), &next_line, 1)
    })
}

/// Prints inner attributes and items with prettyplease.
pub(super) fn unparse(attrs: Vec<Attribute>, items: Vec<Item>) -> String {
    prettyplease::unparse(&syn::File {
        attrs,
        ..file_of_items(items)
    })
}

/// Fills the lines of an import that takes several. rustfmt leaves room for a comma after the last name of a line.
fn fill_import_lines(text: String) -> String {
    let Some((start, names)) = text.split_once("{\n") else {
        return text;
    };
    let names = names.trim_end().trim_end_matches("};");
    let names = names.split(',').map(str::trim);
    let mut names = names.filter(|name| !name.is_empty()).peekable();
    let width = MAX_WIDTH - INDENT.len() - ",".len();
    let mut lines: Vec<String> = Vec::new();
    while let Some(name) = names.next() {
        let is_last_of_one_line = names.peek().is_none() && lines.len() < 2;
        let comma = if is_last_of_one_line { "" } else { "," };
        match lines.last_mut() {
            Some(line) if line.len() + " ".len() + name.len() + comma.len() <= width => {
                line.push_str(&format!(" {name},"));
            }
            _ => lines.push(format!("{name},")),
        }
    }
    format!(
        "{start}{{\n{INDENT}{}\n}};\n",
        lines.join(&format!("\n{INDENT}"))
    )
}

/// Puts a blank line between methods, and between a constant of several lines and the next item.
fn separate_methods(text: String) -> String {
    let method_end = format!("{INDENT}}}");
    let constant_end = format!("{method_end};");
    let mut out = String::new();
    let mut after_method = false;
    for line in text.lines() {
        if after_method && line != "}" {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        after_method = line == method_end || line == constant_end;
    }
    out
}

/// A type that has to be on the next line, and the short name that replaces it while prettyplease prints the item.
struct WideType {
    placeholder: String,
    text: String,
    indent: String,
}

fn replace_field_type(field: &mut Field) -> Option<WideType> {
    let name = field.ident.as_ref()?.to_string();
    let width_before = INDENT.len() + "pub : ".len() + name.len();
    replace_wide_type(&name, width_before, &INDENT.repeat(2), &mut field.ty)
}

fn replace_alias_type(item: &mut ItemType) -> Option<WideType> {
    let name = item.ident.to_string();
    let width_before = "pub type  = ".len() + name.len();
    replace_wide_type(&name, width_before, INDENT, &mut item.ty)
}

/// Replaces a type that does not fit on its line but fits on the next one.
fn replace_wide_type(
    name: &str,
    width_before: usize,
    indent: &str,
    ty: &mut Type,
) -> Option<WideType> {
    let text = path_type_text(ty)?;
    let end = ",".len();
    let fits_here = width_before + text.len() + end <= MAX_WIDTH;
    if fits_here || indent.len() + text.len() + end > MAX_WIDTH {
        return None;
    }
    // Generated types start with a capital letter, so the placeholder is unique.
    let placeholder = format!("on_the_next_line_{}", name.replace("r#", ""));
    *ty = named_type(&placeholder);
    Some(WideType {
        placeholder,
        text,
        indent: indent.to_owned(),
    })
}

/// Returns the text of a type that consists of paths with arguments, tuples and arrays, as all types of generated fields
/// do.
fn path_type_text(ty: &Type) -> Option<String> {
    let mut out = String::new();
    write_type(ty, &mut out).then_some(out)
}

fn write_type(ty: &Type, out: &mut String) -> bool {
    let path = match ty {
        Type::Path(path) => path,
        Type::Tuple(tuple) => {
            out.push('(');
            let is_complete = write_types(&tuple.elems, out);
            out.push(')');
            return is_complete;
        }
        Type::Array(array) => {
            out.push('[');
            let is_complete = write_type(&array.elem, out);
            out.push_str(&format!("; {}]", array.len.to_token_stream()));
            return is_complete;
        }
        _ => return false,
    };
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

fn write_types<'a>(types: impl IntoIterator<Item = &'a Type>, out: &mut String) -> bool {
    types.into_iter().enumerate().all(|(i, ty)| {
        if i > 0 {
            out.push_str(", ");
        }
        write_type(ty, out)
    })
}

fn write_arguments<'a>(
    arguments: impl IntoIterator<Item = &'a GenericArgument>,
    out: &mut String,
) -> bool {
    out.push('<');
    let is_complete = arguments.into_iter().enumerate().all(|(i, argument)| {
        if i > 0 {
            out.push_str(", ");
        }
        matches!(argument, GenericArgument::Type(ty) if write_type(ty, out))
    });
    out.push('>');
    is_complete
}
