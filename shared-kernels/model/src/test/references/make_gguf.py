"""Writes a tiny model as GGUF, as llama.cpp's convert_hf_to_gguf.py does it, beside the config.json that it reads.

The names of tensors and of most parameters are the gguf package's own; what is done to tensors on the way is that
script's. Matrices keep their float16 type, vectors become float32. Called by make_references.py.
"""

import json
import re

import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFWriter, MODEL_ARCH_NAMES, get_tensor_name_map, quants
from safetensors.torch import load_file

ROTATES_NEIGHBOURS = {"llama", "smollm3", "granite"}
ADDS_ONE = {"gemma", "gemma2", "gemma3"}


def pairs(weight, heads):
    """LlamaModel.permute"""
    shape = weight.shape
    return weight.reshape(heads, 2, shape[0] // heads // 2, *shape[1:]).swapaxes(1, 2).reshape(shape)


def heads_apart(tensor, heads):
    """GPTNeoXModel.modify_tensors and BloomModel.modify_tensors"""
    size = tensor.shape[0] // heads // 3
    parts = tensor.reshape(heads, 3, size, *tensor.shape[1:])
    return np.concatenate([parts[:, i].reshape(-1, *tensor.shape[1:]) for i in range(3)])


def converted(architecture, name, tensor, heads, key_heads):
    if architecture in ROTATES_NEIGHBOURS and "self_attn.q_proj" in name:
        tensor = pairs(tensor, heads)
    if architecture in ROTATES_NEIGHBOURS and "self_attn.k_proj" in name:
        tensor = pairs(tensor, key_heads)
    if architecture in ADDS_ONE and name.endswith("norm.weight"):
        tensor = tensor.astype(np.float32) + 1
    if architecture in ("gptneox", "bloom") and "query_key_value" in name:
        tensor = heads_apart(tensor, heads)
    if architecture == "gpt2" and name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight")):
        tensor = tensor.T
    return np.ascontiguousarray(tensor if tensor.ndim >= 2 and "gate.weight" not in name else tensor.astype(np.float32))


def parameters(writer, architecture, config):
    get = lambda *names, default=None: next((config[name] for name in names if config.get(name) is not None), default)
    heads = get("num_attention_heads", "n_head")
    hidden = get("hidden_size", "n_embd")
    head_dim = get("head_dim", default=hidden // heads)
    rope = config.get("rope_parameters") or {}
    everywhere = rope.get("full_attention", rope)
    writer.add_context_length(get("max_position_embeddings", "n_positions", "seq_length", default=2048))
    writer.add_embedding_length(hidden)
    writer.add_block_count(get("num_hidden_layers", "n_layer"))
    writer.add_feed_forward_length(get("intermediate_size", "n_inner", default=4 * hidden))
    writer.add_head_count(heads)
    writer.add_head_count_kv(get("num_key_value_heads", default=heads))
    if get("rms_norm_eps") is not None:
        writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    else:
        writer.add_layer_norm_eps(get("layer_norm_eps", "layer_norm_epsilon"))
    if config.get("head_dim"):
        writer.add_key_length(head_dim)
        writer.add_value_length(head_dim)
    theta = get("rope_theta", "rotary_emb_base", default=everywhere.get("rope_theta"))
    if theta is not None:
        writer.add_rope_freq_base(theta)
        part = get("partial_rotary_factor", "rotary_pct", default=everywhere.get("partial_rotary_factor", 1.0))
        if architecture != "gemma3":
            writer.add_rope_dimension_count(int(head_dim * part))
    if everywhere.get("rope_type") == "linear":
        writer.add_string(f"{architecture}.rope.scaling.type", "linear")
        writer.add_rope_scaling_factor(everywhere["factor"])
    if "sliding_attention" in rope:
        writer.add_float32(f"{architecture}.rope.freq_base_swa", rope["sliding_attention"]["rope_theta"])
    if config.get("sliding_window"):
        writer.add_sliding_window(config["sliding_window"])
    if architecture == "phi3":
        long_rope(writer, config)
    if everywhere.get("rope_type") == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_factors(everywhere, theta, head_dim))
    experts = get("num_experts", "num_local_experts")
    if experts:
        writer.add_expert_count(experts)
        writer.add_expert_used_count(config["num_experts_per_tok"])
    if architecture == "qwen3moe":
        writer.add_expert_feed_forward_length(config["moe_intermediate_size"])
    if architecture == "gptneox":
        writer.add_parallel_residual(config.get("use_parallel_residual", True))
    if architecture == "granite":
        writer.add_attention_scale(config["attention_multiplier"])
        writer.add_embedding_scale(config["embedding_multiplier"])
        writer.add_residual_scale(config["residual_multiplier"])
        writer.add_logit_scale(config["logits_scaling"])
    return heads, get("num_key_value_heads", default=heads)


def llama3_factors(rope, theta, head_dim):
    """LlamaModel.generate_extra_tensors: what each frequency is divided by"""
    old, low, high = (rope[key] for key in (
        "original_max_position_embeddings", "low_freq_factor", "high_freq_factor"))
    factors = []
    for i in range(0, head_dim, 2):
        length = 2 * np.pi * theta ** (i / head_dim)
        smooth = np.clip((old / length - low) / (high - low), 0, 1)
        factors.append(1 / ((1 - smooth) / rope["factor"] + smooth))
    return np.array(factors, dtype=np.float32)


def long_rope(writer, config):
    """Phi3MiniModel.generate_extra_tensors"""
    original = config.get("original_max_position_embeddings", config["max_position_embeddings"])
    writer.add_rope_scaling_orig_ctx_len(original)
    scaling = config.get("rope_scaling")
    if scaling:
        stretch = config["max_position_embeddings"] / original
        writer.add_rope_scaling_attn_factors(np.sqrt(1 + np.log(stretch) / np.log(original)).item())
        for kind in ("long", "short"):
            factors = np.array(scaling[f"{kind}_factor"], dtype=np.float32)
            writer.add_tensor(f"rope_factors_{kind}.weight", factors)


def load_torch(path):
    """As numpy arrays, which have no bfloat16."""
    return {name: (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()
            for name, tensor in load_file(path).items()}


def unpacked(tensors):
    """Ternary weights as float32; BitNet's pack_weights undone."""
    for name in [name for name in tensors if name.endswith(".weight_scale")]:
        weight = name.removesuffix("_scale")
        scale = tensors.pop(name).astype(np.float32)
        bytes_ = tensors[weight]
        tensors[weight] = np.concatenate([(bytes_ >> 2 * i & 3).astype(np.float32) - 1 for i in range(4)]) * scale


EXPERT = re.compile(r"(.*)\.(mlp|block_sparse_moe)\.experts\.(\d+)\.(\w+)\.weight")
MERGED = {"gate_proj": "gate_proj", "up_proj": "up_proj", "down_proj": "down_proj",
          "w1": "gate_proj", "w2": "down_proj", "w3": "up_proj"}


def merged(tensors):
    """The weights of all experts of a block in one tensor, as Qwen2MoeModel.modify_tensors does it."""
    all_, experts = {}, {}
    for name, tensor in tensors.items():
        match = EXPERT.fullmatch(name)
        if match:
            block, _, number, layer = match.groups()
            experts.setdefault(f"{block}.mlp.experts.{MERGED[layer]}.weight", {})[int(number)] = tensor
        else:
            all_[name] = tensor
    for name, parts in experts.items():
        all_[name] = np.stack([parts[i] for i in range(len(parts))])
    return all_


# BitNet's own type, which the package does not know.
I2_S = 36


def i2_s(tensor):
    """quantize_i2_s of BitNet: four fields of two bits, 32 values apart; the scale stands behind them."""
    scale = np.abs(tensor).max()
    codes = (np.sign(tensor).astype(np.int8) + 1).astype(np.uint8).reshape(-1, 4, 32)
    packed = codes[:, 0] << 6 | codes[:, 1] << 4 | codes[:, 2] << 2 | codes[:, 3]
    tail = np.zeros(32, dtype=np.uint8)
    tail[:4] = np.array([scale], dtype=np.float32).view(np.uint8)
    return np.concatenate([packed.reshape(-1), tail]).view(np.int8)


def write(directory, architecture, ternary_types=()):
    config = json.loads((directory / "config.json").read_text())
    writer = GGUFWriter(directory / "model.gguf", architecture)
    heads, key_heads = parameters(writer, architecture, config)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    kind = next(arch for arch, name in MODEL_ARCH_NAMES.items() if name == architecture.removesuffix("-b1.58"))
    names = get_tensor_name_map(kind, config.get("num_hidden_layers", config.get("n_layer")))
    tensors = load_torch(directory / "model.safetensors")
    ternary = [name.removesuffix("_scale") for name in tensors if name.endswith(".weight_scale")]
    unpacked(tensors)
    tensors = merged(tensors)
    for i, (name, tensor) in enumerate(tensors.items()):
        # The package knows BitNet's inner norms by the names of an older checkpoint.
        known = name.replace("self_attn.attn_sub_norm", "self_attn.inner_attn_ln").replace(
            "mlp.ffn_sub_norm", "mlp.ffn_layernorm")
        gguf_name = names.get_name(known, try_suffixes=(".weight", ".bias"))
        assert gguf_name is not None, (architecture, name)
        tensor = converted(architecture, name, tensor, heads, key_heads)
        if name in ternary and ternary_types == ["I2_S"]:
            writer.add_tensor(gguf_name, i2_s(tensor))
            info = writer.tensors[-1][gguf_name]
            info.shape, info.dtype = tensor.shape, I2_S
        elif name in ternary:
            kind = GGMLQuantizationType[ternary_types[i % len(ternary_types)]]
            writer.add_tensor(gguf_name, quants.quantize(tensor, kind), raw_dtype=kind)
        else:
            writer.add_tensor(gguf_name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
