//! The options of `#[observe(…)]`.

use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, LitStr, Token};

/// Kinds of spans, with their variants of `SpanKind`.
const KINDS: &[(&str, &str)] = &[
    ("llm", "Llm"),
    ("embedding", "Embedding"),
    ("tool", "Tool"),
    ("retriever", "Retriever"),
    ("agent", "Agent"),
    ("workflow", "Workflow"),
    ("guardrail", "Guardrail"),
    ("evaluator", "Evaluator"),
    ("span", "Span"),
];

/// The options of `#[observe(…)]`.
pub struct Options {
    /// The name of the span; without it, that of the function.
    pub name: Option<LitStr>,
    /// The variant of `SpanKind`.
    pub kind: Ident,
    /// Whether the arguments are recorded.
    pub args: bool,
    /// Whether the result is recorded.
    pub result: bool,
    /// Arguments that are not recorded.
    pub skip: Vec<Ident>,
    /// The recorder with which a trace begins where no span is current.
    pub root: Option<Expr>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let span = input.span();
        let mut options = Self {
            name: None,
            kind: Ident::new("Span", span),
            args: false,
            result: false,
            skip: Vec::new(),
            root: None,
        };
        let mut seen: Vec<Ident> = Vec::new();
        while !input.is_empty() {
            let option: Ident = input.parse()?;
            if seen.contains(&option) {
                return Err(syn::Error::new(
                    option.span(),
                    format!("`{option}` is given twice"),
                ));
            }
            options.parse_option(&option, input)?;
            seen.push(option);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        if let (Some(skipped), false) = (options.skip.first(), options.args) {
            return Err(syn::Error::new(
                skipped.span(),
                "`skip` needs `args`: without it no argument is recorded",
            ));
        }
        Ok(options)
    }
}

impl Options {
    fn parse_option(&mut self, option: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        match option.to_string().as_str() {
            "name" => {
                input.parse::<Token![=]>()?;
                self.name = Some(input.parse()?);
            }
            "kind" => {
                input.parse::<Token![=]>()?;
                self.kind = parse_kind(&input.parse()?)?;
            }
            "root" => {
                input.parse::<Token![=]>()?;
                self.root = Some(input.parse()?);
            }
            "args" => self.args = true,
            "result" => self.result = true,
            "skip" => {
                let content;
                syn::parenthesized!(content in input);
                let names = content.parse_terminated(Ident::parse, Token![,])?;
                self.skip.extend(names);
            }
            _ => {
                return Err(syn::Error::new(
                    option.span(),
                    format!(
                        "unknown option `{option}`; expected `name`, `kind`, `args`, `result`, `skip` or `root`"
                    ),
                ));
            }
        }
        Ok(())
    }
}

fn parse_kind(literal: &LitStr) -> syn::Result<Ident> {
    let kind = literal.value();
    match KINDS.iter().find(|(name, _)| *name == kind) {
        Some((_, variant)) => Ok(Ident::new(variant, literal.span())),
        None => {
            let names: Vec<_> = KINDS.iter().map(|(name, _)| format!("`{name}`")).collect();
            Err(syn::Error::new(
                literal.span(),
                format!(
                    "unknown kind `{kind}`; expected one of {}",
                    names.join(", ")
                ),
            ))
        }
    }
}
