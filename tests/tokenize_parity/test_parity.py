"""`skillit tokenize` beside the Python package `tokenizers`: the same ids and the same text back.

SKILLIT_TOKENIZE names the program tokenize_probe, SKILLIT_SHARED the folder with data. A sample of the texts is compared; all of them with

    SKILLIT_ALL_DOCUMENTS=1 SKILLIT_TOKENIZE=build/dev/tests/tokenize_probe .venv/bin/python3 -m pytest -s tests/tokenize_parity
"""

import functools
import json
import os
import subprocess
from pathlib import Path

import pytest
import torture

tokenizers = pytest.importorskip("tokenizers")

SHARED = Path(os.environ.get("SKILLIT_SHARED", Path(__file__).parents[2] / ".." / "shared")) / "data"
SHIPPED = {"gpt2": SHARED / "tokenizers/gpt2/tokenizer.json", "gpt-neox-20b": SHARED / "tokenizers/gpt-neox-20b/20B_tokenizer.json"}
ALL = bool(os.environ.get("SKILLIT_ALL_DOCUMENTS"))
TEXTS = torture.WORDS + torture.random_texts(400 if ALL else 120, seed=1)
CODE_POINT_FORMS = ["gpt2", "llama3", "llama3-general", "NFC", "NFKD"]


def skillit(*arguments, given=None):
    result = subprocess.run([os.environ["SKILLIT_TOKENIZE"], "tokenize", *map(str, arguments)], capture_output=True, input=given, timeout=600)
    assert result.returncode == 0, result.stderr.decode()
    return result


def encode(tokenizer, texts, *arguments):
    given = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    return [json.loads(line)["ids"] for line in skillit("--tokenizer", tokenizer, *arguments, given=given).stdout.splitlines()]


def decode(tokenizer, ids):
    given = "".join(json.dumps({"ids": one}) + "\n" for one in ids).encode()
    return [json.loads(line)["text"] for line in skillit("--tokenizer", tokenizer, "--decode", given=given).stdout.splitlines()]


def expected_ids(reference, texts):
    return [encoding.ids for encoding in reference.encode_batch_fast(texts, add_special_tokens=False)]


def expect_same(tokenizer, texts, round_trip=True):
    """Compares ids, and what comes back; gives the number of tokens."""
    reference = tokenizers.Tokenizer.from_file(str(tokenizer))
    expected = expected_ids(reference, texts)
    found = encode(tokenizer, texts)
    assert len(found) == len(expected)
    for text, one, other in zip(texts, found, expected):
        assert one == other, f"{text[:300]!a}"
    if round_trip:
        assert decode(tokenizer, expected) == reference.decode_batch(expected, skip_special_tokens=False)
    return sum(map(len, expected))


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A small tokenizer learned from the torture texts and this folder's sources."""
    folder = tmp_path_factory.mktemp("trained")
    sources = [path.read_text() for path in sorted(Path(__file__).parent.glob("*.py"))]
    (folder / "texts.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS + 3 * sources))
    skillit("train", "--vocabulary", 1500, "--out", folder / "trained.json", folder / "texts.jsonl")
    return folder / "trained.json"


@pytest.fixture(params=SHIPPED)
def shipped(request):
    if not SHIPPED[request.param].exists():
        pytest.skip(f"{SHIPPED[request.param]} is not there; set SKILLIT_SHARED")
    return SHIPPED[request.param]


def test_a_trained_tokenizer_loads_in_the_package_and_gives_the_same_ids(trained):
    assert tokenizers.Tokenizer.from_file(str(trained)).get_vocab_size() == 1500
    expect_same(trained, TEXTS)


def test_every_supported_part(trained, tmp_path):
    for name, made in torture.variants(json.loads(trained.read_text())).items():
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(made))
        try:
            expect_same(path, TEXTS)
        except AssertionError as problem:
            raise AssertionError(f"{name}: {problem}") from None


def part(values, number, of):
    """All values, or the part of that number: together the parts are all."""
    return values if ALL else values[number % of::of]


@pytest.mark.parametrize("name", CODE_POINT_FORMS)
def test_every_code_point(trained, tmp_path, name):
    base = json.loads(trained.read_text())
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps({"gpt2": base, **torture.variants(base)}[name]))
    texts = torture.every_code_point()
    expect_same(path, part(texts, CODE_POINT_FORMS.index(name), len(CODE_POINT_FORMS)), round_trip=False)


def test_a_megabyte_without_a_space(trained, tmp_path):
    base = json.loads(trained.read_text())
    for i, name in enumerate(["NFC", "llama3", "llama3-general", "no-split", "llama2"], start=1):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(torture.variants(base)[name]))
        expect_same(path, part(torture.long_texts(), i, 3), round_trip=False)


def test_bytes_that_are_not_utf_8_count_as_replacement_characters(trained, tmp_path):
    texts = torture.random_bytes(100, seed=3)
    files = []
    for i, text in enumerate(texts):
        files.append(tmp_path / f"{i}.bin")
        files[-1].write_bytes(text)
    found = [json.loads(line)["ids"] for line in skillit("--tokenizer", trained, *files).stdout.splitlines()]
    reference = tokenizers.Tokenizer.from_file(str(trained))
    assert found == expected_ids(reference, [text.decode(errors="replace") for text in texts])


def test_ids_cut_inside_a_character_decode_as_in_the_package(trained):
    reference = tokenizers.Tokenizer.from_file(str(trained))
    pieces = [ids[i:i + 2] for ids in expected_ids(reference, TEXTS[:40]) for i in range(min(30, len(ids)))]
    assert decode(trained, pieces) == reference.decode_batch(pieces, skip_special_tokens=False)


def test_shipped_tokenizers_on_torture_and_long_texts(shipped):
    number = list(SHIPPED.values()).index(shipped)
    expect_same(shipped, TEXTS + torture.every_code_point()[number::32])
    expect_same(shipped, part(torture.long_texts(), number + 1, 3), round_trip=False)


@functools.cache
def documents():
    """The texts of the shared data: every one, or a sample."""
    return list(all_documents())[::1 if ALL else 97]


def all_documents():
    def texts_in(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, (list, dict)):
            for part in value.values() if isinstance(value, dict) else value:
                yield from texts_in(part)

    for folder in ["alpaca", "natural_instructions/tasks", "redpajama_sample", "eval"]:
        for path in sorted((SHARED / folder).glob("*.json*")):
            lines = path.read_text().splitlines() if path.suffix == ".jsonl" else [path.read_text()]
            for value in map(json.loads, lines):
                records = value["Instances"] if isinstance(value, dict) and "Instances" in value else value if isinstance(value, list) else [value]
                for record in records:
                    record = {k: v for k, v in record.items() if k != "meta"}
                    yield "\n".join(texts_in(record))


def test_shipped_tokenizers_on_the_shared_data(shipped):
    texts = documents()
    tokens = expect_same(shipped, texts)
    size = sum(len(text.encode()) for text in texts)
    print(f"\n{shipped.parent.name}: {len(texts)} documents, {size} bytes, {tokens} tokens: the same ids and texts")
    counts = json.loads(skillit("--tokenizer", shipped, "--count", "--threads", 2,
                                given="".join(json.dumps({"text": t}) + "\n" for t in texts).encode()).stdout)
    assert counts == {"documents": len(texts), "bytes": size, "tokens": tokens}
