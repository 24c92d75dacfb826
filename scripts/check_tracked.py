#!/usr/bin/env python3
"""Checks that no tracked file names a host outside a short list, or a path of somebody's machine.

Where packages come from is each machine's own configuration; a name written here would be wrong elsewhere.
check_tracked.py [ROOT]. Prints one line per offence, `file:line: what`, and exits with status 1 when there is
any, 77 (skipped) where git is not at hand.
"""

import re
import subprocess
import sys
from pathlib import Path

URL = r"(?:https?|ftp|ssh|git)://(?:[^\s/@]*@)?([\w-]+(?:\.[\w-]+)+)"
HOST = re.compile(URL + r"|\b((?:[a-z0-9-]+\.)+(?:org|com))\b", re.IGNORECASE)
# Names that identify a text or a format, never a place to download from.
ALLOWED_HOSTS = {
    "apache.org", "www.apache.org", "arxiv.org", "creativecommons.org", "example.com", "example.org", "www.w3.org", "yaml.org"}
MACHINE_PATH = re.compile(r"(?<![\w.$}~*-])/(?:work|root|home|opt|Users|mnt|srv)/[\w.-]+")
# Excerpts of other people's data are kept as they are.
DATA_FOLDERS = ("tests/golden/", "tests/fixtures/")


def offences_in(name, text):
    for number, line in enumerate(text.split("\n"), 1):
        for match in HOST.finditer(line):
            host = (match[1] or match[2]).lower()
            if host not in ALLOWED_HOSTS and not name.startswith(DATA_FOLDERS):
                yield f"{name}:{number}: names the host {host}"
        for match in MACHINE_PATH.finditer(line):
            yield f"{name}:{number}: names a path of one machine, {match[0]}"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1])
    try:
        listing = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        print("skipped: not a git checkout")
        return 77
    offences = []
    for name in filter(None, listing.stdout.split("\0")):
        try:
            offences += offences_in(name, (root / name).read_text())
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue  # Binary, or removed and not yet committed.
    for line in offences:
        print(line)
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
