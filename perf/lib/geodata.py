"""A made-up country database in MaxMind's format, the same for every server that is measured.

Real databases may not be passed on, and differ from month to month. This one has as many networks
as a small real one, of the usual lengths, in runs of neighbours as registries hand them out. The
format is described at https://maxmind.github.io/MaxMind-DB/.
"""

import ipaddress
import random
import struct

COUNTRIES = {
    "AF": ["EG", "KE", "NG", "ZA"],
    "AS": ["CN", "ID", "IN", "JP", "KR", "SG"],
    "EU": ["DE", "ES", "FR", "GB", "IT", "NL", "PL", "SE"],
    "NA": ["CA", "MX", "US"],
    "OC": ["AU", "NZ"],
    "SA": ["AR", "BR", "CL", "CO"],
}
_CONTINENT_OF = {country: code for code, all_ in COUNTRIES.items() for country in all_}
_LENGTHS = [14, 15, 16, 16, 17, 18, 19, 20, 20, 21, 22, 22, 22, 23, 24, 24, 24, 24]
_IPV4_DEPTH = 96
_METADATA_MARK = b"\xab\xcd\xefMaxMind.com"


def networks(count, rng):
    """`count` networks that do not overlap, in order, as (IPv4Network, country)."""
    countries = sorted(_CONTINENT_OF)
    at, result = int(ipaddress.ip_address("1.0.0.0")), []
    country = rng.choice(countries)
    while len(result) < count:
        length = rng.choice(_LENGTHS)
        size = 1 << (32 - length)
        at = (at + size - 1) // size * size
        if at + size > int(ipaddress.ip_address("223.0.0.0")):
            raise ValueError(f"{count} networks do not fit into the unicast space")
        if rng.random() < 0.4:
            country = rng.choice(countries)
        if at >> 24 not in (10, 127) and rng.random() > 0.05:  # some networks are nobody's
            result.append((ipaddress.ip_network((at, length)), country))
        at += size
    return result


def write_mmdb(path, nets):
    """Writes the networks as a database of type GeoLite2-Country, IP version 6."""
    countries = sorted({country for _, country in nets})
    data, offsets = bytearray(), {}
    for country in countries:
        offsets[country] = len(data)
        data += _encode(_record(country))
    nodes = _tree(nets)
    record_size = 28
    tree = bytearray()
    for pair in nodes:
        left, right = (_value(child, len(nodes), offsets) for child in pair)
        tree += struct.pack(">I", left & 0xFFFFFF)[1:]
        tree.append((left >> 24) << 4 | right >> 24)
        tree += struct.pack(">I", right & 0xFFFFFF)[1:]
    metadata = {
        "binary_format_major_version": (5, 2),
        "binary_format_minor_version": (5, 0),
        "build_epoch": (9, 1767225600),
        "database_type": "GeoLite2-Country",
        "description": {"en": "Made up, for measuring"},
        "ip_version": (5, 6),
        "languages": ["en"],
        "node_count": (6, len(nodes)),
        "record_size": (5, record_size),
    }
    with open(path, "wb") as out:
        out.write(tree + bytes(16) + data + _METADATA_MARK + _encode(metadata))


def _record(country):
    continent = _CONTINENT_OF[country]
    return {
        "continent": {"code": continent, "geoname_id": (6, 1), "names": {"en": continent}},
        "country": {"geoname_id": (6, 2), "iso_code": country, "names": {"en": country}},
    }


def _tree(nets):
    """Nodes as [left, right]; a child is None, the number of a node, or a country."""
    nodes = [[None, None]]
    for net, country in nets:
        bits = "0" * _IPV4_DEPTH + format(int(net.network_address), "032b")[: net.prefixlen]
        node = 0
        for bit in bits[:-1]:
            child = nodes[node][int(bit)]
            if child is None:
                child = len(nodes)
                nodes.append([None, None])
                nodes[node][int(bit)] = child
            node = child
        nodes[node][int(bits[-1])] = country
    return nodes


def _value(child, node_count, offsets):
    if child is None:
        return node_count
    return child if isinstance(child, int) else node_count + 16 + offsets[child]


def _encode(value):
    """Maps, arrays, strings, and numbers as (type, value): 5 uint16, 6 uint32, 9 uint64."""
    if isinstance(value, dict):
        body = b"".join(_encode(key) + _encode(value[key]) for key in value)
        return _control(7, len(value)) + body
    if isinstance(value, list):
        return _control(11, len(value)) + b"".join(map(_encode, value))
    if isinstance(value, str):
        return _control(2, len(value)) + value.encode()
    kind, number = value
    octets = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return _control(kind, len(octets)) + octets


def _control(kind, size):
    if size >= 29:
        if size >= 285:
            raise ValueError("too long for this writer")
        head, extra = 29, bytes([size - 29])
    else:
        head, extra = size, b""
    return bytes([kind << 5 | head]) + extra if kind < 8 else bytes([head, kind - 7]) + extra
