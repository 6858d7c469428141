#!/bin/sh
# Time from exec to the first DNS answer, as a client sees it.
#
#   perf/start.sh [RUNS] [ZONES]       after mvn package; default 11 runs, zones/
#
# MERIDIAN: the command to start, default target/meridian/bin/meridian.
# QNAME: the name whose SOA is asked for, default the first zone in ZONES.
# MERIDIAN_JAVA_OPTS reaches the server as always, so that options can be compared.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
exec python3 - "${MERIDIAN:-$root/target/meridian/bin/meridian}" "${1:-11}" "${2:-$root/zones}" "${QNAME-}" <<'PY'
import glob, os, random, signal, socket, statistics, struct, subprocess, sys, tempfile, time

command, runs, zones, qname = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
LIMIT_SECONDS = 30


def first_zone():
    for pattern in (".zone", ".route53.json"):
        for path in sorted(glob.glob(os.path.join(zones, "*" + pattern))):
            name = os.path.basename(path)[: -len(pattern)]
            if name not in ("health-checks", "cidr-collections"):
                return name
    sys.exit(f"start.sh: no zone in {zones}; set QNAME")


def query(name):
    labels = [label.encode() for label in name.strip(".").split(".") if label]
    wire = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    header = struct.pack("!6H", random.randrange(65536), 0, 1, 0, 0, 0)
    return header + wire + struct.pack("!2H", 6, 1)


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def resident_kib(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def cpu_ms(pid):
    with open(f"/proc/{pid}/stat") as stat:
        user, system = map(int, stat.read().rsplit(")", 1)[1].split()[11:13])
    return (user + system) * 1000 / os.sysconf("SC_CLK_TCK")


def one_run(message, state):
    dns, http = free_port(), free_port()
    arguments = [command, "serve", "--zones", zones, "--state", state,
                 "--listen", f"127.0.0.1:{dns}", "--http", f"127.0.0.1:{http}"]
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(0.001)
    began = time.perf_counter()
    server = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        while True:
            client.sendto(message, ("127.0.0.1", dns))
            try:
                answer = client.recv(4096)
            except TimeoutError:
                answer = b""
            elapsed = time.perf_counter() - began
            if answer[:2] == message[:2]:
                if answer[3] & 15:
                    sys.exit(f"start.sh: rcode {answer[3] & 15} for {qname} SOA")
                return elapsed * 1000, cpu_ms(server.pid), resident_kib(server.pid)
            if server.poll() is not None:
                sys.exit("start.sh: the server ended: " + server.stderr.read().decode())
            if elapsed > LIMIT_SECONDS:
                sys.exit(f"start.sh: no answer within {LIMIT_SECONDS} s")
    finally:
        client.close()
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


qname = qname or first_zone()
times, cpu, memory = [], [], []
for _ in range(runs):
    with tempfile.TemporaryDirectory() as state:
        milliseconds, cpu_milliseconds, kib = one_run(query(qname), state)
    times.append(milliseconds)
    cpu.append(cpu_milliseconds)
    memory.append(kib)
print(f"exec to first answer, {runs} runs: median {statistics.median(times):.0f} ms, "
      f"min {min(times):.0f}, max {max(times):.0f}; CPU until then {statistics.median(cpu):.0f} ms; resident then {statistics.median(memory) / 1024:.0f} MiB")
PY
