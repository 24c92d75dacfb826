"""The Python package (python/skillit): batches of a pack for trainers of their own."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
BUILD = Path(os.environ["SKILLIT_BIN"]).resolve().parents[2]
os.environ.setdefault("SKILLIT_LIBRARY", str(BUILD / "libskillit_c.so"))
sys.path.insert(0, str(Path(__file__).parents[2] / "python"))
if not Path(os.environ["SKILLIT_LIBRARY"]).exists():
    pytest.skip(f"{os.environ['SKILLIT_LIBRARY']} was not built", allow_module_level=True)

import skillit  # noqa: E402

WINDOW, BATCH = 64, 24  # No document is longer than a window.
WEIGHTS = {"poems": 0.25, "news": 0.75}


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    for skill in WEIGHTS:
        lines = [json.dumps({"text": f"{skill} " + "x" * (i * 7 % 40)}) + "\n" for i in range(600)]
        (folder / f"{skill}.jsonl").write_text("".join(lines))
    subprocess.run([os.environ["SKILLIT_BIN"], "data", "pack", folder / "pack", *folder.glob("*.jsonl"), "--validation",
                    "0"], check=True, capture_output=True, timeout=120)
    return folder / "pack"


def open_stream(pack, **options):
    return skillit.PackStream(pack, **{"window": WINDOW, "batch": BATCH, "seed": 5, **options})


def rows(batches):
    """Skill and window of every row, batch by batch."""
    return [list(zip(batch.skills.tolist(), batch.indices.tolist())) for batch in batches]


def test_a_batch_is_documents_of_the_pack_in_the_shares_asked(pack):
    stream = open_stream(pack, packing="best-fit", document_mask=True, fair=True)
    assert stream.skills == ["news", "poems"] and stream.about["end_of_document"] == 256
    for number, batch in enumerate(stream.block(WEIGHTS, 10)):
        assert batch.tokens.shape == batch.labels.shape == batch.starts.shape == (BATCH, WINDOW)
        assert batch.skills.tolist().count(0) == BATCH * 3 // 4
        for tokens, labels, starts, skill in zip(batch.tokens, batch.labels, batch.starts, batch.skills):
            first = bytes(tokens[:5].tolist()).decode()
            assert first.startswith(stream.skills[skill][:4])
            learned = labels[:-1] != -100
            assert np.array_equal(labels[:-1][learned], tokens[1:][learned]) and labels[-1] == -100
            # Exactly the last token of each document has nothing to learn: the next is another's first.
            begins = np.flatnonzero(starts == np.arange(WINDOW))
            assert np.array_equal(np.flatnonzero(~learned[:begins[-1]]), begins[1:] - 1)
    report = stream.report()
    assert number == 9 and report["delivered"] == [180, 60] == report["samples"] and report["batches_read"] == report["batches"] == 10
    assert np.allclose(report["asked"], [180, 60])


def test_ranks_threads_and_interruptions_change_nothing(pack):
    whole = open_stream(pack, unit="tokens")
    expected = rows(whole.block(WEIGHTS, 7)) + rows(whole.block([0.5, 0.5], 5))
    for world in (1, 2, 3, 8):
        parts = []
        for rank in range(world):
            stream = open_stream(pack, unit="tokens", rank=rank, world=world, threads=1 + rank % 3)
            stream.begin_block(WEIGHTS, 7)
            part = rows(stream.next() for _ in range(3))
            again = open_stream(pack, unit="tokens", rank=rank, world=world, threads=2)
            again.resume(stream.state())
            parts.append(part + rows(again) + rows(again.block([0.5, 0.5], 5)))
        found = [[row for turn in zip(*batch) for row in turn] for batch in zip(*parts)]
        assert found == expected, world


def test_errors_are_said_in_words(pack, tmp_path):
    for options, words in (({"windows": 3}, "windows is unknown"), ({"window": "x"}, "whole number from 0 was expected"),
                           ({"window": 64.5}, "64.5.*whole number"), ({"seed": -1}, "-1.*whole number"), ({"fair": 1}, "a bool"),
                           ({"packing": "tight"}, "'best-fit'"), ({"batch": 3, "world": 2}, "divide the batch")):
        with pytest.raises(skillit.SkillitError, match=words):
            open_stream(pack, **options)
    with pytest.raises(skillit.SkillitError, match="nowhere"):
        skillit.PackStream(tmp_path / "nowhere")
    stream = open_stream(pack)
    for weights, words in (({"prose": 1}, "no skill 'prose'"), ([1, 2, 3], "3 shares for 2 skills")):
        with pytest.raises(skillit.SkillitError, match=words):
            stream.block(weights, 2)
    for weights, batches in (([0.5, 0.5], 0), ([0.5, 0.5], -1), ([[0.5], [0.5]], 2)):
        with pytest.raises(skillit.SkillitError, match="at least 1 batch"):
            stream.block(weights, batches)
    with pytest.raises(TypeError):
        stream.block([0.5, 0.5], 1.5)
    with pytest.raises(skillit.SkillitError, match="state"):
        stream.resume("{")


def test_a_closed_stream_says_so(pack):
    stream = open_stream(pack)
    stream.begin_block(WEIGHTS, 2)
    stream.close()
    stream.close()
    for use in (lambda: stream.block(WEIGHTS, 2), stream.next, stream.state, stream.report, lambda: stream.resume("{}"),
                lambda: stream.skip_to(1)):
        with pytest.raises(skillit.SkillitError, match="closed"):
            use()


def test_numbers_of_numpy_are_options_too(pack):
    stream = open_stream(pack, window=np.int64(32), fair=np.bool_(True))
    assert stream.about["window"] == 32 and len(list(stream.block(np.float32([1, 3]), np.int64(2)))) == 2


def test_it_is_pickled_with_its_place(pack):
    stream = open_stream(pack)
    stream.begin_block(WEIGHTS, 4)
    stream.next()
    copy = pickle.loads(pickle.dumps(stream))
    assert rows(copy) == rows(stream)


@pytest.mark.filterwarnings("ignore")  # Of more workers than processors.
def test_a_data_loader_gives_the_same_with_any_number_of_workers(pack):
    torch = pytest.importorskip("torch")
    from skillit.torch_data import BlockDataset

    stream = open_stream(pack)
    stream.begin_block(WEIGHTS, 9)
    for already in (0, 1, 5):
        stream.skip_to(already)
        dataset = BlockDataset(stream)
        expected = [batch.tokens for batch in stream]
        assert len(expected) == 9 - already
        for workers in (0, 1, 3):
            found = list(torch.utils.data.DataLoader(dataset, batch_size=None, num_workers=workers))
            assert all(np.array_equal(batch["tokens"], tokens) for batch, tokens in zip(found, expected, strict=True))
