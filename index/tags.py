"""What the encoder's tagger tells of each token becomes marks: who is credited, by which words, with what. Pure.

The tagger's layers run with the encoder; here is what follows them, for it differs with every text: cues are read off
the tokens, and for each cue the tokens that are its source, its content, or more of the cue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.records import Span

Floats = npt.NDArray[np.float32]
Marks = npt.NDArray[np.int32]
"""One row for each span: the credit's number, its role (see below), start and end in the text read, and how sure, in
hundredths. A credit's spans stand together, in order of role and
place; every credit has a content and a cue."""

SOURCE, CONTENT, CUE = 1, 2, 3

VERSION = 2
"""Of how marks are read off what the graph tells: raised with every change to it, for marks are kept."""

TOLD = ("tags", "cue", "token", "asks", "key")
"""The heads that tell of a token, in the order in which `Tagger.marks` takes them."""

_PAIRS = ("place.weight", "roles.weight", "roles.bias")

CUE_FROM, SOURCE_FROM, CONTENT_FROM, MERGED_FROM = 0.25, 0.5, 0.45, 0.5
"""The probabilities from which a token belongs to a cue, source, content; and to another piece of the same cue."""

CUE_SURE = 0.45
"""The probability that one token of a cue must have. These and the others were chosen on the development articles."""

SURE, UNSAID = 0.9, 0.7
"""What a cue's probability and half its source's must come to; the source's where it has none."""

Marked = tuple[int, int, float]
"""A range of tokens, and how sure it is what it is marked as."""

Parts = dict[int, list[Marked]]
"""What is marked for one cue, by role; roles that no token has are left out."""

GAP = 3
"""So many tokens or fewer between two pieces of a content belong to it, unless they are cue or source."""

CROWD = 64
"""Cues of one text weighed at a time, so that a text of nothing but cues takes no more memory than another."""


def pack(marks: Marks) -> bytes:
    """Marks as the archive keeps them."""
    return marks.astype("<i4").tobytes()


def unpack(packed: bytes) -> Marks:
    """The marks that `pack` packed."""
    return np.frombuffer(packed, "<i4").astype(np.int32).reshape(-1, 5)


