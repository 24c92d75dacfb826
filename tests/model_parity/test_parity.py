"""Our reading, computing and writing of every model family beside the Python package `transformers`.

Tiny models with random weights: our logits within 1e-4 and gradients within 1e-3 (relative to each tensor's largest) of the
package's, and what we write loads there, tensor for tensor. Nothing is fetched.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
transformers = pytest.importorskip("transformers")
torch = pytest.importorskip("torch")
torch.set_num_threads(1)  # Tiny models.
from safetensors.torch import load_file, save_file  # noqa: E402  (after the skip)

PROBE = os.environ["SKILLIT_MODEL_PROBE"]
NO_IDS = {"bos_token_id": None, "eos_token_id": None, "pad_token_id": None}
GPT = {"vocab_size": 53, "n_embd": 32, "n_layer": 3, "n_head": 4, "n_positions": 48, "resid_pdrop": 0, "embd_pdrop": 0,
       "attn_pdrop": 0}
NEO = {"vocab_size": 53, "hidden_size": 32, "num_layers": 4, "num_heads": 4, "max_position_embeddings": 48,
       "attention_types": [[["global", "local"], 2]], "window_size": 5}
NEOX = {"vocab_size": 53, "hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": 80,
        "max_position_embeddings": 48}
LLAMA = {"vocab_size": 53, "hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2,
         "intermediate_size": 56, "max_position_embeddings": 48}
LLAMA3 = {"rope_type": "llama3", "rope_theta": 300.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 64}
WINDOWS = {"use_sliding_window": True, "sliding_window": 6, "max_window_layers": 1}

CASES = {
    "gpt2": ("GPT2", GPT),
    "gpt2-gelu-unscaled-untied": ("GPT2", GPT | {"activation_function": "gelu", "scale_attn_weights": False,
                                                 "n_inner": 40, "tie_word_embeddings": False}),
    "gpt_neo": ("GPTNeo", NEO),
    "gpt_neox": ("GPTNeoX", NEOX),
    "gpt_neox-sequential-tied-without-bias": ("GPTNeoX", NEOX | {
        "use_parallel_residual": False, "tie_word_embeddings": True, "attention_bias": False,
        "rope_parameters": {"rope_type": "default", "rope_theta": 500.0, "partial_rotary_factor": 1.0}}),
    "llama": ("Llama", LLAMA),
    "llama3-tied-with-biases": ("Llama", LLAMA | {"rope_parameters": LLAMA3, "tie_word_embeddings": True,
                                                  "attention_bias": True, "mlp_bias": True}),
    "llama-linear-own-head-width": ("Llama", LLAMA | {
        "head_dim": 12, "rope_parameters": {"rope_type": "linear", "rope_theta": 1000.0, "factor": 4.0}}),
    "qwen2": ("Qwen2", LLAMA),
    "qwen2-sliding": ("Qwen2", LLAMA | WINDOWS),
    "qwen3": ("Qwen3", LLAMA | {"head_dim": 16}),
    "qwen3-sliding-with-biases": ("Qwen3", LLAMA | WINDOWS | {"head_dim": 16, "attention_bias": True}),
}


def make_model(case):
    family, options = CASES[case]
    config = getattr(transformers, family + "Config")(**options, **NO_IDS)
    torch.manual_seed(7)
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():  # Biases and norms away from their plain start, logits of a real size.
        for parameter in model.parameters():
            parameter.add_(0.15 * torch.randn_like(parameter))
    return model


def sequences():
    torch.manual_seed(3)
    return torch.randint(0, 53, (3, 20))


def probe(model_folder, out, *arguments):
    tokens = out.with_suffix(".tokens")
    tokens.write_text("".join(" ".join(map(str, row)) + "\n" for row in sequences().tolist()))
    return subprocess.run([PROBE, model_folder, tokens, out, *arguments], capture_output=True, text=True, timeout=100,
                          env=os.environ | {"OMP_NUM_THREADS": "1"})


def probed(model_folder, out, *arguments):
    done = probe(model_folder, out, *arguments)
    assert done.returncode == 0, done.stderr
    return load_file(out / "logits.safetensors")


@pytest.mark.parametrize("case", CASES)
def test_logits_gradients_and_what_we_write_are_those_of_transformers(case, tmp_path):
    model = make_model(case)
    model.save_pretrained(tmp_path / "model")
    ours = probed(tmp_path / "model", tmp_path / "out")
    ids = sequences()
    theirs = model(ids, labels=ids)
    theirs.loss.backward()
    assert theirs.logits.abs().max() > 0.5  # Else any logits would agree.
    torch.testing.assert_close(ours["logits"], theirs.logits[:, :-1].detach(), atol=1e-4, rtol=0)
    torch.testing.assert_close(ours["last"], theirs.logits[:, -2].detach(), atol=1e-4, rtol=0)
    assert abs(ours["loss"].item() - theirs.loss.item()) < 1e-5

    gradients = load_file(tmp_path / "out" / "gradients" / "model.safetensors")
    # Version 5 of the package calls this head lm_head in memory; in files it is still embed_out.
    named = {name.replace("lm_head", "embed_out") if case.startswith("gpt_neox") else name: parameter.grad
             for name, parameter in model.named_parameters()}
    assert gradients.keys() == named.keys()
    for name, gradient in named.items():
        scale = gradient.abs().max().item()
        assert scale > 0, name
        assert (gradients[name] - gradient).abs().max().item() <= 1e-3 * scale, name

    back = type(model).from_pretrained(tmp_path / "out" / "copy")
    for name, parameter in model.named_parameters():
        assert torch.equal(back.get_parameter(name), parameter), name
    with torch.no_grad():
        assert abs(back(ids, labels=ids).loss.item() - theirs.loss.item()) < 1e-6


def test_shards_are_read_and_written(tmp_path):
    model = make_model("llama")
    model.save_pretrained(tmp_path / "model", max_shard_size="20KB")
    assert len(list((tmp_path / "model").glob("*.safetensors"))) > 2
    whole = probed(tmp_path / "model", tmp_path / "out", "20000")
    shards = list((tmp_path / "out" / "copy").glob("model-*.safetensors"))
    assert len(shards) > 2 and all(shard.stat().st_size < 30000 for shard in shards)
    again = probed(tmp_path / "out" / "copy", tmp_path / "out2")
    assert torch.equal(whole["logits"], again["logits"])
    back = type(model).from_pretrained(tmp_path / "out" / "copy")
    assert all(torch.equal(back.get_parameter(name), p) for name, p in model.named_parameters())


@pytest.mark.parametrize("dtype,short", [(torch.bfloat16, "bf16"), (torch.float16, "f16")])
def test_half_precision_files_are_read_exactly_and_written(dtype, short, tmp_path):
    model = make_model("gpt2").to(dtype)
    model.save_pretrained(tmp_path / "model")
    ours = probed(tmp_path / "model", tmp_path / "out", "1000000", short)
    with torch.no_grad():
        theirs = model.float()(sequences()).logits
    torch.testing.assert_close(ours["logits"], theirs[:, :-1], atol=1e-4, rtol=0)
    before = load_file(tmp_path / "model" / "model.safetensors")
    after = load_file(tmp_path / "out" / "copy" / "model.safetensors")
    assert all(torch.equal(before[name], after[name]) for name in after) and before.keys() == after.keys()


def test_a_bare_base_model_without_prefix_and_with_old_buffers_is_read(tmp_path):
    model = make_model("gpt2")
    model.save_pretrained(tmp_path / "model")
    whole = probed(tmp_path / "model", tmp_path / "out")
    file = tmp_path / "model" / "model.safetensors"
    bare = {name.removeprefix("transformer."): tensor.clone() for name, tensor in load_file(file).items()}
    bare["h.0.attn.bias"] = torch.ones(1, 1, 48, 48)
    save_file(bare, file)
    assert torch.equal(whole["logits"], probed(tmp_path / "model", tmp_path / "out2")["logits"])


@pytest.mark.parametrize("case,change,words", [
    ("gpt2", {"scale_attn_by_inverse_layer_idx": True}, ["scale_attn_by_inverse_layer_idx", "true"]),
    ("gpt2", {"embedding_noise": 3}, ["embedding_noise", "not known"]),
    ("gpt2", {"activation_function": "relu"}, ["activation_function", "relu"]),
    ("gpt2", {"n_head": 5}, ["n_head", "divide 32"]),
    ("gpt2", {"n_embd": 36}, ["transformer.wte.weight", "53, 32", "53, 36"]),
    ("gpt2", {"n_layer": 4}, ["transformer.h.3.ln_1.weight", "lacks"]),
    ("gpt2", {"n_layer": 2}, ["transformer.h.2.", "no tensor"]),
    ("gpt2", {"n_embd": -1}, ["n_embd", "whole number"]),
    ("gpt2", {"model_type": "bert"}, ["bert", "gpt_neox"]),
    ("gpt_neo", {"attention_types": [[["global"], 10**9]]}, ["attention_types"]),
    ("llama", {"rope_parameters": {"rope_type": "yarn", "rope_theta": 1e4, "factor": 2.0}}, ["yarn", "llama3"]),
    ("llama", {"quantization_config": {"bits": 4}}, ["quantization_config"]),
    ("qwen2", {"layer_types": ["full_attention"] * 2}, ["layer_types"]),
])
def test_what_is_not_supported_is_refused_by_name(case, change, words, tmp_path):
    make_model(case).save_pretrained(tmp_path / "model")
    file = tmp_path / "model" / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    done = probe(tmp_path / "model", tmp_path / "out")
    assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
    assert all(word in done.stderr for word in words), done.stderr
    assert not (tmp_path / "out").exists()


def test_pickled_weights_and_an_untied_head_that_should_be_tied_are_refused(tmp_path):
    make_model("gpt2").save_pretrained(tmp_path / "model")
    file = tmp_path / "model" / "model.safetensors"
    tensors = load_file(file)
    save_file(tensors | {"lm_head.weight": tensors["transformer.wte.weight"] + 1}, file)
    assert "lm_head.weight" in probe(tmp_path / "model", tmp_path / "out").stderr
    save_file(tensors | {"lm_head.weight": tensors["transformer.wte.weight"].clone()}, file)
    probed(tmp_path / "model", tmp_path / "out")
    file.rename(tmp_path / "model" / "pytorch_model.bin")
    done = probe(tmp_path / "model", tmp_path / "out2")
    assert done.returncode == 2 and "pickle" in done.stderr
