"""The servers that are measured: how each is configured, started, watched and stopped.

Every server gets one thread or process that answers, and is otherwise left at its defaults, except
for what would make it answer less (rate limits, gdnsd's small receive buffer) or more (additional
records).
"""

import ctypes
import ipaddress
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import dns
import workload as w

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_SECONDS = 300
PR_SET_PDEATHSIG = 1  # linux/prctl.h


urgent = False  # whether the kernel is asked to prefer what is measured; needs the right to


def die_with_parent():
    """Run in the child: ends it even when the measurement is killed and cannot stop it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if urgent:
        os.nice(-20)
        Path("/proc/self/autogroup").write_text("-20")


class Server:
    """One server, started from a folder of its own; everything it needs is written there."""

    name = ""
    workloads = ("static",)
    threads = 1  # that answer; Meridian has one for each core that it may use
    answers = True

    def __init__(self, folder, port):
        self.folder, self.port = folder / self.name, port
        self.process, self.log, self.ready_seconds = None, None, 0.0

    def command(self):
        """The program, or None if it is not installed."""
        return shutil.which(self.name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")

    def version(self):
        raise NotImplementedError

    def configure(self, work):
        """Writes what the server reads; returns its arguments."""
        raise NotImplementedError

    def start(self, work, core):
        (self.folder / "run").mkdir(parents=True)
        arguments = ["taskset", "-c", str(core), self.command(), *self.configure(work)]
        self.log = open(self.folder / "log", "wb")
        began = time.perf_counter()
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            start_new_session=True, cwd=self.folder, preexec_fn=die_with_parent)
        zones = list(work.static_zones)
        for zone in random.Random(1).sample(zones, min(len(zones), 200)):  # some answer before all is loaded
            self.wait_for(f"{zone} SOA", began)
        self.ready_seconds = time.perf_counter() - began

    def wait_for(self, question, began):
        while not dns.is_success(dns.ask(self.port, question, timeout=0.005)):
            if self.process.poll() is not None or time.perf_counter() - began > START_LIMIT_SECONDS:
                raise RuntimeError(f"{self.name} does not answer:\n{self.tail()}")
            time.sleep(0.002)

    def tail(self):
        return (self.folder / "log").read_text(errors="replace")[-2000:]

    def pids(self):
        """All processes of the server: those of the session it was started in."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[3]) == self.process.pid:
                found.append(int(stat.parent.name))
        return sorted(found)

    def proportional_mib(self):
        """Memory with pages that several processes share counted once."""
        total = 0
        for pid in self.pids():
            try:
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue  # NSD's processes make room for each other
            total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1])
        return total / 1024

    def stop(self):
        if self.process is None:
            return
        for signal_number in (signal.SIGTERM, signal.SIGKILL):
            if self.pids():
                try:
                    os.killpg(self.process.pid, signal_number)
                except ProcessLookupError:
                    pass
            deadline = time.monotonic() + 5
            while self.pids() and time.monotonic() < deadline:
                self.process.poll()
                time.sleep(0.02)
        self.process.wait()
        self.log.close()
        self.process = None

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def output(self, *arguments):
        done = subprocess.run([self.command(), *arguments], capture_output=True, text=True, timeout=20)
        return (done.stdout + done.stderr).strip()


