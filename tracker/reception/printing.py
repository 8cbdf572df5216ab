"""Filling in a Word template that an office may have made: what it says is data, never a program.

A template names placeholders, repeats over their lists and asks whether they are there. Whatever
else the language of templates knows is refused before it is rendered, and told by its place.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from docxtpl import DocxTemplate
from flask_babel import gettext as _
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tracker.core.errors import Refused

FIELD = "file"
LOOP = {"index": 1, "first": True, "last": True, "length": 1}
FILTERS = frozenset({"upper", "lower", "capitalize"})
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
)
_TAGS = re.compile(r"<[^>]+>")
_LONGEST_PLACE = 60


class Sandbox(ImmutableSandboxedEnvironment):
    """Takes templates that name what `known` has, and nothing else."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.known = known
        self.globals.clear()

    def compile(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        """Raises Refused beside the field `file` for what a template may not say."""
        try:
            tree = self.parse(source)
        except TemplateSyntaxError as error:
            wrong = _line(source, error.lineno)
            raise Refused(_("Mẫu viết sai ở: “%(wrong)s”.", wrong=wrong), FIELD) from error
        _Reading(source).read(tree, self.known)
        return super().compile(source, *args, **kwargs)


def render(template: str | IO[bytes], context: Mapping[str, Any]) -> bytes:
    """The document that `template`, a path or a file, gives with `context`."""
    document = DocxTemplate(template)
    document.render(context, jinja_env=Sandbox(context), autoescape=True)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


class _Reading:
    """Walks through a parsed template with what may be named at each place."""

    def __init__(self, source: str) -> None:
        self._source = source

    def read(self, node: nodes.Node, known: Mapping[str, Any], *, in_loop: bool = False) -> None:
        if isinstance(node, nodes.Name):
            self._name(node.name, node.name in known)
        elif isinstance(node, nodes.Getattr):
            self._part(node, known)
        elif isinstance(node, nodes.For):
            self._loop(node, known, in_loop)
        elif isinstance(node, nodes.Filter):
            if node.name not in FILTERS or node.args or node.kwargs:
                raise self._forbidden(node)
            self._children(node, known, in_loop)
        elif isinstance(node, _PLAIN):
            self._children(node, known, in_loop)
        else:
            raise self._forbidden(node)

    def _children(self, node: nodes.Node, known: Mapping[str, Any], in_loop: bool) -> None:
        for child in node.iter_child_nodes():
            self.read(child, known, in_loop=in_loop)

    def _part(self, node: nodes.Getattr, known: Mapping[str, Any]) -> None:
        whole = node.node
        if not isinstance(whole, nodes.Name):
            raise self._forbidden(node)
        parts = known.get(whole.name)
        is_known = isinstance(parts, dict) and node.attr in parts
        self._name(f"{whole.name}.{node.attr}", is_known)

    def _loop(self, node: nodes.For, known: Mapping[str, Any], in_loop: bool) -> None:
        # One inside another could go on for hours.
        if in_loop or node.recursive or not isinstance(node.target, nodes.Name):
            raise self._forbidden(node)
        if not isinstance(node.iter, nodes.Name) or not isinstance(known.get(node.iter.name), list):
            raise self._forbidden(node.iter)
        rows = known[node.iter.name]
        one = rows[0] if rows else _Anything()
        inside = {**known, node.target.name: one, "loop": LOOP}
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            self.read(child, inside, in_loop=True)

    def _name(self, name: str, is_known: bool) -> None:
        if not is_known:
            reason = _(
                "“%(wrong)s” không phải chỗ điền sẵn nào của giấy này; hãy xem danh sách.",
                wrong=name,
            )
            raise Refused(reason, FIELD)

    def _forbidden(self, node: nodes.Node) -> Refused:
        reason = _(
            "Mẫu chỉ được có chỗ điền sẵn, một lớp vòng lặp trên danh sách và điều kiện;"
            " không nhận: “%(wrong)s”.",
            wrong=_line(self._source, node.lineno),
        )
        return Refused(reason, FIELD)


class _Anything(dict[str, Any]):
    """A row of a list that has none: it was checked with sample data that it names the right."""

    def __contains__(self, _key: object) -> bool:
        return True


def _line(source: str, number: int) -> str:
    """What the template says there, without the word processor's marks."""
    said = _TAGS.sub("", source.splitlines()[number - 1]).strip()
    return said if len(said) <= _LONGEST_PLACE else said[:_LONGEST_PLACE] + "…"
