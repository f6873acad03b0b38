"""Agencies, units, people and what they sign in with."""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from accounts.permissions import Role


class Agency(models.Model):
    """A police agency, a prosecutor's office: whoever owns evidence and people."""

    class Kind(models.TextChoices):
        POLICE = "police"
        PROSECUTOR = "prosecutor"

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    ori = models.CharField("originating agency identifier", max_length=9, unique=True)  # NCIC: nine characters
    prefix = models.CharField(max_length=8, unique=True)  # of case numbers: RPD-2026-00017
    kind = models.CharField(max_length=12, choices=Kind)
    key_name = models.CharField(max_length=200)  # its key in the KeyService
    zone = models.CharField(max_length=64, default="UTC")  # IANA name
    policies = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A unit of an agency: Robbery, Homicide, Digital Forensics."""

    id = models.UUIDField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units")
    name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "name"], name="one_unit_a_name")]

    def __str__(self) -> str:
        return self.name


class Person(AbstractBaseUser):
    """One who signs in."""

    class Kind(models.TextChoices):
        STAFF = "staff"
        GUEST = "guest"
        OPERATOR = "operator"

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STAFF)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="people")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="people")
    email = models.EmailField(unique=True)  # stored in lower case
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True, default="")
    zone = models.CharField(max_length=64, blank=True, default="")  # IANA; empty: the agency's
    password_changed_at = models.DateTimeField(null=True)
    must_change_password = models.BooleanField(default=False)
    disabled_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)  # five failures; an administrator releases it (CJIS AC-7)
    created_at = models.DateTimeField(auto_now_add=True)
    single_keys = models.BooleanField(default=True)  # single-key shortcuts (WCAG 2.1.4)

    USERNAME_FIELD = "email"
    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    def __str__(self) -> str:
        return self.name


class RoleHeld(models.Model):
    """A role given to a person, for a unit or the agency, until it is taken."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="roles_held")
    role = models.CharField(max_length=16, choices=[(r.value, r.value) for r in Role])
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    given_at = models.DateTimeField(auto_now_add=True)
    given_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "role", "unit"], condition=models.Q(taken_at=None), nulls_distinct=False,
                name="a_role_is_held_once",
            )
        ]  # fmt: skip


class TotpDevice(models.Model):
    """An authenticator app. The seed is sealed by the KeyService with the person's id as associated data."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="totp_devices")
    sealed_seed = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)  # a code is accepted once: UPDATE … WHERE last_step < step
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)


class SignInFailure(models.Model):
    """A failed sign-in, counted per account (CJIS AC-7) and per address. An unknown name is kept as an HMAC only."""

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    name_digest = models.CharField(max_length=64, blank=True, default="")
    address = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["address", "-at"]), models.Index(fields=["person", "-at"])]


class SignedInSession(models.Model):
    """A session as policy sees it. `digest` is the SHA-256 of the cookie's secret; the secret is not stored."""

    id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="sessions")
    opened_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()
    factor_at = models.DateTimeField()  # the second factor was last shown
    method = models.CharField(max_length=32)
    aal = models.PositiveSmallIntegerField()
    address = models.CharField(max_length=64)
    user_agent = models.CharField(max_length=400, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=32, blank=True, default="")


class Token(models.Model):
    """A bearer token of a person, for the command line or a device. Stored hashed."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class DeviceCode(models.Model):
    """A device that waits for a person to confirm it in the browser (RFC 8628)."""

    id = models.UUIDField(primary_key=True)
    device_digest = models.CharField(max_length=64, unique=True)
    user_code = models.CharField(max_length=16, unique=True)
    device_name = models.CharField(max_length=120)
    address = models.CharField(max_length=64, default="")  # where the device asked from, shown to who confirms
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    polled_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    confirmed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    spent_at = models.DateTimeField(null=True)


class Notice(models.Model):
    """Something that a person should know, shown until read. Written in the transaction of what it tells."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=400)
    url = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "-created_at"])]


class Enrolment(models.Model):
    """A code with which a person sets the password and the second factor, once, within a day (CJIS IA-12(5))."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)


class Tally(models.Model):
    """A count by day of what has no entry: unknown names at the sign-in, ids that do not exist."""

    name = models.CharField(max_length=40)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "day"], name="one_tally_a_day")]
