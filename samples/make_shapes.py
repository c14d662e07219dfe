"""Makes the images under shapes/ and the model vit-shapes/ that tells them apart.

    pip install jax numpy pillow safetensors
    python make_shapes.py images     # ten pictures of 96 x 96 pixels, one a class
    python make_shapes.py model      # a vision transformer of 0.2 M weights, trained for some minutes on the processor

Pictures are drawn, not photographed: a shape of some colour, size, place and turn on a ground of two colours with noise.
The model is trained on pictures of 32 x 32 pixels that the same code draws, none of them twice. The committed files were
made with Python 3.11, jax 0.10.2, NumPy 2 and Pillow 12.
"""

import json
import sys
from pathlib import Path

import numpy

HERE = Path(__file__).resolve().parent
CLASSES = ["arrow", "circle", "cross", "heart", "moon", "ring", "square", "star", "stripes", "triangle"]
SIDE, PATCH, HIDDEN, LAYERS, HEADS, INNER = 32, 8, 64, 4, 4, 128
EPSILON = 1e-6


def inside(kind, x, y):
    """How far a point is inside a shape that reaches from -1 to 1: positive inside. Points upright."""
    if kind == "circle":
        return 1 - numpy.hypot(x, y)
    if kind == "ring":
        return 0.3 - abs(numpy.hypot(x, y) - 0.7)
    if kind == "square":
        return 0.8 - numpy.maximum(abs(x), abs(y))
    if kind == "cross":
        return numpy.maximum(numpy.minimum(0.3 - abs(x), 1 - abs(y)), numpy.minimum(0.3 - abs(y), 1 - abs(x)))
    if kind == "triangle":
        return numpy.minimum(y + 0.5, 0.5 - abs(x) * 0.866 - y * 0.5)
    if kind == "star":
        angle = (numpy.arctan2(x, y) + numpy.pi / 5) % (2 * numpy.pi / 5) - numpy.pi / 5
        return (0.42 - numpy.hypot(x, y) * numpy.cos(abs(angle) - numpy.pi / 5 * 1.55) * 0.8) * 0.9
    if kind == "heart":
        return 0.6 - numpy.hypot(x, y - 0.55 * numpy.sqrt(abs(x)) + 0.15) * 0.8
    if kind == "moon":
        return numpy.minimum(1 - numpy.hypot(x, y), numpy.hypot(x - 0.5, y) - 0.75)
    if kind == "arrow":
        head = numpy.minimum(y - 0.1, 0.95 - y - abs(x) * 1.15)
        return numpy.maximum(head, numpy.minimum(0.22 - abs(x), numpy.minimum(y + 0.95, 0.3 - y)))
    if kind == "stripes":
        return numpy.minimum(0.16 - abs((x * 1.5 + 0.25) % 0.5 - 0.25) * 1.1, 0.85 - numpy.maximum(abs(x), abs(y)))
    raise ValueError(kind)


def draw(kind, side, random):
    """A picture of a shape, [side, side, 3] from 0 to 1."""
    size = random.uniform(0.28, 0.44)
    across, down = random.uniform(size, 1 - size, 2)
    turn = random.uniform(-0.6, 0.6)
    at = (numpy.arange(side) + 0.5) / side
    x, y = (at[None, :] - across) / size, -(at[:, None] - down) / size
    x, y = x * numpy.cos(turn) - y * numpy.sin(turn), x * numpy.sin(turn) + y * numpy.cos(turn)
    edge = 1.5 / (size * side)
    cover = numpy.clip(inside(kind, x, y) / edge + 0.5, 0, 1)[:, :, None]
    while True:
        shape, ground, other = random.uniform(0, 1, (3, 3))
        if min(abs(shape - ground).sum(), abs(shape - other).sum()) > 0.9:
            break
    slope = random.normal(0, 1, 2)
    mix = numpy.clip(0.5 + slope[0] * (at[None, :] - 0.5) + slope[1] * (at[:, None] - 0.5), 0, 1)[:, :, None]
    picture = (ground * mix + other * (1 - mix)) * (1 - cover) + shape * cover
    return numpy.clip(picture + random.normal(0, 0.04, picture.shape), 0, 1)


def make_images():
    from PIL import Image

    for number, kind in enumerate(CLASSES):
        folder = HERE / "shapes" / kind
        folder.mkdir(parents=True, exist_ok=True)
        picture = draw(kind, 96, numpy.random.default_rng(1000 + number))
        Image.fromarray((picture * 255 + 0.5).astype("uint8")).save(folder / "1.png", optimize=True)


def batch(random, count):
    labels = random.integers(0, len(CLASSES), count)
    pictures = numpy.stack([draw(CLASSES[label], SIDE, random) for label in labels])
    return ((pictures - 0.5) / 0.5).astype("float32"), labels


