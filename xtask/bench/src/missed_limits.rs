//! What was done about limits that are not met, for whoever would do it again. ARCHITECTURE.md has the figures.

/// What there is to say below the limits of a part, by its title.
pub(super) fn tried(title: &str) -> Option<&'static str> {
    let (_, text) = TRIED.iter().find(|(part, _)| *part == title)?;
    Some(text)
}

const TRIED: &[(&str, &str)] = &[
    (
        "Generation",
        "Only the smallest document is missed, by a millisecond: starting the program takes about half of our time \
         there, since it is 34 MB of dependencies that are mostly not optimised, so that it is there soon. Tried: \
         memory without huge pages, which costs larger documents 6 to 11 %; fewer copies, fewer calls of the system, \
         hardly anything parsed that we made ourselves, which brought it here from 1.36.",
    ),
    (
        "Compiling a generated crate",
        "What is missed is missed where the dependencies are most of it: the best peer's crate of the same document \
         is small, and rustc takes the memory of “no resource” to load reqwest and what it needs before it reads a \
         line of ours. Tried, on adaline: a loop in every type or in the runtime, futures boxed or not, shared \
         writing, all or none of the derives `Clone`, `Debug`, `PartialEq`, `Serialize`, constructors, setters, \
         conversions; the winners are in, the losers and those that users would miss are not.",
    ),
    (
        "Floor",
        "What is missed are the smallest documents, by little and not in every run: there a program that has just \
         started touches each page of its code for the first time, and the floor's has run already. Tried: the same \
         as for generation.",
    ),
    (
        "Building the generator",
        "The limit was set before anything was known. Tried: what `jsonschema` and a library for differences made \
         their caller compile moved into crates that are not optimised (278 to 226 or 242 s, from run to run); \
         `opt-level` 1 or `s`, with which the generator compiles in half the time and takes twice as long; 2, which \
         saves nothing; `syn` at 1, likewise.",
    ),
];
