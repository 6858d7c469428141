#!/usr/bin/env python3
"""Measures the ops page with many checks and names, and what it costs answers.

    perf/page/page.py BIN                   page, subscribers, storm; BIN is a built bin/meridian
    perf/page/page.py BIN --checks 1000     smaller

Everything happens on 127.0.0.1 and in a temporary folder. Needs chromium, and a JDK 25 for perf/load/Load.java.
"""
import argparse, base64, json, os, pathlib, re, secrets, shutil, socket, struct, subprocess, sys, tempfile, threading, time
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
        for view, text in [("overview", "checks"), ("checks", "example.com/e0"), ("names", "n0.example.com"), ("endpoints", "endpoints,")]:
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


def percentiles(server, seconds, during):
    """p50 and p99 in microseconds of a query every few milliseconds, asked by one client, one at a time."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", server.dns))
    s.settimeout(1)
    query = struct.pack("!6H", 7, 0, 1, 0, 0, 0) + b"\x02n1\x07example\x03com\0" + struct.pack("!2H", 1, 1)
    took, lost = [], 0
    stop = threading.Event()
    threads = [threading.Thread(target=worker, args=(stop,), daemon=True) for worker in during]
    for thread in threads:
        thread.start()
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
    stop.set()
    for thread in threads:
        thread.join(5)
    took.sort()
    return took[len(took) // 2] * 1e6, took[len(took) * 99 // 100] * 1e6, len(took), lost


def storm(server, path):
    def worker(stop):
        while not stop.is_set():
            try:
                urllib.request.urlopen(server.url + path, timeout=10).read()
            except OSError:
                pass  # refused when busy, which is the point
    return worker


def measure_storm(server, seconds, rounds):
    workers = [storm(server, p) for p in ["/metrics", "/api/v1/overview", "/api/v1/names?limit=100", "/api/v1/states?limit=100",
                                          "/api/v1/endpoints?limit=1000", "/metrics"]]
    print("| | p50 | p99 | answers | lost |\n|---|---|---|---|---|")
    for _ in range(rounds):
        for what, during in [("quiet", []), ("storm", workers)]:
            p50, p99, answers, lost = percentiles(server, seconds, during)
            print(f"| {what} | {p50:.0f} us | {p99:.0f} us | {answers} | {lost} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--checks", type=int, default=10_000)
    parser.add_argument("--names", type=int, default=1_000)
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="meridian-page-"))
    server = Server(options.binary, folder, options.checks, options.names)
    try:
        print(f"{options.checks} checks, {options.names} names; resident {server.rss():.0f} MiB\n")
        if shutil.which("chromium"):
            print("| view | usable after | JS heap | fetched |\n|---|---|---|---|", flush=True)
            (folder / "profile").mkdir()
            measure_page(server, folder / "profile", options.checks, options.names)
        print()
        measure_storm(server, options.seconds, options.rounds)
        print()
        subscribers(server, options.subscribers)
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
