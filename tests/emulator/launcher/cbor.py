"""CBOR (RFC 8949), as much of it as calls of CloudWatch need: maps, lists, texts, small numbers, booleans, null."""

from typing import Any

_UNSIGNED, _TEXT, _LIST, _MAP, _SIMPLE = 0, 3, 4, 5, 7
_CONSTANTS = {20: False, 21: True, 22: None}
_INDEFINITE, _BREAK = 31, 0xFF


def encode(value: Any) -> bytes:
    """A value of texts, lists and maps."""
    if isinstance(value, str):
        text = value.encode()
        return _head(_TEXT, len(text)) + text
    if isinstance(value, list):
        return _head(_LIST, len(value)) + b"".join(map(encode, value))
    if isinstance(value, dict):
        pairs = (encode(key) + encode(inner) for key, inner in value.items())
        return _head(_MAP, len(value)) + b"".join(pairs)
    raise TypeError(f"no CBOR for {value!r}")


def decode(data: bytes) -> Any:
    """The value that the bytes are."""
    return _Reader(data).value() if data else {}


def _head(major: int, length: int) -> bytes:
    if length < 24:
        return bytes([major << 5 | length])
    return bytes([major << 5 | 25]) + length.to_bytes(2, "big")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def value(self) -> Any:
        first = self._take(1)[0]
        major, short = first >> 5, first & 0x1F
        if major == _SIMPLE:
            return _CONSTANTS[short]
        length = self._length(short)
        if major == _UNSIGNED:
            return length
        if major == _TEXT and length is not None:
            return self._take(length).decode()
        if major == _LIST:
            return list(self._items(length))
        if major == _MAP:
            return {key: self.value() for key in self._items(length)}
        raise ValueError(f"CBOR of major type {major} at byte {self.at}")

    def _items(self, length: int | None) -> Any:
        """As many as there are; without a length, up to the break."""
        while length is None or length > 0:
            if length is None and self.data[self.at] == _BREAK:
                self.at += 1
                return
            yield self.value()
            length = None if length is None else length - 1

    def _length(self, short: int) -> int | None:
        if short == _INDEFINITE:
            return None
        return short if short < 24 else int.from_bytes(self._take(1 << (short - 24)), "big")

    def _take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count: self.at]
