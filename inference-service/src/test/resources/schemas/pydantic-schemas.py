"""Prints JSON schemas as pydantic writes them, by the type that they were made of: python pydantic-schemas.py > pydantic.json"""
import datetime, decimal, enum, ipaddress, json, uuid
from typing import Annotated, Any, Literal, Optional, Union

import pydantic
from pydantic import AnyUrl, BaseModel, Field, HttpUrl, UUID4


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    good: bool = True


class Color(enum.Enum):
    red = "red"
    blue = "blue"


class Tree(BaseModel):
    value: int
    children: list["Tree"] = []
    parent: Optional["Tree"] = None


class Order(BaseModel):
    id: uuid.UUID
    at: datetime.datetime
    color: Color
    tags: dict[str, int]
    pet: Union[Cat, Dog] = Field(discriminator="kind")
    note: Optional[str] = Field(default=None, description="what else", examples=["x"])


TYPES = {
    "datetime": datetime.datetime, "date": datetime.date, "time": datetime.time, "timedelta": datetime.timedelta,
    "uuid": uuid.UUID, "uuid4": UUID4, "bytes": bytes, "optional": Optional[int], "literal": Literal["a", 1],
    "decimal": decimal.Decimal, "dict": dict[str, int], "discriminated": Annotated[Union[Cat, Dog], Field(discriminator="kind")],
    "enum": Color, "url": AnyUrl, "http url": HttpUrl, "ipv4": ipaddress.IPv4Address, "ipv6": ipaddress.IPv6Address,
    "set of enum": set[Color], "set of int": set[int], "set of str": set[str], "some of a range": pydantic.conset(Annotated[int, Field(ge=1, le=40)], min_length=2),
    "frozen set": frozenset[Union[str, int, None]], "tuple": tuple[int, str], "pattern": Annotated[str, Field(pattern=r"^\d{3}-\w+$", max_length=20)],
    "multiple": Annotated[int, Field(multiple_of=5, ge=0, lt=1000)], "dict by pattern": dict[Annotated[str, Field(pattern="^a")], int],
    "dict by enum": dict[Color, int], "list": Annotated[list[int], Field(min_length=1, max_length=3)], "any": Any,
    "tree": Tree, "order": Order, "float": Annotated[float, Field(gt=0, allow_inf_nan=False)],
}

print(json.dumps({"pydantic": pydantic.VERSION} | {name: pydantic.TypeAdapter(t).json_schema() for name, t in TYPES.items()}, indent=1))
