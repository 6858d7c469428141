"""Turns rounds into a Markdown table: medians, quartiles, and ratios pair by pair."""

import platform
import statistics
import subprocess
from pathlib import Path

from servers import ROOT


def quartiles(values):
    """Lower quartile, median, upper quartile."""
    values = list(values)
    if len(values) < 2:
        return (values[0],) * 3
    return tuple(statistics.quantiles(values, n=4, method="inclusive"))


def ratios(rounds, name, base):
    """Quartiles of the ratio of two servers' CPU time, each pair from the same round."""
    return quartiles(one[name].micros / one[base].micros for one in rounds)


def write(path, scenario, servers, rounds, facts):
    """`rounds` is a list of {server name: Round}; `facts` are lines for the head."""
    base = "gdnsd" if "gdnsd" in rounds[0] else servers[0].name
    lines = [f"# {scenario}", "", *facts, *machine(), "", *_medians(servers, rounds, base), ""]
    if "meridian" in rounds[0]:
        lines += _against(servers, rounds)
    lines += _every_round(servers, rounds)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return "\n".join(lines[: lines.index("<details>")])


def parts(servers, rounds):
    """For a picture: name -> medians of user and system time."""
    return {s.name: {part: statistics.median(getattr(one[s.name], part) for one in rounds)
                     for part in ("user", "system")} for s in servers}


def _medians(servers, rounds, base):
    yield f"| server | CPU µs per answer | quartiles | user | system | × {base} | quartiles | answers/s | p50 µs | p99 µs | p99.9 µs | lost % | ready s | PSS MiB | octets |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    for server in servers:
        mine = [one[server.name] for one in rounds]
        low, middle, high = quartiles(r.micros for r in mine)
        ratio_low, ratio, ratio_high = ratios(rounds, server.name, base)

        def median(field):
            return statistics.median(getattr(r, field) for r in mine)

        yield (f"| {server.name} | **{middle:.2f}** | {low:.2f}-{high:.2f} | {median('user'):.2f} | {median('system'):.2f} "
               f"| **{ratio:.2f}** | {ratio_low:.2f}-{ratio_high:.2f} | {median('answered_per_second'):.0f} "
               f"| {median('p50'):.0f} | {median('p99'):.0f} | {median('p999'):.0f} | {statistics.mean(r.lost_percent for r in mine):.4f} "
               f"| {server.ready_seconds:.2f} | {server.memory_mib:.0f} | {server.octets:.0f} |")


def _against(servers, rounds):
    for server in servers:
        if server.name != "meridian":
            low, middle, high = ratios(rounds, "meridian", server.name)
            yield f"Meridian / {server.name}: **{middle:.2f}** [{low:.2f}-{high:.2f}]"
            yield ""


def _every_round(servers, rounds):
    yield "<details>"
    yield "<summary>Every round: CPU µs per answer; in parentheses what others took of the server's core</summary>"
    yield ""
    yield "| round | " + " | ".join(server.name for server in servers) + " |"
    yield "|---" * (len(servers) + 1) + "|"
    for number, one in enumerate(rounds, 1):
        cells = (f"{one[s.name].micros:.3f} ({one[s.name].others_percent:.0f} %)" for s in servers)
        yield f"| {number} | " + " | ".join(cells) + " |"
    yield ""
    yield "</details>"


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    cores = sum(line.startswith("processor") for line in open("/proc/cpuinfo"))
    memory = int(open("/proc/meminfo").readline().split()[1]) // 1024 // 1024
    rmem = Path("/proc/sys/net/core/rmem_max").read_text().strip()
    return [
        f"- machine: {cpu}, {cores} cores, {memory} GiB; {platform.system()} {platform.release()}; "
        f"net.core.rmem_max {rmem}",
        f"- commit: {commit()}",
    ]


def commit():
    def git(*arguments):
        return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True).stdout.strip()

    changed = " with uncommitted changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    return f"`{git('rev-parse', '--short', 'HEAD') or 'unknown'}`{changed}"
