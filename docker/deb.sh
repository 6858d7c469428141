#!/bin/bash
# Makes a Debian package of target/meridian:
#
#   mvn package && docker/deb.sh          # target/meridian_VERSION_ARCH.deb
#
# It installs to /usr/lib/meridian, with a service, a user of its own, /etc/meridian to edit, and an empty zone folder.
# Two packages made of the same commit are the same, octet for octet: the class cache, which is not, is made on the
# machine that installs it.
set -euo pipefail
cd "$(dirname "$0")/.."

dist=target/meridian
[ -x "$dist/bin/meridian" ] || { echo "docker/deb.sh: run 'mvn package' first" >&2; exit 2; }
version=$("$dist/bin/meridian" --version | awk '{ print $2 }' | sed 's/-SNAPSHOT/~snapshot/')
arch=$(dpkg --print-architecture)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

install -d "$root"/DEBIAN "$root"/usr/{bin,lib/meridian,share/doc/meridian} "$root"/lib/systemd/system \
  "$root"/etc/meridian/zones
cp -r "$dist"/{bin,lib,runtime,zones} "$root/usr/lib/meridian/"
rm -f "$root/usr/lib/meridian/lib/meridian.aot"
ln -s ../lib/meridian/bin/meridian "$root/usr/bin/meridian"
cp docker/meridian.service "$root/lib/systemd/system/"
cp docker/debian/server.yaml "$root/etc/meridian/"
cp README.md CHANGELOG.md "$dist/sbom.json" "$root/usr/share/doc/meridian/"
ln -s ../../../lib/meridian/zones "$root/usr/share/doc/meridian/examples"
cp -r docs contrib "$root/usr/share/doc/meridian/"
install -d "$root/usr/share/doc/meridian/docker"
cp -r docker/prometheus docker/grafana "$root/usr/share/doc/meridian/docker/"

install -m 755 docker/debian/{postinst,prerm,postrm} "$root/DEBIAN/"
echo /etc/meridian/server.yaml >"$root/DEBIAN/conffiles"
size=$(du -k -s --apparent-size "$root" | cut -f 1)
sed -e "s/@VERSION@/$version/; s/@ARCH@/$arch/; s/@SIZE@/$size/" docker/debian/control >"$root/DEBIAN/control"

chmod -R u=rwX,go=rX "$root"
epoch=$(date -u -d 2026-01-01T00:00:00Z +%s)
find "$root" -exec touch -h -d "@$epoch" {} +
SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group -Zxz --build "$root" "target/meridian_${version}_$arch.deb" >/dev/null
echo "target/meridian_${version}_$arch.deb"
