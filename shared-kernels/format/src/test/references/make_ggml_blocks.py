"""Makes blocks of every quantized type of GGUF and their values, and the grids that the IQ types select from.

    pip install gguf numpy
    python make_ggml_blocks.py

Per type, ../resources/ggml/TYPE.bin is eight random blocks followed by the float32 values that the gguf package expands
them to; scales are random finite float16 numbers. The package has no decoder for Q8_1 and Q8_K, whose values are computed
here: d·q. grids.properties among the main resources holds the package's packed grids. The committed files were made with
gguf 0.19.0.
"""

from pathlib import Path

import numpy as np
from gguf import quants
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType as Type

HERE = Path(__file__).resolve().parent
BLOCKS = HERE.parent / "resources" / "ggml"
GRIDS = HERE.parents[1] / "main" / "resources" / "io" / "shiftadd" / "format" / "ggml" / "grids.properties"
COUNT = 8

# Where each type has float16 numbers; elsewhere any byte is valid.
HALVES = {
    Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2], Type.Q8_0: [0], Type.Q8_1: [0, 2],
    Type.Q2_K: [80, 82], Type.Q3_K: [108], Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208], Type.Q8_K: [],
    Type.IQ1_S: [0], Type.IQ1_M: [], Type.IQ2_XXS: [0], Type.IQ2_XS: [0], Type.IQ2_S: [0], Type.IQ3_XXS: [0],
    Type.IQ3_S: [0], Type.IQ4_NL: [0], Type.IQ4_XS: [0], Type.TQ1_0: [52], Type.TQ2_0: [64], Type.MXFP4: [],
    Type.NVFP4: [],
}


def blocks_of(kind, size, random):
    blocks = random.integers(0, 256, (COUNT, size), dtype=np.uint8)
    for at in HALVES[kind]:
        blocks[:, at:at + 2] = random.normal(0, 2, (COUNT, 1)).astype(np.float16).view(np.uint8)
    if kind == Type.Q8_K:
        blocks[:, 0:4] = random.normal(0, 2, (COUNT, 1)).astype(np.float32).view(np.uint8)
    if kind == Type.IQ1_M:  # the four highest bits of four numbers are a float16
        halves = random.normal(0, 2, COUNT).astype(np.float16).view(np.uint16)
        scales = blocks[:, 48:56].copy().view(np.uint16)
        for i in range(4):
            scales[:, i] = scales[:, i] & 0x0FFF | (halves >> 4 * i & 0xF) << 12
        blocks[:, 48:56] = scales.view(np.uint8)
    return blocks


def values_of(kind, blocks):
    if kind == Type.Q8_1:
        return blocks[:, 0:2].copy().view(np.float16).astype(np.float32) * blocks[:, 4:36].view(np.int8)
    if kind == Type.Q8_K:
        return blocks[:, 0:4].copy().view(np.float32) * blocks[:, 4:260].copy().view(np.int8)
    return quants.dequantize(blocks, kind)


def main():
    BLOCKS.mkdir(parents=True, exist_ok=True)
    for kind in HALVES:
        # ggml's own struct of Q8_1 has two float16 numbers; the package still lists the older one with two floats.
        size = 36 if kind == Type.Q8_1 else GGML_QUANT_SIZES[kind][1]
        blocks = blocks_of(kind, size, np.random.default_rng(kind.value))
        values = values_of(kind, blocks).astype(np.float32)
        (BLOCKS / f"{kind.name}.bin").write_bytes(blocks.tobytes() + values.tobytes())
    # BitNet's own type, which the package does not know: four fields of two bits, 32 values apart.
    blocks = np.random.default_rng(36).integers(0, 256, (COUNT, 32), dtype=np.uint8)
    values = np.concatenate([blocks >> 6 - 2 * part & 3 for part in range(4)], axis=1).astype(np.float32) - 1
    (BLOCKS / "I2_S.bin").write_bytes(blocks.tobytes() + values.astype(np.float32).tobytes())
    GRIDS.parent.mkdir(parents=True, exist_ok=True)
    grids = {"iq1": quants.IQ1_S, "iq2_xxs": quants.IQ2_XXS, "iq2_xs": quants.IQ2_XS, "iq2_s": quants.IQ2_S,
             "iq3_xxs": quants.IQ3_XXS, "iq3_s": quants.IQ3_S}
    with GRIDS.open("w") as out:
        out.write("# Grids of the IQ types as ggml has them; written by src/test/references/make_ggml_blocks.py.\n")
        for name, grid in grids.items():
            hexadecimal = grid.grid_hex.decode().lower()
            lines = [hexadecimal[i:i + 112] for i in range(0, len(hexadecimal), 112)]
            out.write(f"{name}=\\\n" + "\\\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
