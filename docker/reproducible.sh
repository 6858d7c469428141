#!/bin/bash
# Builds this commit twice, in two folders, and compares what is installed, octet for octet. The class cache is a memory
# image that differs each time; packages leave it out and make it where they are installed.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for n in 1 2; do
  git clone -q . "$work/$n/meridian"
  (cd "$work/$n/meridian" && mvn -q -Dmaven.test.skip package && docker/deb.sh >/dev/null)
  (cd "$work/$n/meridian/target" && find meridian -type f ! -name meridian.aot -print0 | sort -z | xargs -0 sha256sum &&
    sha256sum ./*.deb) >"$work/$n.sums"
done
if diff "$work/1.sums" "$work/2.sums"; then
  echo "two builds of $(git rev-parse --short HEAD) are the same: $(wc -l <"$work/1.sums") files"
else
  echo "the builds differ in the files above" >&2
  exit 1
fi
