#!/usr/bin/env python3
"""Measures the ops page with many checks and names, and what it costs answers.

    perf/page/page.py BIN                   page, subscribers, storm; BIN is a built bin/meridian
    perf/page/page.py BIN --checks 1000     smaller
    perf/page/page.py BIN --only storm      what a storm of viewers does to answers, quiet and storm in turn

The storm: 100 pages that follow the events and ask again with each change, one change a second, 20 subscribers that never read,
10 scrapes a second, and 50 more subscribers a second that are refused. All viewers are one process. On a machine that does other
things as well, start this with `nice -n -10`: server and stopwatch have that then, the viewers never.

Everything happens on 127.0.0.1 and in a temporary folder. Needs chromium, and a JDK 25 for perf/load/Load.java.
"""
import argparse, asyncio, base64, json, os, pathlib, re, secrets, shutil, socket, statistics, struct, subprocess, sys, tempfile, time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def write_zones(folder, checks, names):
    """Each name has its share of the endpoints, each endpoint its own check on a closed port."""
    folder.mkdir()
    per_name = checks // names
    (folder / "example.com.zone").write_text("$TTL 300\n@ SOA ns1 host 1 3600 600 86400 60\n@ NS ns1\nns1 A 192.0.2.1\n")
    out = ["health-checks:", "  web: { tcp: { port: 9, address: 127.0.0.1 }, interval: 30s, timeout: 1s }", "endpoints:"]
    regions = ["eu-west-1", "us-east-1", "ap-southeast-1", "sa-east-1", "af-south-1", "us-west-2", "eu-central-1", "ap-northeast-1"]
    for i in range(checks):
        out.append(f"  e{i}: {{ address: 198.18.{i >> 8 & 255}.{i & 255}, location: {regions[i % 8]}, health-check: web }}")
    out.append("records:")
    for n in range(names):
        mine = ", ".join(f"e{n * per_name + k}" for k in range(per_name))
        out.append(f"  n{n}: {{ ttl: 30, latency: [ {mine} ] }}")
    (folder / "example.com.policy.yaml").write_text("\n".join(out) + "\n")


