"""Batches of a pack (`skillit data pack`): docs/stream.md says what the stream promises."""

import ctypes
import json
import operator
from dataclasses import dataclass
from typing import Optional

import numpy as np

from . import library


class SkillitError(RuntimeError):
    """Says where, what was found, what was expected, and what to do."""


@dataclass
class Batch:
    """This rank's rows of a batch."""

    tokens: np.ndarray  #: [rows, window] int32; the end of document behind a shorter window.
    labels: np.ndarray  #: [rows, window] int32: the token after each; -100 where none is to be learned.
    starts: Optional[np.ndarray]  #: [rows, window] int32: where each token's document begins; with document_mask.
    skills: np.ndarray  #: [rows] int32, in the order of PackStream.skills.
    indices: np.ndarray  #: [rows] int64: which of its skill's windows a row is.


class PackStream:
    """Reads a pack's training windows on threads of its own. One user at a time.

    Options, with their defaults: window=256 tokens; packing="greedy" or "best-fit"; document_mask=False; batch=32 rows
    over all ranks; rank=0, world=1; threads=1; ahead=8 batches; seed=0; unit="samples" or "tokens"; fair=False;
    spent="repeat", "drop" or "stop", with max_epochs=1; first=0, stride=1: takes every stride-th batch.
    """

    def __init__(self, pack, **options):
        self.options = {"pack": str(pack), **options}
        self._handle = None
        self._library = library.load()
        options = json.dumps(self.options, default=lambda number: number.item())  # NumPy's numbers.
        self._handle = self._check(self._library.skillit_reader_open(options.encode()))
        self._about = json.loads(self._check(self._library.skillit_reader_about(self._reader)))

    def __del__(self):
        self.close()

    def close(self):
        if self._handle:
            self._library.skillit_reader_close(self._handle)
        self._handle = None

    @property
    def _reader(self):
        if self._handle is None:
            raise SkillitError("the stream was closed; open another PackStream")
        return self._handle

    def __reduce__(self):
        """As a process started anew gets it: opened again, at the same place."""
        return _reopened, (self.options, self.state())

    @property
    def skills(self):
        """Names, in the order of the pack."""
        return [skill["name"] for skill in self._about["skills"]]

    @property
    def about(self):
        """The skills with their windows and tokens, the size of the vocabulary, the end of a document."""
        return self._about

    def block(self, weights, batches):
        """Ends the current block and begins one of `batches` with these weights, by name or in the order of `skills`.
        Returns an iterator over its Batches; it has fewer when skills are spent."""
        self.begin_block(weights, batches)
        return iter(self)

    def begin_block(self, weights, batches):
        """As block(), but returns the number of batches."""
        if isinstance(weights, dict):
            unknown = set(weights) - set(self.skills)
            if unknown:
                raise SkillitError(f"the pack has no skill {min(unknown)!r}; it has {', '.join(self.skills)}")
            weights = [weights.get(name, 0.0) for name in self.skills]
        values = np.ascontiguousarray(weights, np.float64)
        if values.ndim != 1 or batches < 1:
            raise SkillitError(f"a block of {batches} batches with weights of shape {values.shape}; at least 1 batch, and "
                               f"a weight for each of the {len(self.skills)} skills are needed")
        return self._check(
            self._library.skillit_reader_begin_block(self._reader, values.ctypes.data, len(values), operator.index(batches)))

    def __iter__(self):
        """The rest of the block."""
        while (batch := self.next()) is not None:
            yield batch

    def next(self):
        """The next Batch; None at the end of the block."""
        shape = self._about["rows"], self._about["window"]
        tokens, labels = np.empty(shape, np.int32), np.empty(shape, np.int32)
        starts = np.empty(shape, np.int32) if self._about["document_mask"] else None
        skills, indices = np.empty(shape[0], np.int32), np.empty(shape[0], np.int64)
        places = [None if array is None else ctypes.c_void_p(array.ctypes.data)
                  for array in (tokens, labels, starts, skills, indices)]
        if self._check(self._library.skillit_reader_next(self._reader, *places)) == 0:
            return None
        return Batch(tokens, labels, starts, skills, indices)

    def skip_to(self, batches):
        """As if `batches` of the current block had been read, by whomever."""
        self._check(self._library.skillit_reader_skip(self._reader, operator.index(batches)))

    def state(self):
        """JSON text: the place after the last batch, for resume()."""
        return self._check(self._library.skillit_reader_state(self._reader)).decode()

    def resume(self, state):
        """Goes on there, with any number of ranks and threads; skills may have come, gone or grown."""
        self._check(self._library.skillit_reader_resume(self._reader, state.encode()))

    def report(self):
        """What was asked and delivered by skill, in samples or tokens, epochs, and the skills that are spent."""
        return json.loads(self._check(self._library.skillit_reader_report(self._reader)))

    def _check(self, result):
        if result is None or result == -1:
            raise SkillitError(self._library.skillit_error().decode())
        return result


def _reopened(options, state):
    stream = PackStream(**options)
    stream.resume(state)
    return stream
