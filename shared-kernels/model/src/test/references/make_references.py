"""Makes the tiny models under ../resources/references and what the reference implementation computes for them.

    pip install torch transformers safetensors gguf
    python make_references.py

Each directory is a randomly initialised model of one layout: config.json as users have it (old and new keys), its
weights, and reference.safetensors with `input_ids.i`, `logits.i` (float32 on the CPU) and `greedy`
(`input_ids.0` and its greedy continuation); some also have model.gguf, see make_gguf.py. The committed files were made
with transformers 5.18.0 and torch 2.13.0, from qwen3 on with 5.24.0 and 2.15.0.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM, BitNetQuantConfig
from transformers.integrations.bitnet import pack_weights, replace_with_bitnet_linear

import make_gguf

OUT = Path(__file__).resolve().parent.parent / "resources" / "references"
VOCABULARY = 96
COMMON = dict(vocab_size=VOCABULARY, bos_token_id=1, eos_token_id=2, pad_token_id=0)
ROPE = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, max_position_embeddings=64)
OPT = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, ffn_dim=48, max_position_embeddings=64)
GEMMA = ROPE | dict(num_key_value_heads=1, head_dim=16)
GEMMA3 = GEMMA | dict(num_hidden_layers=7, num_key_value_heads=2, hidden_size=24, head_dim=8, intermediate_size=32,
                      sliding_window=5, query_pre_attn_scalar=12, rope_parameters={
                          "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
                          "full_attention": {"rope_type": "linear", "factor": 2.0, "rope_theta": 5000.0}})
MOE = ROPE | dict(num_key_value_heads=2, intermediate_size=40)
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
                     "bfloat16", {"gguf": "llama"}),
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
    "qwen3": ("qwen3", ROPE | dict(num_key_value_heads=2, head_dim=16), "float16", {"gguf": "qwen3"}),
    "qwen3-tied-bias": ("qwen3", ROPE | dict(num_key_value_heads=1, head_dim=8, attention_bias=True,
                                             tie_word_embeddings=True), "bfloat16", {}),
    "gemma3": ("gemma3_text", GEMMA3 | dict(query_pre_attn_scalar=8), "float16", {"gguf": "gemma3"}),
    "gemma3-old-keys": ("gemma3_text", GEMMA3 | dict(num_hidden_layers=3), "bfloat16",
                        {"edit": rewritten(drop=["rope_parameters", "layer_types"], sliding_window_pattern=3,
                                           rope_theta=100000.0, rope_local_base_freq=1000.0,
                                           rope_scaling={"rope_type": "linear", "factor": 4.0})}),
    "gemma3-multimodal": ("gemma3_text", GEMMA3 | dict(num_hidden_layers=2), "float16", {"multimodal": True}),
    "phi3": ("phi3", ROPE | dict(num_key_value_heads=2, pad_token_id=0), "float16", {"gguf": "phi3"}),
    "phi3-long": ("phi3", ROPE | dict(
        num_key_value_heads=2, pad_token_id=0, hidden_size=64, sliding_window=24, original_max_position_embeddings=16,
        tie_word_embeddings=True, rope_parameters={
            "rope_type": "longrope", "rope_theta": 1000.0, "partial_rotary_factor": 0.75,
            "original_max_position_embeddings": 16,
            "short_factor": [1.0, 1.1, 1.2, 1.4, 1.7, 2.0], "long_factor": [1.0, 1.5, 2.0, 3.0, 5.0, 8.0]}),
        # The reference starts again when a sequence outgrows the original context; here keys keep their angles.
        "float16", {"gguf": "phi3", "new_tokens": 7, "edit": rewritten(
            drop=["rope_parameters"], rope_theta=1000.0, partial_rotary_factor=0.75,
            rope_scaling={"type": "longrope", "short_factor": [1.0, 1.1, 1.2, 1.4, 1.7, 2.0],
                          "long_factor": [1.0, 1.5, 2.0, 3.0, 5.0, 8.0]})}),
    "gpt2": ("gpt2", dict(n_embd=32, n_layer=2, n_head=4, n_positions=64), "float16", {"gguf": "gpt2"}),
    "gpt2-inner": ("gpt2", dict(n_embd=32, n_layer=2, n_head=2, n_positions=64, n_inner=48,
                                activation_function="gelu", scale_attn_weights=False), "bfloat16",
                   {"rename": without_prefix("transformer.")}),
    "gpt-neox": ("gpt_neox", ROPE | dict(hidden_size=64), "float16", {"gguf": "gptneox"}),
    "gpt-neox-sequential": ("gpt_neox", ROPE | dict(use_parallel_residual=False, attention_bias=False), "float16",
                            {"gguf": "gptneox",
                             "edit": rewritten(drop=["rope_parameters"], rotary_pct=0.5, rotary_emb_base=5000)}),
    "smollm3": ("smollm3", ROPE | dict(num_hidden_layers=4, num_key_value_heads=2), "float16", {"gguf": "smollm3"}),
    "smollm3-listed": ("smollm3", ROPE | dict(num_hidden_layers=3, num_key_value_heads=2, no_rope_layers=[0, 1, 0],
                                              use_sliding_window=True, sliding_window=5, tie_word_embeddings=False),
                       "bfloat16", {}),
    "granite": ("granite", ROPE | dict(num_key_value_heads=2, embedding_multiplier=3.0, attention_multiplier=0.2,
                                       residual_multiplier=0.4, logits_scaling=2.0), "float16", {"gguf": "granite"}),
    "granite-biases": ("granite", ROPE | dict(attention_bias=True, mlp_bias=True, tie_word_embeddings=True), "bfloat16",
                       {}),
    "bitnet": ("bitnet", ROPE | dict(hidden_size=256, num_hidden_layers=1, num_key_value_heads=2, intermediate_size=256,
                                     hidden_act="silu", tie_word_embeddings=True), "float16",
               {"ternary": True, "gguf": "bitnet", "gguf_types": ["TQ1_0", "TQ2_0"]}),
    "bitnet-relu2": ("bitnet", ROPE | dict(num_key_value_heads=2), "bfloat16", {"ternary": True}),
    "olmo2": ("olmo2", ROPE | dict(num_key_value_heads=2), "float16", {"gguf": "olmo2"}),
    "qwen3-moe": ("qwen3_moe", MOE | dict(num_experts=6, num_experts_per_tok=2, moe_intermediate_size=16,
                                          norm_topk_prob=True, head_dim=16), "float16", {"gguf": "qwen3moe"}),
    "qwen3-moe-mixed": ("qwen3_moe", MOE | dict(num_hidden_layers=3, num_experts=4, num_experts_per_tok=3, head_dim=8,
                                                moe_intermediate_size=24, mlp_only_layers=[1]), "bfloat16", {}),
    "mixtral": ("mixtral", MOE | dict(num_local_experts=4, num_experts_per_tok=2, intermediate_size=24), "float16",
                {"gguf": "llama"}),
    "olmoe": ("olmoe", MOE | dict(num_experts=5, num_experts_per_tok=2, intermediate_size=16), "float16",
              {"gguf": "olmoe"}),
    "olmoe-clipped": ("olmoe", MOE | dict(num_experts=4, num_experts_per_tok=2, intermediate_size=16, clip_qkv=0.7,
                                          norm_topk_prob=True), "bfloat16", {}),
    "bitnet-i2s": ("bitnet", ROPE | dict(hidden_size=128, num_hidden_layers=1, num_key_value_heads=2,
                                         intermediate_size=128, tie_word_embeddings=True), "float16",
                   {"ternary": True, "gguf": "bitnet-b1.58", "gguf_types": ["I2_S"]}),
}


PROJECTIONS = ("q_proj", "k_proj", "qkv_proj", "query_key_value", "c_attn")


def randomise(model, generator):
    """Weights that make every part matter: attention far from uniform, norms and biases far from 1 and 0."""
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        leaf = name.rsplit(".", 1)[-1]
        norm = "norm" in name or ".ln_" in name
        if norm and leaf == "weight":
            centre = 0.0 if "Gemma" in type(model).__name__ else 1.0
            parameter.data = centre + 0.2 * noise
        elif leaf == "bias":
            parameter.data = 0.2 * noise
        elif "embed" in name or ".wte" in name or ".wpe" in name:
            parameter.data = 0.5 * noise
        else:
            gain = 2.0 if any(part in name for part in PROJECTIONS) else 1.0
            parameter.data = gain * noise / parameter.shape[-1] ** 0.5


def make_ternary(model, generator, dtype):
    """Weights of -1, 0 and 1 and a scale that all types hold, and layers that round their inputs."""
    quantization = BitNetQuantConfig(linear_class="autobitlinear", quantization_mode="offline",
                                     modules_to_not_convert=["lm_head"])
    layers = {name: module for name, module in model.named_modules()
              if isinstance(module, torch.nn.Linear) and name != "lm_head"}
    replace_with_bitnet_linear(model, ["lm_head"], quantization)
    stored = {name: tensor.to(dtype) for name, tensor in model.state_dict().items() if not tensor.is_meta}
    stored.pop("lm_head.weight", None) if model.config.tie_word_embeddings else None
    for name, module in layers.items():
        values = torch.randint(-1, 2, module.weight.shape, generator=generator)
        scale = (torch.rand(1, generator=generator) + 0.5).to(torch.bfloat16) / 2 ** 4
        stored[name + ".weight"] = pack_weights(values.clone())
        stored[name + ".weight_scale"] = scale
        new = model.get_submodule(name)
        new.weight = torch.nn.Parameter(values.float(), requires_grad=False)
        new.weight_scale = scale.float()
    for name, parameter in model.named_parameters():
        if name in stored and stored[name].dtype == dtype:
            parameter.data = stored[name].float()
    return stored, quantization.to_dict()


def make_multimodal(directory, path):
    """As a checkpoint that sees has it: parameters under text_config, names with a prefix, other blocks beside them."""
    text = directory / "text"
    text.mkdir()
    for name in ("config.json", "model.safetensors"):
        shutil.copy(directory / name, text / name)
    config = json.loads(path.read_text())
    outer = {"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3", "text_config": config,
             "vision_config": {"model_type": "siglip_vision_model", "num_hidden_layers": 1}, "eos_token_id": [2, 95]}
    del config["architectures"]
    path.write_text(json.dumps(outer, indent=1, sort_keys=True) + "\n")
    tensors = {"language_model." + key: value for key, value in load_file(directory / "model.safetensors").items()}
    tensors["vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.weight"] = torch.zeros(2, 2)
    save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})


def make(name, kind, settings, dtype, options, seed):
    directory = OUT / name
    shutil.rmtree(directory, ignore_errors=True)
    generator = torch.Generator().manual_seed(seed)
    config = AutoConfig.for_model(kind, **(COMMON | settings))
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    randomise(model, generator)
    if "ternary" in options:
        stored, quantization = make_ternary(model, generator, getattr(torch, dtype))
        directory.mkdir()
        save_file(stored, directory / "model.safetensors", metadata={"format": "pt"})
        written = config.to_dict() | {"architectures": ["BitNetForCausalLM"], "quantization_config": quantization}
        (directory / "config.json").write_text(json.dumps(written, indent=1, sort_keys=True) + "\n")
        reference(directory, name, kind, options, generator, lambda: model)
        return
    model.to(getattr(torch, dtype)).save_pretrained(directory, max_shard_size=options.get("shard", "1GB"))
    (directory / "generation_config.json").unlink(missing_ok=True)

    path = directory / "config.json"
    written = json.loads(path.read_text())
    path.write_text(json.dumps(options.get("edit", lambda c: c)(written), indent=1, sort_keys=True) + "\n")
    if "multimodal" in options:
        make_multimodal(directory, path)
    if "rename" in options:
        file = directory / "model.safetensors"
        tensors = {options["rename"](key): value for key, value in load_file(file).items()}
        save_file(tensors, file, metadata={"format": "pt"})

    source = directory
    if "multimodal" in options:
        source = directory / "text"
    attention = "eager" if options.get("eager") else "sdpa"
    model, info = AutoModelForCausalLM.from_pretrained(
        source, dtype=torch.float32, attn_implementation=None if kind == "bloom" else attention,
        output_loading_info=True)
    missing = {key for key in info["missing_keys"]}
    assert not missing and not info["unexpected_keys"], (name, info)
    # A fresh model for each input, because dynamic RoPE keeps what the longest sequence so far made of it.
    reference(directory, name, kind, options, generator, lambda: AutoModelForCausalLM.from_pretrained(
        source, dtype=torch.float32, attn_implementation=None if kind == "bloom" else attention))
    if source != directory:
        shutil.rmtree(source)


def reference(directory, name, kind, options, generator, fresh):
    computed = {}
    with torch.no_grad():
        for i, length in enumerate((9, 37)):
            ids = torch.randint(3, VOCABULARY, (1, length), generator=generator)
            computed[f"input_ids.{i}"] = ids[0]
            computed[f"logits.{i}"] = fresh()(ids).logits[0].float().contiguous()
        prompt = computed["input_ids.0"][None]
        computed["greedy"] = fresh().generate(prompt, attention_mask=torch.ones_like(prompt), do_sample=False,
                                              max_new_tokens=options.get("new_tokens", 20))[0]
    save_file(computed, directory / "reference.safetensors",
              metadata={"source": f"transformers {__import__('transformers').__version__}, "
                                  f"torch {torch.__version__}, float32 on CPU"})
    if "gguf" in options:
        make_gguf.write(directory, options["gguf"], options.get("gguf_types", []))
    print(name, f"{computed['logits.1'].abs().max():.3f}", computed["greedy"].tolist())


if __name__ == "__main__":
    chosen = sys.argv[1:] or list(LAYOUTS)
    for seed, (name, (kind, settings, dtype, options)) in enumerate(LAYOUTS.items()):
        if name in chosen:
            make(name, kind, settings, dtype, options, seed)
