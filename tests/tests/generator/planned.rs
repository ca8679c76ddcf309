//! The plan of each vendor, made once for all tests.

use std::sync::LazyLock;

use observatory_codegen::pipeline::PlannedDocument;
use xtask::repository::VendorFolder;

/// The name and the plan of each vendor.
pub static VENDORS: LazyLock<Vec<(String, PlannedDocument)>> = LazyLock::new(|| {
    let vendors = VendorFolder::find(&[]).unwrap().into_iter();
    let planned = vendors.map(|vendor| {
        let generator = vendor.generator().unwrap();
        let planned = generator.plan(vendor.document()).unwrap();
        (vendor.name, planned)
    });
    planned.collect()
});
