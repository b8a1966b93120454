#!/usr/bin/env bash
# Builds dist/: the wheel of the workbench with its bridge jar inside, and the wheel of the samples.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p workbench/_bridge
trap 'rm -rf workbench/_bridge' EXIT
cp bridge-java/bridge/target/bridge.jar workbench/_bridge/bridge.jar
rm -rf dist
.venv/bin/python -m hatchling build -t wheel -d "$PWD/dist"
(cd packaging/samples && ../../.venv/bin/python -m hatchling build -t wheel -d "$OLDPWD/dist")
ls -l dist
