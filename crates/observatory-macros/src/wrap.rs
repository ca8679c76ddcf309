//! The function around the observed one.

use crate::options::Options;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{
    FnArg, GenericArgument, Ident, ItemFn, Pat, PathArguments, ReturnType, Signature, Type,
    parse_quote,
};

/// Returns the function with a span around its body.
pub fn wrap(options: &Options, function: ItemFn) -> syn::Result<TokenStream> {
    let ItemFn {
        attrs,
        vis,
        sig,
        block,
        ..
    } = function;
    if let Some(constness) = &sig.constness {
        return Err(syn::Error::new(
            constness.span(),
            "a `const fn` cannot be observed: nothing is recorded at compile time",
        ));
    }
    let begin = begin(options, &sig)?;
    let end = if options.result {
        quote!(end_with_result)
    } else {
        quote!(end)
    };
    let output = erase_impl_trait(&sig.output);
    let run = if sig.asyncness.is_some() {
        quote! {
            let mut __body = ::core::pin::pin!(async move {
                // Gives `?` and `return` the type of the function's result.
                #[allow(unreachable_code, clippy::diverging_sub_expression)]
                if false {
                    let __type: #output = loop {};
                    return __type;
                }
                #block
            });
            let __result = ::core::future::poll_fn(|__waker| {
                let _attached = __observed.attach();
                ::core::future::Future::poll(__body.as_mut(), __waker)
            })
            .await;
        }
    } else {
        quote! {
            #[allow(clippy::redundant_closure_call)]
            let __result = {
                let _attached = __observed.attach();
                (move || -> #output #block)()
            };
        }
    };
    Ok(quote! {
        #(#attrs)*
        #vis #sig {
            #begin
            #run
            ::llm_observatory::__observe!(#end, __observed, __result);
            __result
        }
    })
}

/// Begins the span, and records the arguments.
fn begin(options: &Options, sig: &Signature) -> syn::Result<TokenStream> {
    let name = match &options.name {
        Some(name) => quote!(#name),
        None => {
            let name = sig.ident.unraw().to_string();
            quote!(#name)
        }
    };
    let kind = &options.kind;
    let root = match &options.root {
        Some(root) => quote_spanned! { root.span() =>
            ::core::option::Option::Some(
                ::llm_observatory::recording::AsRecorder::as_recorder(&(#root)).clone()
            )
        },
        None => quote!(::core::option::Option::None),
    };
    let args = if options.args {
        let names = argument_names(options, sig)?;
        let keys = names.iter().map(|name| name.unraw().to_string());
        quote!(::llm_observatory::__observe!(args, __observed, #(#keys => #names),*);)
    } else {
        TokenStream::new()
    };
    Ok(quote! {
        let mut __observed = ::llm_observatory::recording::Observed::begin(
            ::llm_observatory::model::SpanKind::#kind,
            #name,
            || #root,
        );
        #args
    })
}

/// Returns the names that the arguments bind, without those that are skipped.
fn argument_names(options: &Options, sig: &Signature) -> syn::Result<Vec<Ident>> {
    let mut names = Vec::new();
    for input in &sig.inputs {
        if let FnArg::Typed(argument) = input {
            bound_names(&argument.pat, &mut names);
        }
    }
    for skipped in &options.skip {
        if !names.contains(skipped) {
            return Err(syn::Error::new(
                skipped.span(),
                format!("`{}` has no argument `{skipped}`", sig.ident),
            ));
        }
    }
    names.retain(|name| !options.skip.contains(name));
    Ok(names)
}

fn bound_names(pattern: &Pat, names: &mut Vec<Ident>) {
    match pattern {
        Pat::Ident(ident) => names.push(ident.ident.clone()),
        Pat::Reference(reference) => bound_names(&reference.pat, names),
        Pat::Tuple(tuple) => tuple.elems.iter().for_each(|pat| bound_names(pat, names)),
        Pat::TupleStruct(tuple) => tuple.elems.iter().for_each(|pat| bound_names(pat, names)),
        Pat::Slice(slice) => slice.elems.iter().for_each(|pat| bound_names(pat, names)),
        Pat::Struct(fields) => {
            let fields = fields.fields.iter();
            fields.for_each(|field| bound_names(&field.pat, names));
        }
        _ => {}
    }
}

/// Returns the type of the result, in which each `impl Trait` is left to inference.
fn erase_impl_trait(output: &ReturnType) -> Type {
    match output {
        ReturnType::Default => parse_quote!(()),
        ReturnType::Type(_, output) => {
            let mut output = (**output).clone();
            erase(&mut output);
            output
        }
    }
}

fn erase(output: &mut Type) {
    match output {
        Type::ImplTrait(_) => *output = parse_quote!(_),
        Type::Path(path) => {
            for segment in &mut path.path.segments {
                if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                    for argument in &mut arguments.args {
                        if let GenericArgument::Type(argument) = argument {
                            erase(argument);
                        }
                    }
                }
            }
        }
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(erase),
        Type::Reference(reference) => erase(&mut reference.elem),
        Type::Array(array) => erase(&mut array.elem),
        Type::Paren(inner) => erase(&mut inner.elem),
        _ => {}
    }
}
