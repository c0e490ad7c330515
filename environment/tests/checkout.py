"""A small checkout to try the notebook runner on, with notebooks that need the kernel but no model."""
import nbformat
from pathlib import Path

FILES = ["pom.xml", "src/main/java/A.java", "paper-tables/claims.csv", "build/models/smollm2-135m.gguf",
         "environment/requirements.lock", "environment/jvm.args", "environment/kernel.json.template"]

WRITES_A_TABLE = """
var folder = Path.of(System.getenv("SUPERWEIGHT_OUT"), "paper-tables", "smollm2-135m", "bundled");
Files.createDirectories(folder);
Files.writeString(folder.resolve("trial.csv"), "answer\\n42\\n");
6 * 7
"""


def make_checkout(folder, notebooks):
    """Lays out the files that a key is made of; `notebooks` maps names to their code cells."""
    for name in FILES:
        file = Path(folder, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")
    for name, cells in notebooks.items():
        write_notebook(folder, name, cells)
    write_sizes(folder, {name: 1 for name in notebooks})


def write_sizes(folder, numbers):
    """Each notebook's number at the default size; all else is the same for all."""
    rows = "".join(f"{name},windows,1,{number},all,of the text\n" for name, number in numbers.items())
    Path(folder, "notebooks/sizes.csv").write_text("notebook,name,small,default,full,what\n" + rows, encoding="utf-8")


def write_notebook(folder, name, cells):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_markdown_cell(f"# {name}")]
    notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    Path(folder, "notebooks").mkdir(exist_ok=True)
    nbformat.write(notebook, Path(folder, "notebooks", f"{name}.ipynb"))
