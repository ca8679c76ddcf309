//! Why limits are not met, and which improvements were tried. ARCHITECTURE.md has the figures.

/// Returns the explanation for a section, by its title.
pub(super) fn explain_missed_limits(title: &str) -> Option<&'static str> {
    let (_, text) = EXPLANATIONS.iter().find(|(known, _)| *known == title)?;
    Some(text)
}

const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "Generation",
        "Only the smallest document misses the limit, by a millisecond. The start of the program takes about half of \
         that time: 34 MB of dependencies are mostly compiled without optimization, which makes the build faster. Tried: \
         memory without huge pages, which costs 6 to 11 % with larger documents. Fewer copies, fewer system calls and \
         less parsing of generated text reduced the ratio from 1.36.",
    ),
    (
        "Compiling a generated crate",
        "Limits are missed where the dependencies dominate: the best peer's crate of the same document is small, and \
         rustc needs the memory of “no resource” to load reqwest and its dependencies before it reads the generated \
         code. Tried with adaline: a loop in every type or in the runtime; boxed futures; shared functions for encoding; \
         with and without the derives `Clone`, `Debug`, `PartialEq` and `Serialize`, constructors, setters and \
         conversions. The fastest variants that keep the interface are used.",
    ),
    (
        "Lower bound",
        "Only the smallest documents miss the limit, by little and not in every run: a program that has just started \
         loads each page of its code for the first time, and the lower bound is measured in a running program. Tried: \
         the same as for generation.",
    ),
    (
        "Building the generator",
        "The limit was set before the first measurement. Tried: dependencies that instantiate the code of `jsonschema` \
         and of a diff library moved to crates without optimization (278 s to 226 or 242 s, in different runs); \
         `opt-level` 1 or `s`, which halve the compile time and double the run time of the generator; `opt-level` 2, \
         which saves nothing; `syn` with `opt-level` 1, which saves nothing.",
    ),
];
