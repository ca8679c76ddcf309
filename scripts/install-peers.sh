#!/usr/bin/env bash
# Installs the generators that `cargo xtask bench --peers` compares with ours, into target/peers or the folder in
# OBSERVATORY_PEERS. Does nothing if they are installed. Compiling them takes ten minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

folder="${OBSERVATORY_PEERS:-target/peers}"
mkdir -p "$folder"

for pin in ploidy@0.15.0 oas3-gen@0.29.0 openapi-to-rust@0.23.0 cargo-progenitor@0.15.1; do
    # Without this check cargo would compile them again.
    if ! grep -q "^\"${pin/@/ } " "$folder/.crates.toml" 2>/dev/null; then
        cargo install --quiet --locked --force --root "$folder" --target-dir "$folder/build" \
            --version "${pin#*@}" "${pin%@*}"
    fi
done
rm -rf "$folder/build"

# The package on PyPI contains the jar; running it needs Java.
generator=7.26.0
if ! "$folder/v/bin/pip" list 2>/dev/null | grep -q "^openapi-generator-cli *$generator\$"; then
    for tool in python3 java; do
        if ! command -v "$tool" >/dev/null; then
            echo "scripts/install-peers.sh: openapi-generator-cli needs $tool; install it" >&2
            exit 1
        fi
    done
    rm -rf "$folder/v"
    python3 -m venv "$folder/v"
    "$folder/v/bin/pip" install --quiet --disable-pip-version-check "openapi-generator-cli==$generator" >&2
fi
