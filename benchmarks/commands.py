"""How the programs that are measured are called."""
import os
import sys

from machine import HOME

FOR_OUR_LIBTORCH = ["OMP_WAIT_POLICY", "GLIBC_TUNABLES"]
MODEL = HOME / "build/models/smollm2-135m.gguf"
JAVA = [
    os.environ.get("SUPERWEIGHT_JAVA", "java"),
    f"@{HOME}/environment/jvm.args",
    f"-Dsuperweight.home={HOME}",
    "-cp",
    f"{HOME}/build/benchmarks/classes:{HOME}/target/superweight.jar:{HOME}/target/lib/*",
]


def others_environment(wait):
    """Without what environment/env.sh sets for our libtorch, the others run as their users run
    them: their threads spin for a while before they sleep. With `passive` they sleep at once."""
    others = {key: value for key, value in os.environ.items() if key not in FOR_OUR_LIBTORCH}
    return {**others, "OMP_WAIT_POLICY": "PASSIVE"} if wait == "passive" else others


def superweight(*arguments):
    """Our command line tool."""
    return [str(HOME / "superweight"), *map(str, arguments)]


def java(main_class, *arguments):
    """A Java program of this folder."""
    return [*JAVA, f"superweight.benchmarks.{main_class}", *map(str, arguments)]


def python(script, *arguments, interpreter=sys.executable):
    """A Python program of this folder."""
    return [str(interpreter), str(HOME / "benchmarks" / script), *map(str, arguments)]
