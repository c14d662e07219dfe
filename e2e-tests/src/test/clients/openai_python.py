"""What programs with OpenAI's Python client send, against a running service: BASE_URL is its address with /v1.

A line is written for each check that fails, and then the exit status is 1.
"""

import enum
import json
import os
import sys
from typing import Annotated, Literal, Optional, Union

from openai import BadRequestError, OpenAI
from pydantic import BaseModel, Field

MODEL = os.environ.get("MODEL", "llama-mini")
USER = [{"role": "user", "content": "Hi"}]
IGNORED = "x-shiftadd-ignored-fields"

client = OpenAI(base_url=os.environ["BASE_URL"], api_key="none-needed-on-loopback", max_retries=0)
checks = failures = 0


def check(label, expectation):
    """Counts a check; expectation is called and returns whether it holds."""
    global checks, failures
    checks += 1
    try:
        result = expectation()
        problem = None if result else f"is {result!r}"
    except Exception as error:  # whatever it is, it is what a user of the client would see
        problem = f"{type(error).__name__}: {error}"
    if problem:
        failures += 1
        print(f"FAIL {label}: {problem[:600]}")


def chat(**fields):
    return client.chat.completions.create(**{"model": MODEL, "messages": USER, "max_tokens": 3, **fields})


def refused(field, **fields):
    """Whether a request is refused for a field."""
    try:
        chat(**fields)
        return False
    except BadRequestError as error:
        return error.param == field and field in error.message


# What asks for nothing, or for something that does not change the answer.
PASSES = [
    {},
    {"tools": []},
    {"tools": [], "tool_choice": "auto", "parallel_tool_calls": True},
    {"functions": [], "function_call": "none"},
    {"store": True, "metadata": {"a": "b"}, "service_tier": "auto"},
    {"reasoning_effort": "low", "verbosity": "low"},
    {"safety_identifier": "u", "prompt_cache_key": "k", "user": "u"},
    {"modalities": ["text"], "audio": None, "prediction": None, "web_search_options": None},
    {"response_format": {"type": "text"}},
    {"logprobs": False, "top_logprobs": 0},
    {"seed": None, "stop": None, "logit_bias": None, "temperature": None, "n": None},
    {"stop": [], "logit_bias": {}, "presence_penalty": 0, "frequency_penalty": 0.0},
    {"max_completion_tokens": 3, "max_tokens": None},
    {"stream": False, "stream_options": {"include_usage": True}},
    {"extra_body": {"top_k": 5.0, "min_p": 0.1, "repetition_penalty": 1.1}},
    {"extra_body": {"chat_template_kwargs": {"enable_thinking": False}}},
    {"extra_body": {"skip_special_tokens": True, "add_generation_prompt": True, "echo": False, "best_of": 1}},
    {"extra_body": {"use_beam_search": False, "length_penalty": 1.0, "ignore_eos": None, "guided_json": None}},
    {"extra_body": {"session_id": "x", "chat_id": "y", "id": "z", "user": {"name": "x"}}},
    {"extra_body": {"keep_alive": -1, "num_ctx": 512, "options": {}, "think": False, "cache_prompt": True}},
    {"extra_body": {"mirostat": 0, "typical_p": 1.0, "tfs_z": 1.0, "priority": 0}},
    {"messages": [{"role": "developer", "content": "Be brief."}, *USER]},
    {"messages": [{"role": "user", "content": "Hi", "name": None}]},
    {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]},
]

# What would change the answer.
REFUSED = {
    "modalities": ["text", "audio"],
    "functions": [{"name": "f"}],
    "logits_processors": ["x"],
    "ignore_eos": True,
    "use_beam_search": True,
    "max_new_tokens": 3,
}


def conversations():
    for fields in PASSES:
        check(f"passes {json.dumps(fields)}", lambda: chat(**fields).choices[0].message.role == "assistant")
    for field, value in REFUSED.items():
        check(f"refuses {field}", lambda: refused(field, extra_body={field: value}))
    answer = chat()
    again = [*USER, answer.choices[0].message, {"role": "user", "content": "B"}]
    check("its own answer sent back", lambda: chat(messages=again).choices)
    dumped = [*USER, {**answer.choices[0].message.model_dump(), "content": None}, {"role": "user", "content": "B"}]
    check("its own answer dumped, with no content", lambda: chat(messages=dumped).choices)
    raw = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=USER, max_tokens=1, extra_body={"session_id": "x"}
    )
    check("names what it ignored", lambda: raw.headers[IGNORED] == "session_id")


WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "maxLength": 9}, "days": {"type": "integer", "minimum": 1}},
            "required": ["city"],
        },
    },
}


def tools():
    forced = {"tools": [WEATHER], "tool_choice": "required", "max_tokens": 80, "seed": 1}
    choice = chat(**forced, parallel_tool_calls=False).choices[0]
    call = choice.message.tool_calls[0]
    check("a call ends the answer", lambda: choice.finish_reason == "tool_calls" and choice.message.content is None)
    check("its arguments meet the schema", lambda: isinstance(json.loads(call.function.arguments)["city"], str))
    result = {"role": "tool", "tool_call_id": call.id, "content": "rain"}
    after = [*USER, choice.message, result]
    check("what it gave is read", lambda: chat(messages=after, tools=[WEATHER], tool_choice="none").choices[0].message.content)
    with client.chat.completions.stream(**{"model": MODEL, "messages": USER, **forced}) as stream:
        events = list(stream)
        final = stream.get_final_completion().choices[0].message.tool_calls[0]
    check("arguments are streamed", lambda: any(e.type == "tool_calls.function.arguments.delta" for e in events))
    check("the helper puts them together", lambda: isinstance(json.loads(final.function.arguments)["city"], str))
    named = {"type": "function", "function": {"name": "get_weather"}}
    check("a named tool", lambda: chat(tools=[WEATHER], tool_choice=named, max_tokens=80).choices[0].message.tool_calls)


