"""Text from outside, made fit to store."""

LONGEST = 20_000


def clean(text: str) -> str:
    """The text as it was sent, without NUL characters and with lone surrogates replaced, cut at `LONGEST`."""
    whole = text[:LONGEST].replace("\x00", "")
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
