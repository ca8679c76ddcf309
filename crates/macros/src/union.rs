//! `derive(Union)`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Data, DeriveInput, Error, Fields, Ident, LitStr, Result, Type, Variant};

use crate::shared::{attrs, tokens, types};

/// How the variant of a value is determined.
enum Tagging {
    /// By the property of this name. A value with another tag or without one is the default variant.
    Tag(LitStr, Option<Ident>),
    /// By the properties that are present, or by the kind of JSON value.
    Shape,
}

struct Member<'a> {
    ident: &'a Ident,
    ty: &'a Type,
    /// The values of the tag, as `Literal`s of the runtime. Empty for [`Tagging::Shape`].
    tags: Vec<TokenStream>,
}

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    attrs::reject_generics(input)?;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new(input.ident.span(), "expected an enum"));
    };
    let tagging = parse_tagging(input)?;
    let mut variants: Vec<&Variant> = data.variants.iter().collect();
    let Some(unknown) = variants.pop() else {
        return Err(Error::new(
            input.ident.span(),
            "expected a last variant for unknown values",
        ));
    };
    payload(unknown)?;
    let members = variants
        .iter()
        .map(|variant| parse_member(variant, &tagging))
        .collect::<Result<Vec<_>>>()?;
    let allow = attrs::allow_deprecated(variants.iter().flat_map(|variant| &variant.attrs));
    let unknown = &unknown.ident;
    let body = match &tagging {
        Tagging::Tag(key, default) => tagged_methods(key, default.as_ref(), &members, unknown),
        Tagging::Shape => shape_methods(&members, unknown),
    };
    let (name, serde, from) = (
        &input.ident,
        tokens::serde_impls(&input.ident),
        from_impls(input, &members, &allow),
    );
    Ok(quote! {
        #[automatically_derived]
        #allow
        impl ::observatory_runtime::private::Wire for #name {
            #body

            #[inline]
            fn placeholder() -> Self {
                Self::#unknown(::observatory_runtime::Value::Null)
            }
        }

        #serde
        #from
    })
}

fn parse_tagging(input: &DeriveInput) -> Result<Tagging> {
    let (mut tagging, mut default) = (None, None);
    for attr in input
        .attrs
        .iter()
        .filter(|attr: &&Attribute| attr.path().is_ident("union"))
    {
        attr.parse_nested_meta(|meta| {
            if meta.path.is_ident("default") {
                default = Some(meta.value()?.parse()?);
                return Ok(());
            }
            tagging = Some(if meta.path.is_ident("tag") {
                Tagging::Tag(meta.value()?.parse()?, None)
            } else if meta.path.is_ident("shape") {
                Tagging::Shape
            } else {
                return Err(meta.error("expected tag = \"…\", default = … or shape"));
            });
            Ok(())
        })?;
    }
    if let Some(Tagging::Tag(_, chosen)) = &mut tagging {
        *chosen = default;
    }
    tagging.ok_or_else(|| {
        Error::new(
            input.ident.span(),
            "expected #[union(tag = \"…\")] or #[union(shape)]",
        )
    })
}

fn parse_member<'a>(variant: &'a Variant, tagging: &Tagging) -> Result<Member<'a>> {
    let tags = match tagging {
        Tagging::Tag(..) => attrs::tag_values(variant)?,
        Tagging::Shape => Vec::new(),
    };
    Ok(Member {
        ident: &variant.ident,
        ty: payload(variant)?,
        tags,
    })
}

/// Returns the type of the only field of a variant.
fn payload(variant: &Variant) -> Result<&Type> {
    match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            fields.unnamed.first().map(|field| &field.ty)
        }
        _ => None,
    }
    .ok_or_else(|| Error::new_spanned(variant, "expected a variant with one field"))
}

