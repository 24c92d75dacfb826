"""`skillit data` as its user sees it. SKILLIT_BIN names the program."""

import gzip
import json
import os
import resource
import signal
import struct
import subprocess
import sys

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
    (tmp_path / "note.md").write_text("A note.")

    def counts(name, *arguments):
        succeed("pack", tmp_path / name, *arguments, "--validation", "0")
        index = json.loads((tmp_path / name / "pack.json").read_text())
        return {skill["name"]: skill["train"]["documents"] for skill in index["skills"]}, index["without_skill"]

    assert counts("a", source, "--skill-field", "topic") == ({"even": 5, "odd": 4}, 0)
    assert counts("b", source, "--where", "small=meta->>'n' < 3", "--where", "odd=topic = 'odd'") == (
        {"odd": 3, "small": 3}, 3)
    assert counts("c", source, "--assignments", tmp_path / "skills.tsv") == ({"chosen": 2}, 7)
    assert counts("d", "--skill", f"mine={source}") == ({"mine": 9}, 0)
    # Options before the input do not swallow it.
    assert counts("f", "--where", "odd=topic = 'odd'", source) == ({"odd": 4}, 5)
    assert counts("g", "--skill", f"mine={source}", tmp_path / "note.md") == ({"mine": 9, "note": 1}, 0)
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

def test_natural_instructions_are_packed_by_category(tmp_path):
    task = {"Categories": ["Text Matching"], "Definition": ["Match."],
            "Instances": [{"id": str(i), "input": f"in {i}", "output": [f"out {i}"]} for i in range(30)]}
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "task1.json").write_text(json.dumps(task))
    succeed("pack", tmp_path / "pack", "--instructions", tmp_path / "tasks", "--validation", "0")
    documents = [bytes(tokens[:-1]).decode() for tokens in read_megatron(tmp_path / "pack" / "text_matching.train")]
    assert documents == [f"Match.\n\nInput: in {i}\nOutput: out {i}" for i in range(30)]


