#!/usr/bin/env python3
"""Writes skillit/tokenize/unicode_tables.inc: what the Python package `tokenizers` takes for letters, numbers and word
characters, asked from the package itself, one code point after the other.

The package, PCRE2 and utf8proc each carry their own version of Unicode; these tables are where they differ.
Needs .venv with `tokenizers`, and libutf8proc. make_unicode_tables.py > skillit/tokenize/unicode_tables.inc
"""

import ctypes
import ctypes.util
import unicodedata

import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
# Of these the general path (PCRE2) is told what is new since its own tables, Unicode 14 as in this Python.
PROPERTIES = ["L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "N", "Nd", "Nl", "No"]


def removed_by(pre_tokenizer):
    """The code points that it takes out of a text."""
    removed = set()
    for begin in range(0, len(POINTS), 4096):
        chunk = POINTS[begin:begin + 4096]
        kept = set()
        for _, (start, end) in pre_tokenizer.pre_tokenize_str("".join(map(chr, chunk))):
            kept.update(range(start, end))
        removed.update(c for i, c in enumerate(chunk) if i not in kept)
    return removed


def of_property(name):
    return removed_by(pre_tokenizers.Split(Regex(rf"\p{{{name}}}+"), "removed"))


def is_word(c):
    # Whitespace cuts between word characters and others; a letter on each side shows on which side c is.
    return c not in SPACES and len(pre_tokenizers.Whitespace().pre_tokenize_str("a" + chr(c) + "a")) == 1


class Utf8proc:
    NFD, NFKD = 1 << 1 | 1 << 4, 1 << 1 | 1 << 4 | 1 << 2  # STABLE, DECOMPOSE, COMPAT

    def __init__(self):
        self.library = ctypes.CDLL(ctypes.util.find_library("utf8proc"))

    def __call__(self, text, form):
        raw, out = text.encode(), ctypes.c_void_p()
        size = self.library.utf8proc_map(raw, ctypes.c_ssize_t(len(raw)), ctypes.byref(out), form)
        result = ctypes.string_at(out, size).decode()
        ctypes.CDLL(None).free(out)
        return result


def normalized_later():
    """Code points that utf8proc reorders, decomposes or composes and the package, being older, leaves alone."""
    utf8proc, nfd, nfkd = Utf8proc(), normalizers.NFD(), normalizers.NFKD()
    for c in POINTS:
        contexts = ["a\u0301" + chr(c) + "\u0316", "a" + chr(c) + "\u0334", "a\u0345" + chr(c)]
        if any(utf8proc(t, Utf8proc.NFD) != nfd.normalize_str(t) for t in contexts) or \
                utf8proc(chr(c), Utf8proc.NFKD) != nfkd.normalize_str(chr(c)):
            yield c


def print_ranges(name, points):
    ranges = []
    for c in sorted(points):
        if ranges and ranges[-1][1] == c - 1:
            ranges[-1][1] = c
        else:
            ranges.append([c, c])
    print(f"constexpr CodePointRange {name}[] = {{")
    line = "   "
    for first, last in ranges:
        text = f" {{0x{first:x}, 0x{last:x}}},"
        if len(line + text) > 100:
            print(line)
            line = "   "
        line += text
    print(line + "\n};")


SPACES = of_property("White_Space")


def main():
    print(f"// Made by scripts/make_unicode_tables.py from `tokenizers` {tokenizers.__version__}; do not edit.")
    letters = of_property("L")
    print_ranges("kLetters", letters)
    print_ranges("kNumbers", of_property("N"))
    print_ranges("kSpaces", SPACES)
    print_ranges("kOtherWordCharacters", (c for c in POINTS if c not in letters and is_word(c)))
    print_ranges("kNormalizedLater", normalized_later())
    names = []
    for name in PROPERTIES:
        old = {c for c in POINTS if unicodedata.category(chr(c)).startswith(name)}
        now = of_property(name)
        assert old <= now, name
        if now - old:
            print_ranges("kNew" + name, now - old)
            names.append(name)
    print("constexpr NewInProperty kNewInProperties[] = {")
    for name in names:
        print(f'    {{"{name}", kNew{name}}},')
    print("};")


if __name__ == "__main__":
    main()
