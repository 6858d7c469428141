#!/bin/bash
# Builds the image, runs it as a careful operator would (read-only, no capabilities, no new privileges, not root) and
# asks it: DNS over UDP and TCP, liveness, and a stop in good order. Needs a Docker engine, dig, and `mvn package` done.
#
#   docker/check.sh                       # BASE=IMAGE builds on another base
set -euo pipefail
cd "$(dirname "$0")/.."

docker version >/dev/null 2>&1 || { echo "docker/check.sh: no Docker engine answers; nothing was checked"; exit 77; }

say() { printf '== %s\n' "$*"; }
fail() { printf 'docker/check.sh: %s\n' "$*" >&2; docker logs "$name" >&2 || true; exit 1; }

image=meridian-check
name=meridian-check-$$
port=$((20000 + RANDOM % 10000))

say "building"
docker build -q --network none ${BASE:+--build-arg "BASE=$BASE"} -f docker/Dockerfile -t "$image" . >/dev/null
trap 'docker rm -f "$name" >/dev/null 2>&1 || true' EXIT

say "running"
docker run -d --name "$name" --network host --read-only --tmpfs /tmp --cap-drop ALL \
  --security-opt no-new-privileges "$image" \
  serve --zones /etc/meridian/zones --state /var/lib/meridian --listen "127.0.0.1:$port" --http 127.0.0.1:$((port + 1)) >/dev/null

for _ in $(seq 60); do
  [ -n "$(dig @127.0.0.1 -p "$port" +short +time=1 +tries=1 SOA example.com 2>/dev/null)" ] && break
  sleep 0.5
done
[ -n "$(dig @127.0.0.1 -p "$port" +short SOA example.com)" ] || fail "no answer over UDP"
[ -n "$(dig @127.0.0.1 -p "$port" +tcp +short SOA example.com)" ] || fail "no answer over TCP"
[ "$(docker exec "$name" id -u)" != 0 ] || fail "it runs as root"
docker exec "$name" grep -q '^CapEff:.*0000000000000000$' /proc/1/status || fail "it has capabilities"
! docker exec "$name" bash -c 'touch /opt/meridian/x' 2>/dev/null || fail "the program can be written to"
for _ in $(seq 20); do
  docker exec "$name" bash -c "exec 3<>/dev/tcp/127.0.0.1/$((port + 1))" 2>/dev/null && break
  sleep 0.5
done
docker exec "$name" meridian states --http 127.0.0.1:$((port + 1)) >/dev/null || fail "meridian states does not work inside"

say "stopping"
docker stop -t 20 "$name" >/dev/null
[ "$(docker inspect --format '{{.State.ExitCode}}' "$name")" = 0 ] || fail "it did not stop in good order"
say "the image is fine"