class Meridian(Server):
    name = "meridian"
    options = ()
    workloads = ("static", "geolocation", "weighted", "nested", "tcp", "tcp-single")

    def command(self):
        path = os.environ.get("MERIDIAN") or str(ROOT / "target/meridian/bin/meridian")
        return path if os.access(path, os.X_OK) else None

    def version(self):
        return self.output("--version").splitlines()[0]

    def configure(self, work):
        for name, text in work.static_zones.items():
            self.write(f"zones/{name}.zone", text)
        self.write(f"zones/{w.ROUTED_ZONE}.zone", w.routed_zone())
        self.write(f"zones/{w.ROUTED_ZONE}.policy.yaml", self.policy(work))
        work.write_mmdb(self.folder / "country.mmdb")
        self.write("health", "".join(f"{endpoint(a)} {'up' if up else 'down'}\n" for a, up in w.health().items()))
        return ["serve", "--zones", str(self.folder / "zones"), "--geoip", str(self.folder / "country.mmdb"),
                "--listen", f"127.0.0.1:{self.port}", "--http", f"127.0.0.1:{free_port()}",
                "--state", str(self.folder / "run"), *self.options]

    def start(self, work, core):
        super().start(work, core)
        down = next((net for net, country in work.networks if country in w.SITES[w.SITE_DOWN]), None)
        question = f"nested.{w.ROUTED_ZONE} A {down.network_address}/24"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:  # until every check has been made once
            answer = dns.ask(self.port, question)
            if answer and dns.essence(answer)[2][0][3] == ipaddress.ip_address(w.spare_address(w.SITE_DOWN)).packed.hex():
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} does not see that {w.SITE_DOWN} is down:\n{self.tail()}")

    def policy(self, work):
        lines = ["health-checks:"]
        lines += [f"  {endpoint(a)}: {{ file: {{ path: {self.folder}/health, key: {endpoint(a)}, max-age: 1d }}, "
                  f"interval: 1s, failure-threshold: 1 }}" for a in w.health()]
        lines += ["endpoints:"]
        lines += [f"  {endpoint(a)}: {{ address: {a}, health-check: {endpoint(a)} }}" for a in w.health()]
        lines += [f"  {site}: {{ address: {w.site_address(site)} }}" for site in w.SITES]
        addresses = sorted({address for members in work.weighted.values() for address in members})
        lines += [f"  {endpoint(address)}: {{ address: {address} }}" for address in addresses]
        lines += ["records:", "  www:", f"    ttl: {w.ROUTED_TTL}", "    geolocation:"]
        lines += [f"      {key}: {site}" for site, keys in w.SITES.items() for key in keys]
        lines += [f"      default: {w.DEFAULT_SITE}"]
        for name, members in work.weighted.items():
            inner = ", ".join(f"{endpoint(address)}: {weight}" for address, weight in members.items())
            lines.append(f"  {name}: {{ ttl: {w.ROUTED_TTL}, weighted: {{ {inner} }} }}")
        lines += ["  nested:", f"    ttl: {w.ROUTED_TTL}", "    geolocation:"]
        for site, keys in w.SITES.items():
            inner = ", ".join(f"{endpoint(address)}: {weight}" for address, weight in w.main_addresses(site).items())
            choice = f"{{ failover: [ {{ weighted: {{ {inner} }} }}, {endpoint(w.spare_address(site))} ] }}"
            lines += [f"      {key}: {choice}" for key in [*keys, *["default"] * (site == w.DEFAULT_SITE)]]
        return "\n".join(lines) + "\n"


class OnNetty(Meridian):
    """The same without our own system calls: Netty's channel, which serves where they cannot be had."""

    name = "meridian-netty"
    workloads = ("static",)
    options = ("--udp-path", "netty")


class Beside(Meridian):
    """Another build, to see what a change costs or saves."""

    name = "beside"
    path = None

    def command(self):
        return self.path


def endpoint(address):
    return "e" + address.rpartition(".")[2] + "abc"[["192", "198", "203"].index(address.partition(".")[0])]


class Gdnsd(Server):
    name = "gdnsd"
    workloads = ("static", "geolocation", "weighted", "nested", "tcp", "tcp-single")

    def version(self):
        return re.search(r"version (\S+)", self.output("-V"))[0]

    def configure(self, work):
        for name, text in work.static_zones.items():
            self.write(f"zones/{name}", text)
        dynamic = [f"{name} {w.ROUTED_TTL} IN DYNA geoip!{name}" for name in ("www", "nested")]
        dynamic += [f"{name} {w.ROUTED_TTL} IN DYNA weighted!{name}" for name in work.weighted]
        self.write(f"zones/{w.ROUTED_ZONE}", w.routed_zone("\n".join(dynamic) + "\n"))
        (self.folder / "geoip").mkdir()
        work.write_mmdb(self.folder / "geoip/country.mmdb")
        run = self.folder / "run"
        self.write("health", "".join(f"{a} => {'UP' if up else 'DOWN'}\n" for a, up in w.health().items()))
        self.write("config", f"""options => {{
  listen => {{ 127.0.0.1:{self.port} => {{ udp_threads = {self.threads}, tcp_threads = {self.threads}, udp_rcvbuf = 1048576 }} }}
  run_dir = {run}
  state_dir = {run}
}}
service_types => {{ state => {{ plugin = extfile, file = {self.folder}/health }} }}
plugins => {{
  geoip => {{
    maps => {{ world => {{
      geoip2_db = country.mmdb
      datacenters = [ {", ".join(w.SITES)} ]
      map => {{ {self.map()} }}
    }} }}
    resources => {{
      www => {{
        map = world
        service_types = up
        dcmap => {{ {", ".join(f"{site} = {w.site_address(site)}" for site in w.SITES)} }}
      }}
      nested => {{ map = world, dcmap => {{ {", ".join(f'{s} = "%metafo!{s}"' for s in w.SITES)} }} }}
    }}
  }}
  metafo => {{ resources => {{ {", ".join(map(self.failover, w.SITES))} }} }}
  weighted => {{
    service_types = up
{self.sets(work)}
  }}
}}
""")
        return ["-c", str(self.folder), "start"]

    @staticmethod
    def map():
        """Continents with the countries that differ from them inside, as gdnsd wants them."""
        inner, countries = {}, {}
        for site, keys in w.SITES.items():
            for key in keys:
                if key.startswith("continent:"):
                    inner[key.removeprefix("continent:")] = site
                else:
                    countries.setdefault(w.continent_of(key), {})[key] = site
        parts = [f"default = [ {w.DEFAULT_SITE} ]"]
        for continent, site in inner.items():
            own = "".join(f", {key} = [ {value} ]" for key, value in countries.get(continent, {}).items())
            parts.append(f"{continent} => {{ default = [ {site} ]{own} }}")
        return ", ".join(parts)

    @staticmethod
    def failover(site):
        return (f'{site} => {{ datacenters = [ main, spare ], service_types = state, '
                f'dcmap => {{ main = "%weighted!main-{site}", spare = {w.spare_address(site)} }} }}')

    @staticmethod
    def sets(work):
        sets = {name: (members, "") for name, members in work.weighted.items()}
        sets |= {f"main-{site}": (w.main_addresses(site), "service_types = state, ") for site in w.SITES}
        lines = []
        for name, (members, health) in sets.items():
            inner = ", ".join(f"{endpoint(address)} = [ {address}, {weight} ]" for address, weight in members.items())
            lines.append(f"    {name} => {{ {health}{inner} }}")
        return "\n".join(lines)


