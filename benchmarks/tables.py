"""Writes the tables of benchmarks/README.md from the files in benchmarks/results, between the
comments <!-- results:begin --> and <!-- results:end -->; all else stays as it is."""
import json
import statistics
from pathlib import Path

HERE = Path(__file__).parent
README, RESULTS = HERE / "README.md", HERE / "results"
BEGIN, END = "<!-- results:begin -->", "<!-- results:end -->"
SIDE_BY_SIDE = ["perplexity", "sweep", "arc_easy", "hellaswag", "start", "llama_cpp"]


def update():
    README.write_text(filled(README.read_text(encoding="utf-8"), results()), encoding="utf-8")


def filled(document, found):
    before, begun, rest = document.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        raise ValueError(f"expected {BEGIN} and {END} in benchmarks/README.md, found no such place")
    return before + "\n".join([BEGIN, *tables(found), END]) + after


def results():
    """What was measured, by the name of the benchmark."""
    files = sorted(RESULTS.glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def tables(found):
    if not found:
        return ["Nothing was measured yet."]
    return [*measurements(found), "", *conditions(found)]


def summary(name, result):
    """One result, for the terminal."""
    return [*measurements({name: result}), "", others(result["machine_load"]), ""]


def measurements(found):
    parts = [side_by_side(found)]
    for name, part in [("memory", memory), ("cost", cost), ("streaming", streaming)]:
        parts.append(part(found[name]) if name in found else [])
    return [line for part in parts if part for line in [*part, ""]][:-1]


def side_by_side(found):
    rows = [row for name in SIDE_BY_SIDE if name in found for row in compared(name, found[name])]
    header = [
        "benchmark", "a round", "beside", "ours, s", "its, s", "times as long, median",
        "least to most", "goal", "rounds", "largest difference (allowed)",
    ]
    return table(header, rows) if rows else []


def compared(name, result):
    """One row for each side beside ours; seconds are medians."""
    (_, ours), *others = result["seconds"].items()
    agreement = result["agreement"]
    for other, seconds in others:
        ratio = result["ratios"][other]
        yield [
            name,
            result["round"],
            other,
            f"{statistics.median(ours):.2f}",
            f"{statistics.median(seconds):.2f}",
            f"{ratio['median']:.2f}",
            f"{ratio['minimum']:.2f} to {ratio['maximum']:.2f}",
            goal(result["goal"], ratio["median"], statistics.median(ours)),
            len(seconds),
            f"{agreement['largest_difference']:.1e} ({agreement['allowed']:.0e})",
        ]


def goal(goal, ratio, seconds):
    if "ratio" in goal:
        return f"at least {goal['ratio']}: {reached(ratio >= goal['ratio'])}"
    if "seconds" in goal:
        return f"ours under {goal['seconds']} s: {reached(seconds < goal['seconds'])}"
    return "–"


def reached(holds):
    return "reached" if holds else "**missed**"


def memory(result):
    rows = [
        [
            f"`{each['command']}`",
            f"{each['peak_gib']:.2f}",
            f"under {each['bound_gib']}: {reached(each['peak_gib'] < each['bound_gib'])}",
            f"{each['seconds']:.1f}",
        ]
        for each in result["commands"]
    ]
    return table(["command", "peak resident memory, GiB", "goal", "s"], rows)


def cost(result):
    lines = []
    for curve in result["curves"]:
        header = [curve["x_axis"], *(f"{name}, s" for name in curve["lines"])]
        rows = [
            [points[0]["x"], *(f"{each['y']:.2f}" for each in points)]
            for points in zip(*curve["lines"].values(), strict=True)
        ]
        picture = f"![{curve['title']}](results/{curve['name']}.svg)"
        lines += [picture, "", *table(header, rows), ""]
    return lines[:-1]


def streaming(result):
    made, bounds = result["checkpoint"], result["bounds"]
    text = (
        f"A checkpoint of {made['layers']} layers, {made['hidden']} wide, {made['bytes'] / 1e9:.2f}"
        f" GB, made in {made['made_in_seconds']:.0f} s. Every search found the planted super weight"
        f" {made['planted']} and nothing else."
    )
    rows = [search_row(rounds, bounds) for rounds in zip(*result["rounds"], strict=True)]
    header = [
        "command", "page cache", "s", "GB from the disk", "the disk, MB/s", "times its speed",
        "peak resident memory, GiB", "goal",
    ]
    return [text, "", *table(header, rows)]


def search_row(rounds, bounds):
    """One kind of search in all rounds; the median speed and the largest peak meet their goals."""
    peak = max(each["peak_gib"] for each in rounds)
    return [
        f"`{rounds[0]['command']}`",
        rounds[0]["cache"],
        spread([each["seconds"] for each in rounds], 1),
        f"{rounds[0]['read_bytes'] / 1e9:.2f}",
        *disk(rounds, bounds["share_of_disk"]),
        f"{peak:.2f}",
        f"at most {bounds['peak_gib']}: {reached(peak <= bounds['peak_gib'])}",
    ]


def disk(rounds, least):
    """With warm files nothing is read from the disk."""
    if "disk" not in rounds[0]:
        return "–", "–"
    shares = [each["share_of_disk"] for each in rounds]
    speeds = [each["disk"]["bytes_per_second"] / 1e6 for each in rounds]
    goal = f"at least {least}: {reached(statistics.median(shares) >= least)}"
    return spread(speeds, 0), f"{spread(shares, 2)}, {goal}"


def spread(values, digits):
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"



def conditions(found):
    """When, on what and from which commit each was measured, and what else ran."""
    rows = [
        [
            name,
            result["date"],
            result["commit"],
            machine(result["machine"]),
            f"{result['threads']}, others wait: {result['others_wait']}",
            others(result["machine_load"]),
            versions(result.get("versions", {})),
        ]
        for name, result in found.items()
    ]
    header = ["benchmark", "date", "commit", "machine", "threads", "other work", "versions"]
    return table(header, rows)


def machine(here):
    return f"{here['cpu']}, {here['cores']} cores, {here['memory_gib']} GiB, {here['os']}"


def others(load):
    word = "**the machine was busy**" if load["busy"] else "quiet"
    percent = 100 * load["others_share"]
    return f"{word}: load {load['load_before']} before; others took {percent:.0f} % of the cores"


def versions(sides):
    told = [
        f"{side}: {', '.join(f'{name} {version}' for name, version in sorted(each.items()))}"
        for side, each in sides.items()
    ]
    return "; ".join(told) or "–"


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(map(str, cells))} |" for cells in lines]
