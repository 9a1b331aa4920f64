"""Encryption of single values under keys outside the database. Finding by an encrypted value is in blind."""

from __future__ import annotations

import hashlib
import operator
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import Promise

from shuoshi.kernel import keys

if TYPE_CHECKING:
    _TextField = models.Field[str, str]
else:
    _TextField = models.Field  # cannot be subscripted at run time

_AES_256_GCM = b"\x01"  # the first byte of everything sealed; another algorithm takes another
_HPKE = b"\x02"  # RFC 9180: X25519, HKDF-SHA256, AES-256-GCM
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_HPKE_P256 = b"\x03"  # RFC 9180: P-256, HKDF-SHA256, AES-256-GCM, because browsers of 2023 know no X25519
_SUITE_P256 = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_GCM_NONCE = 12
KEY_ID = 8  # bytes
_COMMITMENT_NONCE = 32


class CryptoProblem(Exception):
    """A sealed value does not open: it was changed, moved to another row or column, or its key is another one."""


class Erased(CryptoProblem):
    """The key of this person or matter was destroyed; what it sealed is gone for good."""


def seal(data_key: bytes, aad: bytes, data: bytes) -> bytes:
    """Encrypt `data`; it opens again only with the same key and the same `aad` (which says where it belongs)."""
    nonce = secrets.token_bytes(_GCM_NONCE)
    return _AES_256_GCM + nonce + AESGCM(data_key).encrypt(nonce, data, _AES_256_GCM + aad)


def open_(data_key: bytes, aad: bytes, sealed: bytes) -> bytes:
    """Decrypt what `seal` made. Raises CryptoProblem when anything about it is not as it was."""
    if sealed[:1] != _AES_256_GCM or len(sealed) < 1 + _GCM_NONCE + 16:
        raise CryptoProblem("not a sealed value of a known algorithm")
    nonce, body = sealed[1 : 1 + _GCM_NONCE], sealed[1 + _GCM_NONCE :]
    try:
        return AESGCM(data_key).decrypt(nonce, body, _AES_256_GCM + aad)
    except InvalidTag:
        raise CryptoProblem("the sealed value was changed or moved, or its key is another one") from None


def public_of(secret: bytes) -> bytes:
    """The 32 bytes with which anybody can seal for whoever holds `secret`, at least 16 random bytes."""
    return _private(secret).public_key().public_bytes_raw()


def seal_to(public: bytes, aad: bytes, data: bytes) -> bytes:
    """Encrypt `data` for the holder of a secret by its `public_of`; whoever seals cannot open."""
    return _HPKE + _SUITE.encrypt(data, X25519PublicKey.from_public_bytes(public), info=_HPKE + aad)


def open_with(secret: bytes, aad: bytes, sealed: bytes) -> bytes:
    """Decrypt what `seal_to` made. Raises CryptoProblem when anything about it is not as it was."""
    if sealed[:1] != _HPKE:
        raise CryptoProblem("not a sealed value of a known algorithm")
    try:
        return _SUITE.decrypt(sealed[1:], _private(secret), info=_HPKE + aad)
    except InvalidTag:
        raise CryptoProblem("the sealed value was changed or moved, or its key is another one") from None


def phone_public_of(secret: bytes) -> bytes:
    """The 65 bytes (an uncompressed point of P-256) with which a browser seals for whoever holds `secret`."""
    return _private_p256(secret).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def seal_as_phone(public: bytes, aad: bytes, data: bytes) -> bytes:
    """What a phone does in JavaScript: desk/static/desk/phone/sealing.js."""
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    return _HPKE_P256 + _SUITE_P256.encrypt(data, key, info=_HPKE_P256 + aad)


def open_from_phone(secret: bytes, aad: bytes, sealed: bytes) -> bytes:
    """Decrypt what was sealed by `phone_public_of`. Raises CryptoProblem when anything about it is not as it was."""
    if sealed[:1] != _HPKE_P256:
        raise CryptoProblem("not a sealed value of a known algorithm")
    try:
        return _SUITE_P256.decrypt(sealed[1:], _private_p256(secret), info=_HPKE_P256 + aad)
    except (InvalidTag, ValueError):  # ValueError: what stands for a point is none
        raise CryptoProblem("the sealed value was changed or moved, or its key is another one") from None