class Nsd(Server):
    name = "nsd"
    workloads = ("static", "tcp", "tcp-single")

    def version(self):
        return self.output("-v").splitlines()[0]

    def configure(self, work):
        for name, text in work.static_zones.items():
            self.write(f"zones/{name}.zone", text)
        run = self.folder / "run"
        path = self.write("nsd.conf", f"""server:
  ip-address: 127.0.0.1@{self.port}
  port: {self.port}
  server-count: 1
  username: ""
  zonesdir: "{self.folder}/zones"
  database: ""
  zonelistfile: "{run}/zones"
  pidfile: "{run}/pid"
  xfrdfile: "{run}/xfrd"
  xfrdir: "{run}"
  minimal-responses: yes
  tcp-count: 1000
  tcp-timeout: 60
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
{"".join(f"zone:{chr(10)}  name: {name}{chr(10)}  zonefile: {name}.zone{chr(10)}" for name in work.static_zones)}""")
        return ["-d", "-c", str(path)]


class Knot(Server):
    name = "knotd"
    workloads = ("static", "geolocation", "weighted", "tcp", "tcp-single")

    def version(self):
        return self.output("--version").splitlines()[0]

    def configure(self, work):
        for name, text in work.static_zones.items():
            self.write(f"zones/{name}.zone", text)
        run = self.folder / "run"
        path = self.write("knot.conf", f"""server:
  rundir: "{run}"
  listen: 127.0.0.1@{self.port}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
  tcp-idle-timeout: 60
  edns-client-subnet: on
log:
  - target: stderr
    any: warning
database:
  storage: "{run}"
{self.modules(work)}
template:
  - id: default
    storage: "{self.folder}/zones"
    file: "%s.zone"
    zonefile-sync: -1
    journal-content: none
zone:
{"".join(f"  - domain: {name}{chr(10)}" for name in work.static_zones)}{self.routed(work)}""")
        return ["-c", str(path)]

    @staticmethod
    def has_geoip():
        """Debian has the module in a package of its own, knot-module-geoip."""
        return any(Path("/usr/lib").glob("*/knot/modules-*/geoip.so"))

    def modules(self, work):
        if not self.has_geoip():
            self.workloads = ("static", "tcp", "tcp-single")
            return ""
        work.write_mmdb(self.folder / "country.mmdb")
        rules = [f"www.{w.ROUTED_ZONE}.:"]
        for site, keys in w.SITES.items():
            for key in keys:
                continent = key.removeprefix("continent:") if ":" in key else w.continent_of(key)
                rules.append(f'  - geo: "{continent};{"*" if ":" in key else key}"')
                rules.append(f"    A: {w.site_address(site)}")
        sets = []
        for name, members in work.weighted.items():
            sets.append(f"{name}.{w.ROUTED_ZONE}.:")
            for address, weight in members.items():
                sets += [f"  - weight: {weight}", f"    A: {address}"]
        self.write("geo.conf", "\n".join(rules) + "\n")
        self.write("sets.conf", "\n".join(sets) + "\n")
        return f"""mod-geoip:
  - id: geo
    config-file: "{self.folder}/geo.conf"
    ttl: {w.ROUTED_TTL}
    mode: geodb
    geodb-file: "{self.folder}/country.mmdb"
    geodb-key: [ continent/code, country/iso_code ]
  - id: sets
    config-file: "{self.folder}/sets.conf"
    ttl: {w.ROUTED_TTL}
    mode: weighted
"""

    def routed(self, work):
        if not self.has_geoip():
            return ""
        names = [f"www {w.ROUTED_TTL} IN A {w.site_address(w.DEFAULT_SITE)}"]
        names += [f"{name} {w.ROUTED_TTL} IN A {next(iter(members))}" for name, members in work.weighted.items()]
        self.write(f"zones/{w.ROUTED_ZONE}.zone", w.routed_zone("\n".join(names) + "\n"))
        return f"  - domain: {w.ROUTED_ZONE}\n    module: [ mod-geoip/geo, mod-geoip/sets ]\n"


