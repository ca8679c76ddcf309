#!/usr/bin/env bash
# Runs all tests, including those that `cargo test` ignores because they take minutes or need an external program:
# generated crates are compiled and used, rustdoc lists public items, Prism (Node.js) validates requests, Phoenix, MLflow
# and Rotel (Python) run as servers, and Valgrind reports system calls. Installs these programs, Valgrind with the system's
# package manager, the others into target/.
#
# Tests in modules named `with_shared` need the folder ../shared, or the one in OBSERVATORY_SHARED, which is not part of the
# repository. Without the folder they are skipped, and the last line reports it.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install-prism.sh
scripts/install-phoenix.sh
scripts/install-mlflow.sh
scripts/install-rotel.sh
scripts/install-valgrind.sh

shared="${OBSERVATORY_SHARED:-../shared}"
# A child process of other tests, not a test of its own.
# The load run is below, optimized.
skip=(--skip child_process_ --skip a_million_records)
[ -d "$shared" ] || skip+=(--skip with_shared::)

# With the features whose tests need crates that nothing else does.
extra=observatory-runtime/chrono,observatory-runtime/jiff
cargo test --workspace --features "$extra" --tests --no-fail-fast -- --include-ignored "${skip[@]}"
cargo test --workspace --features "$extra" --doc --no-fail-fast
cargo test -p llm-observatory --profile xtask --test delivery -- --ignored a_million_records
# A workspace of its own, as users of the generator have.
CARGO_TARGET_DIR="$PWD/target/build-script" cargo test --manifest-path tests/build-script/Cargo.toml
# The runtime's tests, with features of serde_json that another crate of a program can enable.
for features in raw_value,unbounded_depth arbitrary_precision raw_value,arbitrary_precision,preserve_order; do
    CARGO_TARGET_DIR="$PWD/target/serde-json-features" \
        cargo test --manifest-path tests/serde-json-features/Cargo.toml --features "$features"
done

# Clients of model APIs with a compiler version and dependencies of their own.
CARGO_TARGET_DIR="$PWD/target/real-clients" cargo test --manifest-path tests/real-clients/Cargo.toml

if [ ! -d "$shared" ]; then
    echo "tests with_shared NOT RUN: $shared does not exist"
fi
