"""The names of rules that the code can give."""

import ast
import pathlib

from transforms.text import quotes, spacy_clauses
from transforms.text.clauses import assemble, links, patterns, sentence, turns


def rules_of_the_code():
    """Every constant that the code hands on as the rule of a quotation."""
    found = set()
    for module in (assemble, links, patterns, sentence, turns, quotes):
        tree = ast.parse(pathlib.Path(module.__file__).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                found |= _words(node.args) if name in ("clause", "Clause", "Link", "Item") else set()
            elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                found |= _words(node.value.elts)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) and isinstance(node.targets[0], ast.Tuple):
                named = zip(node.targets[0].elts, node.value.elts, strict=False)
                found |= _words([value for target, value in named if "rule" in (getattr(target, "id", ""), getattr(target, "attr", ""))])
    return found - {""} | {spacy_clauses._RULE}


def _words(nodes):
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
