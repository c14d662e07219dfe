"""Makes the tiny models under ../resources/references and what the reference implementation computes for them.

    pip install torch transformers safetensors
    python make_references.py

Each directory is a randomly initialised model of one layout: config.json as users have it (old and new keys), its
weights, and reference.safetensors with `input_ids.i`, `logits.i` (float32 on the CPU) and `greedy`
(`input_ids.0` and its greedy continuation). The committed files were made with transformers 5.18.0 and torch 2.13.0.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM

OUT = Path(__file__).resolve().parent.parent / "resources" / "references"
VOCABULARY = 96
COMMON = dict(vocab_size=VOCABULARY, bos_token_id=1, eos_token_id=2, pad_token_id=0)
ROPE = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, max_position_embeddings=64)
OPT = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, ffn_dim=48, max_position_embeddings=64)
GEMMA = ROPE | dict(num_key_value_heads=1, head_dim=16)
LLAMA3 = dict(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)


def rewritten(drop=(), **set_to):
    """An edit of config.json: keys of other versions, or keys left to their defaults."""

    def edit(config):
        for key in drop:
            config.pop(key, None)
        config.update(set_to)
        return config

    return edit


def without_prefix(prefix):
    return lambda name: name[len(prefix):] if name.startswith(prefix) else name


# name: (model_type, configuration, dtype of the file, {edit: of config.json, rename: of tensors, shard: size,
#        drop: tensors left out, eager: attention with soft caps})
LAYOUTS = {
    "opt-pre-norm": ("opt", OPT, "float16", {}),
    "opt-350m": ("opt", OPT | dict(do_layer_norm_before=False, word_embed_proj_dim=16), "float32",
                 {"rename": without_prefix("model.")}),
    "opt-no-bias-gelu": ("opt", OPT | dict(enable_bias=False, activation_function="gelu",
                                           layer_norm_elementwise_affine=False), "bfloat16", {}),
    "opt-no-final-norm": ("opt", OPT | dict(_remove_final_layer_norm=True), "float16", {}),
    "opt-untied": ("opt", OPT | dict(tie_word_embeddings=False), "float16", {}),
    "llama-mha-tied": ("llama", ROPE | dict(tie_word_embeddings=True), "bfloat16",
                       {"edit": rewritten(drop=["rope_parameters", "head_dim", "num_key_value_heads", "mlp_bias",
                                                "attention_bias", "rms_norm_eps"],
                                          rope_theta=500.0, torch_dtype="bfloat16", rope_scaling=None)}),
    "llama-gqa-sharded": ("llama", ROPE | dict(num_key_value_heads=2), "float16", {"shard": "12KB"}),
    "llama-biases": ("llama", ROPE | dict(num_key_value_heads=2, attention_bias=True, mlp_bias=True), "float32", {}),
    "llama-wide-heads": ("llama", ROPE | dict(num_key_value_heads=1, head_dim=12), "float16",
                         {"rename": without_prefix("model.")}),
    "llama-linear-old-keys": ("llama", ROPE, "float16",
                              {"edit": rewritten(drop=["rope_parameters"], rope_theta=10000.0,
                                                 rope_scaling={"type": "linear", "factor": 4.0})}),
    "llama-dynamic": ("llama", ROPE | dict(max_position_embeddings=16,
                                           rope_parameters={"rope_type": "dynamic", "factor": 2.0,
                                                            "rope_theta": 10000.0}), "float16", {}),
    "llama-llama3": ("llama", ROPE | dict(rope_parameters=LLAMA3 | {"rope_type": "llama3", "rope_theta": 500.0}),
                     "bfloat16", {}),
    "llama-llama3-old-keys": ("llama", ROPE | dict(num_key_value_heads=2, tie_word_embeddings=True), "float16",
                              {"edit": rewritten(drop=["rope_parameters"], rope_theta=500000.0,
                                                 rope_scaling=LLAMA3 | {"rope_type": "llama3"})}),
    "llama-yarn": ("llama", ROPE | dict(rope_parameters={"rope_type": "yarn", "factor": 4.0, "rope_theta": 1000.0,
                                                         "original_max_position_embeddings": 16}), "float16", {}),
    "llama-gelu": ("llama", ROPE | dict(hidden_act="gelu_new"), "float16", {}),
    "mistral-window": ("mistral", ROPE | dict(num_key_value_heads=2, sliding_window=5), "float16", {}),
    "mistral-no-window": ("mistral", ROPE | dict(num_key_value_heads=2, head_dim=16, sliding_window=None), "bfloat16",
                          {"edit": rewritten(drop=["rope_parameters"], rope_theta=1000000.0)}),
    "gemma-mqa": ("gemma", GEMMA, "float16", {}),
    "gemma-legacy-gelu": ("gemma", GEMMA | dict(num_key_value_heads=4, attention_bias=True), "bfloat16",
                          {"edit": rewritten(hidden_act="gelu", hidden_activation=None)}),
    "gemma-exact-key": ("gemma", GEMMA | dict(hidden_act="silu"), "float16",
                        {"edit": rewritten(hidden_activation="gelu_pytorch_tanh")}),
    "gemma2": ("gemma2", GEMMA | dict(num_hidden_layers=3, num_key_value_heads=2, query_pre_attn_scalar=24,
                                      sliding_window=6, attn_logit_softcapping=3.0, final_logit_softcapping=5.0),
               "float16", {"eager": True}),
    "gemma2-no-caps": ("gemma2", GEMMA | dict(query_pre_attn_scalar=16, sliding_window=4,
                                              attn_logit_softcapping=None, final_logit_softcapping=None,
                                              layer_types=["full_attention", "sliding_attention"]), "bfloat16", {}),
    "bloom": ("bloom", dict(hidden_size=32, n_layer=2, n_head=4), "float16", {}),
    "bloom-6-heads": ("bloom", dict(hidden_size=48, n_layer=2, n_head=6), "float16",
                      {"rename": without_prefix("transformer.")}),
    "bloom-11-heads": ("bloom", dict(hidden_size=44, n_layer=1, n_head=11), "float32",
                       {"edit": rewritten(drop=["hidden_size", "n_head"], n_embed=44, num_attention_heads=11)}),
    "bloom-post-norm-residual": ("bloom", dict(hidden_size=32, n_layer=2, n_head=4,
                                               apply_residual_connection_post_layernorm=True), "bfloat16", {}),
    "qwen2": ("qwen2", ROPE | dict(num_key_value_heads=2), "bfloat16", {}),
    "qwen2-windows-tied": ("qwen2", ROPE | dict(num_hidden_layers=3, num_key_value_heads=2, use_sliding_window=True,
                                                sliding_window=4, max_window_layers=1, tie_word_embeddings=True),
                           "float16", {"edit": rewritten(drop=["layer_types"])}),
    "opt-projections-pre-norm": ("opt", OPT | dict(word_embed_proj_dim=16), "float16", {}),
    "opt-no-bias": ("opt", OPT | dict(enable_bias=False), "float16", {}),
    "opt-plain-norms": ("opt", OPT | dict(layer_norm_elementwise_affine=False), "float16", {}),
    "llama-linear": ("llama", ROPE | dict(rope_parameters={"rope_type": "linear", "factor": 3.0, "rope_theta": 777.0}),
                     "float16", {}),
    "llama-dynamic-original": ("llama", ROPE | dict(max_position_embeddings=32, rope_parameters={
        "rope_type": "dynamic", "factor": 2.0, "rope_theta": 10000.0, "original_max_position_embeddings": 16}),
        "float16", {}),
    "llama-yarn-full": ("llama", ROPE | dict(rope_parameters={
        "rope_type": "yarn", "factor": 4.0, "rope_theta": 1000.0, "original_max_position_embeddings": 16,
        "beta_fast": 16.0, "beta_slow": 2.0, "mscale": 0.7, "mscale_all_dim": 1.1, "truncate": False}), "float16", {}),
    "llama-defaults": ("llama", ROPE, "float16",
                       {"edit": rewritten(drop=["rope_parameters", "rms_norm_eps", "hidden_act", "head_dim",
                                                "num_key_value_heads", "tie_word_embeddings", "attention_bias",
                                                "mlp_bias"])}),
    "mistral-default-window": ("mistral", ROPE | dict(num_key_value_heads=2), "float16",
                               {"edit": rewritten(drop=["sliding_window", "head_dim"])}),
    "gemma2-parity": ("gemma2", GEMMA | dict(num_hidden_layers=4, num_key_value_heads=2, sliding_window=5), "float16",
                      {"eager": True, "edit": rewritten(drop=["layer_types", "query_pre_attn_scalar",
                                                              "attn_logit_softcapping", "final_logit_softcapping"])}),
    "bloom-aliases": ("bloom", dict(hidden_size=48, n_layer=2, n_head=12), "bfloat16",
                      {"edit": rewritten(drop=["n_layer", "n_head", "layer_norm_epsilon"], num_hidden_layers=2,
                                         num_attention_heads=12, offset_alibi=100, seq_length=2048)}),
    "qwen2-layer-types": ("qwen2", ROPE | dict(num_hidden_layers=3, num_key_value_heads=2, sliding_window=4,
                                               use_sliding_window=True, layer_types=[
                                                   "sliding_attention", "full_attention", "sliding_attention"]),
                          "float16", {}),
    "qwen2-window-unused": ("qwen2", ROPE | dict(num_key_value_heads=2, use_sliding_window=False), "float16",
                            {"edit": rewritten(drop=["layer_types"], sliding_window=4)}),
}


def randomise(model, generator):
    """Weights that make every part matter: attention far from uniform, norms and biases far from 1 and 0."""
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        leaf = name.rsplit(".", 1)[-1]
        norm = "norm" in name or ".ln_f" in name
        if norm and leaf == "weight":
            centre = 0.0 if "Gemma" in type(model).__name__ else 1.0
            parameter.data = centre + 0.2 * noise
        elif leaf == "bias":
            parameter.data = 0.2 * noise
        elif "embed" in name:
            parameter.data = 0.5 * noise
        else:
            gain = 2.0 if ("q_proj" in name or "k_proj" in name or "query_key_value" in name) else 1.0
            parameter.data = gain * noise / parameter.shape[-1] ** 0.5


def make(name, kind, settings, dtype, options, seed):
    directory = OUT / name
    shutil.rmtree(directory, ignore_errors=True)
    generator = torch.Generator().manual_seed(seed)
    config = AutoConfig.for_model(kind, **(COMMON | settings))
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    randomise(model, generator)
    model.to(getattr(torch, dtype)).save_pretrained(directory, max_shard_size=options.get("shard", "1GB"))
    (directory / "generation_config.json").unlink(missing_ok=True)

    path = directory / "config.json"
    written = json.loads(path.read_text())
    path.write_text(json.dumps(options.get("edit", lambda c: c)(written), indent=1, sort_keys=True) + "\n")
    if "rename" in options:
        file = directory / "model.safetensors"
        tensors = {options["rename"](key): value for key, value in load_file(file).items()}
        save_file(tensors, file, metadata={"format": "pt"})

    attention = "eager" if options.get("eager") else "sdpa"
    model, info = AutoModelForCausalLM.from_pretrained(
        directory, dtype=torch.float32, attn_implementation=None if kind == "bloom" else attention,
        output_loading_info=True)
    missing = {key for key in info["missing_keys"]}
    assert not missing and not info["unexpected_keys"], (name, info)
    reference = {}
    with torch.no_grad():
        for i, length in enumerate((9, 37)):
            ids = torch.randint(3, VOCABULARY, (1, length), generator=generator)
            reference[f"input_ids.{i}"] = ids[0]
            # A fresh model for each, because dynamic RoPE keeps what the longest sequence so far made of it.
            fresh = AutoModelForCausalLM.from_pretrained(
                directory, dtype=torch.float32, attn_implementation=None if kind == "bloom" else attention)
            reference[f"logits.{i}"] = fresh(ids).logits[0].float().contiguous()
        prompt = reference["input_ids.0"][None]
        reference["greedy"] = model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=20,
                                             do_sample=False)[0]
    save_file(reference, directory / "reference.safetensors",
              metadata={"source": f"transformers {__import__('transformers').__version__}, "
                                  f"torch {torch.__version__}, float32 on CPU"})
    print(name, f"{reference['logits.1'].abs().max():.3f}", reference["greedy"].tolist())


if __name__ == "__main__":
    chosen = sys.argv[1:] or list(LAYOUTS)
    for seed, (name, (kind, settings, dtype, options)) in enumerate(LAYOUTS.items()):
        if name in chosen:
            make(name, kind, settings, dtype, options, seed)
