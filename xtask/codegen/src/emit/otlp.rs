//! The constant that describes where an API takes traces in the OpenTelemetry protocol.

use proc_macro2::TokenStream;
use quote::quote;

use crate::config::{OtlpConfig, OtlpConvention, OtlpEncoding};

/// Returns the constant `OTLP` of the client.
pub(super) fn otlp_constant(otlp: &OtlpConfig) -> TokenStream {
    let (path, max_spans, max_bytes) = (&otlp.path, otlp.max_spans, otlp.max_bytes);
    let encoding = match otlp.encoding {
        OtlpEncoding::Protobuf => quote!(Protobuf),
        OtlpEncoding::Json => quote!(Json),
    };
    let headers = otlp
        .headers
        .iter()
        .map(|(name, value)| quote!((#name, #value)));
    let conventions = otlp.conventions.iter().map(|convention| match convention {
        OtlpConvention::GenAi => quote!(spec::OtlpConvention::GenAi),
        OtlpConvention::OpenInference => quote!(spec::OtlpConvention::OpenInference),
        OtlpConvention::Langfuse => quote!(spec::OtlpConvention::Langfuse),
    });
    let (max_spans, max_bytes) = (
        proc_macro2::Literal::usize_unsuffixed(max_spans),
        proc_macro2::Literal::usize_unsuffixed(max_bytes),
    );
    quote! {
        /// Where the API takes traces in the OpenTelemetry protocol.
        pub const OTLP: spec::Otlp = spec::Otlp {
            path: #path,
            encoding: spec::OtlpEncoding::#encoding,
            headers: &[#(#headers),*],
            conventions: &[#(#conventions),*],
            max_spans: #max_spans,
            max_bytes: #max_bytes,
        };
    }
}
