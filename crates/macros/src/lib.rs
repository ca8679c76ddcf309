//! The derives of `observatory-runtime`. Use them through the runtime, which re-exports them.
//!
//! An expansion only declares names, types and their order, and calls the runtime, which implements the behavior. The
//! expansion is compiled for each type, the runtime once.

mod endpoint;
mod integer_enum;
mod model;
mod responses;
mod shared;
mod string_enum;
mod union;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Derives a JSON object: `Wire`, `Serialize`, `Deserialize`, a constructor, setters, and `Default` where no field is
/// required.
///
/// | attribute | meaning |
/// | --- | --- |
/// | `#[model(no_setters)]` on the struct | no constructor and no setters |
/// | `#[wire("name")]` on a field | the name of the JSON property |
/// | `#[wire(nullable)]` | the `Option` is required; `None` is null |
/// | `#[wire(lenient)]` | an `Option` for which null and absent are the same |
/// | `#[wire(fixed = <literal>)]` | the only value of a `Fixed`; with `optional`, it may be absent |
/// | `#[wire(extra)]` | the map of all properties without a field |
#[proc_macro_derive(Model, attributes(model, wire))]
pub fn model(input: TokenStream) -> TokenStream {
    expand(parse_macro_input!(input as DeriveInput), model::derive)
}

/// Derives an open enumeration of strings.
///
/// `#[wire("value")]` names the value of each variant except the last one, which keeps unknown values.
#[proc_macro_derive(StringEnum, attributes(wire))]
pub fn string_enum(input: TokenStream) -> TokenStream {
    expand(
        parse_macro_input!(input as DeriveInput),
        string_enum::derive,
    )
}

/// Derives an open enumeration of integers.
///
/// `#[wire(404)]` names the value of each variant except the last one, which keeps unknown values as `i64` or `i128`.
#[proc_macro_derive(IntegerEnum, attributes(wire))]
pub fn integer_enum(input: TokenStream) -> TokenStream {
    expand(
        parse_macro_input!(input as DeriveInput),
        integer_enum::derive,
    )
}

/// Derives a union of several types.
///
/// `#[union(tag = "type")]` selects the variant by a property, whose values are named with `#[wire("value", …)]` on the
/// variants. `#[union(shape)]` selects the variant that fits the value best. The last variant keeps unknown values.
#[proc_macro_derive(Union, attributes(union, wire))]
pub fn union(input: TokenStream) -> TokenStream {
    expand(parse_macro_input!(input as DeriveInput), union::derive)
}

/// Derives the request of an operation: `Endpoint`, `IntoFuture`, a constructor, setters and `send`; with `pages(…)`
/// also `Paged`.
///
/// `#[endpoint(…)]` describes the operation. The first field is the client; each other field has one of these
/// attributes:
///
/// | attribute | meaning |
/// | --- | --- |
/// | `#[in_path]`, `#[query]`, `#[header]`, `#[cookie]` | a parameter; rustc reserves the name `path` |
/// | `#[query("name", style = DeepObject, explode = true)]` | a parameter with a name and an encoding |
/// | `#[query(allow_reserved, required)]`, `#[in_path(allow_slash)]` | further options of the encoding |
/// | `#[body(Json)]`, `#[body(Text("text/csv"))]` | the body, with its media type |
/// | `#[body(Json, nullable)]` | a required body, an `Option` of which `None` is sent as `null` |
///
/// An `Option` is sent if it is set, and a body of type `Patch` also as `null`.
///
/// The kinds of bodies are `Json`, `JsonLines`, `Form`, `Multipart`, `Text` and `Bytes`.
///
/// `#[endpoint(alternative(as_csv = Text, "text/csv"))]` adds a method `as_csv`, which asks for another media type of the
/// response.
#[proc_macro_derive(
    Endpoint,
    attributes(endpoint, in_path, query, header, cookie, body, part)
)]
pub fn endpoint(input: TokenStream) -> TokenStream {
    expand(parse_macro_input!(input as DeriveInput), endpoint::derive)
}

/// Derives the decoder of an operation with several kinds of successful responses.
///
/// Each variant has `#[status(…, <kind>)]`: a status (`200`), a class (`class = 2`) or `any`, and `Json`, `Text`,
/// `Bytes` or `Empty`.
#[proc_macro_derive(Responses, attributes(status))]
pub fn responses(input: TokenStream) -> TokenStream {
    expand(parse_macro_input!(input as DeriveInput), responses::derive)
}

fn expand(
    input: DeriveInput,
    derive: fn(&DeriveInput) -> syn::Result<proc_macro2::TokenStream>,
) -> TokenStream {
    derive(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
