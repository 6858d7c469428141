"""Runs the load generator against one server and takes down what the server spent."""

import os
import re
import shutil
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import dns
from servers import ROOT, die_with_parent

SERVER_CORE, LOAD_CORE = 0, 1
WARM_UP_SECONDS = 1
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Round:
    """One server's share of one round."""

    answered_per_second: float
    lost_percent: float
    micros: float  # CPU time of all its processes per answered query
    user: float
    system: float
    p50: float  # latency, microseconds
    p99: float
    p999: float
    others_percent: float  # of the server's core, taken by other processes


def jdk():
    """The bin folder of a JDK that runs the load generator, 25 or later."""
    candidates = [Path(os.environ["JAVA_HOME"], "bin")] if "JAVA_HOME" in os.environ else []
    on_path = shutil.which("javac")
    candidates += [Path(on_path).parent] if on_path else []
    candidates += sorted(Path("/usr/lib/jvm").glob("*25*/bin"))
    for candidate in candidates:
        javac = candidate / "javac"
        if javac.exists():
            version = subprocess.run([javac, "-version"], capture_output=True, text=True).stdout
            if int(re.search(r"\d+", version or "0")[0]) >= 25:
                return candidate
    raise SystemExit("compare: no JDK 25 found; set JAVA_HOME")


class Load:
    """The load generator, compiled once, on a core of its own."""

    def __init__(self, folder):
        self.bin, self.classes = jdk(), folder / "load-classes"
        subprocess.run([self.bin / "javac", "-d", self.classes, ROOT / "perf/load/Load.java"], check=True)

    def run(self, server, queries, rate, seconds, *how):
        arguments = ["taskset", "-c", str(LOAD_CORE), str(self.bin / "java"), "--enable-native-access=ALL-UNNAMED",
                     "-XX:+UseSerialGC", "-cp", str(self.classes), "Load",
                     "--server", f"127.0.0.1:{server.port}", "--queries", str(queries),
                     "--seconds", str(seconds), "--warmup", str(WARM_UP_SECONDS),
                     "--pid", ",".join(map(str, server.pids()))]
        arguments += [*(["--rate", str(rate)] if rate else []), *how]
        began, core, own = time.monotonic(), _core_ticks(), _own_ticks(server)
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=seconds * 2 + 30,
                              start_new_session=True, preexec_fn=die_with_parent)
        core, own = _core_ticks() - core, _own_ticks(server) - own
        if done.returncode:
            raise RuntimeError(f"the load generator failed: {done.stderr}")
        elapsed = (time.monotonic() - began) * _TICKS_PER_SECOND
        return _parse(done.stdout, max(0, core - own) / elapsed * 100)


def _core_ticks():
    line = next(line for line in open("/proc/stat") if line.startswith(f"cpu{SERVER_CORE} "))
    user, nice, system, _, _, irq, softirq, steal = map(int, line.split()[1:9])
    return user + nice + system + irq + softirq + steal


def cpu_seconds(server):
    """What all processes of a server have spent so far."""
    return _own_ticks(server) / _TICKS_PER_SECOND


def _own_ticks(server):
    stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in server.pids())
    return sum(int(fields[11]) + int(fields[12]) for fields in stats)


def _parse(text, others):
    traffic = re.search(r"answered \((\d+)/s\), \d+ lost \(([\d.]+) %\)", text)
    latency = re.search(r"p50 (\d+).* p99 (\d+)  p99.9 (\d+)", text)
    cpu = re.search(r"server CPU: ([\d.]+) us per answer \(user ([\d.]+), system ([\d.]+)\)", text)
    if not (traffic and latency and cpu):
        raise RuntimeError(f"no answer was counted:\n{text}")
    return Round(*map(float, traffic.groups()), *map(float, cpu.groups()), *map(float, latency.groups()), others)


def check_alike(servers, questions, settled=None):
    """Asks every server the same; returns the mean octets of an answer of each.

    `settled`, for answers that are drawn by lot, makes of a question and the address (in hexadecimal) of
    an answer what must be the same for all; None for an address that must not be there.
    """
    octets = {server.name: [] for server in servers}
    for text in questions:
        first = None
        for server in servers:
            answer = dns.ask(server.port, text)
            if answer is None:
                raise SystemExit(f"compare: {server.name} is silent when asked {text}")
            octets[server.name].append(len(answer))
            found = dns.essence(answer)
            if settled:
                found = _by_lot(server, text, found, settled)
            first = first or (server.name, found)
            if found != first[1]:
                raise SystemExit(f"compare: different answers to {text}\n"
                                 f"  {first[0]}: {first[1]}\n  {server.name}: {found}")
    return {name: statistics.mean(sizes) for name, sizes in octets.items()}


def _by_lot(server, text, found, settled):
    rcode, authoritative, answer, authority = found
    if len(answer) != 1 or settled(text, answer[0][3]) is None:
        raise SystemExit(f"compare: {server.name} answers {answer} when asked {text}")
    return rcode, authoritative, [(*answer[0][:3], settled(text, answer[0][3]))], authority