def test_parquet_and_arrow_rows_are_documents_or_refused_with_advice(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    result = data("pack", tmp_path / "pack", tmp_path / "a.parquet")
    assert result.returncode == 2 and result.stderr.count("\n") == 1
    if "was built without Arrow" in result.stderr:
        assert "scripts/setup.sh parquet" in result.stderr
        pytest.skip("this program was built without Arrow (scripts/setup.sh parquet)")
    assert "a.parquet: cannot be read as a table" in result.stderr
    pa = pytest.importorskip("pyarrow")
    from pyarrow import ipc, parquet

    table = pa.table({"text": [f'row {i} "é"\n' for i in range(1000)], "n": pa.array(range(1000), pa.int32()),
                      "meta": [{"source": "court" if i % 4 == 0 else "web", "tags": ["a"]} for i in range(1000)],
                      "kind": pa.array(["x", "y"] * 500).dictionary_encode()})
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=300)
    for name, make in {"file": ipc.new_file, "stream": ipc.new_stream}.items():
        with pa.OSFile(str(tmp_path / f"{name}.arrow"), "wb") as out, make(out, table.schema) as writer:
            writer.write_table(table, max_chunksize=300)
    for name in ["a.parquet", "file.arrow", "stream.arrow"]:
        pack = tmp_path / f"pack-{name}"
        succeed("pack", pack, tmp_path / name, "--where", "law=meta->>'source' = 'court' AND n < 100 AND kind = 'x'",
                "--validation", "0")
        found = [bytes(tokens[:-1]).decode() for tokens in read_megatron(pack / "law.train")]
        assert found == [f'row {i} "é"\n' for i in range(0, 100, 4)]
        content = (tmp_path / name).read_bytes()
        (tmp_path / f"cut-{name}").write_bytes(content[:len(content) // 2])
        result = data("pack", tmp_path / "cut", tmp_path / f"cut-{name}")
        assert result.returncode == 2 and f"cut-{name}: cannot be read as a table" in result.stderr
        assert not (tmp_path / "cut").exists()


def test_a_killed_run_leaves_no_pack_and_goes_on_to_the_same_bytes(tmp_path):
    (tmp_path / "big.jsonl").write_text(lines(f"document {i} " * 200 for i in range(10_000)))
    succeed("pack", tmp_path / "whole", tmp_path / "big.jsonl")
    process = subprocess.Popen([os.environ["SKILLIT_BIN"], "data", "pack", tmp_path / "pack", tmp_path / "big.jsonl"],
                               stdout=subprocess.DEVNULL)
    while process.poll() is None and not list((tmp_path / "pack.partial").glob("*.bin")):
        pass
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert not (tmp_path / "pack").exists()
    result = data("verify", tmp_path / "pack")
    assert result.returncode == 2 and "not finished" in result.stderr
    succeed("pack", tmp_path / "pack", tmp_path / "big.jsonl")
    for path in (tmp_path / "whole").iterdir():
        assert path.read_bytes() == (tmp_path / "pack" / path.name).read_bytes()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 4 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True).returncode != 0:
        pytest.skip("mounting a small tmpfs needs root")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_disk_that_fills_up_leaves_no_pack_and_verify_says_so(small_disk, tmp_path):
    (tmp_path / "big.jsonl").write_text(lines(f"document {i} " * 100 for i in range(5000)))
    result = data("pack", small_disk / "pack", tmp_path / "big.jsonl")
    assert result.returncode == 2
    assert "No space left on device" in result.stderr and result.stderr.count("\n") == 1
    assert not (small_disk / "pack").exists()
    assert data("verify", small_disk / "pack").returncode == 2
    (tmp_path / "few.jsonl").write_text(lines(f"document {i}" for i in range(100)))
    succeed("pack", small_disk / "few", tmp_path / "few.jsonl")
    succeed("verify", small_disk / "few")


def peak_kib(*arguments):
    """Peak resident memory of the program, its own libraries included."""
    return int(subprocess.run(
        [sys.executable, "-c", "import resource, subprocess, sys\n"
         "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
         "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)", os.environ["SKILLIT_BIN"], *arguments],
        capture_output=True, text=True, check=True).stdout)


def test_memory_stays_bounded_when_the_corpus_is_larger(tmp_path):
    (tmp_path / "one.jsonl").write_text(lines(["one document"]))
    (tmp_path / "big.jsonl").write_text(lines(f"document {i} " + "word " * 1000 for i in range(20_000)))  # 100 MB
    searches = ["--memory", "32", "--drop-duplicates", "--count-near-duplicates"]
    # A program that can train has torch's libraries in memory, whatever it does: only what the corpus adds counts.
    least = peak_kib("data", "pack", tmp_path / "one", tmp_path / "one.jsonl", *searches)
    usage = peak_kib("data", "pack", tmp_path / "pack", tmp_path / "big.jsonl", *searches) - least
    assert usage < 64 * 1024, f"{usage} KiB more than for one document, with a setting of 32 MiB"


@pytest.mark.parametrize("arguments, words", [
    (["verify", "nowhere"], "there is no pack here"),
    (["pack", "out", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
    (["pack", "out"], "no input is given"),
    (["pack", "out", "list.json"], "--alpaca and --instructions"),
    (["pack", "out", "--instructions", "nowhere"], "nowhere: no such folder of tasks"),
    (["pack", "out", "x.jsonl", "--tokenizer", "character"], "take byte"),
    (["pack", "out", "x.jsonl", "--where", "a=text = 'y'"], "1 meet no condition"),
    (["pack", "out", "--skill", "abc"], "NAME=VALUE"),
    (["pack", "out", "x.jsonl", "--tokenizer", "bite"], "did you mean 'byte'"),
])
def test_a_mistake_is_one_line(tmp_path, arguments, words):
    (tmp_path / "x.jsonl").write_text('{"text": "x"}\n')
    (tmp_path / "list.json").write_text("[]")
    result = data(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
