#!/usr/bin/env bash
# Renews requirements.lock: hashes, no addresses, valid for Python 3.11 to 3.13.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
python3 -m venv "$tool" && "$tool/bin/pip" -q install uv
"$tool/bin/uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-annotate --no-header --group dev pyproject.toml -o requirements.lock
