//! 100,000 calls of all operations of all vendors while the server fails at random; `cargo xtask chaos` does the same with
//! any document and seed.

use observatory_conformance::DocumentSource;
use observatory_conformance::chaos::{ChaosOptions, run_chaos};
use observatory_tests::repository::print_now;
use xtask::repository::VendorFolder;

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn calls_of_all_operations_end_while_the_server_fails() {
    let vendors = VendorFolder::find(&[]).unwrap();
    let specs = vendors
        .iter()
        .map(|vendor| vendor.spec_dir().join("openapi.yaml"));
    let options = ChaosOptions {
        sources: specs
            .map(|spec| DocumentSource::from_path(&spec).unwrap())
            .collect(),
        calls: 100_000,
        seed: 15,
    };
    let reports = run_chaos(&options, &mut |_| {}).unwrap();
    for report in &reports {
        let outcome = &report.outcome;
        print_now(&format!(
            "{}: {} operations, {} calls, {} values",
            report.name, report.operations, outcome.calls, outcome.values
        ));
        assert!(report.is_success(), "{report:#?}");
        // `vendor.toml` leaves out some operations.
        let is_left_out = |reason: &str| reason == "the operation is not generated";
        let mut skipped = report.skipped.iter();
        assert!(
            skipped.all(|skipped| is_left_out(&skipped.reason)),
            "{report:#?}"
        );
        // Both outcomes are tested.
        assert!(outcome.values > outcome.calls / 3, "{report:#?}");
        assert!(outcome.values < outcome.calls, "{report:#?}");
    }
    let calls: u64 = reports.iter().map(|report| report.outcome.calls).sum();
    assert!(calls >= 100_000 && reports.len() == vendors.len());
}
