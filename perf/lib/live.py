"""A running Meridian under test: started from zones of one's own, asked, watched and stopped."""

import os
import random
import re
import signal
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

from servers import ROOT, die_with_parent, free_port

COOKIE = 10
COMMAND = str(ROOT / "target/meridian/bin/meridian")
START_SECONDS = 60


def query(name, qtype=1, cookie=None, edns=True):
    message = struct.pack("!HHHHHH", random.randrange(65536), 0, 1, 0, 0, 1 if edns else 0)
    for label in name.split("."):
        message += bytes([len(label)]) + label.encode()
    message += b"\0" + struct.pack("!HH", qtype, 1)
    if edns:
        option = struct.pack("!HH", COOKIE, len(cookie)) + cookie if cookie else b""
        message += struct.pack("!BHHIH", 0, 41, 4096, 0, len(option)) + option
    return message


def truncated(response):
    return response[2] & 2 != 0


def _family(address):
    return socket.AF_INET6 if ":" in address[0] else socket.AF_INET


def udp(address, message, source=None, timeout=1.0):
    """The response, or None; one to another question is passed over."""
    with socket.socket(_family(address), socket.SOCK_DGRAM) as s:
        if source:
            s.bind((source, 0))
        end = time.perf_counter() + timeout
        try:
            s.sendto(message, address)
            while True:
                s.settimeout(max(0.001, end - time.perf_counter()))
                response = s.recv(65535)
                if response[:2] == message[:2]:
                    return response
        except OSError:
            return None


def tcp(address, message, source=None, timeout=5.0):
    try:
        with socket.socket(_family(address)) as s:
            s.settimeout(timeout)
            if source:
                s.bind((source, 0))
            s.connect(address)
            s.sendall(struct.pack("!H", len(message)) + message)
            length = struct.unpack("!H", s.recv(2, socket.MSG_WAITALL))[0]
            return s.recv(length, socket.MSG_WAITALL)
    except (OSError, struct.error):
        return None


class Server:
    """`zones`: file name to text. `wrap`: words before the command, such as prlimit's."""

    def __init__(self, folder, zones, command=COMMAND, config=(), wrap=(), env=None, log=None,
                 address="127.0.0.1", listen=None, port=None, state=None, http="off", wait=True, ask=None):
        self.folder = Path(folder)
        self.zones = self.folder / "zones"
        self.zones.mkdir(exist_ok=True)
        for name, text in zones.items():
            (self.zones / name).write_text(text)
        self.port = port or free_port()
        self.address = (address, self.port)
        self.ask = ask or query("www." + next(iter(zones)).removesuffix(".zone"))
        self.log = self.folder / "log"
        self.command = [*wrap, command, "serve", "--zones", str(self.zones), "--state",
                        str(state or self.folder / "state"), "--listen", listen or f"{address}:{self.port}", "--http", http,
                        *config]
        self.env = {**os.environ, **(env or {})}
        self.sink = log
        self.start(wait)

    def start(self, wait=True):
        began = time.perf_counter()
        sink = self.sink or open(self.log, "ab")
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, env=self.env,
                                        preexec_fn=die_with_parent)
        if not self.sink:
            sink.close()
        if wait and not self.wait():
            status = self.process.poll()
            what = f"does not answer after {time.perf_counter() - began:.0f} s" if status is None else f"ended with {status}"
            raise SystemExit(f"the server {what}:\n{self.tail()}")
        return time.perf_counter() - began

    def wait(self, seconds=START_SECONDS):
        """Whether it answers over UDP and TCP in time."""
        end = time.time() + seconds
        while time.time() < end and self.process.poll() is None:
            if udp(self.address, self.ask, timeout=0.1) and tcp(self.address, self.ask, timeout=0.5):
                return True
            time.sleep(0.005)
        return False

    def tail(self, octets=3000):
        return self.log.read_text(errors="replace")[-octets:] if self.log.exists() else ""

    def memory(self):
        """Resident memory, MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def live_heap(self):
        """MiB that are still reachable: behind a full collection, which jcmd of any JDK 25 asks for."""
        jcmd = sorted(Path("/usr/lib/jvm").glob("*25*/bin/jcmd"))
        if not jcmd:
            return float("nan")
        told = subprocess.run([jcmd[0], str(self.process.pid), "GC.class_histogram"], capture_output=True, text=True).stdout
        total = told.strip().splitlines()[-1].split() if told.strip() else []
        return int(total[2]) / (1 << 20) if len(total) > 2 else float("nan")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def write(self, name, text):
        """As an editor that is careful does it: whole, by a rename."""
        draft = self.zones / f".{name}.draft"
        draft.write_text(text)
        draft.rename(self.zones / name)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Clients:
    """Queries at a steady pace, each timed: the others, who did nothing wrong."""

    def __init__(self, ask, seconds, per_second=50):
        self.asked, self.times = 0, []
        end = time.perf_counter() + seconds
        due = time.perf_counter()
        while due < end:
            time.sleep(max(0, due - time.perf_counter()))
            began = time.perf_counter()
            response = ask()
            self.asked += 1
            if response is not None and not truncated(response):
                self.times.append(time.perf_counter() - began)
            due = max(due + 1 / per_second, time.perf_counter() - 1)

    @property
    def lost(self):
        return self.asked - len(self.times)

    def at(self, share):
        """Milliseconds."""
        return 1000 * sorted(self.times)[int(share * (len(self.times) - 1))] if self.times else float("nan")

    def __str__(self):
        served = f"{len(self.times)} of {self.asked}"
        return f"{served} | {self.at(0.5):.2f} | {self.at(0.99):.2f} | {self.at(1):.2f}"


CLIENT_ROWS = "| | answered | median ms | p99 ms | longest ms |\n|---|---|---|---|---|\n"


def together(*tasks):
    """Runs them at the same time, each on a thread, and returns what each returns."""
    results = [None] * len(tasks)

    def run(i):
        results[i] = tasks[i]()
    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
