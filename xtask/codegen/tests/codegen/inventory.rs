//! Tests of the inventory of a document.

use std::path::Path;

use observatory_codegen::diag::Error;
use observatory_codegen::inventory::{list_operations, list_schemas};
use observatory_codegen::source::parse;

#[test]
fn counts_every_operation_once() -> Result<(), Error> {
    let text = "
paths:
  x-note: {get: {}}
  /none: {}
  /null: null
  /all: {get: {}, put: {}, post: {}, delete: {}, options: {}, head: {}, patch: {}, trace: {}, parameters: [], summary: s}
  /referred: {$ref: '#/components/pathItems/chain'}
  /both: {$ref: '#/components/pathItems/item', get: {}}
  /lost: {$ref: '#/components/pathItems/nowhere'}
components:
  schemas: {get: {}, b: {}}
  pathItems: {chain: {$ref: '#/components/pathItems/item'}, item: {get: {}, post: {}}}
webhooks: {hook: {post: {}}}
";
    let document = parse(Path::new("spec.yaml"), text)?.value;
    let found = list_operations(&document);
    assert_eq!(found.len(), 8 + 2 + 2);
    let places: Vec<&str> = found
        .iter()
        .skip(8)
        .map(|(_, _, at)| at.0.as_str())
        .collect();
    assert_eq!(
        places,
        [
            "#/paths/~1referred/get",
            "#/paths/~1referred/post",
            "#/paths/~1both/get",
            "#/paths/~1both/post"
        ]
    );
    assert_eq!(list_schemas(&document).collect::<Vec<_>>(), ["get", "b"]);
    let empty = parse(Path::new("spec.yaml"), "paths: []\ncomponents: 1")?.value;
    assert_eq!(
        (list_operations(&empty).len(), list_schemas(&empty).count()),
        (0, 0)
    );
    Ok(())
}
