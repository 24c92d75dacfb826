"""`skillit tokenize` as its user sees it. SKILLIT_BIN names the program."""

import json
import os
import subprocess


def tokenize(*arguments, given=""):
    return subprocess.run([os.environ["SKILLIT_BIN"], "tokenize", *map(str, arguments)], capture_output=True, text=True, input=given,
                          timeout=60)


def lines_of(result):
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def refused(*arguments, given=""):
    result = tokenize(*arguments, given=given)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    return result.stderr


def test_texts_become_ids_and_texts_again(tmp_path):
    (tmp_path / "own.json").write_text(json.dumps({
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False}, "decoder": {"type": "ByteLevel"},
        "model": {"vocab": {"a": 0, "b": 1, "\u0120": 2, "ab": 3}, "merges": ["a b"]}}))
    (tmp_path / "texts.jsonl").write_text('{"text": "ab a"}\n\n{"text": "b", "more": 1}\n')
    (tmp_path / "plain.txt").write_text("abab")
    ids = lines_of(tokenize("--tokenizer", tmp_path / "own.json", tmp_path / "texts.jsonl", tmp_path / "plain.txt"))
    assert ids == [{"ids": [3, 2, 0]}, {"ids": [1]}, {"ids": [3, 3]}]
    texts = lines_of(tokenize("--tokenizer", tmp_path / "own.json", "--decode", given="".join(json.dumps(i) + "\n" for i in ids)))
    assert texts == [{"text": "ab a"}, {"text": "b"}, {"text": "abab"}]
    counts = lines_of(tokenize("--tokenizer", tmp_path / "own.json", "--count", "--threads", 2, tmp_path / "texts.jsonl"))
    assert counts == [{"documents": 2, "bytes": 5, "tokens": 4}]


def test_one_learns_a_tokenizer_and_uses_it(tmp_path):
    (tmp_path / "texts.jsonl").write_text('{"body": "the cat the hat the"}\n')
    learned = tokenize("train", "--vocabulary", 300, "--text-field", "body", "--out", tmp_path / "own.json", tmp_path / "texts.jsonl")
    assert learned.returncode == 0, learned.stderr
    assert f"1 documents -> {tmp_path}/own.json: " in learned.stdout
    ids = lines_of(tokenize("--tokenizer", tmp_path / "own.json", given='{"text": " the the"}\n'))[0]["ids"]
    assert len(ids) == 2 and ids[0] == ids[1]


def test_mistakes_are_one_line_that_says_where(tmp_path):
    (tmp_path / "bad.json").write_text('{"model": {"type": "WordPiece"}}')
    assert "WordPiece" in refused("--tokenizer", tmp_path / "bad.json")
    assert "there is no 'bite' (did you mean 'byte'?)" in refused("--tokenizer", "bite")
    assert "--tokenizer" in refused()
    assert "-:2: there is no string in the field 'text'" in refused("--tokenizer", "byte", "--count", given='{"text": "a"}\n{"txt": "a"}\n')
    assert "-:1: the line is not valid JSON" in refused("--tokenizer", "byte", given="hello\n")
    assert "-:1: there is no list of whole numbers" in refused("--tokenizer", "byte", "--decode", given='{"ids": "x"}\n')
    assert "token 0 is 300" in refused("--tokenizer", "byte", "--decode", given='{"ids": [300]}\n')
    assert "257" in refused("train", "--vocabulary", 5, "--out", tmp_path / "x.json", tmp_path / "bad.json")
