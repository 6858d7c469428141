"""Just enough of a DNS client to see whether servers answer alike."""

import ipaddress
import socket
import struct

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28}
_OPT = 41
_CLIENT_SUBNET = 8


def question(text, ident):
    """The message for a line of a workload: name, type, client subnet if wanted."""
    name, qtype, *subnet = text.split()
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    header = struct.pack("!6H", ident, 0x0100, 1, 0, 0, 1 if subnet else 0)
    message = header + labels + b"\0" + struct.pack("!2H", TYPES[qtype], 1)
    if subnet:
        net = ipaddress.ip_network(subnet[0])
        octets = net.network_address.packed[: (net.prefixlen + 7) // 8]
        option = struct.pack("!HBB", 1 if net.version == 4 else 2, net.prefixlen, 0) + octets
        message += struct.pack("!BHHIH", 0, _OPT, 1232, 0, len(option) + 4)
        message += struct.pack("!2H", _CLIENT_SUBNET, len(option)) + option
    return message


def is_success(answer):
    """Whether there is an answer, and it is NOERROR."""
    return answer is not None and answer[3] & 15 == 0


def ask(port, text, timeout=1.0):
    """The octets of the answer from 127.0.0.1, or None."""
    message = question(text, hash(text) & 0xFFFF)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(timeout)
        client.connect(("127.0.0.1", port))
        try:
            client.send(message)
            answer = client.recv(4096)
        except (TimeoutError, ConnectionRefusedError):
            return None
    is_response = len(answer) >= 12 and answer[2] & 0x80
    return answer if is_response and answer[:2] == message[:2] else None


def essence(message):
    """What a resolver learns: rcode, AA, the answer, and the SOA of a negative answer.

    NS records and addresses that servers may add or leave out are not compared, nor is the order of
    records (RFC 2181 section 5), nor the length of a client subnet's scope.
    """
    flags, _, *counts = struct.unpack("!5H", message[2:12])
    _, at = _name(message, 12)
    at += 4
    sections = []
    for count in counts:
        records = []
        for _ in range(count):
            owner, at = _name(message, at)
            rtype, _, ttl, length = struct.unpack("!2HIH", message[at : at + 10])
            at += 10
            records.append((owner, rtype, ttl, _rdata(message, rtype, at, length)))
            at += length
        sections.append(records)
    authority = [record for record in sections[1] if record[1] == TYPES["SOA"]]
    return flags & 0xF, bool(flags & 0x0400), sorted(sections[0]), authority


def _name(message, at):
    labels, end = [], None
    while message[at]:
        if message[at] >= 0xC0:
            end = end or at + 2
            at = struct.unpack("!H", message[at : at + 2])[0] & 0x3FFF
        else:
            labels.append(message[at + 1 : at + 1 + message[at]].decode("latin-1").lower())
            at += 1 + message[at]
    return ".".join(labels), end or at + 1


def _rdata(message, rtype, at, length):
    if rtype in (TYPES["NS"], TYPES["CNAME"]):
        return _name(message, at)[0]
    if rtype == TYPES["MX"]:
        return f"{message[at] << 8 | message[at + 1]} {_name(message, at + 2)[0]}"
    if rtype == TYPES["SOA"]:
        primary, at = _name(message, at)
        mailbox, at = _name(message, at)
        return " ".join([primary, mailbox, *map(str, struct.unpack("!5I", message[at : at + 20]))])
    return message[at : at + length].hex()
