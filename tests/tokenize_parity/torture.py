"""Texts that tokenizers disagree on, and small tokenizers with every part that is supported."""

import functools
import random

WORDS = [
    "", " ", "a", "Hello, world!", "it's we'll I'M he'D don't ''s '\u017f '\u017fx 'S 'RE 'vE",
    "  two  spaces   three\n\nlines\r\n\r\n \n x \t\t y\n", "\n", "\r", " \n \n", "a \u00a0b\u3000c\u2028d\x85e\x1cf\u180eg\u200bh",
    "1234567 \u0661\u0662\u0663 \u00bd\u2167\u00b2 \U0001d7d8\U0001f100 x1y22z333", "\u00e9 e\u0301 \u212b \ufb01 \u1e9b\u0323 \uac00 \u1100\u1161\u11a8",
    "q\u0307\u0323 q\u0323\u0307 a\u0301\u0316\u0334\u0345 \u0344 \u0958 \u2adc \u1d15e\U0001d15f \u0f73\u0f75 \u0c4a",
    "\u4f60\u597d\uff0c\u4e16\u754c\u3002 \u3053\u3093\u306b\u3061\u306f \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35 \u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd \u041f\u0440\u0438\u0432\u0435\u0442",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1e9\U0001f1ea \U0001f44d\U0001f3fd e\ufe0f\u20e3 \u202ebidi\u202c", "\x00\x01\x7f\x80\ufffd\ufffe\uffff\U0010ffff\U000e0041",
    "<|endoftext|>", "a<|endoftext|>b <|endoftext|> <|endoftext|><|endoftext|> <|endoftext", "<|padding|>x   y" + " " * 30 + "z" + " " * 24,
    "http://example.com/z?a=b&c=%20#d user@example.com C++20 foo_bar->baz() {\n\t\treturn 0;\n}\n", "-" * 100 + "=" * 77 + "#!" * 40,
    "\u1c89\ua7cb\U00010d40 \U00011938 \u0898a \u09fe\u0323 \U000323af \u0cf3 \u0ece \U0001e4ec", "x\u0300" * 60 + "\u0316\u0301" * 60,
    "\u2581a \u2581\u2581 b<s>c</s>", "caf\u00e9 na\u00efve \u00fcber stra\u00dfe \u1e9e \u0130i\u0307 \u01c5 \u02bc \u0149",
    "[MASK] x[MASK]y [MASK]  [MASK]\u00a0 Day day\u00e9 Day\u00e9 Day1 Day_ Day\u2460 Day\u24b6 \u200dDay Day.", "ab" * 200, "a" * 1000,
]


def random_texts(count, seed):
    """Of code points from everywhere, most of them from where scripts are."""
    rng = random.Random(seed)
    ranges = [(0, 0x80), (0x20, 0x7f), (0x20, 0x7f), (0x80, 0x400), (0x300, 0x370), (0x400, 0x3100), (0x1100, 0x1200),
              (0x2000, 0x2070), (0xac00, 0xd7a4), (0xe000, 0x10000), (0x10000, 0x20000), (0x20, 0x110000)]
    texts = []
    for _ in range(count):
        points = []
        for _ in range(rng.randrange(1, 60)):
            low, high = rng.choice(ranges)
            c = rng.randrange(low, high)
            points.append("\ufffd" if 0xd800 <= c < 0xe000 else chr(c) * rng.choice([1, 1, 1, 2, 5]))
        texts.append("".join(points))
    return texts


@functools.cache
def every_code_point():
    """Each that Unicode 16 has, next to letters, digits, spaces and signs, a few thousand code points a text."""
    points = [c for c in [*range(0x34000), *range(0xe0000, 0xe0200)] if not 0xd800 <= c < 0xe000]
    return ["".join(f"a{c}1{c} {c}'" for c in map(chr, points[i:i + 2048])) for i in range(0, len(points), 2048)]


@functools.cache
def long_texts():
    """About 1 MB each, without a space."""
    rng = random.Random(5)
    return ["".join(rng.choice("abcdefgh") for _ in range(1_000_000)), "a" * 1_000_000, "ab\u4e00\u4e8c" * 120_000,
            "0123456789" * 100_000, "\u0301\u0316" * 150_000, "!?" * 500_000]


