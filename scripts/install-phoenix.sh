#!/usr/bin/env bash
# Installs the server Arize Phoenix from PyPI into target/phoenix, for tests with the real server (900 MB).
#
# scripts/phoenix.txt has Phoenix and its dependencies with their versions. To update, run `pip install arize-phoenix` in an
# empty environment and write the output of `pip freeze` to the file.
exec "$(dirname "$0")/install-python.sh" phoenix
