"""lm-evaluation-harness against a running service, on files of this machine: BASE_URL is its address with /v1, MODEL the
model, TOKENIZER the directory of its tokenizer, TASKS that of arc_easy.jsonl and lambada_openai.jsonl.

Its model type local-completions asks; the tasks are the harness's own kinds with the data of those files. Writes one line
of JSON: of each task how many examples there are, and how many of them were right.
"""

import json
import os
import tempfile
from pathlib import Path

home = tempfile.mkdtemp()
os.environ.update(HF_HOME=home, HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")

import lm_eval  # noqa: E402 - reads the environment
from lm_eval.tasks import TaskManager  # noqa: E402

TASKS = {
    "local_arc_easy": {
        "file": "arc_easy.jsonl",
        "output_type": "multiple_choice",
        "doc_to_text": "{{query}}\nAnswer:",
        "doc_to_target": "{{gold}}",
        "doc_to_choice": "{{choices}}",
        "metric_list": [{"metric": "acc"}, {"metric": "acc_norm"}],
    },
    "local_lambada": {
        "file": "lambada_openai.jsonl",
        "output_type": "loglikelihood",
        "doc_to_text": "{{context}}",
        "doc_to_target": " {{continuation}}",
        "metric_list": [{"metric": "acc"}],
    },
}


def write_tasks(directory):
    for name, task in TASKS.items():
        settings = {key: value for key, value in task.items() if key != "file"}
        data = str(Path(os.environ["TASKS"]) / task["file"])
        settings.update(
            task=name,
            dataset_path="json",
            dataset_kwargs={"data_files": {"test": data}},
            test_split="test",
            metadata={"version": 1.0},
        )
        # JSON is YAML.
        (directory / f"{name}.yaml").write_text(json.dumps(settings))


directory = Path(tempfile.mkdtemp())
write_tasks(directory)
results = lm_eval.simple_evaluate(
    model="local-completions",
    model_args={
        "model": os.environ["MODEL"],
        "base_url": os.environ["BASE_URL"] + "/completions",
        "tokenizer": os.environ["TOKENIZER"],
        "max_length": 511,
        "add_bos_token": True,
        "num_concurrent": 2,
    },
    tasks=list(TASKS),
    task_manager=TaskManager(include_path=str(directory), include_defaults=False),
    bootstrap_iters=0,
    batch_size=8,
)
told = {}
for name in TASKS:
    examples = results["n-samples"][name]["effective"]
    told[name] = {"examples": examples}
    for metric in TASKS[name]["metric_list"]:
        accuracy = results["results"][name][metric["metric"] + ",none"]
        told[name][metric["metric"]] = round(accuracy * examples)
print(json.dumps(told))
