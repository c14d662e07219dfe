"""Writes what torch.save makes of a state dictionary, and the same tensors as safetensors: run by hand, outputs committed.

    pip install torch==2.15.0 safetensors && python make_torch.py ../resources/torch
"""

import collections
import os
import sys

import torch
from safetensors.torch import save_file


class Evil:
    def __reduce__(self):
        return os.system, ("echo this must never run",)


def tensors():
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 8
    embedding = torch.arange(12, dtype=torch.float16).reshape(3, 4)
    return collections.OrderedDict(
        float=base.clone(),
        half=embedding,
        tied=embedding,
        bfloat=torch.arange(5).to(torch.bfloat16),
        double=torch.arange(3, dtype=torch.float64) / 3,
        long=torch.tensor([-1, 2**40]),
        int=torch.tensor([-(2**31), 7], dtype=torch.int32),
        short=torch.tensor([-3, 300], dtype=torch.int16),
        char=torch.tensor([-128, 127], dtype=torch.int8),
        byte=torch.tensor([0, 255], dtype=torch.uint8),
        bool=torch.tensor([True, False, True]),
        scalar=torch.tensor(2.5),
        empty=torch.zeros(0, 7),
        transposed=base.t(),
        row=base[2],
        block=base[1:3, 2:5],
        parameter=torch.nn.Parameter(torch.ones(2, 3)),
    )


def main(target):
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.LayerNorm(2))
    torch.manual_seed(1)
    states = {"state": tensors(), "module": model.state_dict()}
    for name, state in states.items():
        torch.save(state, f"{target}/{name}.bin")
        save_file({key: value.detach().contiguous().clone() for key, value in state.items()}, f"{target}/{name}.safetensors")
    torch.save(tensors(), f"{target}/legacy.bin", _use_new_zipfile_serialization=False)
    torch.save(collections.OrderedDict(weight=torch.ones(2), other=Evil()), f"{target}/evil.bin")
    torch.save(torch.nn.Linear(2, 2), f"{target}/whole-module.bin")


main(sys.argv[1])
