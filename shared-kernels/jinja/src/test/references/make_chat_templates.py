"""Writes what Jinja makes of the templates under ../resources/chat-templates, as transformers renders them.

    pip install jinja2
    python make_chat_templates.py

Reads conversations.json and the *.jinja files beside it and snippets.txt, and writes cases.json (each template with each
conversation) and snippets.json (one small template a line, for the language itself). The committed files were made with
Jinja 3.1.6. The environment is that of transformers' `_compile_jinja_template`; when transformers is installed, both
are compared.
"""

import json
from datetime import datetime
from pathlib import Path

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

DIRECTORY = Path(__file__).resolve().parent.parent / "resources" / "chat-templates"
NOW = datetime(2026, 3, 5, 14, 7, 9)


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda format: NOW.strftime(format)
    return env


def compilers():
    yield environment().from_string
    try:
        from transformers.utils.chat_template_utils import _compile_jinja_template
    except ImportError:
        return
    yield _compile_jinja_template


def render(source, variables):
    """{"expected": text} or {"error": what the template raised, else the kind of error}."""
    results = []
    for compile_template in compilers():
        try:
            results.append({"expected": compile_template(source).render(**variables)})
        except jinja2.exceptions.TemplateError as e:
            raised = type(e) is jinja2.exceptions.TemplateError
            results.append({"error": e.message} if raised else {"error": None})
        except Exception:
            results.append({"error": None})
    # The time is not the same in both.
    assert "strftime_now" in source or all(result == results[0] for result in results), (source, results)
    return results[0]


def main():
    conversations = json.loads((DIRECTORY / "conversations.json").read_text())
    cases = []
    for path in sorted(DIRECTORY.glob("*.jinja")):
        for name, conversation in conversations.items():
            for prompt in (False, True):
                variables = {"tools": None, "bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": prompt}
                result = render(path.read_text(), variables | conversation)
                cases.append({"template": path.name, "conversation": name, "add_generation_prompt": prompt} | result)
    write("cases.json", cases)

    variables = json.loads((DIRECTORY / "snippet-variables.json").read_text())
    snippets = []
    for line in (DIRECTORY / "snippets.txt").read_text().splitlines():
        if line and not line.startswith("//"):
            # '⏎' stands for a line feed, so that a snippet is one line.
            source = line.replace("⏎", "\n")
            snippets.append({"source": source} | render(source, variables))
    write("snippets.json", snippets)
    print(len(cases), "cases,", len(snippets), "snippets,", sum("error" in s for s in snippets), "of them fail")


def write(name, entries):
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    (DIRECTORY / name).write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