def random_bytes(count, seed):
    rng = random.Random(seed)
    texts = [bytes(rng.randrange(256) for _ in range(rng.randrange(1, 200))) for _ in range(count)]
    # Sequences that begin well and end badly.
    starts = [b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe0\x80\x80", b"\xc0\xaf", b"\xf8\x88"]
    return texts + [b"a" + b"".join(rng.choice(starts + [b"x", b" "]) for _ in range(20)) for _ in range(count)]


GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
          r"\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN = LLAMA3.replace("{1,3}", "")
GPT4O = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
         r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
         r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def sequence(kind, *steps):
    return {"type": "Sequence", kind: list(steps)}


def split(pattern, behavior="Isolated", invert=False, kind="Regex"):
    return {"type": "Split", "pattern": {kind: pattern}, "behavior": behavior, "invert": invert}


def byte_level(prefix=False, regex=False):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": regex}


def added(content, token_id=None, **flags):
    return {"id": token_id, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
            "special": False, **flags}


def numbered(base, *tokens):
    """Added tokens with the ids the package gives them."""
    vocabulary, new = base["model"]["vocab"], 0
    for token in tokens:
        token["id"] = vocabulary.get(token["content"], len(vocabulary) + new)
        new += token["content"] not in vocabulary
    return list(tokens)


def with_parts(base, **parts):
    """A tokenizer.json with some parts replaced; model=.. replaces keys of the model."""
    model = {**base["model"], **parts.pop("model", {})}
    return {**base, **parts, "model": model}


def variants(base):
    """By name, tokenizers made of `base` (byte-level) with other parts around its model, or another small model."""
    strange = numbered(base, added("[MASK]", lstrip=True), added("Day", single_word=True), added("ab", rstrip=True),
                       added("\u00e9 ", normalized=True), added("  ", normalized=True), added("\u1e9b\u0323", normalized=True),
                       added("x", lstrip=True, rstrip=True, single_word=True, normalized=True))
    made = {
        "llama3": with_parts(base, pre_tokenizer=sequence("pretokenizers", split(LLAMA3), byte_level()), model={"ignore_merges": True}),
        "qwen": with_parts(base, normalizer={"type": "NFC"}, pre_tokenizer=sequence("pretokenizers", split(QWEN), byte_level())),
        "gpt4o": with_parts(base, pre_tokenizer=sequence("pretokenizers", split(GPT4O), byte_level())),
        # A group around it hides the known pattern: the general path.
        "gpt2-general": with_parts(base, pre_tokenizer=sequence("pretokenizers", split(f"(?:{GPT2})"), byte_level())),
        "llama3-general": with_parts(base, pre_tokenizer=sequence("pretokenizers", split(f"(?:{LLAMA3})"), byte_level())),
        "qwen-general": with_parts(base, pre_tokenizer=sequence("pretokenizers", split(f"(?:{QWEN})"), byte_level())),
        "prefix": with_parts(base, pre_tokenizer=byte_level(prefix=True, regex=True)),
        "digits": with_parts(base, pre_tokenizer=sequence("pretokenizers", {"type": "Digits", "individual_digits": True}, byte_level(regex=True))),
        "digit-runs": with_parts(base, pre_tokenizer=sequence("pretokenizers", {"type": "Digits", "individual_digits": False}, byte_level())),
        "no-split": with_parts(base, pre_tokenizer=byte_level()),
        "added": with_parts(base, added_tokens=strange),
        "added-nfkc": with_parts(base, added_tokens=strange[:-1], normalizer={"type": "NFKC"}),
    }
    for form in ["NFC", "NFD", "NFKC", "NFKD"]:
        made[form] = with_parts(base, normalizer={"type": form}, added_tokens=[])
    for behavior in ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]:
        for invert in [False, True]:
            made[f"{behavior}-{invert}"] = with_parts(
                base, pre_tokenizer=sequence("pretokenizers", split(r"[\s\d]", behavior, invert), byte_level()))
    made["literal"] = with_parts(base, pre_tokenizer=sequence("pretokenizers", split("a.", "MergedWithNext", kind="String"), byte_level()))
    made.update(sentencepiece_like())
    return made


def sentencepiece_like():
    """Llama-2's kind: no words, spaces as U+2581, bytes for what the vocabulary lacks."""
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)] + list("\u2581abcdefghxyz.\n1")
    merges = [["\u2581", "a"], ["a", "b"], ["\u2581", "\u2581"], ["ab", "ab"], ["\u2581a", "b"], ["c", "d"], ["abab", "abab"], ["\u2581\u2581", "\u2581\u2581"]]
    tokens += [a + b for a, b in merges]
    model = {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None,
             "fuse_unk": True, "byte_fallback": True, "vocab": {t: i for i, t in enumerate(tokens)}, "merges": merges}
    decoder = sequence("decoders", {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
                       {"type": "Strip", "content": " ", "start": 1, "stop": 0})
    normalizer = sequence("normalizers", {"type": "Prepend", "prepend": "\u2581"},
                          {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"})
    base = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [added("<s>", 1, special=True), added("</s>", 2, special=True)],
            "normalizer": normalizer, "pre_tokenizer": None, "post_processor": None, "decoder": decoder, "model": model}
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": True}
    few = {k: v for k, v in model["vocab"].items() if not k.startswith("<0xE")}
    few = {k: i for i, k in enumerate(few)}
    fixed = [added("<s>", 1, special=True), added("</s>", 2, special=True)]
    return {
        "llama2": base,
        "metaspace-first": with_parts(base, normalizer=None, pre_tokenizer=metaspace, decoder=metaspace),
        "metaspace-always": with_parts(base, normalizer=None, pre_tokenizer={**metaspace, "prepend_scheme": "always"}, decoder={**metaspace, "prepend_scheme": "always"}),
        "metaspace-never": with_parts(base, normalizer=None, pre_tokenizer={**metaspace, "prepend_scheme": "never", "split": False}, decoder={**metaspace, "prepend_scheme": "never"}),
        "unknown-fused": with_parts(base, model={"vocab": few}, added_tokens=fixed),
        "unknown-each": with_parts(base, model={"vocab": few, "fuse_unk": False}, added_tokens=fixed),
        "replace-regex": with_parts(base, normalizer={"type": "Replace", "pattern": {"Regex": r"[^\s\w]".replace(r"\w", r"\p{L}")}, "content": "."}),
        "no-decoder": with_parts(base, decoder=None),
    }
