"""What programs with LangChain's OpenAI models send, against a running service: BASE_URL is its address with /v1.

A line is written for each check that fails, and then the exit status is 1.
"""

import os
import sys

from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAI, OpenAIEmbeddings
from openai import BadRequestError, NotFoundError
from pydantic import BaseModel, Field

MODEL = os.environ.get("MODEL", "llama-mini")
SERVICE = {"base_url": os.environ["BASE_URL"], "api_key": "none-needed-on-loopback", "model": MODEL, "max_retries": 0}
MESSAGES = [SystemMessage("You tell stories."), HumanMessage("Tell me one about a lighthouse.")]

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
    return ChatOpenAI(**{**SERVICE, "temperature": 0, "max_tokens": 16, **fields})


def refused(error, **fields):
    """Whether a request is refused with an error of the client's."""
    try:
        chat(**fields).invoke(MESSAGES)
        return False
    except error:
        return True


def conversations():
    answer = chat().invoke(MESSAGES)
    check("a text", lambda: isinstance(answer.content, str) and answer.content)
    check("its tokens", lambda: answer.usage_metadata["output_tokens"] == 16)
    check("why it ended", lambda: answer.response_metadata["finish_reason"] == "length")
    check("its own answer sent back", lambda: chat().invoke([*MESSAGES, answer, HumanMessage("Go on.")]).content)
    pieces = list(chat(stream_usage=True).stream(MESSAGES))
    check("a stream says the same", lambda: "".join(piece.content for piece in pieces) == answer.content)
    check("a stream tells its tokens", lambda: any(piece.usage_metadata for piece in pieces))
    check("several at once", lambda: len(chat().batch([MESSAGES, MESSAGES, MESSAGES])) == 3)
    chain = ChatPromptTemplate.from_messages([("system", "You tell stories."), ("human", "{what}")]) | chat()
    check("a chain", lambda: chain.invoke({"what": "Tell me one."}).content)
    completion = OpenAI(**SERVICE, temperature=0, max_tokens=8)
    check("a completion", lambda: completion.invoke("Once upon a time"))
    check("a streamed completion", lambda: "".join(completion.stream("Once upon a time")))


@tool
def get_weather(city: str, days: int = 1) -> str:
    """The weather of a city."""
    return f"rain in {city} for {days} days"


def tools():
    forced = chat(max_tokens=120, seed=3).bind_tools([get_weather], tool_choice="required", parallel_tool_calls=False)
    answer = forced.invoke(MESSAGES)
    check("a call", lambda: answer.tool_calls[0]["name"] == "get_weather")
    check("its arguments", lambda: isinstance(answer.tool_calls[0]["args"]["city"], str) and not answer.invalid_tool_calls)
    result = get_weather.invoke(answer.tool_calls[0])
    check("the tool runs", lambda: isinstance(result, ToolMessage) and "rain" in result.content)
    quiet = chat().bind_tools([get_weather], tool_choice="none")
    check("what it gave is read", lambda: quiet.invoke([*MESSAGES, answer, result]).content)
    whole = None
    for piece in forced.stream(MESSAGES):
        whole = piece if whole is None else whole + piece
    check("a streamed call", lambda: isinstance(whole.tool_calls[0]["args"]["city"], str))


class Ship(BaseModel):
    """A ship."""

    name: str = Field(max_length=8)
    sails: int = Field(ge=1, le=5)


def structures():
    for method in ("json_schema", "function_calling"):
        form = chat(max_tokens=120, seed=2).with_structured_output(Ship, method=method)
        check(f"an answer in the shape of a class, {method}", lambda: 1 <= form.invoke(MESSAGES).sails <= 5)


def errors():
    check("no such model", lambda: refused(NotFoundError, model="no-such-model"))
    check("a wrong field", lambda: refused(BadRequestError, temperature=7))


def embeddings():
    # Without the check it sends texts; with it, ids of OpenAI's own vocabulary.
    embed = OpenAIEmbeddings(
        base_url=SERVICE["base_url"], api_key=SERVICE["api_key"], model=MODEL, check_embedding_ctx_length=False
    )
    check("embeddings", lambda: len(embed.embed_query("A harbour")) == 192)
    check("of several texts", lambda: len(embed.embed_documents(["A harbour", "The sea"])) == 2)


if __name__ == "__main__":
    for part in (conversations, tools, structures, errors, embeddings):
        part()
    print(f"{checks} checks, {failures} failed")
    sys.exit(1 if failures or checks < 20 else 0)
