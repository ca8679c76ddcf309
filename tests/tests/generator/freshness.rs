//! The generated crates are up to date, complete and reproducible.

use std::fs;
use std::path::Path;

use observatory_codegen::coverage::measure;
use observatory_codegen::files::Mode;
use observatory_tests::json::reversed;
use xtask::codegen::write_crate;
use xtask::repository::VendorFolder;

use crate::planned::{PlannedVendor, VENDORS};

/// Operations and schemas of documents, counted without the generator.
const COUNTED: &[(&str, usize, usize)] = &[
    ("adaline", 44, 185),
    ("galileo", 244, 682),
    ("helicone", 267, 543),
    ("langsmith", 581, 753),
    ("opik", 308, 532),
    ("phoenix", 121, 330),
];

#[test]
fn crates_are_up_to_date_and_complete() {
    for (name, _, _) in COUNTED {
        let mut names = VENDORS.iter().map(|vendor| &vendor.folder.name);
        assert!(names.any(|known| known == name), "{name}");
    }
    for PlannedVendor { folder, output, .. } in VENDORS.iter() {
        let name = folder.name.as_str();
        let report = write_crate(folder, output, Mode::Check).unwrap();
        let changes = report.written.iter().chain(&report.removed);
        let stale: Vec<&str> = changes.map(|change| change.path.as_str()).collect();
        assert!(
            stale.is_empty(),
            "{name}: run `cargo xtask codegen {name}`; stale: {stale:?}"
        );
        let coverage = measure(name, output);
        assert!(coverage.is_complete(), "{name}: {coverage:?}");
        let counted = COUNTED.iter().find(|(known, _, _)| *known == name);
        if let Some((_, operations, schemas)) = counted {
            assert_eq!(coverage.operations.generated, *operations, "{name}");
            assert_eq!(coverage.schemas.generated, *schemas, "{name}");
            assert!(coverage.gaps.is_empty(), "{name}: {:?}", coverage.gaps);
        }
    }
}

#[test]
#[ignore = "generates all crates several times: run scripts/test-all.sh"]
fn output_is_reproducible() {
    for vendor in VendorFolder::find(&[]).unwrap() {
        let first = vendor.generate().unwrap();
        let second = vendor.generate().unwrap();
        assert_eq!(first.files, second.files, "{}", vendor.name);
    }
}

#[test]
#[ignore = "generates all crates several times: run scripts/test-all.sh"]
fn output_does_not_depend_on_key_order() {
    for vendor in VendorFolder::find(&[]).unwrap() {
        let generator = vendor.generator().unwrap();
        let output = generator.generate(vendor.document()).unwrap();
        let name = format!("{}-reversed.json", vendor.name);
        let document = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&document, reversed(&output.raw.value).to_string()).unwrap();
        let again = generator.generate(document).unwrap();
        let changed = output.files.iter().zip(again.files.iter());
        let changed: Vec<&str> = changed
            .filter(|(a, b)| a != b)
            .map(|((path, _), _)| path)
            .collect();
        assert!(changed.is_empty(), "{}: {changed:?}", vendor.name);
        assert_eq!(output.files.len(), again.files.len(), "{}", vendor.name);
    }
}
