//! Tests of the budget and of the command line.

use std::process::Command;

use observatory_bench::budget::{Figures, compare_figures};

fn figures(all: &[(&str, f64)]) -> Figures {
    let figures = all.iter();
    figures
        .map(|(name, figure)| (("lines".to_owned(), (*name).to_owned()), *figure))
        .collect()
}

#[test]
fn reports_figures_that_differ_by_more_than_five_percent() {
    let budget = figures(&[("acme", 1000.0)]);
    for figure in [1000.0, 1050.0, 960.0] {
        let comparison = compare_figures(&figures(&[("acme", figure)]), &budget);
        assert!(
            comparison.worse.is_empty() && comparison.better.is_empty(),
            "{comparison:?}"
        );
    }
    let comparison = compare_figures(&figures(&[("acme", 1051.0)]), &budget);
    assert_eq!(
        comparison.worse,
        ["lines, acme: 1051, the budget is 1000 (+5.1 %)"]
    );
    let comparison = compare_figures(&figures(&[("acme", 900.0)]), &budget);
    assert!(comparison.worse.is_empty(), "{comparison:?}");
    assert_eq!(comparison.better.len(), 1, "{comparison:?}");
}

#[test]
fn reports_figures_that_only_one_side_has() {
    let some = figures(&[("acme", 1.0)]);
    let none = Figures::new();
    assert_eq!(compare_figures(&some, &none).worse.len(), 1);
    assert_eq!(compare_figures(&none, &some).worse.len(), 1);
}

#[test]
fn rejects_an_unknown_part_and_lists_the_known_ones() {
    let output = Command::new(env!("CARGO_BIN_EXE_bench"))
        .args(["--only", "unknown"])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("unknown part `unknown`"), "{stderr}");
    assert!(stderr.contains("use one of: call, "), "{stderr}");
}

#[test]
fn help_shows_examples() {
    let output = Command::new(env!("CARGO_BIN_EXE_bench"))
        .arg("--help")
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{stdout}");
    assert!(stdout.contains("Examples"), "{stdout}");
}