class Server:
    def __init__(self, binary, folder, checks, names):
        write_zones(folder / "zones", checks, names)
        self.dns, self.http = free_port(socket.SOCK_DGRAM), free_port()
        self.log = open(folder / "log", "w")
        self.process = subprocess.Popen(
            [binary, "serve", "--zones", folder / "zones", "--state", folder / "state", "--listen", f"127.0.0.1:{self.dns}",
             "--http", f"127.0.0.1:{self.http}", "--watch", "off", "--rate-limit", "off"],
            stderr=self.log, stdout=self.log)
        self.url = f"http://127.0.0.1:{self.http}"
        for _ in range(1200):
            try:
                urllib.request.urlopen(self.url + "/readyz").read()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"the server is not ready: {folder / 'log'}")

    def rss(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024

    def close(self):
        self.process.terminate()
        self.process.wait(20)


class Page:
    """A page of a headless Chromium over its DevTools protocol, on a WebSocket without a library."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--remote-debugging-port=0", "--enable-precise-memory-info", f"--user-data-dir={folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = folder / "DevToolsActivePort"
        while not port.exists() or len(port.read_text().split()) < 2:
            time.sleep(0.1)
        address = "http://127.0.0.1:" + port.read_text().split()[0] + "/json/list"
        target = next(t for t in json.load(urllib.request.urlopen(address)) if t["type"] == "page")
        host, path = re.match(r"ws://([^/]+)(/.*)", target["webSocketDebuggerUrl"]).groups()
        self.socket = socket.create_connection(host.split(":"))
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.read = self.socket.makefile("rb")
        while self.read.readline() != b"\r\n":
            pass
        self.number, self.octets, self.ends = 0, 0, 0
        self.ask("Network.enable")
        self.ask("Page.enable")

    def ask(self, method, **parameters):
        self.number += 1
        data = json.dumps({"id": self.number, "method": method, "params": parameters}).encode()
        mask = secrets.token_bytes(4)
        length = struct.pack("!BBH", 0x81, 0xFE, len(data)) if len(data) < 65536 else struct.pack("!BBQ", 0x81, 0xFF, len(data))
        if len(data) < 126:
            length = struct.pack("!BB", 0x81, 0x80 | len(data))
        self.socket.sendall(length + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))
        while True:
            message = self.message()
            if message.get("id") == self.number:
                return message.get("result", message)

    def message(self):
        text = b""
        while True:
            first, second = self.read.read(2)
            length = second & 127
            if length == 126:
                length = struct.unpack("!H", self.read.read(2))[0]
            elif length == 127:
                length = struct.unpack("!Q", self.read.read(8))[0]
            text += self.read.read(length)
            if first & 0x80:
                break
        message = json.loads(text)
        if message.get("method") == "Network.dataReceived":
            self.octets += max(0, message["params"]["encodedDataLength"])
        return message

    def run(self, script):
        result = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return result["result"].get("value")

    def wait(self, text, seconds=180):
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            if text in (self.run("document.body ? document.body.innerText : ''") or ""):
                return time.monotonic() - begun
            time.sleep(0.05)
        raise SystemExit(f"the page never says '{text}'")

    def open(self, url, text):
        begun = time.monotonic()
        self.ask("Page.navigate", url="about:blank")
        self.ask("Page.navigate", url=url)
        self.wait(text)
        return time.monotonic() - begun

    def heap(self):
        self.ask("HeapProfiler.collectGarbage")
        return self.run("performance.memory.usedJSHeapSize") / (1 << 20)

    def picture(self, path):
        data = self.ask("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def close(self):
        self.process.terminate()
        self.process.wait(20)


def override(server, selector):
    request = urllib.request.Request(
        f"{server.url}/api/v1/overrides?selector={selector}&action=down&author=perf&reason=perf", data=b"",
        headers={"X-Meridian-Request": "1"})
    urllib.request.urlopen(request).read()


def measure_page(server, folder, checks, names):
    page = Page(folder)
    try:
        for view, text in [("overview", "checks"), ("checks", "example.com/e"), ("names", "n0.example.com"), ("endpoints", "endpoints,")]:
            page.octets = 0
            took = page.open(f"{server.url}/#/{view}", text)
            print(f"| {view} | {took * 1000:.0f} ms | {page.heap():.1f} MiB | {page.octets / 1024:.0f} KiB |", flush=True)
        page.open(f"{server.url}/#/overview", "checks")
        time.sleep(3)
        page.run("1")
        page.octets = 0
        for i in range(10):
            override(server, f"example.com/e{i * 7}")
            time.sleep(1)
            page.run("1")
        print(f"| overview, per change | | {page.heap():.1f} MiB | {page.octets / 10 / 1024:.1f} KiB |", flush=True)
    finally:
        page.close()


def subscribers(server, many):
    """Opens event streams until they are refused, and keeps those that are not."""
    kept, refused = [], 0
    before = server.rss()
    for _ in range(many):
        s = socket.create_connection(("127.0.0.1", server.http))
        s.settimeout(5)
        s.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try:
            head = s.recv(64)
        except OSError:
            head = b""
        if head.startswith(b"HTTP/1.1 200"):
            kept.append(s)
        else:
            refused += 1
            s.close()
    ok = urllib.request.urlopen(server.url + "/livez", timeout=10).status if len(kept) < 250 else "-"
    print(f"{many} subscribers: {len(kept)} taken, {refused} refused; resident {before:.0f} -> {server.rss():.0f} MiB; /livez {ok}")
    for s in kept:
        s.close()


def percentiles(server, seconds):
    """p50 and p99 in microseconds of a query every millisecond, asked by one client, one at a time."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", server.dns))
    s.settimeout(1)
    query = struct.pack("!6H", 7, 0, 1, 0, 0, 0) + b"\x02n1\x07example\x03com\0" + struct.pack("!2H", 1, 1)
    took, lost = [], 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.perf_counter()
        s.send(query)
        try:
            s.recv(2048)
            took.append(time.perf_counter() - begun)
        except OSError:
            lost += 1
        time.sleep(0.001)
    took.sort()
    return took[len(took) // 2] * 1e6, took[len(took) * 99 // 100] * 1e6, len(took), lost


class Viewers:
    """What the storm is made of; runs in a process of its own."""

    PAGES, DEAF, SCRAPES, REFUSED = 100, 20, 10, 50

    def __init__(self, port):
        self.port, self.counts = port, {}

    def count(self, what, octets=0):
        times, sum_ = self.counts.get(what, (0, 0))
        self.counts[what] = (times + 1, sum_ + octets)

    async def head(self, reader):
        status = int((await reader.readline()).split()[1])
        fields = {}
        while (line := (await reader.readline()).strip()):
            name, _, value = line.decode().partition(":")
            fields[name.lower()] = value.strip()
        return status, fields

    async def page(self, delay):
        await asyncio.sleep(delay)
        events, to_events = await asyncio.open_connection("127.0.0.1", self.port)
        to_events.write(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
        tags = {}
        while line := await events.readline():
            self.count("events", len(line))
            if not line.startswith(b"event:"):
                continue
            for path in ["overview", "status", "journal?limit=8"]:
                tag = f"If-None-Match: {tags[path]}\r\n" if path in tags else ""
                writer.write(f"GET /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\n{tag}\r\n".encode())
                status, fields = await self.head(reader)
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                self.count(f"{path} {status}", len(body))
                tags[path] = fields.get("etag", "-")

    async def deaf(self):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(("127.0.0.1", self.port))
        s.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await asyncio.Event().wait()

    async def every(self, seconds, path):
        while True:
            begun = time.monotonic()
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
                writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                status, fields = await self.head(reader)
                self.count(f"{path} {status}", len(await reader.read(-1)) if status != 200 or "content-length" in fields else 0)
                writer.close()
            except (OSError, IndexError, asyncio.IncompleteReadError):
                self.count(f"{path} closed")
            await asyncio.sleep(max(0, seconds - (time.monotonic() - begun)))

    async def all(self, seconds):
        work = [self.page(i * 0.005) for i in range(self.PAGES)] + [self.deaf() for _ in range(self.DEAF)]
        work += [self.every(1 / self.SCRAPES, "/metrics"), self.every(1 / self.REFUSED, "/api/v1/events")]
        await asyncio.wait([asyncio.create_task(each) for each in work], timeout=seconds)
        for what, (times, octets) in sorted(self.counts.items()):
            print(f"    {what}: {times / seconds:.1f}/s, {octets / times / 1024:.1f} KiB each", flush=True)
        os._exit(0)  # what still waits has nothing to say


def processor(server):
    """Seconds of processor time of the server so far, by thread."""
    took = {}
    for task in pathlib.Path(f"/proc/{server.process.pid}/task").iterdir():
        try:
            fields = (task / "stat").read_text().rpartition(")")[2].split()
            name = (task / "comm").read_text().strip()
            took[name] = took.get(name, 0) + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            pass  # it has ended
    return took


def measure_storm(server, seconds, rounds):
    print("| | p50 | p99 | answers | lost | desk and http threads |\n|---|---|---|---|---|---|")
    pairs = []
    for i in range(rounds):
        pair = []
        for what in ["quiet", "storm"]:
            viewers = None
            if what == "storm":
                viewers = subprocess.Popen([sys.executable, __file__, "-", "--viewers", str(server.http), "--seconds", str(seconds + 4)],
                                           preexec_fn=lambda: os.setpriority(os.PRIO_PROCESS, 0, 0), stdout=None if i == 0 else subprocess.DEVNULL)
                time.sleep(3)
            stop = time.monotonic() + seconds
            changes = subprocess.Popen(["sh", "-c", "n=0; while :; do n=$((n+1)); curl -s -o /dev/null -X POST -H 'X-Meridian-Request: 1' "
                                        f"'{server.url}/api/v1/overrides?selector=example.com/e1&action=down&author=perf&reason='$n; sleep 1; done"],
                                       start_new_session=True)
            before = processor(server)
            p50, p99, answers, lost = percentiles(server, stop - time.monotonic())
            after = processor(server)
            os.killpg(changes.pid, 15)
            if viewers:
                viewers.wait(30)
                time.sleep(2)
            http = sum(after[t] - before.get(t, 0) for t in after if t.startswith(("meridian-desk", "meridian-http")))
            print(f"| {what} | {p50:.0f} us | {p99:.0f} us | {answers} | {lost} | {http / seconds:.2f} cores |", flush=True)
            pair.append((p50, p99))
        pairs.append(pair)
    for i, name in enumerate(["p50", "p99"]):
        quiet, storm = ([pair[k][i] for pair in pairs] for k in (0, 1))
        moved = [b - a for a, b in zip(quiet, storm)]
        # other work on the machine only ever adds: the quarter of rounds that it left alone says most of the server
        print(f"{name} moves by {statistics.median(moved):.0f} us (median of {rounds} pairs; {min(moved):.0f} to {max(moved):.0f}); "
              f"first quartile {statistics.quantiles(quiet)[0]:.0f} us quiet, {statistics.quantiles(storm)[0]:.0f} us in the storm")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--checks", type=int, default=10_000)
    parser.add_argument("--names", type=int, default=1_000)
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=["page", "storm", "subscribers"])
    parser.add_argument("--viewers", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.viewers:
        asyncio.run(Viewers(options.viewers).all(options.seconds))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="meridian-page-"))
    server = Server(options.binary, folder, options.checks, options.names)
    try:
        print(f"{options.checks} checks, {options.names} names; resident {server.rss():.0f} MiB\n")
        if options.only in (None, "page") and shutil.which("chromium"):
            print("| view | usable after | JS heap | fetched |\n|---|---|---|---|", flush=True)
            (folder / "profile").mkdir()
            measure_page(server, folder / "profile", options.checks, options.names)
        print()
        if options.only in (None, "storm"):
            measure_storm(server, options.seconds, options.rounds)
            print()
        if options.only in (None, "subscribers"):
            subscribers(server, options.subscribers)
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
