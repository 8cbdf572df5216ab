"""What the likest past cases say about a new one: field, area, agency.

Each of the nearest past cases has one voice, the louder the liker its words are. An area that is
named in the words themselves needs no voices.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

Thing = TypeVar("Thing", bound=Hashable)

NEAREST = 15
MOST_PROPOSED = 3
MOST_REASONS = 3
# Of 100; what is less like says nothing about the case.
LEAST_LIKENESS = 50.0
# Of all voices; what has less stays one guess among many.
LEAST_SHARE = 0.1
_STREETS = frozenset({"pho", "duong", "ngo", "ngach", "hem"})


class Voice(NamedTuple, Generic[Thing]):
    """A past case: its code, what it says, and how like its words are, of 100."""

    code: str
    says: Thing | None
    likeness: float


class Proposal(NamedTuple, Generic[Thing]):
    """`thing` is proposed because of the cases `codes`, or where there are none, because the
    words name it. is_sure: whether what they name can't be a street called like it."""

    thing: Thing
    codes: tuple[str, ...] = ()
    is_sure: bool = False

    @property
    def is_named(self) -> bool:
        return not self.codes


def loudness(likeness: float) -> float:
    """How much a voice counts: half as like counts a sixteenth."""
    return (likeness / 100) ** 4


def vote(voices: Iterable[Voice[Thing]]) -> list[Proposal[Thing]]:
    """What the voices propose, the loudest first, at most three."""
    heard: dict[Thing, list[Voice[Thing]]] = defaultdict(list)
    for voice in voices:
        if voice.says is not None and voice.likeness >= LEAST_LIKENESS:
            heard[voice.says].append(voice)
    loud = {thing: sum(loudness(each.likeness) for each in said) for thing, said in heard.items()}
    least = LEAST_SHARE * sum(loud.values())
    order = sorted(loud, key=loud.__getitem__, reverse=True)
    return [
        Proposal(thing, _codes(heard[thing]))
        for thing in order[:MOST_PROPOSED]
        if loud[thing] >= least
    ]


def _codes(voices: Sequence[Voice[Thing]]) -> tuple[str, ...]:
    likest = sorted(voices, key=lambda voice: voice.likeness, reverse=True)
    return tuple(voice.code for voice in likest[:MOST_REASONS])


def named(folded: str, places: Mapping[str, Thing]) -> list[Proposal[Thing]]:
    """The places whose folded names stand in the folded words, at most three.

    places: a place by its folded name. "phố Ngọc Lâm" is a street: it mostly lies in the area
    that is called so, but what the words call an area stands first.
    """
    words = folded.split()
    longest = max((len(name.split()) for name in places), default=0)
    sure: dict[Thing, None] = {}
    streets: dict[Thing, None] = {}
    place = 0
    while place < len(words):
        length = _longest_name(words, place, longest, places)
        if length:
            found = streets if place and words[place - 1] in _STREETS else sure
            found.setdefault(places[" ".join(words[place : place + length])])
        place += length or 1
    proposed = [Proposal(thing, is_sure=True) for thing in sure]
    return joined(proposed, [Proposal(thing) for thing in streets])


def _longest_name(
    words: Sequence[str], place: int, longest: int, names: Mapping[str, object]
) -> int:
    lengths = range(min(longest, len(words) - place), 0, -1)
    return next((n for n in lengths if " ".join(words[place : place + n]) in names), 0)


def joined(
    first: Sequence[Proposal[Thing]], then: Sequence[Proposal[Thing]]
) -> list[Proposal[Thing]]:
    """Both, each thing once, at most three."""
    known = {each.thing for each in first}
    return [*first, *(each for each in then if each.thing not in known)][:MOST_PROPOSED]
