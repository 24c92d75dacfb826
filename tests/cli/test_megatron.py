"""`skillit data blend` beside Megatron's algorithms in NumPy, and beside megatron-core itself where it is installed
(pip install --no-deps megatron-core, with torch; not part of the set-up)."""

import json
import math
import os
import subprocess

import pytest

np = pytest.importorskip("numpy")

WINDOW, SAMPLES, SEED = 16, 3000, 4321
WEIGHTS = {"a": 0.6, "b": 0.3, "c": 0.1}


def skillit(*arguments):
    result = subprocess.run([os.environ["SKILLIT_BIN"], *map(str, arguments)], capture_output=True, text=True,
                            timeout=300)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """Three skills that need 2, 4 and 1 epochs or so, and their blend."""
    folder = tmp_path_factory.mktemp("megatron")
    generator = np.random.default_rng(1)
    for name, documents in (("a", 400), ("b", 120), ("c", 300)):
        texts = ["x" * length for length in generator.integers(1, 90, documents)]
        # A document is its number and its text, so that no two are the same.
        lines = [json.dumps({"text": f"{name}{i} {text}"}) for i, text in enumerate(texts)]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    skillit("data", "pack", folder / "pack", *(folder / f"{name}.jsonl" for name in WEIGHTS), "--validation", "0.05")
    weights = [argument for name, weight in WEIGHTS.items() for argument in ("--weight", f"{name}={weight}")]
    print(skillit("data", "blend", folder / "pack", "--samples", SAMPLES, "--window", WINDOW, "--seed", SEED, *weights,
                  "--out", folder / "blend"))
    return folder


def lengths_of(prefix):
    raw = open(f"{prefix}.idx", "rb").read()
    return np.frombuffer(raw, "<i4", int.from_bytes(raw[18:26], "little"), 34)


def normalize(weights):
    weights = np.array(weights, np.float64)
    return weights / np.sum(weights)


def blend_by_definition(weights, size):
    taken, places = np.zeros(len(weights)), []
    for i in range(size):
        chosen = int(np.argmax(weights * max(float(i), 1.0) - taken))  # The first of equal ones.
        places.append((chosen, int(taken[chosen])))
        taken[chosen] += 1
    return np.array(places)


