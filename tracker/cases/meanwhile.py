"""Both versions of a case: what others did since a form was opened, and what was typed into it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.cases.forms import ActionForm
from tracker.cases.offering import Offer, Offers
from tracker.cases.telling import Told


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody meets who sends a form after somebody else's action.

    entries: added since the form was opened, latest first. again: the offer to send it again,
    None where the case has no place for it any more.
    """

    form: ActionForm
    entries: Sequence[Told]
    again: Offer | None


def meanwhile(form: ActionForm, story: Sequence[Told], offers: Offers) -> tuple[Meanwhile, Offers]:
    """Both versions, and the offers that are left. story: latest first, as it stands now."""
    again, others = offers.part(form)
    return Meanwhile(form, added(story, form.seen.data), again), others


def added(story: Sequence[Told], seen: int | None) -> Sequence[Told]:
    """What was added to `story` since a page showed `seen` entries of it.

    Where the page didn't say, or says more than there are, the latest: something was added.
    """
    return story[: max(len(story) - max(seen or len(story), 0), 1)]
