"""What is served and what is asked: the same zones and questions on every machine, every time."""

import random
from dataclasses import dataclass, field

from geodata import COUNTRIES, networks, write_mmdb

SEED = 20261123
STATIC_ZONE = "static.example"
ROUTED_ZONE = "routed.example"
SITES = {  # eight sites, and who is sent there
    "ohio": ["US"],
    "montreal": ["continent:NA"],
    "saopaulo": ["continent:SA"],
    "frankfurt": ["continent:EU"],
    "capetown": ["continent:AF"],
    "tokyo": ["JP"],
    "singapore": ["continent:AS"],
    "sydney": ["continent:OC"],
}
DEFAULT_SITE = "frankfurt"
SITE_DOWN = "tokyo"  # its main addresses are; the second choice answers
ROUTED_TTL = 30

_HEAD = """$TTL 300
@ 3600 IN SOA ns1.{zone}. hostmaster.{zone}. 1 7200 1800 1209600 300
@ IN NS ns1
@ IN NS ns2
ns1 IN A 192.0.2.1
ns2 IN A 192.0.2.2
"""


@dataclass
class Workload:
    """Names of the static zones, questions of each kind, and the routed sets."""

    static_zones: dict  # zone -> master file
    static_queries: list
    geolocation_queries: list
    weighted: dict  # name -> {address: weight}
    weighted_queries: list
    nested_queries: list
    networks: list = field(repr=False)

    def write_mmdb(self, path):
        write_mmdb(path, self.networks)

    def queries(self, kind):
        return {
            "static": self.static_queries,
            "geolocation": self.geolocation_queries,
            "weighted": self.weighted_queries,
            "nested": self.nested_queries,
            "tcp": self.static_queries,
            "tcp-single": self.static_queries,
        }[kind]


def site_address(site):
    return f"198.51.100.{1 + list(SITES).index(site)}"


def main_addresses(site):
    """Address -> weight: who answers for a site while one of them is healthy."""
    first = 100 + 10 * list(SITES).index(site)
    return {f"198.51.100.{first}": 3, f"198.51.100.{first + 1}": 2, f"198.51.100.{first + 2}": 1}


def spare_address(site):
    """Who answers for a site while none of the main addresses is healthy."""
    return f"198.51.100.{100 + 10 * list(SITES).index(site) + 9}"


def health():
    """Address -> whether it is healthy, for every address of the nested name."""
    found = {}
    for site in SITES:
        found |= {address: site != SITE_DOWN for address in main_addresses(site)}
        found[spare_address(site)] = True
    return found


def make(names, questions):
    """A workload of about `names` static names and `questions` questions of every kind."""
    rng = random.Random(SEED)
    zone, static_queries = _static(names, questions, rng)
    nets = networks(20_000, rng)
    geolocation = [f"www.{ROUTED_ZONE} A {_client(nets, rng)}" for _ in range(questions)]
    weighted = _weighted(rng)
    return Workload(
        {STATIC_ZONE: zone},
        static_queries,
        geolocation,
        weighted,
        [f"{rng.choice(list(weighted))}.{ROUTED_ZONE} A" for _ in range(questions)],
        [question.replace("www.", "nested.", 1) for question in geolocation],
        nets,
    )


def make_many(zones, questions):
    """A workload of `zones` small zones of eight records each, beside a static zone of 100 names."""
    rng = random.Random(SEED)
    text, _ = _static(100, 1, rng)
    static = {STATIC_ZONE: text}
    for i in range(zones):
        name = f"zone-{i}.example"
        static[name] = _HEAD.format(zone=name) + f"@ IN A {_ipv4(i)}\nwww IN A {_ipv4(i)}\n@ IN MX 10 www\n"
    asks = ["{} A", "www.{} A", "{} MX", "{} NS", "nobody.{} A"]
    names = [f"zone-{rng.randrange(zones)}.example" for _ in range(questions)]
    queries = [rng.choice(asks).format(name) for name in names]
    return Workload(static, queries, [], _weighted(rng), [], [], networks(1_000, rng))


def _static(names, questions, rng):
    lines = [_HEAD.format(zone=STATIC_ZONE)]
    asks = {kind: [] for kind in ("A", "AAAA", "CNAME", "MX", "TXT", "wildcard")}
    hosts = max(1, names * 75 // 100)
    for i in range(hosts):
        name = f"host-{i}.rack{i % 97}"
        lines.append(f"{name} IN A {_ipv4(i)}")
        asks["A"].append(f"{name} A")
        if i % 3 == 0:
            lines.append(f"{name} IN AAAA 2001:db8::{i >> 16:x}:{i & 0xFFFF:x}")
            asks["AAAA"].append(f"{name} AAAA")
    for i in range(names * 10 // 100):
        target = f"host-{i * 7 % hosts}.rack{i * 7 % hosts % 97}"
        lines.append(f"alias-{i} IN CNAME {target}")
        asks["CNAME"].append(f"alias-{i} CNAME")  # gdnsd leaves following it to the resolver
    for i in range(names * 5 // 100):
        lines.append(f"mail-{i} IN MX 10 host-{i % hosts}.rack{i % hosts % 97}")
        lines.append(f'text-{i} IN TXT "v=spf1 ip4:{_ipv4(i)} -all"')
        lines.append(f"*.wild-{i} IN A {_ipv4(i)}")
        asks["MX"].append(f"mail-{i} MX")
        asks["TXT"].append(f"text-{i} TXT")
        asks["wildcard"].append(f"label{i % 50}.wild-{i} A")
    asks["NODATA"] = [question.replace(" A", " MX") for question in asks["A"]]
    asks["NXDOMAIN"] = [f"nobody-{i}.rack{i % 97} A" for i in range(max(1, names // 10))]
    mix = {"A": 52, "AAAA": 14, "CNAME": 8, "MX": 4, "TXT": 4, "wildcard": 6, "NODATA": 5, "NXDOMAIN": 7}
    kinds = rng.choices(list(mix), weights=list(mix.values()), k=questions)
    return "\n".join(lines) + "\n", [_absolute(rng.choice(asks[kind])) for kind in kinds]


def _absolute(question):
    name, qtype = question.split()
    return f"{name}.{STATIC_ZONE} {qtype}"


def _ipv4(i):
    return f"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}"


def _client(nets, rng):
    if rng.random() < 0.03:  # somebody whom the database does not know
        return f"222.{rng.randrange(256)}.{rng.randrange(256)}.0/24"
    net, _ = rng.choice(nets)
    octets = int(net.network_address) + rng.randrange(net.num_addresses) & 0xFFFFFF00
    return ".".join(str(octets >> shift & 255) for shift in (24, 16, 8, 0)) + "/24"


def _weighted(rng):
    sets = {}
    for i in range(100):
        members = 2 + i % 3
        sets[f"set{i}"] = {f"203.0.113.{1 + (i + m) % 250}": rng.randint(1, 9) for m in range(members)}
    return sets


def routed_zone(dynamic=""):
    """The routed zone's master file; `dynamic` is what a server needs to have in it besides."""
    return _HEAD.format(zone=ROUTED_ZONE) + dynamic


def continent_of(country):
    return next(code for code, all_ in COUNTRIES.items() if country in all_)
