"""What a request varies besides its URL."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_VERSION = "2023-06-01"


@dataclass(frozen=True)
class Variant:
    """What a request varies besides its URL: how the key is sent, the version, the betas, headers.

    `auth` is "key" (in the configured header), "other-way" (in the other header: bearer for x-api-key
    and the reverse), "wrong" and "wrong-other-way" (a wrong key), "second" and "second-other-way" (another
    client's key), or "none". An empty `version` is not sent. `headers` replace those of the same name.
    """

    auth: str = "key"
    version: str = DEFAULT_VERSION
    betas: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def wrong(self) -> bool:
        """Whether a wrong key is sent."""
        return self.auth.startswith("wrong")

    def __str__(self) -> str:
        """The empty string for the plain request, else what the variant changes, as cassettes name it."""
        variants = {
            "auth": self.auth if self.auth != "key" else "",
            "version": "" if self.version == DEFAULT_VERSION else self.version or "none",
            "betas": ",".join(self.betas),
            "headers": ",".join(name for name, _ in self.headers),
        }
        return " ".join(f"{name}={value}" for name, value in variants.items() if value)


PLAIN = Variant()
