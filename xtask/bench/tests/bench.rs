//! The budget: what is worse fails, what nobody counts any more does, too.

use observatory_bench::budget::{Figures, judge};

fn figures(all: &[(&str, f64)]) -> Figures {
    let named = all.iter();
    named
        .map(|(name, figure)| (("lines".to_owned(), (*name).to_owned()), *figure))
        .collect()
}

#[test]
fn more_than_five_per_cent_worse_is_told_with_the_figure() {
    let budget = figures(&[("acme", 1000.0)]);
    for is in [1000.0, 1050.0, 960.0] {
        let verdict = judge(&figures(&[("acme", is)]), &budget);
        assert!(
            verdict.worse.is_empty() && verdict.better.is_empty(),
            "{verdict:?}"
        );
    }
    let verdict = judge(&figures(&[("acme", 1051.0)]), &budget);
    assert_eq!(
        verdict.worse,
        ["lines, acme: 1051, where budgets.toml says 1000 (+5.1 %)"]
    );
    let verdict = judge(&figures(&[("acme", 900.0)]), &budget);
    assert!(verdict.worse.is_empty(), "{verdict:?}");
    assert_eq!(verdict.better.len(), 1, "{verdict:?}");
}

#[test]
fn what_one_of_the_two_does_not_know_is_told() {
    let known = figures(&[("acme", 1.0)]);
    let none = Figures::new();
    assert_eq!(judge(&known, &none).worse.len(), 1);
    assert_eq!(judge(&none, &known).worse.len(), 1);
}

#[test]
fn rejects_an_unknown_part_and_lists_the_known_ones() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_bench"))
        .args(["--only", "nonsense"])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("no part `nonsense`"), "{stderr}");
    assert!(stderr.contains("there are: call, "), "{stderr}");
}
