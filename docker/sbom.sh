#!/bin/bash
# Compares what is in target/meridian/lib with what target/meridian/sbom.json lists: every jar, and nothing else; both
# with what is enough; and each licence with those that let anybody use and pass on what is packaged.
set -euo pipefail
cd "$(dirname "$0")/../target/meridian"

python3 - <<'PYTHON'
import hashlib, json, pathlib, sys

# Of both natives of Netty only one is loaded; Netty, Micrometer and OpenTelemetry come in pieces.
MAX_JARS = 50
MAX_OCTETS = 18_000_000

# Of a library that may be had under several licences, one of these is enough.
LICENCES = {"Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "EPL-2.0"}

parts = json.load(open("sbom.json"))["components"]
listed = {}
for part in parts:
    for each in part.get("hashes", []):
        if each["alg"] == "SHA-256":
            listed[each["content"]] = f'{part["name"]} {part["version"]}'
jars = {hashlib.sha256(path.read_bytes()).hexdigest(): path.name
        for path in pathlib.Path("lib").glob("*.jar") if path.name != "meridian.jar"}
wrong = [f"{jars[x]} is in lib and not in sbom.json" for x in jars.keys() - listed.keys()]
wrong += [f"{listed[x]} is in sbom.json and not in lib" for x in listed.keys() - jars.keys()]
for part in parts:
    licences = {each.get("license", {}).get("id") for each in part.get("licenses", [])}
    if not licences & LICENCES:
        wrong.append(f'{part["name"]} {part["version"]} has none of the licences that we know: {licences}')
octets = sum(path.stat().st_size for path in pathlib.Path("lib").glob("*.jar"))
if len(jars) > MAX_JARS or octets > MAX_OCTETS:
    wrong.append(f"{len(jars)} jars of {octets} octets are more than {MAX_JARS} of {MAX_OCTETS}")
print("\n".join(sorted(wrong)) or f"sbom.json lists the {len(jars)} jars of lib, by their hashes, with licences that we know")
sys.exit(1 if wrong else 0)
PYTHON
