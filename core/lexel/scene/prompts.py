"""How a phrase becomes the sentences that a text tower reads."""

from __future__ import annotations

from collections.abc import Sequence

from lexel.errors import LabelError


def fill_templates(phrase: str, templates: Sequence[str]) -> list[str]:
    """The prompts of one phrase.

    Raises:
        LabelError: there is no template, or one without a single `{}`.
    """
    if not templates:
        raise LabelError(
            "there is no prompt template", do='Give at least one, such as "a photo of a {}.".'
        )
    for template in templates:
        if template.count("{}") != 1 or template.replace("{}", "").count("{"):
            raise LabelError(
                "a prompt template needs exactly one {} for the phrase",
                got=template,
                do='For example: "a photograph of a {} in a home."',
            )
    return [template.replace("{}", phrase) for template in templates]
