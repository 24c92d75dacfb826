"""`skillit data` as its user sees it. SKILLIT_BIN names the program."""

import gzip
import json
import os
import resource
import signal
import struct
import subprocess

import pytest

np = pytest.importorskip("numpy")


def data(*arguments, **options):
    return subprocess.run([os.environ["SKILLIT_BIN"], "data", *map(str, arguments)], capture_output=True, text=True,
                          timeout=300, **options)


def succeed(*arguments):
    result = data(*arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def read_megatron(prefix):
    """The documents of <prefix>.bin/.idx as lists of tokens: an independent reader of the format."""
    with open(f"{prefix}.idx", "rb") as file:
        assert file.read(9) == b"MMIDIDX\0\0"
        version, code = struct.unpack("<QB", file.read(9))
        sequences, bounds = struct.unpack("<QQ", file.read(16))
        lengths = np.frombuffer(file.read(4 * sequences), "<i4")
        offsets = np.frombuffer(file.read(8 * sequences), "<i8")
        documents = np.frombuffer(file.read(8 * bounds), "<i8")
        assert version == 1 and file.read() == b""
    dtype = np.dtype({4: "<i4", 8: "<u2"}[code])
    tokens = np.fromfile(f"{prefix}.bin", dtype)
    assert documents[0] == 0 and documents[-1] == sequences and lengths.sum() == len(tokens)
    pieces = [tokens[o // dtype.itemsize:o // dtype.itemsize + n] for o, n in zip(offsets, lengths)]
    return [np.concatenate(pieces[a:b]).tolist() for a, b in zip(documents, documents[1:])]


def lines(texts):
    return "".join(json.dumps({"text": text}) + "\n" for text in texts)


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    texts = {"news": [f"item {i} of the news" for i in range(200)], "poems": [f"Vers {i}: größer" for i in range(80)]}
    (folder / "news.jsonl").write_text(lines(texts["news"]))
    (folder / "poems.jsonl.gz").write_bytes(gzip.compress(lines(texts["poems"]).encode()))
    return folder, texts


def test_a_pack_is_what_megatron_reads(corpus, tmp_path):
    folder, texts = corpus
    assert "news" in succeed("pack", tmp_path / "pack", folder, "--validation", "0.1")
    for skill, expected in texts.items():
        found = []
        for side in ("train", "validation"):
            for tokens in read_megatron(tmp_path / "pack" / f"{skill}.{side}"):
                assert tokens.pop() == 256  # The byte tokenizer's end of a document.
                found.append(bytes(tokens).decode())
        assert sorted(found) == sorted(expected)
    index = json.loads((tmp_path / "pack" / "pack.json").read_text())
    assert [skill["name"] for skill in index["skills"]] == ["news", "poems"]
    assert not (tmp_path / "pack.partial").exists()


def test_inspect_stats_and_verify(corpus, tmp_path):
    folder, texts = corpus
    succeed("pack", tmp_path / "pack", folder, "--note", "CC0", "--count-near-duplicates")
    assert "größer" in succeed("inspect", tmp_path / "pack", "--skills", "poems", "--examples", "3")
    stats = json.loads(succeed("stats", tmp_path / "pack", "--json"))
    news = stats["skills"][0]
    assert news["train"]["documents"] + news["validation"]["documents"] == 200
    assert news["train"]["text_bytes"] + news["validation"]["text_bytes"] == len("".join(texts["news"]))
    assert "documents by tokens" in succeed("stats", tmp_path / "pack")
    assert "280 documents" in succeed("verify", tmp_path / "pack")
    path = tmp_path / "pack" / "news.train.bin"
    content = bytearray(path.read_bytes())
    content[77] ^= 1
    path.write_bytes(content)
    result = data("verify", tmp_path / "pack")
    assert result.returncode == 2 and "news.train.bin: byte 77 is damaged" in result.stderr


def test_import_takes_what_pack_wrote(corpus, tmp_path):
    folder, _ = corpus
    succeed("pack", tmp_path / "pack", folder, "--validation", "0")
    succeed("import", tmp_path / "again", f"old={tmp_path / 'pack' / 'news.train'}", "--format", "megatron",
            "--validation", "0")
    assert read_megatron(tmp_path / "again" / "old.train") == read_megatron(tmp_path / "pack" / "news.train")


def test_skills_by_file_field_condition_and_assignment(tmp_path):
    rows = [{"id": str(i), "text": f"t{i}", "topic": "even" if i % 2 == 0 else "odd", "meta": {"n": i}} for i in range(9)]
    source = tmp_path / "all.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "skills.tsv").write_text("1\tchosen\n2\tchosen\n")

    def counts(name, *arguments):
        succeed("pack", tmp_path / name, *arguments, "--validation", "0")
        index = json.loads((tmp_path / name / "pack.json").read_text())
        return {skill["name"]: skill["train"]["documents"] for skill in index["skills"]}, index["without_skill"]

    assert counts("a", source, "--skill-field", "topic") == ({"even": 5, "odd": 4}, 0)
    assert counts("b", source, "--where", "small=meta->>'n' < 3", "--where", "odd=topic = 'odd'") == (
        {"odd": 3, "small": 3}, 3)
    assert counts("c", source, "--assignments", tmp_path / "skills.tsv") == ({"chosen": 2}, 7)
    assert counts("d", "--skill", f"mine={source}") == ({"mine": 9}, 0)
    result = data("pack", tmp_path / "e", source, "--where", "x=topik = 'odd'")
    assert result.returncode == 2 and "no document has the field 'topik'" in result.stderr
    assert not (tmp_path / "e.partial").exists()


def test_a_full_disk_leaves_nothing_that_looks_whole_and_can_be_resumed(corpus, tmp_path):
    folder, _ = corpus

    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    result = data("pack", tmp_path / "pack", folder, preexec_fn=small_files)
    assert result.returncode == 2
    assert "cannot write: File too large" in result.stderr
    assert not (tmp_path / "pack").exists()
    succeed("pack", tmp_path / "pack", folder)
    succeed("verify", tmp_path / "pack")


@pytest.mark.parametrize("arguments, words", [
    (["verify", "nowhere"], "there is no pack here"),
    (["pack", "out", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
    (["pack", "out"], "no input is given"),
    (["pack", "out", "--skill", "abc"], "NAME=VALUE"),
    (["pack", "out", "x.jsonl", "--tokenizer", "bite"], "did you mean 'byte'"),
])
def test_a_mistake_is_one_line(tmp_path, arguments, words):
    (tmp_path / "x.jsonl").write_text('{"text": "x"}\n')
    result = data(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
