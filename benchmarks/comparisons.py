"""What is compared side by side: the same computation on the same token ids."""
import json

import commands
import workers
from machine import HOME
from rounds import Agreement, Comparison, absolute, relative
from sides import Round, run

WINDOW = 1024
SUPER_WEIGHT = "11:507:1229"  # layer:row:column of down_proj
FACTORS = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3]
PROMPT = "Summer is hot. Winter is"
TOP = 5

SAME_NLL = Agreement("mean negative log-likelihood, relative", relative, 1e-4)
# llama.cpp multiplies 4-bit weights by activations rounded to 8 bits, which is another arithmetic.
SIMILAR_NLL = Agreement("mean negative log-likelihood, relative", relative, 2e-2)
SAME_SCORES = Agreement("log-likelihood of a choice", absolute, 1e-3)
# Ids and probabilities alike: two different ids are at least 1 apart.
SAME_TOKENS = Agreement("id or probability of a token", absolute, 2e-4)


def perplexity(options):
    with workers.pair(workers.transformers, options) as pair:
        return windows_compared(pair, options, {"ratio": 1.7}, SAME_NLL)


def llama_cpp(options):
    with workers.pair(workers.llama_cpp, options) as pair:
        return windows_compared(pair, options, {}, SIMILAR_NLL)


def windows_compared(pair, options, goal, agreement):
    windows = first_windows(pair, options.windows or 4)
    question = {"wanted": "perplexity", "windows": windows}
    what = f"perplexity of {len(windows)} x {WINDOW} tokens"
    return pair.compare(Comparison(what, options.rounds or 7, agreement, goal), question, question)


def sweep(options):
    with workers.pair(workers.transformers, options) as pair:
        windows = first_windows(pair, options.windows or 2)
        question = {"wanted": "sweep", "windows": windows, "at": SUPER_WEIGHT, "factors": FACTORS}
        work = f"{len(windows)} x {WINDOW} tokens for {len(FACTORS)} factors of one weight"
        what = f"perplexity of {work}"
        comparison = Comparison(what, options.rounds or 5, SAME_NLL, {"ratio": 2.5})
        return pair.compare(comparison, question, question)


def first_windows(pair, count):
    return pair.ours.ask("windows", window=WINDOW, count=count)["windows"]


def arc_easy(options):
    return zero_shot("arc_easy", options.items or 100, options)


def hellaswag(options):
    return zero_shot("hellaswag", options.items or 40, options)


def zero_shot(task, count, options):
    with workers.pair(workers.transformers, options) as pair:
        where = {"task": task, "data": options.data, "count": count}
        items = pair.ours.ask("items", **where)["items"]
        what = f"the {sum(map(len, items))} choices of the first {count} items"
        comparison = Comparison(what, options.rounds or 5, SAME_SCORES, {"ratio": 2})
        ours, theirs = {"wanted": "choices", **where}, {"wanted": "choices", "items": items}
        return pair.compare(comparison, ours, theirs)


def start(options):
    """Whole processes with their files in the page cache, up to the next token's probabilities."""
    folder = HOME / "build/benchmarks/smollm2-135m"
    run(commands.python("save_folder.py", commands.MODEL, folder))
    ours = commands.superweight(
        "next", "--json", "--prompt", PROMPT, "--top", TOP, "--threads", options.threads
    )

    environment = commands.others_environment(options.wait)

    def theirs(model):
        command = commands.python("next_token.py", model, options.threads, PROMPT, TOP)
        return next_tokens(run(command, environment))

    what = "load the model, print the likeliest next tokens"
    return Comparison(what, options.rounds or 5, SAME_TOKENS, {"seconds": 4}).measure(
        {
            "ours": lambda: next_tokens(run(ours)),
            "transformers": lambda: theirs(commands.MODEL),
            "transformers, safetensors": lambda: theirs(folder),
        }
    )


def next_tokens(process):
    found = json.loads(process.output)
    likeliest = [token[key] for token in found["top"] for key in ("id", "probability")]
    return Round(process.seconds, found["ids"] + likeliest)