class PowerDns(Server):
    """Its Lua records; the other records are of no interest, its own cache answers those."""

    name = "pdns_server"
    workloads = ("geolocation", "weighted")

    def version(self):
        return re.search(r"PowerDNS Authoritative Server \S+", self.output("--version"))[0]

    def command(self):
        """Needs the packages pdns-backend-bind and pdns-backend-geoip."""
        found = super().command()
        return found if found and any(Path("/usr/lib").glob("*/pdns/libgeoipbackend.so")) else None

    def configure(self, work):
        work.write_mmdb(self.folder / "country.mmdb")
        lua = [f'www {w.ROUTED_TTL} IN LUA A "{self.geolocation()}"']
        for name, members in work.weighted.items():
            inner = ", ".join(f"{{{weight}, '{address}'}}" for address, weight in members.items())
            lua.append(f'{name} {w.ROUTED_TTL} IN LUA A "pickwrandom({{{inner}}})"')
        zone = self.write(f"zones/{w.ROUTED_ZONE}.zone", w.routed_zone("\n".join(lua) + "\n"))
        static = "".join(
            f'zone "{name}" {{ type master; file "{self.write(f"zones/{name}.zone", text)}"; }};\n'
            for name, text in work.static_zones.items())
        self.write("named.conf", f'zone "{w.ROUTED_ZONE}" {{ type master; file "{zone}"; }};\n{static}')
        self.write("pdns.conf", f"""launch=bind,geoip
bind-config={self.folder}/named.conf
geoip-zones-file={self.write("empty.yaml", "domains: []")}
geoip-database-files=mmdb:{self.folder}/country.mmdb
local-address=127.0.0.1
local-port={self.port}
socket-dir={self.folder}/run
enable-lua-records=yes
edns-subnet-processing=yes
receiver-threads=1
distributor-threads=1
""")
        return [f"--config-dir={self.folder}", "--daemon=no", "--guardian=no"]

    @staticmethod
    def geolocation():
        rules = []
        for site, keys in sorted(w.SITES.items(), key=lambda item: ":" in item[1][0]):  # countries before continents
            for key in keys:
                test = f"continent('{key.removeprefix('continent:')}')" if ":" in key else f"country('{key}')"
                rules.append(f"if {test} then return '{w.site_address(site)}' end ")
        return ";" + "".join(rules) + f"return '{w.site_address(w.DEFAULT_SITE)}'"


class Echo(Server):
    """The floor: sends every datagram back, and looks at nothing. Compiled here, if there is a compiler."""

    name = "echo"
    answers = False  # nothing that could be compared

    def command(self):
        return shutil.which("cc")

    def version(self):
        return "recvmmsg and sendmmsg in C, 32 datagrams a call"

    def start(self, work, core):
        self.folder.mkdir(parents=True)
        program = self.folder / "echo"
        subprocess.run([self.command(), "-O2", "-o", program, ROOT / "perf/load/echo.c"], check=True)
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            ["taskset", "-c", str(core), program, str(self.port)], stdout=self.log, stderr=self.log,
            start_new_session=True, preexec_fn=die_with_parent)
        while dns.ask(self.port, "example A", timeout=0.05) is None and self.process.poll() is None:
            pass


ALL = [Gdnsd, Meridian, OnNetty, Beside, Nsd, Knot, PowerDns, Echo]


def free_port():
    """A port that nobody has, and that the kernel gives to no client.

    A client that asks a port of the ephemeral range before its server is there may be given that
    very port to ask from: it then hears itself, and the server cannot have it.
    """
    first_ephemeral = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for port in random.sample(range(10_000, first_ephemeral), 100):
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", port))
            return port
        except OSError:
            continue
    raise RuntimeError("no free port below the ephemeral ones")