def start(random):
    def weights(*shape):
        return random.normal(0, 0.02, shape).astype("float32")

    zeros = lambda *shape: numpy.zeros(shape, "float32")
    ones = lambda *shape: numpy.ones(shape, "float32")
    block = lambda: {
        "layernorm_before.weight": ones(HIDDEN), "layernorm_before.bias": zeros(HIDDEN),
        **{f"attention.attention.{part}.{what}": value for part in ("query", "key", "value")
           for what, value in (("weight", weights(HIDDEN, HIDDEN)), ("bias", zeros(HIDDEN)))},
        "attention.output.dense.weight": weights(HIDDEN, HIDDEN), "attention.output.dense.bias": zeros(HIDDEN),
        "layernorm_after.weight": ones(HIDDEN), "layernorm_after.bias": zeros(HIDDEN),
        "intermediate.dense.weight": weights(INNER, HIDDEN), "intermediate.dense.bias": zeros(INNER),
        "output.dense.weight": weights(HIDDEN, INNER), "output.dense.bias": zeros(HIDDEN),
    }
    tensors = {
        "vit.embeddings.cls_token": weights(1, 1, HIDDEN),
        "vit.embeddings.position_embeddings": weights(1, 1 + (SIDE // PATCH) ** 2, HIDDEN),
        "vit.embeddings.patch_embeddings.projection.weight": weights(HIDDEN, 3, PATCH, PATCH) * 5,
        "vit.embeddings.patch_embeddings.projection.bias": zeros(HIDDEN),
        "vit.layernorm.weight": ones(HIDDEN), "vit.layernorm.bias": zeros(HIDDEN),
        "classifier.weight": weights(len(CLASSES), HIDDEN), "classifier.bias": zeros(len(CLASSES)),
    }
    for i in range(LAYERS):
        tensors |= {f"vit.encoder.layer.{i}.{name}": value * (3 if value.ndim == 2 else 1)
                    for name, value in block().items()}
    return tensors


def forward(tensors, pictures):
    import jax
    import jax.numpy as np

    def norm(x, name):
        x = x - x.mean(-1, keepdims=True)
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * tensors[name + ".weight"] + tensors[name + ".bias"]

    linear = lambda x, name: x @ tensors[name + ".weight"].T + tensors[name + ".bias"]
    count, grid = len(pictures), SIDE // PATCH
    patches = pictures.reshape(count, grid, PATCH, grid, PATCH, 3).transpose(0, 1, 3, 5, 2, 4).reshape(
        count, grid * grid, -1)
    projection = "vit.embeddings.patch_embeddings.projection."
    x = patches @ tensors[projection + "weight"].reshape(HIDDEN, -1).T + tensors[projection + "bias"]
    x = np.concatenate([np.broadcast_to(tensors["vit.embeddings.cls_token"], (count, 1, HIDDEN)), x], 1)
    x = x + tensors["vit.embeddings.position_embeddings"]
    for i in range(LAYERS):
        block = f"vit.encoder.layer.{i}."
        normed = norm(x, block + "layernorm_before")
        split = lambda name: linear(normed, block + "attention.attention." + name).reshape(
            count, -1, HEADS, HIDDEN // HEADS).transpose(0, 2, 1, 3)
        scores = split("query") @ split("key").transpose(0, 1, 3, 2) / np.sqrt(HIDDEN // HEADS)
        mixed = (jax.nn.softmax(scores) @ split("value")).transpose(0, 2, 1, 3).reshape(x.shape)
        x = x + linear(mixed, block + "attention.output.dense")
        inner = jax.nn.gelu(linear(norm(x, block + "layernorm_after"), block + "intermediate.dense"), approximate=False)
        x = x + linear(inner, block + "output.dense")
    return linear(norm(x, "vit.layernorm")[:, 0], "classifier")


def make_model(steps=3000, size=64, most=2e-3):
    import jax
    import jax.numpy as np
    from safetensors.numpy import save_file

    random = numpy.random.default_rng(1)
    tensors = start(random)
    moments = jax.tree.map(lambda t: (np.zeros_like(t), np.zeros_like(t)), tensors)

    def loss(tensors, pictures, labels):
        logits = jax.nn.log_softmax(forward(tensors, pictures))
        return -logits[np.arange(len(labels)), labels].mean()

    @jax.jit
    def step(tensors, moments, pictures, labels, number):
        value, gradients = jax.value_and_grad(loss)(tensors, pictures, labels)
        rate = most * np.minimum(1, number / 100) * (0.5 + 0.5 * np.cos(np.pi * number / steps))
        made, kept = {}, {}
        for name, gradient in gradients.items():
            first = 0.9 * moments[name][0] + 0.1 * gradient
            second = 0.99 * moments[name][1] + 0.01 * gradient * gradient
            move = first / (1 - 0.9 ** number) / (np.sqrt(second / (1 - 0.99 ** number)) + 1e-8)
            made[name] = tensors[name] - rate * (move + 0.01 * tensors[name])
            kept[name] = (first, second)
        return made, kept, value

    for number in range(1, steps + 1):
        pictures, labels = batch(random, size)
        tensors, moments, value = step(tensors, moments, pictures, labels, number)
        if number % 100 == 0:
            print(number, float(value), flush=True)
    pictures, labels = batch(numpy.random.default_rng(2), 2000)
    right = numpy.asarray(forward(tensors, pictures)).argmax(1) == labels
    print("right of 2,000 that it has not seen:", right.mean())
    save_model({name: numpy.asarray(tensor, "float16") for name, tensor in tensors.items()}, save_file)


def save_model(tensors, save_file):
    directory = HERE / "vit-shapes"
    directory.mkdir(exist_ok=True)
    config = {
        "architectures": ["ViTForImageClassification"], "model_type": "vit", "dtype": "float16",
        "hidden_size": HIDDEN, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "intermediate_size": INNER,
        "image_size": SIDE, "patch_size": PATCH, "num_channels": 3, "hidden_act": "gelu", "layer_norm_eps": EPSILON,
        "qkv_bias": True, "id2label": {str(i): name for i, name in enumerate(CLASSES)},
    }
    preprocessor = {
        "image_processor_type": "ViTImageProcessor", "do_resize": True, "size": {"height": SIDE, "width": SIDE},
        "resample": 2, "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True,
        "image_mean": [0.5] * 3, "image_std": [0.5] * 3,
    }
    (directory / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    (directory / "preprocessor_config.json").write_text(json.dumps(preprocessor, indent=1) + "\n")
    save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    for what in sys.argv[1:] or ["images", "model"]:
        make_images() if what == "images" else make_model()
