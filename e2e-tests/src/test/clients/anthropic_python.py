"""What programs with Anthropic's Python client send, against a running service: BASE_URL is its address with /v1.

A line is written for each check that fails, and then the exit status is 1.
"""

import os
import sys

from anthropic import Anthropic, BadRequestError, NotFoundError

MODEL = os.environ.get("MODEL", "llama-mini")
# The newest client has no arguments for these any more; others still send them.
SAMPLING = {"temperature": 0.5, "top_k": 5, "top_p": 0.9}
USER = [{"role": "user", "content": "Hi"}]
WEATHER = {
    "name": "get_weather",
    "description": "The weather of a city",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 9}, "days": {"type": "integer", "minimum": 1}},
        "required": ["city"],
    },
}

client = Anthropic(base_url=os.environ["BASE_URL"].removesuffix("/v1"), api_key="none-needed-on-loopback", max_retries=0)
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


def message(**fields):
    return client.messages.create(**{"model": MODEL, "messages": USER, "max_tokens": 4, **fields})


def refused(error, **fields):
    """Whether a request is refused with an error, in Anthropic's form."""
    try:
        message(**fields)
        return False
    except error as refusal:
        return refusal.body["type"] == "error" and refusal.body["error"]["message"]


def messages():
    answer = message()
    check("a text", lambda: answer.content[0].type == "text" and answer.role == "assistant")
    check("it ends at its limit", lambda: answer.stop_reason == "max_tokens")
    check("it tells its tokens", lambda: answer.usage.output_tokens == 4)
    cached = [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]
    check("a system's text and blocks", lambda: message(system="Be brief.") and message(system=cached))
    check("what clients add", lambda: message(metadata={"user_id": "u"}, extra_body=SAMPLING))
    blocks = [{"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "text", "text": " you"}]}]
    check("blocks of text", lambda: message(messages=blocks).content)
    again = [*USER, {"role": "assistant", "content": answer.content}, {"role": "user", "content": "B"}]
    check("its own answer sent back", lambda: message(messages=again).content)
    stopped = message(max_tokens=64, extra_body={"temperature": 0}, stop_sequences=[" "])
    check("a stop sequence", lambda: stopped.stop_reason in ("stop_sequence", "max_tokens"))
    count = client.messages.count_tokens(model=MODEL, messages=USER, tools=[WEATHER]).input_tokens
    check("tokens are counted, tools included", lambda: count > answer.usage.input_tokens)
    check("no thought", lambda: message(thinking={"type": "disabled"}).content)


def errors():
    check("a wrong field", lambda: refused(BadRequestError, extra_body={"temperature": 7}))
    check("no such model", lambda: refused(NotFoundError, model="no-such-model"))
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": ""}}
    check("no pictures", lambda: refused(BadRequestError, messages=[{"role": "user", "content": [picture]}]))


def streams():
    with client.messages.stream(model=MODEL, max_tokens=8, messages=USER) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    check("the helper for streams", lambda: final.content[0].text == text and final.usage.output_tokens > 0)
    events = [event.type for event in message(stream=True)]
    check("events begin and end", lambda: events[0] == "message_start" and events[-1] == "message_stop")


def tools():
    forced = {"tools": [WEATHER], "tool_choice": {"type": "any", "disable_parallel_tool_use": True}, "max_tokens": 80}
    answer = message(**forced)
    call = answer.content[-1]
    check("a call", lambda: answer.stop_reason == "tool_use" and isinstance(call.input["city"], str))
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "rain"}
    after = [*USER, {"role": "assistant", "content": answer.content}, {"role": "user", "content": [result]}]
    check("what it gave is read", lambda: message(messages=after, tools=[WEATHER], tool_choice={"type": "none"}).content)
    with client.messages.stream(model=MODEL, messages=USER, **forced) as stream:
        final = stream.get_final_message()
    check("a streamed call", lambda: isinstance(final.content[-1].input["city"], str))
    named = {"type": "tool", "name": "get_weather"}
    check("a named tool", lambda: message(tools=[WEATHER], tool_choice=named, max_tokens=80).content[-1].name)


if __name__ == "__main__":
    for part in (messages, errors, streams, tools):
        part()
    print(f"{checks} checks, {failures} failed")
    sys.exit(1 if failures or checks < 19 else 0)