def _private_p256(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """64 bytes modulo the order: no scalar is likelier than another by more than 2^-256."""
    wide = int.from_bytes(hashlib.sha512(b"shuoshi phone key\0" + secret).digest())
    return ec.derive_private_key(wide % (_P256_ORDER - 1) + 1, ec.SECP256R1())


def _private(secret: bytes) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(hashlib.sha256(b"shuoshi private key\0" + secret).digest())


def new_wrapped_key() -> bytes:
    """A fresh data key of 32 bytes, sealed under the key `field`: key id, then the sealed key."""
    return wrapped(secrets.token_bytes(32))


def wrapped(data_key: bytes) -> bytes:
    """A data key sealed under the key `field` of this moment: a live process must not go on with a retired one."""
    master = keys.current(settings.KEYS, "field")
    return key_id(master) + seal(master, _wrapping(key_id(master)), data_key)


def unwrapped(sealed_key: bytes) -> bytes:
    """The data key. Raises CryptoProblem when the field key that sealed it is not here."""
    return open_(_master(sealed_key[:KEY_ID]), _wrapping(sealed_key[:KEY_ID]), sealed_key[KEY_ID:])


def key_id(master: bytes) -> bytes:
    """Eight bytes that name a field key and say nothing of it; each wrapped key begins with those of its own."""
    return hashlib.sha256(b"shuoshi key id\0" + master).digest()[:KEY_ID]


def kept_as(id_: bytes) -> str:
    """The name under which a field key stays when another takes its place."""
    return f"field-{id_.hex()}"


def commitment(instance: models.Model, column: str) -> str | None:
    """SHA-256 of nonce‖text of one encrypted column as hex: what an event says of it. None when there is no text."""
    field = cast("EncryptedText", instance._meta.get_field(column))
    cell = field.cell(instance)
    if cell is None:
        return None
    cell.open_for(instance, field)
    return hashlib.sha256(cell.nonce + cell.text.encode()).hexdigest()


def committed(data_key: bytes, aad: bytes, text: str) -> tuple[bytes, str]:
    """A text sealed for a cell without its row, and the commitment to it: for rows that are written in bulk."""
    plain = secrets.token_bytes(_COMMITMENT_NONCE) + text.encode()
    return seal(data_key, aad, plain), hashlib.sha256(plain).hexdigest()


class KeyHolder(models.Model):
    """A row with a data key of its own: a person, or a matter. Destroying `wrapped_key` erases all it sealed.

    `gone` is what its texts read as from then on; where it is "", nobody reads on as if nothing had happened.
    """

    gone: ClassVar[str | Promise] = ""

    wrapped_key = models.BinaryField(null=True, default=new_wrapped_key)
    unverified = frozenset({"wrapped_key"})  # wrapped anew when the master key changes; a wrong one opens nothing

    class Meta:
        abstract = True

    @property
    def is_erased(self) -> bool:
        return self.wrapped_key is None

    def data_key(self) -> bytes:
        """The 32 bytes that seal this row's values. Raises Erased when they were destroyed."""
        if self.wrapped_key is None:
            raise Erased(f"the key of {self._meta.label} {self.pk} was destroyed")
        wrapped = bytes(self.wrapped_key)
        kept: tuple[bytes, bytes] | None = self.__dict__.get("_opened_key")
        if kept is None or kept[0] != wrapped:
            kept = (wrapped, unwrapped(wrapped))
            self.__dict__["_opened_key"] = kept
        return kept[1]


class EncryptedText(_TextField):
    """Text that is str in Python and sealed bytes in the database, opened only when it is read.

    `owner` leads from the row to the KeyHolder whose key seals it: "self", or attributes such as "matter" or
    "round.matter" (select_related them where many rows are read). No text, "" and NULL are the same thing, which is
    also what erasure leaves. It cannot be searched or ordered; only `isnull` works as a lookup.
    """

    description = "encrypted text"
    empty_strings_allowed = False

    def __init__(self, *args: Any, owner: str, **kwargs: Any) -> None:
        kwargs["null"] = True
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        self.owner = owner
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for known in ("null", "blank", "default"):
            kwargs.pop(known, None)
        return name, path, args, {**kwargs, "owner": self.owner}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: it cannot be compared in the database, only isnull works")
        return super().get_lookup(lookup_name)

    def from_db_value(self, value: Any, _expression: object, _connection: BaseDatabaseWrapper) -> Cell | None:
        return None if value is None else Cell(sealed=bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        cell = self.cell(model_instance)
        return None if cell is None else cell.sealed_for(model_instance, self, moving=add)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value == "":
            value = None  # the default of a column that a migration adds
        if value is not None and not isinstance(value, bytes):
            raise TypeError(f"{self.name} is encrypted: set it on the row and save the row")
        return super().get_db_prep_value(value, connection, prepared)

    def cell(self, instance: models.Model) -> Cell | None:
        """What the row holds for this column, unopened; loads a deferred column."""
        if self.attname not in instance.__dict__:
            getattr(instance, self.attname)
        return cast("Cell | None", instance.__dict__[self.attname])

    def aad(self, instance: models.Model) -> bytes:
        """Where a sealed value belongs: table, column and row."""
        pk = instance.__dict__.get(instance._meta.pk.attname)  # not instance.pk: rows are also half built
        return f"{instance._meta.db_table}\0{self.column}\0{pk}".encode()

    def key(self, instance: models.Model) -> bytes:
        return self.holder(instance).data_key()

    def holder(self, instance: models.Model) -> KeyHolder:
        """The row whose key seals this column of the row."""
        holder = instance if self.owner == "self" else operator.attrgetter(self.owner)(instance)
        return cast("KeyHolder", holder)


@dataclass(slots=True)
class Cell:
    """One encrypted value in memory: sealed, opened, or both. Printing it shows nothing."""

    sealed: bytes = b""
    nonce: bytes = b""
    text: str = ""
    bound_to: bytes = b""  # the place it was sealed for in this process

    def __repr__(self) -> str:
        return "<encrypted>"

    def open_for(self, instance: models.Model, field: EncryptedText) -> str:
        if not self.nonce:
            plain = open_(field.key(instance), field.aad(instance), self.sealed)
            self.nonce, self.text = plain[:_COMMITMENT_NONCE], plain[_COMMITMENT_NONCE:].decode()
        return self.text

    def sealed_for(self, instance: models.Model, field: EncryptedText, *, moving: bool) -> bytes:
        """The bytes to store. `moving`: the row is inserted, so that what was sealed for another row must not serve."""
        place = field.aad(instance)
        if not self.sealed or (moving and self.bound_to != place):
            if not self.nonce:
                raise CryptoProblem(f"{field.name} was sealed for another row: read it there and set it here")
            self.sealed = seal(field.key(instance), place, self.nonce + self.text.encode())
            self.bound_to = place
        return self.sealed


class _Opened(str):
    """A text just read from a row. It remembers its cell, so that Django's refresh keeps the nonce it came with."""

    cell: Cell
    aad: bytes


class ErasedText(str):
    """What stands where a text was: its key was destroyed. Only to be shown."""


class _EncryptedAttribute(DeferredAttribute):
    """Opens on reading, keeps the nonce when the same text is set again."""

    field: EncryptedText

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if not isinstance(value, Cell):
            return ""
        try:
            opened = _Opened(value.open_for(instance, self.field))
        except Erased:
            if not self.field.holder(instance).gone:
                raise
            return ErasedText(self.field.holder(instance).gone)
        opened.cell, opened.aad = value, self.field.aad(instance)
        return opened

    def __set__(self, instance: models.Model, value: Cell | str | None) -> None:
        if not value:
            instance.__dict__[self.field.attname] = None
        elif isinstance(value, Cell):  # from the database
            instance.__dict__[self.field.attname] = value
        elif isinstance(value, _Opened) and value.aad == self.field.aad(instance):
            instance.__dict__[self.field.attname] = value.cell
        elif not self._holds_already(instance, value):
            fresh = Cell(nonce=secrets.token_bytes(_COMMITMENT_NONCE), text=str(value))
            instance.__dict__[self.field.attname] = fresh

    def _holds_already(self, instance: models.Model, text: str) -> bool:
        earlier = instance.__dict__.get(self.field.attname)
        if not isinstance(earlier, Cell):
            return False
        try:
            return earlier.open_for(instance, self.field) == text
        except CryptoProblem:
            return False


EncryptedText.descriptor_class = _EncryptedAttribute


def _wrapping(id_: bytes) -> bytes:
    return b"shuoshi data key\0" + id_


def _master(id_: bytes) -> bytes:
    """The field key that wrapped this one: the one this process knows, or the one kept under its id."""
    known = keys.read(settings.KEYS, "field")
    if key_id(known) == id_:
        return known
    try:
        return keys.read(settings.KEYS, kept_as(id_))
    except keys.KeyProblem as problem:
        raise CryptoProblem(f"sealed under the field key {id_.hex()}, which is not here: {problem}") from None
