"""What caused a row in a lower room, without a foreign key upwards."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A document by kind and id: ``Source("sale", 17)``."""

    kind: str
    id: int
