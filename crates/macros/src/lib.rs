//! The derives of `observatory-runtime`, which re-exports them; nobody depends on this crate directly.
//!
//! What a derive expands to states facts (names, types, order) and calls the runtime, where the behaviour lives: the
//! expansion is compiled once a type, the runtime once.

mod attrs;
mod endpoint;
mod model;
mod responses;
mod setters;
mod string_enum;
mod union;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// An object with known properties: `Wire`, `Serialize`, `Deserialize`, a constructor, setters, `Default`.
///
/// On the struct: `#[model(no_setters)]` leaves out the constructor and the setters.
///
/// On a field: `#[wire("name")]`, with any of `nullable`, `lenient`, `fixed = <literal>`, `optional`; `#[wire(extra)]`.
#[proc_macro_derive(Model, attributes(model, wire))]
pub fn model(input: TokenStream) -> TokenStream {
    run(parse_macro_input!(input as DeriveInput), model::derive)
}

/// An open enumeration of strings: `#[wire("value")]` on every variant but the last, which keeps what is not known.
#[proc_macro_derive(StringEnum, attributes(wire))]
pub fn string_enum(input: TokenStream) -> TokenStream {
    run(
        parse_macro_input!(input as DeriveInput),
        string_enum::derive,
    )
}

/// One of several types: `#[union(tag = "type")]` with `#[wire("value", …)]` on the variants, or `#[union(shape)]`.
/// The last variant keeps what is none of them.
#[proc_macro_derive(Union, attributes(union, wire))]
pub fn union(input: TokenStream) -> TokenStream {
    run(parse_macro_input!(input as DeriveInput), union::derive)
}

/// A request as a value.
///
/// A parameter in the path is marked `in_path`, because rustc has an attribute `path` of its own.
#[proc_macro_derive(Endpoint, attributes(endpoint, in_path, query, header, cookie, body))]
pub fn endpoint(input: TokenStream) -> TokenStream {
    run(parse_macro_input!(input as DeriveInput), endpoint::derive)
}

/// The successes of an operation that has several kinds of them.
#[proc_macro_derive(Responses, attributes(status))]
pub fn responses(input: TokenStream) -> TokenStream {
    run(parse_macro_input!(input as DeriveInput), responses::derive)
}

fn run(
    input: DeriveInput,
    derive: fn(&DeriveInput) -> syn::Result<proc_macro2::TokenStream>,
) -> TokenStream {
    derive(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