def streams():
    chunks = list(chat(stream=True, stream_options={"include_usage": True, "include_obfuscation": False}))
    check("a stream ends with its usage", lambda: chunks[-1].usage.completion_tokens > 0)
    with client.chat.completions.stream(model=MODEL, messages=USER, max_tokens=3) as stream:
        events = [event.type for event in stream]
    check("the helper for streams", lambda: "chunk" in events and "content.done" in events)


def responses():
    def respond(**fields):
        return client.responses.create(**{"model": MODEL, "input": "Hi", "max_output_tokens": 4, **fields})

    answer = respond(instructions="Be brief.")
    check("a response's text", lambda: isinstance(answer.output_text, str) and answer.status == "incomplete")
    check("items", lambda: respond(input=[*USER, *answer.output, {"role": "user", "content": "B"}]).output)
    forced = {
        "tools": [{"type": "function", "name": "get_weather", "parameters": WEATHER["function"]["parameters"]}],
        "tool_choice": "required",
        "parallel_tool_calls": False,
        "max_output_tokens": 80,
    }
    call = respond(**forced).output[-1]
    check("a response's call", lambda: isinstance(json.loads(call.arguments)["city"], str))
    after = [*USER, call, {"type": "function_call_output", "call_id": call.call_id, "output": "rain"}]
    check("what the call gave", lambda: respond(input=after).output)
    with client.responses.stream(model=MODEL, input="Hi", max_output_tokens=6) as stream:
        events = [event.type for event in stream]
    check("a response's events", lambda: events[0] == "response.created" and events[-1] == "response.incomplete")
    with client.responses.stream(**{"model": MODEL, "input": "Hi", **forced}) as stream:
        events = [event.type for event in stream]
        final = stream.get_final_response().output[-1]
    check("a streamed call's events", lambda: "response.function_call_arguments.done" in events)
    check("a streamed call", lambda: isinstance(json.loads(final.arguments)["city"], str))
    parsed = client.responses.parse(model=MODEL, input="Hi", text_format=Bounded, max_output_tokens=120)
    check("a response of a class", lambda: isinstance(parsed.output_parsed, Bounded))
    try:
        respond(previous_response_id="resp_1")
        refusal = None
    except BadRequestError as error:
        refusal = error.param
    check("nothing is kept", lambda: refusal == "previous_response_id")


def completions():
    def complete(prompt, **fields):
        return client.completions.create(model=MODEL, prompt=prompt, max_tokens=2, **fields)

    for prompt, choices in [("Hi", 1), (["Hi", "Ho"], 2), ([1, 676], 1), ([[1], [2, 3]], 2), ("", 1), (["a", ""], 2)]:
        check(f"completes {prompt!r}", lambda: len(complete(prompt).choices) == choices)
    check("no suffix", lambda: complete("Hi", suffix="").choices and complete("Hi", suffix=None).choices)
    scored = complete("Hi", echo=True, logprobs=1).choices[0]
    check("scores the prompt", lambda: len(scored.logprobs.tokens) == len(scored.logprobs.token_logprobs))
    check("the best of several", lambda: len(complete("Hi", best_of=3, n=2).choices) == 2)


def embeddings():
    def embed(texts, **fields):
        return client.embeddings.create(model=MODEL, input=texts, **fields).data

    width = len(embed("Hi")[0].embedding)
    check("as numbers", lambda: len(embed(["Hi", "Ho"], encoding_format="float")[1].embedding) == width)
    check("of its own width", lambda: len(embed("Hi", dimensions=width)[0].embedding) == width)
    check("of 600 texts", lambda: len(embed(["Hi"] * 600)) == 600)
    check("for a purpose", lambda: embed("Hi", user="u", extra_body={"input_type": "query", "truncate": "END"}))


class Color(enum.Enum):
    red = "red"
    blue = "blue"


class Inner(BaseModel):
    x: int


class Nested(BaseModel):
    c: Color
    i: Inner
    all: list[Inner]
    o: Optional[str] = None


class Cat(BaseModel):
    kind: Literal["cat"]
    n: int


class Dog(BaseModel):
    kind: Literal["dog"]
    m: str


class Either(BaseModel):
    p: Union[Cat, Dog]


class Bounded(BaseModel):
    n: Annotated[int, Field(ge=0, le=10)]
    s: Annotated[str, Field(min_length=1, max_length=5)]


def structures():
    """The client reads each answer into the class; what does not meet its schema would be an error here."""
    for kind in (Nested, Either, Bounded):
        answer = lambda: client.chat.completions.parse(
            model=MODEL, messages=USER, response_format=kind, max_tokens=200, seed=1
        )
        check(f"parses {kind.__name__}", lambda: isinstance(answer().choices[0].message.parsed, kind))


if __name__ == "__main__":
    for part in (conversations, tools, streams, responses, completions, embeddings, structures):
        part()
    print(f"{checks} checks, {failures} failed")
    sys.exit(1 if failures or checks < 50 else 0)
