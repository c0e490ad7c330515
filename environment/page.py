"""An executed notebook as one web page that needs nothing else: no scripts, no fonts, nothing from the network."""
import html
import re

from nbconvert import HTMLExporter
from pygments.formatters import HtmlFormatter

LINK = re.compile(r'(<a href="\d\d-[a-z-]+)\.ipynb"')
STYLE = """
body { max-width: 54rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.55 system-ui, sans-serif; color: #1b1b1b; }
pre { font: 13px/1.45 ui-monospace, monospace; margin: 0; white-space: pre-wrap; }
.input_area { background: #f5f6f7; border-left: 3px solid #c5ccd3; padding: .6rem .8rem; margin: .8rem 0 .3rem; }
.output_area { padding: .2rem .8rem; overflow-x: auto; }
.output_stderr, .output_error { background: #fdecec; }
.prompt, .anchor-link { display: none; }
table { border-collapse: collapse; font-size: 14px; margin: .6rem 0; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid #d8dde2; text-align: left; }
img, svg { max-width: 100%; height: auto; }
.caption { font-size: 14px; color: #444; max-width: 47rem; margin: 0 0 .6rem; }
code { font: .88em ui-monospace, monospace; background: #f0f1f2; padding: 0 .2em; }
pre code { background: none; padding: 0; }
"""


def html_page(notebook, title):
    """Nbconvert's own pages bring 270 KB of style sheets and scripts from elsewhere; its bare body suffices."""
    body, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    body = LINK.sub(r'\1.html"', body)  # whoever reads a page goes on to a page
    colours = HtmlFormatter().get_style_defs(".highlight")
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>\n'
            f"<style>{STYLE}{colours}</style></head>\n<body>\n{body}\n</body></html>\n")
