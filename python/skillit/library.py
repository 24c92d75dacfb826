"""The C interface (python/skillit_c.h) of libskillit_c.so: SKILLIT_LIBRARY, or where it was installed or built."""

import ctypes
import os
from pathlib import Path

NAME = "libskillit_c.so"


def find():
    root = Path(__file__).resolve().parents[2]  # Of the sources, or of an installation's lib folder.
    named = os.environ.get("SKILLIT_LIBRARY")
    # Not those with sanitizers or for fuzzing, which no Python loads.
    built = [str(root / "build" / preset / NAME) for preset in ("release", "dev", "core")]
    places = [named] if named else [str(Path(__file__).with_name(NAME)), str(root / "skillit" / NAME), *built]
    for place in places:
        if os.path.exists(place):
            return place
    raise ImportError(f"{NAME} was not found at {', '.join(places)}: build skillit, or set SKILLIT_LIBRARY to its path")


def load():
    library = ctypes.CDLL(find())
    text, reader, u64 = ctypes.c_char_p, ctypes.c_void_p, ctypes.c_uint64
    pointer = ctypes.c_void_p
    for name, result, arguments in [
            ("error", text, []), ("reader_open", reader, [text]), ("reader_close", None, [reader]),
            ("reader_about", text, [reader]), ("reader_begin_block", ctypes.c_int64, [reader, pointer, u64, u64]),
            ("reader_next", ctypes.c_int, [reader] + 5 * [pointer]), ("reader_state", text, [reader]),
            ("reader_resume", ctypes.c_int, [reader, text]), ("reader_skip", ctypes.c_int, [reader, u64]),
            ("reader_report", text, [reader])]:
        function = getattr(library, f"skillit_{name}")
        function.restype, function.argtypes = result, arguments
    return library
