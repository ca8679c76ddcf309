//! The attribute `observe` of `llm-observatory`, which re-exports and documents it.

mod options;
mod wrap;

use options::Options;
use proc_macro::TokenStream;
use syn::{ItemFn, parse_macro_input};

/// Records a function as a span. See `llm_observatory::observe`.
#[proc_macro_attribute]
pub fn observe(options: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(options as Options);
    let function = parse_macro_input!(item as ItemFn);
    wrap::wrap(&options, function)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