fn tagged_methods(
    key: &LitStr,
    default: Option<&Ident>,
    members: &[Member<'_>],
    unknown: &Ident,
) -> TokenStream {
    let write = members.iter().map(|Member { ident, tags, .. }| {
        // The default variant keeps the tag that its value has.
        if default == Some(*ident) {
            return quote!(Self::#ident(value) => ::observatory_runtime::private::Wire::write_tagged(value, __serializer, __tag),);
        }
        quote! {
            Self::#ident(value) => {
                let tag = ::observatory_runtime::private::VariantTag::new(#key, &[#(#tags),*], __tag);
                ::observatory_runtime::private::Wire::write_tagged(value, __serializer, ::core::option::Option::Some(&tag))
            }
        }
    });
    let write = write_as_method(write, unknown);
    let tags = members.iter().flat_map(|member| &member.tags);
    let mut next = 0_usize;
    let read = members.iter().map(|Member { ident, tags, .. }| {
        let indices = next..next + tags.len();
        next = indices.end;
        quote!(#(#indices)|* => ::observatory_runtime::private::Wire::read_object(__object).map(Self::#ident),)
    });
    let read: Vec<_> = read.collect();
    let read_other = match default {
        Some(default) => quote! {
            ::observatory_runtime::private::read_default_variant(__object, Self::#default, Self::#unknown)
        },
        None => quote! {
            ::observatory_runtime::private::read_unknown_variant(__object, Self::#unknown)
        },
    };
    let scores = members.iter().flat_map(|Member { ty, tags, .. }| {
        tags.iter().map(
            move |tag| quote!((#tag, <#ty as ::observatory_runtime::private::Wire>::match_score)),
        )
    });
    quote! {
        #write

        fn read<'de, __D: ::observatory_runtime::private::Deserializer<'de>>(
            __deserializer: __D,
        ) -> ::core::result::Result<Self, __D::Error> {
            ::observatory_runtime::private::read_tagged_union(__deserializer, Self::#unknown)
        }

        fn read_object<'de, __A: ::observatory_runtime::private::MapAccess<'de>>(
            mut __object: ::observatory_runtime::private::ObjectReader<'de, __A>,
        ) -> ::core::result::Result<Self, __A::Error> {
            match __object.find_tag(#key, &[#(#tags),*])? {
                #(#read)*
                _ => #read_other,
            }
        }

        #[inline]
        fn match_score(__content: &::observatory_runtime::private::BufferedValue<'_>, __matcher: &mut ::observatory_runtime::private::Matcher) -> ::observatory_runtime::private::MatchScore {
            ::observatory_runtime::private::score_tagged_union(#key, &[#(#scores),*], __content, __matcher)
        }
    }
}

fn shape_methods(members: &[Member<'_>], unknown: &Ident) -> TokenStream {
    let write = members.iter().map(|Member { ident, .. }| {
        quote!(Self::#ident(value) => ::observatory_runtime::private::Wire::write_tagged(value, __serializer, __tag),)
    });
    let write = write_as_method(write, unknown);
    let scores: Vec<_> = members
        .iter()
        .map(|Member { ty, .. }| quote!(<#ty as ::observatory_runtime::private::Wire>::match_score))
        .collect();
    let read = members.iter().enumerate().map(|(index, Member { ident, .. })| {
        quote!(#index => ::observatory_runtime::private::Wire::from_buffered(__content).map(Self::#ident),)
    });
    quote! {
        #write

        fn read<'de, __D: ::observatory_runtime::private::Deserializer<'de>>(
            __deserializer: __D,
        ) -> ::core::result::Result<Self, __D::Error> {
            ::observatory_runtime::private::read_untagged_union(__deserializer, Self::#unknown)
        }

        fn read_object<'de, __A: ::observatory_runtime::private::MapAccess<'de>>(
            __object: ::observatory_runtime::private::ObjectReader<'de, __A>,
        ) -> ::core::result::Result<Self, __A::Error> {
            ::observatory_runtime::private::read_untagged_union_object(__object, Self::#unknown)
        }

        #[inline]
        fn from_buffered(
            __content: ::observatory_runtime::private::BufferedValue<'_>,
        ) -> ::core::result::Result<Self, ::observatory_runtime::private::BufferedValue<'_>> {
            match ::observatory_runtime::private::best_variant(&[#(#scores),*], &__content) {
                #(#read)*
                _ => ::core::result::Result::Err(__content),
            }
        }

        #[inline]
        fn match_score(__content: &::observatory_runtime::private::BufferedValue<'_>, __matcher: &mut ::observatory_runtime::private::Matcher) -> ::observatory_runtime::private::MatchScore {
            ::observatory_runtime::private::score_untagged_union(&[#(#scores),*], __content, __matcher)
        }
    }
}

fn write_as_method(arms: impl Iterator<Item = TokenStream>, unknown: &Ident) -> TokenStream {
    quote! {
        fn write_tagged<__S: ::observatory_runtime::private::Serializer>(
            &self,
            __serializer: __S,
            __tag: ::core::option::Option<&::observatory_runtime::private::VariantTag<'_>>,
        ) -> ::core::result::Result<__S::Ok, __S::Error> {
            match self {
                #(#arms)*
                Self::#unknown(value) => ::observatory_runtime::private::Wire::write(value, __serializer),
            }
        }
    }
}

/// Returns the type without `Box`.
fn unboxed(ty: &Type) -> &Type {
    types::type_argument(ty, "Box").unwrap_or(ty)
}

/// Returns `From` for the type of each variant that no other variant has.
fn from_impls(
    input: &DeriveInput,
    members: &[Member<'_>],
    allow: &Option<TokenStream>,
) -> TokenStream {
    let name = &input.ident;
    let text = |ty| unboxed(ty).to_token_stream().to_string();
    let unique = members.iter().filter(|member| {
        let same = members
            .iter()
            .filter(|other| text(other.ty) == text(member.ty))
            .count();
        same == 1 && !types::is_one_of(unboxed(member.ty), &["Value"])
    });
    let impls = unique.map(|Member { ident, ty, .. }| {
        let boxed = types::type_argument(ty, "Box").map(|_| quote!(::std::boxed::Box::new));
        let inner = unboxed(ty);
        let from_str = types::is_one_of(inner, &["String"]).then(|| {
            quote! {
                #[automatically_derived]
                #allow
                impl ::core::convert::From<&str> for #name {
                    #[inline]
                    fn from(value: &str) -> Self {
                        Self::#ident(#boxed(::std::string::String::from(value)))
                    }
                }
            }
        });
        quote! {
            #[automatically_derived]
            #allow
            impl ::core::convert::From<#inner> for #name {
                #[inline]
                fn from(value: #inner) -> Self {
                    Self::#ident(#boxed(value))
                }
            }

            #from_str
        }
    });
    quote!(#(#impls)*)
}
