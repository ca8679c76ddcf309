//! The plan and the generated files of each vendor, made once for all tests.

use std::sync::LazyLock;

use observatory_codegen::Output;
use observatory_codegen::pipeline::PlannedDocument;
use xtask::repository::VendorFolder;

/// A vendor after planning and after generation.
pub struct PlannedVendor {
    pub folder: VendorFolder,
    pub planned: PlannedDocument,
    pub output: Output,
}

pub static VENDORS: LazyLock<Vec<PlannedVendor>> = LazyLock::new(|| {
    let folders = VendorFolder::find(&[]).unwrap().into_iter();
    let vendors = folders.map(|folder| {
        let generator = folder.generator().unwrap();
        let planned = generator.plan(folder.document()).unwrap();
        let output = generator.emit(planned.clone()).unwrap();
        PlannedVendor {
            folder,
            planned,
            output,
        }
    });
    vendors.collect()
});