@dataclass(frozen=True, slots=True)
class Tagger:
    """The part of the trained weights that weighs pairs: a cue and a token, at a distance.

    `place` is (2 * reach + 1, width), a row for each distance in tokens from the cue, and `roles`, `bias` turn what
    cue, token and distance make together, (width,), into the scores of the roles.
    """

    place: Floats
    roles: Floats
    bias: Floats

    @classmethod
    def of(cls, tensors: Mapping[str, Floats]) -> Tagger:
        """From the tensors of `weights/credits.safetensors`."""
        place, roles, bias = (tensors[name].astype(np.float32) for name in _PAIRS)
        return cls(place, np.ascontiguousarray(roles.T), bias)

    @property
    def width(self) -> int:
        """Numbers a token or cue brings to a pair."""
        return int(self.place.shape[1])

    def marks(self, told: Floats, places: Sequence[Span], words: Sequence[int]) -> Marks:
        """What one text's tokens mark.

        Args:
            told: For each token, special ones left out, what the graph tells: nine scores (for cue, source and
                content each: outside, begins, goes on), then its numbers as a cue, as a token, what it asks as a cue
                (one row of keys for each role), and its key.
            places: Where each token stands in the text.
            words: The number of the word that it is a piece of, for words are marked whole.
        """
        ends = np.cumsum([9, self.width, self.width])
        tags, as_cue, as_token, rest = np.split(told, ends, axis=1)
        roles = len(self.bias)
        keys = rest.shape[1] // (roles + 1)
        asks, key = rest[:, : roles * keys], rest[:, roles * keys :]
        firsts = np.flatnonzero(np.diff(words, prepend=-1))
        chances = _softmax(tags[:, :3])
        begins = np.zeros(len(told), bool)
        begins[firsts] = chances[firsts, 1] > chances[firsts, 2]
        chances = _even(chances, firsts)
        sure = 1 - chances[:, 0]
        cues = [(a, b) for a, b in _runs(sure > CUE_FROM, begins) if sure[a:b].max() > CUE_SURE]
        found: list[_Frame] = []
        for some in (cues[i : i + CROWD] for i in range(0, len(cues), CROWD)):
            met = np.stack([as_cue[a:b].mean(axis=0) for a, b in some])[:, None] + as_token
            met += self.place[_distances(some, len(told), len(self.place) // 2)]
            asked = np.stack([asks[a:b].mean(axis=0) for a, b in some]).reshape(len(some), roles, keys)
            scores = np.maximum(met, 0) @ self.roles + self.bias
            scores += (key @ asked.transpose(0, 2, 1)) / np.float32(np.sqrt(keys))
            for (a, b), weighed in zip(some, _softmax(scores), strict=True):
                found.append(_Frame([(a, b)], float(sure[a:b].max()), _even(weighed, firsts)))
        said = [parts for frame in _merged(found) if _says(parts := frame.parts())]
        rows = [row for number, parts in enumerate(_agreed(said)) for row in _rows(number, parts, places)]
        return np.array(rows, np.int32).reshape(-1, 5)


@dataclass(slots=True)
class _Frame:
    """A cue's pieces, as ranges of tokens, how sure it is one, and the chances of each token's roles."""

    cue: list[Span]
    sure: float
    chances: Floats

    def parts(self) -> Parts:
        """What the chances say for each role."""
        source = _best(self.chances[:, SOURCE], SOURCE_FROM)
        found = {SOURCE: source, CONTENT: self._content(source)}
        weighed = {
            role: [(a, b, float(self.chances[a:b, role].mean())) for a, b in spans] for role, spans in found.items()
        }
        weighed[CUE] = [(a, b, self.sure) for a, b in sorted(self.cue)]
        return {role: spans for role, spans in weighed.items() if spans}

    def _content(self, source: list[Span]) -> list[Span]:
        """Where content is likely, small gaps closed and crumbs left out."""
        likely = self.chances[:, CONTENT] > CONTENT_FROM
        taken = np.zeros(len(likely), bool)
        for a, b in (*self.cue, *source):
            taken[a:b] = True
        likely &= ~taken
        pieces: list[Span] = []
        for a, b in _runs(likely):
            if pieces and a - pieces[-1][1] <= GAP and not taken[pieces[-1][1] : a].any():
                pieces[-1] = (pieces[-1][0], b)
            else:
                pieces.append((a, b))
        longest = max((b - a for a, b in pieces), default=0)
        return [(a, b) for a, b in pieces if 8 * (b - a) >= longest]


def _says(parts: Parts) -> bool:
    """Whether it is sure enough that somebody says something there."""
    sources = [sure for _, _, sure in parts.get(SOURCE, ())] or [UNSAID]
    return CONTENT in parts and parts[CUE][0][2] + max(sources) / 2 >= SURE


def _agreed(said: Sequence[Parts]) -> list[Parts]:
    """What is marked twice made one, the surest of it: sources that share tokens, contents that are mostly the same,
    and credits that then have both; pieces of a cue that stand side by side are one cue's.

    A content stays as it is where a credit's own cue or source stands in the other's: who quotes a quotation says more.
    But where both have one source it is said once, by the surer cue ("said he believes", "tweets shaming").
    """
    sources = sorted({source for parts in said for source in parts.get(SOURCE, ())}, key=lambda s: -s[2])
    surest = {one: next(other for other in sources if _common([one], [other])) for one in sources}
    kept: list[Parts] = []
    for parts in sorted(said, key=lambda parts: -parts[CUE][0][2]):
        cue, content, source = parts[CUE], parts[CONTENT], [surest[span] for span in parts.get(SOURCE, ())]
        alike = [one for one in kept if _mostly(content, one[CONTENT])]
        same = next((one for one in alike if not _common([*cue, *source], one[CONTENT])), None)
        twin = next((one for one in alike if source and source == one[SOURCE]), None)
        if twin is None:
            kept.append({SOURCE: source, CONTENT: same[CONTENT] if same else content, CUE: cue})
        elif same and _beside(cue, twin[CUE]):
            twin[CUE] = sorted([*twin[CUE], *cue])
    return sorted(kept, key=lambda parts: parts[CUE])


def _beside(some: Sequence[Marked], others: Sequence[Marked]) -> bool:
    """Whether two stand within two tokens of each other."""
    return _common([(a - 2, b + 2, sure) for a, b, sure in some], others) > 0


def _mostly(some: Sequence[Marked], others: Sequence[Marked]) -> bool:
    """Whether two share half of all their tokens."""
    common = _common(some, others)
    return 2 * common >= sum(b - a for a, b, _ in (*some, *others)) - common


def _common(some: Sequence[Marked], others: Sequence[Marked]) -> int:
    """How many tokens two share."""
    return sum(max(0, min(b, d) - max(a, c)) for a, b, _ in some for c, d, _ in others)


def _rows(number: int, parts: Parts, places: Sequence[Span]) -> Iterator[tuple[int, int, int, int, int]]:
    """A credit's rows of marks."""
    for role, spans in parts.items():
        for a, b, sure in spans:
            yield number, role, places[a][0], places[b - 1][1], round(100 * sure)


def _merged(frames: Sequence[_Frame]) -> list[_Frame]:
    """Frames whose cues are pieces of one another ("has … said") made one, by the surest of them."""
    kept: list[_Frame] = []
    for frame in frames:
        for other in kept:
            pairs = [(frame, other.cue), (other, frame.cue)]
            if all(one.chances[a:b, CUE].mean() > MERGED_FROM for one, cue in pairs for a, b in cue):
                other.cue += frame.cue
                break
        else:
            kept.append(frame)
    return kept


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return chances


def _even(chances: Floats, firsts: npt.NDArray[np.intp]) -> Floats:
    """The chances of each token made those of its word: their mean."""
    if len(firsts) in (0, len(chances)):
        return chances
    lengths = np.diff(firsts, append=len(chances))
    means = np.add.reduceat(chances, firsts) / lengths[:, None]
    evened: Floats = np.repeat(means, lengths, axis=0)
    return evened


def _runs(inside: npt.NDArray[np.bool_], begins: npt.NDArray[np.bool_] | None = None) -> list[Span]:
    """The ranges of neighbours inside; one that begins anew parts them."""
    before = np.concatenate([[False], inside[:-1]])
    after = np.concatenate([inside[1:], [False]])
    parts = begins if begins is not None else np.zeros_like(inside)
    starts = inside & (~before | parts)
    ends = inside & (~after | np.concatenate([parts[1:], [False]]))
    return [(int(a), int(b) + 1) for a, b in zip(np.flatnonzero(starts), np.flatnonzero(ends), strict=True)]


def _best(chances: Floats, least: float) -> list[Span]:
    """The range whose chances exceed `least` by most in sum; none where no token's does."""
    sums = np.concatenate([[0], np.cumsum(chances - least)])
    lowest = np.minimum.accumulate(sums)
    end = int(np.argmax(sums - lowest))
    if sums[end] - lowest[end] <= 0:
        return []
    return [(int(np.flatnonzero(sums[:end] == lowest[end])[-1]), end)]


def _distances(cues: Sequence[Span], length: int, reach: int) -> npt.NDArray[np.int64]:
    """How many tokens each token stands before (less than `reach`) or after (more) each cue, `(cues, length)`."""
    places = np.arange(length)
    starts, ends = np.array(cues).T[:, :, None]
    far = np.where(places < starts, places - starts, np.maximum(places - ends + 1, 0))
    distances: npt.NDArray[np.int64] = np.clip(far, -reach, reach) + reach
    return distances
