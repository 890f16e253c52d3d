"""Keeping the index of names: what a search looks into.

A published address stands under its name, under road and name together, and
under its aliases. Names are few beside addresses, so similar ones are found by
their pairs of characters, and a house number only then.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import F

from . import texts
from .enums import NAMED, AddressState
from .models import Address, AddressTerm, Gram, Term, TermGram

BATCH = 2000


def names_of(address: Address) -> dict[str, int | None]:
    """The normalised names of an address, each with the number it is found by."""
    number = texts.house_number(address.number) if address.number else None
    found: dict[str, int | None]
    if address.kind in NAMED:
        found = {address.name: None, f"{address.base}{address.name}": None}
    else:
        found = {address.base: number}
    for alias in address.aliases:
        name, own = texts.split(texts.normalise(alias))
        found[name] = own
    plain = {texts.normalise(name)[:120]: own for name, own in found.items()}
    return {name: own for name, own in plain.items() if name}


def refresh(addresses: Iterable[Address]) -> int:
    """Enter published addresses, take all others out; how many were entered."""
    rows = list(addresses)
    AddressTerm.objects.filter(address__in=[row.pk for row in rows]).delete()
    wanted = {row: names_of(row) for row in rows if row.state == AddressState.PUBLISHED}
    terms = _terms({name for names in wanted.values() for name in names})
    entries = [
        AddressTerm(term_id=terms[name], address=row, number=number)
        for row, names in wanted.items()
        for name, number in names.items()
    ]
    AddressTerm.objects.bulk_create(entries, batch_size=BATCH)
    return len(wanted)


def _terms(names: set[str]) -> dict[str, int]:
    """Keys of names, made where they are new."""
    known = _known(names)
    new = sorted(names - known.keys())
    if new:
        made = [Term(text=name) for name in new]
        Term.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
        known |= (fresh := _known(set(new)))
        _enter_grams(fresh)
    return known


def _known(names: set[str]) -> dict[str, int]:
    wanted = sorted(names)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), 500):
        rows = Term.objects.filter(text__in=wanted[start : start + 500])
        found |= dict(rows.values_list("text", "pk"))
    return found


def _enter_grams(terms: dict[str, int]) -> None:
    pairs = [(gram, pk) for text, pk in terms.items() for gram in texts.grams(text)]
    rows = [TermGram(gram=gram, term_id=pk) for gram, pk in pairs]
    TermGram.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    uses = Counter(gram for gram, _pk in pairs)
    Gram.objects.bulk_create([Gram(text=gram) for gram in uses], ignore_conflicts=True)
    by_count: dict[int, list[str]] = defaultdict(list)
    for gram, count in sorted(uses.items()):
        by_count[count].append(gram)
    for count, same in sorted(by_count.items()):
        Gram.objects.filter(text__in=same).update(uses=F("uses") + count)
