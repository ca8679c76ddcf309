#!/usr/bin/env bash
# Installs Prism, which validates requests against an OpenAPI document, from npm into target/prism. Does nothing if it is
# installed. The tests look for it there and on PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

# The last version that supports Node.js 18 to 22.
version=5.14.2
folder=target/prism

if [ "$(cat "$folder/version" 2>/dev/null)" = "$version" ]; then
    exit 0
fi
if ! command -v npm >/dev/null; then
    echo "scripts/install-prism.sh: npm is missing; install Node.js 18.20 or newer" >&2
    exit 1
fi
# Install to a temporary folder, so that an interrupted installation is not used. Prism needs no install scripts, and one of
# its dependencies uses them for telemetry.
rm -rf "$folder" "$folder.part"
mkdir -p "$folder.part"
npm install --prefix "$folder.part" --no-audit --no-fund --ignore-scripts --loglevel=error \
    "@stoplight/prism-cli@$version" >&2
echo "$version" >"$folder.part/version"
mv "$folder.part" "$folder"
