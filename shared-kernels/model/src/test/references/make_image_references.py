"""Makes the tiny image models under ../resources/image-references and what the reference implementation computes.

    pip install torch transformers safetensors pillow
    python make_image_references.py

Each directory is a randomly initialised model of one layout: config.json, its weights, and reference.safetensors with
`pixel_values` and `logits` (float32 on the CPU). resampled.safetensors has an image as Pillow resizes it. The committed
files were made with transformers 5.24.0, torch 2.15.0 and Pillow 13.0.0.

vit-shiftadd is vit with what ShiftAddViT has beside; its reference is computed here, in float64 with NumPy 2 alone:
`python make_image_references.py vit-shiftadd`.
"""

import json
import shutil
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "resources" / "image-references"
SIZES = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=40, image_size=12,
             patch_size=4)
FIRST_NAMES = [(".layers.", ".encoder.layer."), (".q_proj", ".attention.query"), (".k_proj", ".attention.key"),
               (".v_proj", ".attention.value"), (".o_proj", ".output.dense"), (".mlp.fc1", ".intermediate.dense"),
               (".mlp.fc2", ".output.dense")]


def first_name(name):
    for later, first in FIRST_NAMES:
        name = name.replace(later, first)
    return name


# name: (class, configuration, {later: names of version 5, edit: of config.json, mean: pooling of patches})
LAYOUTS = {
    "vit": ("ViTForImageClassification", SIZES, {}),
    "vit-later-names": ("ViTForImageClassification", SIZES | dict(hidden_act="gelu_new"), {"later": True}),
    "vit-grey-no-bias": ("ViTForImageClassification",
                         SIZES | dict(image_size=[9, 12], patch_size=[4, 2], num_channels=1, qkv_bias=False), {}),
    "vit-mean": ("ViTForImageClassification", SIZES, {"mean": True, "edit": {"use_mean_pooling": True}}),
    "deit": ("DeiTForImageClassification", SIZES, {}),
    "deit-later-names": ("DeiTForImageClassification", SIZES, {"later": True}),
    "deit-teacher": ("DeiTForImageClassificationWithTeacher", SIZES, {}),
}


