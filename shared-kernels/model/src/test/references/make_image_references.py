"""Makes the tiny image models under ../resources/image-references and what the reference implementation computes.

    pip install torch transformers safetensors pillow
    python make_image_references.py

Each directory is a randomly initialised model of one layout: config.json, its weights, and reference.safetensors with
`pixel_values` and `logits` (float32 on the CPU). resampled.safetensors has an image as Pillow resizes it. The committed
files were made with transformers 5.24.0, torch 2.15.0 and Pillow 13.0.0.
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
    wanted = sys.argv[1:] or [*LAYOUTS, "resampled"]
    for name in wanted:
        make_resampled() if name == "resampled" else make_model(name)
