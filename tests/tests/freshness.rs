//! The crates are what the generator writes now, whole, and the same every time.

use std::fs;
use std::path::Path;

use observatory_tests::json::reversed;
use xtask::commands::{VendorFolder, codegen_vendor, measure};
use xtask::files::Mode;
use xtask::pipeline::run;

#[test]
fn crates_are_fresh_and_whole() {
    let expected = [
        ("adaline", 44, 185),
        ("galileo", 244, 682),
        ("helicone", 267, 543),
    ];
    let vendors = VendorFolder::find(&[]).unwrap();
    assert_eq!(vendors.len(), expected.len());
    for (vendor, (name, operations, schemas)) in vendors.iter().zip(expected) {
        let outcome = codegen_vendor(vendor, Mode::Check).unwrap();
        let stale: Vec<&str> = outcome
            .report
            .written
            .iter()
            .chain(&outcome.report.removed)
            .map(|c| c.path.as_str())
            .collect();
        assert!(
            stale.is_empty(),
            "{name}: run `cargo xtask codegen {name}`; stale: {stale:?}"
        );
        let coverage = measure(name, &outcome.made);
        assert_eq!(vendor.name, name);
        assert_eq!(
            (coverage.operations.document, coverage.operations.generated),
            (operations, operations),
            "{name}"
        );
        assert_eq!(
            (coverage.schemas.document, coverage.schemas.generated),
            (schemas, schemas),
            "{name}"
        );
        assert!(coverage.gaps.is_empty(), "{name}: {:?}", coverage.gaps);
    }
}

#[test]
fn generating_twice_gives_the_same() {
    for vendor in VendorFolder::find(&[]).unwrap() {
        let once = codegen_vendor(&vendor, Mode::DryRun).unwrap();
        let twice = codegen_vendor(&vendor, Mode::DryRun).unwrap();
        assert_eq!(once.made.files, twice.made.files, "{}", vendor.name);
    }
}

/// A vendor who writes the same document out in another order changes nothing here.
#[test]
fn the_order_of_keys_changes_nothing() {
    for vendor in VendorFolder::find(&[]).unwrap() {
        let config = vendor.config().unwrap();
        let made = run(&vendor.inputs(), &config, &vendor.options(&config)).unwrap();
        let mut inputs = vendor.inputs();
        let name = format!("{}-reversed.json", vendor.name);
        inputs.document = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&inputs.document, reversed(&made.raw.value).to_string()).unwrap();
        let again = run(&inputs, &config, &vendor.options(&config)).unwrap();
        let changed = made.files.iter().zip(again.files.iter());
        let changed: Vec<&str> = changed
            .filter(|(a, b)| a != b)
            .map(|((path, _), _)| path)
            .collect();
        assert!(changed.is_empty(), "{}: {changed:?}", vendor.name);
        assert_eq!(made.files.len(), again.files.len(), "{}", vendor.name);
    }
}
