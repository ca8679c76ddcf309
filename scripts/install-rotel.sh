#!/usr/bin/env bash
# Installs Rotel, a collector for OpenTelemetry, from PyPI into target/rotel, for tests with the real program (55 MB).
# scripts/rotel.txt has its version.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install-python.sh rotel
# The package contains the program, and has no script that starts it.
folder="$(target/rotel/bin/python -c 'import os, rotel; print(os.path.dirname(rotel.__file__))')"
ln --symbolic --force "$folder/rotel-agent" target/rotel/bin/rotel-agent
