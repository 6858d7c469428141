"""Other nameservers as they come: told where to listen and what to serve, and nothing else.

Stands in for `live.Server` where it matters what strangers and a machine in trouble can do to a server. What is
measured for speed is configured in servers.py.
"""

import math
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import live
from servers import die_with_parent, free_port


class Other:
    """`zones`: `<name>.zone` to text, as of live.Server; `listen`: a wildcard to listen everywhere; `limited`: whether
    it limits the rate of responses to a loopback address, if it comes so."""

    program = ""

    def __init__(self, folder, zones, command=None, config=(), wrap=(), listen=None, port=None, wait=True, address="127.0.0.1", limited=True, **_):
        self.folder = Path(folder)
        (self.folder / "run").mkdir(exist_ok=True)
        self.zones = {name.removesuffix(".zone"): self.write(name, text) for name, text in zones.items() if name.endswith(".zone")}
        self.port = port or free_port()
        self.address = (address, self.port)
        self.limited = limited
        self.listen = ["0.0.0.0", "::"] if listen else [address]
        self.ask = live.query("www." + next(iter(self.zones)))
        self.log = self.folder / "log"
        arguments = [*wrap, self.find(), *self.configure()]
        with open(self.log, "wb") as sink:
            self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, cwd=self.folder,
                                            start_new_session=True, preexec_fn=die_with_parent)
        if wait and not self.wait():
            raise SystemExit(f"{self.program} does not answer:\n{self.tail()}")

    @classmethod
    def find(cls):
        return shutil.which(cls.program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")

    @classmethod
    def version(cls):
        done = subprocess.run([cls.find(), cls.asked], capture_output=True, text=True)
        return cls.label + " " + re.search(r"\d+\.\d+(\.\d+)?", done.stdout + done.stderr)[0]

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def wait(self, seconds=30):
        end = time.time() + seconds
        while time.time() < end and self.process.poll() is None:
            if live.udp(self.address, self.ask, timeout=0.1) and live.tcp(self.address, self.ask, timeout=0.5):
                return True
            time.sleep(0.01)
        return False

    def tail(self, octets=3000):
        return self.log.read_text(errors="replace")[-octets:]

    def pids(self):
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                if int(stat.read_text().rpartition(")")[2].split()[3]) == self.process.pid:
                    found.append(stat.parent)
            except (OSError, ValueError):
                pass
        return found

    def memory(self):
        """MiB, pages that processes share counted once."""
        return sum(int(re.search(r"^Pss:\s+(\d+)", (pid / "smaps_rollup").read_text(), re.M)[1]) for pid in self.pids()) / 1024

    def live_heap(self):
        return math.nan

    def descriptors(self):
        return max(len(os.listdir(pid / "fd")) for pid in self.pids())

    def stop(self):
        for number in (signal.SIGCONT, signal.SIGTERM, signal.SIGKILL):
            if self.pids():
                os.killpg(self.process.pid, number)
            end = time.time() + (0 if number == signal.SIGCONT else 5)
            while self.pids() and time.time() < end:
                self.process.poll()
                time.sleep(0.02)
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Nsd(Other):
    program, label, asked = "nsd", "NSD", "-v"

    def configure(self):
        listen = "".join(f"  ip-address: {each}@{self.port}\n" for each in self.listen)
        zones = "".join(f"zone:\n  name: {name}\n  zonefile: {path}\n" for name, path in self.zones.items())
        rate = "" if self.limited else "  rrl-ratelimit: 0\n  rrl-whitelist-ratelimit: 0\n"
        run = self.folder / "run"
        path = self.write("nsd.conf", f"""server:
{listen}{rate}  username: ""
  database: ""
  zonelistfile: "{run}/zones"
  pidfile: "{run}/pid"
  xfrdfile: "{run}/xfrd"
  xfrdir: "{run}"
remote-control:
  control-enable: no
{zones}""")
        return ["-d", "-c", str(path)]


class Knot(Other):
    program, label, asked = "knotd", "Knot", "--version"

    def configure(self):
        listen = ", ".join(f'"{each}@{self.port}"' for each in self.listen)
        zones = "".join(f"  - domain: {name}\n    file: {path}\n" for name, path in self.zones.items())
        path = self.write("knot.conf", f"""server:
  rundir: "{self.folder}/run"
  listen: [ {listen} ]
log:
  - target: stderr
    any: warning
database:
  storage: "{self.folder}/run"
zone:
{zones}""")
        return ["-c", str(path)]


class Gdnsd(Other):
    program, label, asked = "gdnsd", "gdnsd", "-V"

    def configure(self):
        for name, path in self.zones.items():
            self.write(f"zones/{name}", path.read_text())
        listen = f"listen => any, dns_port = {self.port}" if "::" in self.listen else f"listen => {self.listen[0]}:{self.port}"
        self.write("config", f"options => {{ {listen}, run_dir = {self.folder}/run, state_dir = {self.folder}/run }}\n")
        return ["-c", str(self.folder), "start"]


class PowerDns(Other):
    program, label, asked = "pdns_server", "PowerDNS", "--version"

    def configure(self):
        zones = "".join(f'zone "{name}" {{ type master; file "{path}"; }};\n' for name, path in self.zones.items())
        self.write("named.conf", zones)
        self.write("pdns.conf", f"""launch=bind
bind-config={self.folder}/named.conf
local-address={",".join(self.listen)}
local-port={self.port}
socket-dir={self.folder}/run
""")
        return [f"--config-dir={self.folder}", "--daemon=no", "--guardian=no"]


def present():
    """Those that are installed."""
    return [each for each in (Nsd, Knot, Gdnsd, PowerDns) if each.find()]