def samples_by_definition(lengths, asked):
    """Document, sample and shuffle index, written from their description."""
    tokens, epochs = int(lengths.sum()), 1
    while epochs * tokens < asked * WINDOW + 1:
        epochs += 1
    whole = ((epochs - 1) * tokens - 1) // WINDOW
    apart = epochs > 1 and asked - whole < int(0.80 * ((tokens - 1) // WINDOW))
    total = (epochs * tokens - 1) // WINDOW
    random = np.random.RandomState(SEED)

    def shuffled(values):
        random.shuffle(values)
        return values

    ids = np.arange(len(lengths))
    document_parts = [np.tile(ids, epochs - 1), ids.copy()] if apart else [np.tile(ids, epochs)]
    documents = np.concatenate([shuffled(part) for part in document_parts])
    shuffle_parts = [np.arange(whole), np.arange(whole, total)] if apart else [np.arange(total)]
    shuffle = np.concatenate([shuffled(part) for part in shuffle_parts])
    ends = np.cumsum(lengths[documents])
    cuts = np.arange(total + 1) * WINDOW
    places = np.searchsorted(ends, cuts, side="right")
    rows = np.stack([places, cuts - np.concatenate([[0], ends])[places]], 1)
    rows[0] = 0
    return documents, rows, shuffle, epochs, apart


def test_the_blend_is_that_of_the_definition(pack):
    weights = normalize(normalize(list(WEIGHTS.values())))
    expected = blend_by_definition(weights, SAMPLES)
    found = np.load(pack / "blend" / "dataset_index.npy"), np.load(pack / "blend" / "dataset_sample_index.npy")
    assert found[0].dtype == np.int16 and found[1].dtype == np.int64
    assert np.array_equal(np.stack(found, 1), expected)


def test_samples_are_those_of_the_definition(pack):
    apart, epochs = set(), set()
    for name, weight in zip(WEIGHTS, normalize(list(WEIGHTS.values()))):
        asked = math.ceil(math.ceil(SAMPLES * weight) * 1.005)
        *expected, num_epochs, last_apart = samples_by_definition(lengths_of(pack / "pack" / f"{name}.train"), asked)
        apart.add(last_apart)
        epochs.add(num_epochs)
        for kind, array, dtype in zip(("document", "sample", "shuffle"), expected, (np.int32, np.int32, np.uint32)):
            found = np.load(pack / "blend" / f"{name}.train.{kind}_index.npy")
            assert found.dtype == dtype and np.array_equal(found, array), (name, kind)
    assert apart == {False, True} and 1 in epochs  # All cases were there.


def test_weights_are_divided_as_numpy_does(pack, tmp_path):
    """Through the order of 5000 samples of 3 skills with weights that do not sum to 1."""
    weights = {"a": 0.1, "b": 0.7, "c": 1 / 3}
    options = [argument for name, weight in weights.items() for argument in ("--weight", f"{name}={weight!r}")]
    skillit("data", "blend", pack / "pack", "--samples", 5000, "--window", WINDOW, *options, "--out", tmp_path)
    expected = blend_by_definition(normalize(normalize(list(weights.values()))), 5000)
    assert np.array_equal(np.load(tmp_path / "dataset_index.npy"), expected[:, 0])


def test_what_cannot_be_is_refused(pack):
    for options, words in ((["--weight", "d=1"], "'d'"), (["--weight", "a=0"], "the weight of 'a' is 0"), (["--weight", "a"], "--weight"),
                           (["--window", "1000000"], "hold no sample")):
        result = subprocess.run([os.environ["SKILLIT_BIN"], "data", "blend", pack / "pack", "--samples", "10", *options],
                                capture_output=True, text=True, timeout=60)
        assert result.returncode == 2 and words in result.stderr, result.stderr


@pytest.mark.filterwarnings("ignore")
def test_megatron_core_gives_the_same(pack):
    datasets = pytest.importorskip("megatron.core.datasets.gpt_dataset", reason="megatron-core is not installed")
    from megatron.core.datasets.blended_dataset import BlendedDataset
    from megatron.core.datasets.indexed_dataset import IndexedDataset
    from megatron.core.datasets.utils import Split, normalize as megatron_normalize

    class Tokenizer:
        eod, pad, vocab_size, unique_identifiers = 256, 257, 512, {"class": "test"}

    weights = megatron_normalize(list(WEIGHTS.values()))
    config = datasets.GPTDatasetConfig(random_seed=SEED, sequence_length=WINDOW, split="1,0,0", tokenizer=Tokenizer(),
                                       blend=(["unused"], None), reset_position_ids=False, reset_attention_mask=False,
                                       eod_mask_loss=False, path_to_cache=None)
    parts = []
    for name, weight in zip(WEIGHTS, weights):
        prefix = str(pack / "pack" / f"{name}.train")
        reader = IndexedDataset(prefix, multimodal=False, mmap=True)
        assert np.array_equal(reader.sequence_lengths, lengths_of(prefix))
        assert bytes(int(t) for t in reader[0][:-1]).decode().startswith(name) and reader[0][-1] == 256
        asked = math.ceil(math.ceil(SAMPLES * weight) * 1.005)
        part = datasets.GPTDataset(reader, prefix, np.arange(len(reader), dtype=np.int32), asked, Split.train, config)
        for kind in ("document", "sample", "shuffle"):
            found = np.load(pack / "blend" / f"{name}.train.{kind}_index.npy")
            expected = getattr(part, f"{kind}_index")
            assert found.dtype == expected.dtype and np.array_equal(found, expected), (name, kind)
        parts.append(part)
    blend = BlendedDataset(parts, weights, SAMPLES, config)
    for kind in ("dataset_index", "dataset_sample_index"):
        found = np.load(pack / "blend" / f"{kind}.npy")
        assert found.dtype == getattr(blend, kind).dtype and np.array_equal(found, getattr(blend, kind))
