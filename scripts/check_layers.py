#!/usr/bin/env python3
"""Checks that includes follow the layers: check_layers.py [ROOT]

The layers are read from the paragraph of docs/design.md that begins with "Layers:", so that page and code cannot
drift apart. Prints one line per offence, `file:line: what`, and exits with status 1 when there is any.
"""

import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
TORCH = re.compile(r"^(torch|ATen|c10|caffe2)/")
TORCH_ROOMS = {"nn", "train", "run"}
# Libraries we use but do not show: a user of our headers must not need theirs.
HIDDEN = re.compile(r"^(nlohmann/|yaml-cpp/|fmt/|simdjson|xxhash|CLI/|zlib|zstd|sqlite3|pcre2|utf8proc)")
PRIVATE = "_private.h"  # Such a header is for our own sources and is not installed.
ANYTHING = ("apps", "tests", "bench", "examples")


def read_layers(design):
    """Room -> the rooms it may include, from chains like `base < skill < data` in the design page."""
    match = re.search(r"^Layers:.*?(?=\n\n|\Z)", design.read_text(), re.MULTILINE | re.DOTALL)
    if match is None:
        raise SystemExit(f"{design}: no paragraph begins with 'Layers:'; check_layers.py reads the layers there")
    below = {}
    for chain in re.findall(r"`([a-z_]+(?: < [a-z_]+)+)`", match[0]):
        rooms = chain.split(" < ")
        if rooms[0] == "core":  # All rooms named so far.
            core = set(below)
            below[rooms[1]] = core
            rooms = rooms[1:]
        for lower, upper in zip(rooms, rooms[1:]):
            below.setdefault(lower, set())
            below.setdefault(upper, set()).update(below[lower] | {lower})
    return below


def includes(path):
    for number, text in enumerate(path.read_text().split("\n"), 1):
        if match := INCLUDE.match(text):
            yield number, match[1] == "<", match[2]


def is_public(name):
    return name.endswith(".h") and not name.endswith(PRIVATE)


def check_room_file(path, room, layers, root):
    own_header = path.with_suffix(".h")
    if path.suffix == ".cpp" and own_header.exists():
        own_name = own_header.relative_to(root).as_posix()
        first = next(includes(path), (1, False, "nothing"))
        if first[2] != own_name:
            yield first[0], f'includes {first[2]} first; its own header "{own_name}" comes first'
    for number, angled, name in includes(path):
        if TORCH.match(name) and room not in TORCH_ROOMS:
            yield number, f"{room}/ includes {name}; only {', '.join(sorted(TORCH_ROOMS))} may use torch"
        if is_public(path.name) and HIDDEN.match(name):
            yield number, f"a public header includes {name}; keep third-party types in sources and *_private.h"
        if is_public(path.name) and name.endswith(PRIVATE):
            yield number, f"a public header includes {name}, which is not installed"
        if angled:
            continue
        parts = name.split("/")
        if len(parts) != 3 or parts[0] != "skillit":
            yield number, f'includes "{name}"; write "skillit/<room>/<file>.h"'
        elif parts[1] != room and parts[1] not in layers[room]:
            yield number, f"{room}/ includes {name}, but {parts[1]} is not below {room}"


def check(root):
    layers = read_layers(root / "docs" / "design.md")
    offences = []
    for folder in ("skillit", *ANYTHING):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".h", ".cpp", ".cu"):
                continue
            where = path.relative_to(root)
            if path.suffix == ".h" and "#pragma once" not in path.read_text():
                offences.append(f"{where}:1: has no #pragma once")
            if folder != "skillit":
                continue
            room = where.parts[1]
            if len(where.parts) != 3 or room not in layers:
                offences.append(f"{where}:1: is in no room of docs/design.md (known: {', '.join(layers)})")
                continue
            offences += [f"{where}:{number}: {what}" for number, what in check_room_file(path, room, layers, root)]
    return offences


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1])
    offences = check(root)
    for line in offences:
        print(line)
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
