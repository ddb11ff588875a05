#!/bin/sh
# Write the bill of materials, which scanners of vulnerabilities read. docs/operations.md says how to print it.
set -eu
python deploy/sbom.py >/sbom.json
