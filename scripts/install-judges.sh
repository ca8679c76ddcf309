#!/usr/bin/env bash
# Installs the programs that the tests call as judges, which no cargo registry has, into target/judges; does nothing
# where they are. The tests look for them there and on PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

# Prism holds requests against an OpenAPI document. This version is the last that runs on Node.js 18 to 22.
prism=5.14.2
folder=target/judges

if [ "$(cat "$folder/version" 2>/dev/null)" = "prism $prism" ]; then
    exit 0
fi
if ! command -v npm >/dev/null; then
    echo "scripts/install-judges.sh: there is no npm; install Node.js 18.20 or newer" >&2
    exit 1
fi
# Beside its place and then moved, so that an installation broken off does not count. No scripts of packages are run:
# Prism needs none, and one of its dependencies reports installations to its maker.
rm -rf "$folder" "$folder.part"
mkdir -p "$folder.part"
npm install --prefix "$folder.part" --no-audit --no-fund --ignore-scripts --loglevel=error \
    "@stoplight/prism-cli@$prism" >&2
echo "prism $prism" >"$folder.part/version"
mv "$folder.part" "$folder"