def make_model(name):
    import torch
    import transformers
    from safetensors.torch import save_file

    kind, sizes, extra = LAYOUTS[name]
    torch.manual_seed(7)
    config_class = getattr(transformers, kind.split("For")[0] + "Config")
    config = config_class(**sizes, num_labels=5)
    model = getattr(transformers, kind)(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
        height, width = sizes["image_size"] if isinstance(sizes["image_size"], list) else [sizes["image_size"]] * 2
        pixels = torch.randn(3, sizes.get("num_channels", 3), height, width)
        if extra.get("mean"):
            logits = model.classifier(model.vit(pixels).last_hidden_state[:, 1:].mean(1))
        else:
            logits = model(pixels).logits
    directory = OUT / name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    keys = json.loads(config.to_json_string(use_diff=False)) | {"architectures": [kind]} | extra.get("edit", {})
    keep = set(SIZES) | {"model_type", "architectures", "num_channels", "hidden_act", "layer_norm_eps", "qkv_bias",
                         "id2label", "use_mean_pooling"}
    (directory / "config.json").write_text(json.dumps({k: keys[k] for k in sorted(keep & set(keys))}, indent=1) + "\n")
    named = {key if extra.get("later") else first_name(key): value.contiguous()
             for key, value in model.state_dict().items()}
    save_file(named, directory / "model.safetensors")
    save_file({"pixel_values": pixels, "logits": logits.contiguous()}, directory / "reference.safetensors")


def norm(x, tensors, name, epsilon):
    x = x - x.mean(-1, keepdims=True)
    return x / (((x * x).mean(-1, keepdims=True) + epsilon) ** 0.5) * tensors[name + ".weight"] + tensors[name + ".bias"]


def gelu(x):
    import numpy
    from math import erf

    return 0.5 * x * (1 + numpy.vectorize(erf, otypes=[x.dtype])(x / 2 ** 0.5))


def linear(x, tensors, name):
    return x @ tensors[name + ".weight"].T + tensors[name + ".bias"]


def codes(x, thresholds):
    import numpy

    return (x / numpy.sqrt((x * x).sum(-1, keepdims=True)) > thresholds[:, None, :]).astype(x.dtype)


def shiftadd_block(x, tensors, block, heads, epsilon):
    import numpy

    normed = norm(x, tensors, block + "layernorm_before", epsilon)
    own = block + "attention.attention."
    split = lambda y: y.reshape(*y.shape[:2], heads, -1).transpose(0, 2, 1, 3)
    query, key, value = (split(linear(normed, tensors, own + part)) for part in ("query", "key", "value"))
    sums = codes(key, tensors[own + "key_threshold"]).transpose(0, 1, 3, 2) @ value
    mixed = value / 2 + codes(query, tensors[own + "query_threshold"]) @ sums / numpy.pi
    mixed = mixed / numpy.sqrt((mixed * mixed).sum(-1, keepdims=True))
    taps = tensors[own + "value_convolution.weight"]
    padded = numpy.pad(value, ((0, 0), (0, 0), (4, 4), (0, 0)))
    for tap in range(9):
        mixed = mixed + taps[:, tap][:, None, None] * padded[:, :, tap:tap + value.shape[2]]
    x = x + linear(mixed.transpose(0, 2, 1, 3).reshape(x.shape), tensors, block + "attention.output.dense")
    normed = norm(x, tensors, block + "layernorm_after", epsilon)
    scores = normed @ tensors[block + "router.weight"].T
    second = scores[..., 1:] > scores[..., :1]
    chosen = 1 / (1 + numpy.exp(-abs(scores[..., 1:] - scores[..., :1])))
    inner = lambda prefix: linear(gelu(linear(normed, tensors, block + prefix + "intermediate.dense")), tensors,
                                  block + prefix + "output.dense")
    return x + chosen * numpy.where(second, inner("shift_"), inner(""))


def shiftadd_logits(config, tensors, pixels):
    """What ShiftAddViT makes of pixels, in their type: docs/vision.md."""
    import numpy

    tensors = {name: tensor.astype(pixels.dtype) for name, tensor in tensors.items()}
    size, images = config["patch_size"], len(pixels)
    side = config["image_size"] // size
    patches = pixels.reshape(images, -1, side, size, side, size).transpose(0, 2, 4, 1, 3, 5).reshape(
        images, side * side, -1)
    embeddings = "vit.embeddings."
    projection = embeddings + "patch_embeddings.projection."
    x = patches @ tensors[projection + "weight"].reshape(config["hidden_size"], -1).T + tensors[projection + "bias"]
    x = numpy.concatenate([numpy.broadcast_to(tensors[embeddings + "cls_token"], (images, 1, x.shape[2])), x], 1)
    x = x + tensors[embeddings + "position_embeddings"]
    for i in range(config["num_hidden_layers"]):
        x = shiftadd_block(x, tensors, f"vit.encoder.layer.{i}.", config["num_attention_heads"],
                           config["layer_norm_eps"])
    return linear(norm(x, tensors, "vit.layernorm", config["layer_norm_eps"])[:, 0], tensors, "classifier")


def make_shiftadd():
    import numpy
    from safetensors.numpy import load_file, save_file

    source, directory = OUT / "vit", OUT / "vit-shiftadd"
    config = json.loads((source / "config.json").read_text())
    config["shiftadd"] = {"attention": "linear-angular", "experts": ["dense", "shift"]}
    tensors = load_file(source / "model.safetensors")
    random = numpy.random.default_rng(11)
    hidden, inner, heads = config["hidden_size"], config["intermediate_size"], config["num_attention_heads"]
    for i in range(config["num_hidden_layers"]):
        block = f"vit.encoder.layer.{i}."
        own = block + "attention.attention."
        for part in ("query_threshold", "key_threshold"):
            tensors[own + part] = random.normal(0, 0.2, (heads, hidden // heads)).astype("float32")
        tensors[own + "value_convolution.weight"] = random.normal(0, 0.2, (heads, 9)).astype("float32")
        tensors[block + "router.weight"] = random.normal(0, 0.3, (2, hidden)).astype("float32")
        for part, shape in (("intermediate", (inner, hidden)), ("output", (hidden, inner))):
            powers = 2.0 ** -random.integers(1, 6, shape) * random.choice([-1, 1], shape)
            tensors[f"{block}shift_{part}.dense.weight"] = powers.astype("float32")
            tensors[f"{block}shift_{part}.dense.bias"] = random.normal(0, 0.2, shape[0]).astype("float32")
    pixels = random.normal(0, 1, (3, 3, config["image_size"], config["image_size"]))
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    save_file(tensors, directory / "model.safetensors")
    pixels = pixels.astype("float32")
    logits = shiftadd_logits(config, tensors, pixels.astype("float64")).astype("float32")
    save_file({"pixel_values": pixels, "logits": logits}, directory / "reference.safetensors")


def make_resampled():
    import numpy
    from PIL import Image
    from safetensors.numpy import save_file

    random = numpy.random.default_rng(3)
    image = random.integers(0, 256, (13, 17, 3), dtype=numpy.uint8)
    tensors = {"image": image}
    for filter in range(6):
        for height, width in ((8, 8), (30, 21), (13, 5), (5, 17)):
            resized = Image.fromarray(image).resize((width, height), resample=filter)
            tensors[f"{filter}.{height}.{width}"] = numpy.asarray(resized).copy()
    OUT.mkdir(parents=True, exist_ok=True)
    save_file(tensors, OUT / "resampled.safetensors")


if __name__ == "__main__":
    wanted = sys.argv[1:] or [*LAYOUTS, "vit-shiftadd", "resampled"]
    for name in wanted:
        if name == "resampled":
            make_resampled()
        elif name == "vit-shiftadd":
            make_shiftadd()
        else:
            make_model(name)
