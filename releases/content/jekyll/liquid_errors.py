"""What a template can ask for and no import can tell."""

from liquid.exceptions import LiquidError


class Unknowable(LiquidError):
    """`name` is a value or filter that depends on the day or the machine on which a site is built."""

    def __init__(self, name: str) -> None:
        super().__init__(name, token=None)
        self.name = name
