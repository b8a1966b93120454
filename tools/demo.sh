#!/usr/bin/env bash
# The main job, end to end: samples up, their jars parsed, the example suite run, a report written.
set -euo pipefail
cd "$(dirname "$0")/.."
workbench=.venv/bin/workbench
report=${REPORT:-.workbench/demo-report}

"$workbench" samples up
finish() { if [ "${ONCE:-}" = 1 ]; then "$workbench" samples down; fi; }
trap finish EXIT

echo
echo "== what a jar offers"
"$workbench" parse samples://trade-api-1.0.0.jar
echo "== the suite examples/suites/pay-order against these providers"
code=0
"$workbench" run examples/suites/pay-order --report "$report" || code=$?
echo
echo "open the report: $report/report.html"
[ "${ONCE:-}" = 1 ] || echo "the samples are still running; stop them with: $workbench samples down"
exit $code
