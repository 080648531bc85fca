"""``{% translate "…" %}``, with constants looked up once per language (put in Django's place by CoreConfig.ready).

A page has fifty words in its template. Django finds each anew at every request: a lazy string, the catalogue, the
language, 13 µs; here a word is drawn the first time somebody reads it in a language and kept with its template.
"""

from typing import Any

from django.template import Context
from django.template.base import Parser, Token, Variable
from django.templatetags import i18n
from django.templatetags.i18n import TranslateNode
from django.utils.translation import get_language


class WordNode(TranslateNode):
    """``{% translate "…" %}`` of a constant without filters or context."""

    def __init__(self, node: TranslateNode) -> None:
        super().__init__(node.filter_expression, node.noop, node.asvar)
        self.bare = TranslateNode(node.filter_expression, node.noop)
        self.drawn: dict[str | None, Any] = {}

    def render(self, context: Context) -> Any:
        """The word in the language that is spoken."""
        language = get_language()
        word = self.drawn.get(language)
        if word is None:
            word = self.drawn[language] = self.bare.render(context)
        if not self.asvar:
            return word
        context[self.asvar] = word
        return ""


def word(parser: Parser, token: Token) -> TranslateNode:
    """Django's tag; what can only ever be one text per language keeps it."""
    node: TranslateNode = i18n.do_translate(parser, token)
    expression = node.filter_expression
    is_constant = isinstance(expression.var, Variable) and expression.var.lookups is None and not expression.filters
    return WordNode(node) if is_constant and node.message_context is None else node


def keep_words() -> None:
    """Let the tag of Django's library be ours: templates go on saying ``{% load i18n %}``."""
    for name in ("translate", "trans"):
        i18n.register.tag(name, word)
