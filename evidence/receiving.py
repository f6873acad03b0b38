"""Bytes from a socket into parts and pieces. What is counted in the offset is durable in S3 and in its row.

While one part is encrypted and sent to S3, the next is received; parts are committed in their order.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from evidence import leases
from evidence.bodies import Body, Quiet
from evidence.leases import Lease
from evidence.models import Upload
from evidence.transfer_errors import LengthExceeded, PiecesMissing
from vault import errors as vault_errors
from vault import writing as vault
from vault.buffers import pool
from vault.models import VaultFile, VaultPart, VaultPiece
from verifier import streams


@contextmanager
def memory_for(upload: Upload, announced: int | None) -> Iterator[int]:
    """Hold the memory for receiving. Gives the number of buffers: two where there is room, so that nothing waits.

    Raises vault.errors.Busy when not even one comes free in time.
    """
    assert upload.file is not None
    segments = upload.file.object.segments
    part = streams.plain_part_bytes(segments)
    tail = upload.offset % part
    needed = part if announced is None else min(part, tail + announced)
    with ExitStack() as held:
        held.enter_context(pool().reserve(vault.transfer_bytes(segments, needed)))
        if announced is not None and tail + announced <= part:
            yield 1
            return
        try:
            # Never waited for: one who holds memory and waits for more could wait for ever.
            held.enter_context(pool().reserve(part, patience=0))
        except vault_errors.Busy:
            yield 1
        else:
            yield 2


@dataclass(frozen=True, slots=True)
class Sending:
    """A part on its way to S3, the memory that it lies in, and the pieces that it takes the place of."""

    part: Future[VaultPart]
    buffer: bytearray
    pieces: list[VaultPiece]


class Receiver:
    """Takes one body into one upload, under one lease."""

    def __init__(self, lease: Lease, body: Body, buffers: int) -> None:
        """Begin at the upload's offset."""
        assert lease.upload.file is not None
        self._lease, self._body, self._buffers = lease, body, buffers
        self._file: VaultFile = lease.upload.file
        self._part_bytes = streams.plain_part_bytes(self._file.object.segments)
        self._length = lease.upload.length
        self._spare: list[bytearray] = []
        self._sending: Sending | None = None
        self._durable = self._came = lease.upload.offset
        self._renewed = time.monotonic()

    def run(self) -> int:
        """Receive until the body is over. Returns the offset, all of which is durable.

        Raises LeaseLost, NotAllowed, LengthExceeded, store.errors.StoreError; what was committed before stays.
        """
        connection.close()  # given back: a body may take hours
        with ThreadPoolExecutor(1, thread_name_prefix="part") as sender:
            over = False
            while not over:
                first, buffer = self._came, self._buffer()
                over = self._fill(buffer)
                self._commit_sent()
                if self._ends_part(first):
                    self._sending = self._send(sender, buffer, first)
                    if self._buffers == 1:
                        self._commit_sent()
                else:
                    self._commit_piece(buffer, first)
                over = over or self._came == self._length
            self._commit_sent()
        return self._durable

    def _buffer(self) -> bytearray:
        if self._spare:
            return self._spare.pop()
        announced = self._body.announced
        room = self._part_bytes if announced is None else min(self._part_bytes, self._tail(self._came) + announced)
        return bytearray(room)

    def _tail(self, offset: int) -> int:
        """How many bytes of its part lie before an offset; 0 at a part's beginning."""
        return offset % self._part_bytes

    def _fill(self, buffer: bytearray) -> bool:
        """Receive up to the end of the part that the offset lies in. True when the body is over."""
        at, view = self._tail(self._came), memoryview(buffer)
        while at < len(buffer):
            try:
                count = self._body.into(view[at : at + self._allowed(len(buffer) - at)])
            except Quiet:  # the lease isn't renewed: who says nothing may be succeeded
                self._look_after_part()
                continue
            if count == 0:
                return True
            at, self._came = at + count, self._came + count
            self._demand_length()
            self._look_after_part()
            if time.monotonic() - self._renewed > leases.RENEW_SECONDS:
                self._renew()
        return False

    def _look_after_part(self) -> None:
        """Commit the part before this one as soon as it is in S3: a slow sender's next may take minutes."""
        if self._sending and self._sending.part.done():
            self._commit_sent()

    def _allowed(self, room: int) -> int:
        # One byte more than announced is asked for, so that a body that goes on is noticed.
        return room if self._length is None else min(room, self._length - self._came + 1)

    def _demand_length(self) -> None:
        if self._length is None:
            leases.demand_possible(self._lease.upload, self._came)
        elif self._came > self._length:
            raise LengthExceeded(length=self._length, offset=self._came)

    def _renew(self) -> None:
        leases.renew(self._lease)
        connection.close()
        self._renewed = time.monotonic()

    def _ends_part(self, first: int) -> bool:
        """What came since `first` fills a part, or the file ends here short of one; an empty file has one part too."""
        if self._came == self._length:
            return self._came > first or self._tail(self._came) > 0 or self._length == 0
        return self._came > first and self._tail(self._came) == 0

    def _send(self, sender: ThreadPoolExecutor, buffer: bytearray, first: int) -> Sending:
        number = max(self._came - 1, 0) // self._part_bytes + 1
        begins = (number - 1) * self._part_bytes
        pieces = list(self._file.pieces.filter(part=number))
        connection.close()
        if sum(piece.bytes for piece in pieces) != first - begins:
            raise PiecesMissing(part=number)
        for piece in pieces:
            piece.file = self._file
            start = piece.offset - begins
            buffer[start : start + piece.bytes] = vault.read_piece(piece)
        plain = memoryview(buffer)[: self._came - begins]
        return Sending(sender.submit(vault.upload_part, self._file, number, plain), buffer, pieces)

    def _commit_sent(self) -> None:
        if self._sending is None:
            return
        sent, self._sending = self._sending, None
        part, pieces = self._waited_for(sent.part), sent.pieces
        offset = part.offset + part.bytes
        # Before this a crash leaves a part in S3 that no row names: sent again, it is replaced.
        with transaction.atomic():
            self._file.pieces.filter(pk__in=[piece.pk for piece in pieces]).delete()
            part.save()
            self._commit(offset)
        connection.close()
        if len(sent.buffer) == self._part_bytes:
            self._spare.append(sent.buffer)
        for piece in pieces:
            # After a crash here the piece is in S3 and no row names it: swept at the end.
            vault.delete_piece(piece)

    def _waited_for(self, sending: Future[VaultPart]) -> VaultPart:
        # The lease is kept while S3 is slow: a second writer's part would replace this one there.
        while True:
            try:
                return sending.result(timeout=leases.RENEW_SECONDS)
            except StillRunning:
                if sending.done():
                    raise
                self._renew()

    def _commit_piece(self, buffer: bytearray, first: int) -> None:
        count = self._came - first
        if count == 0:
            if self._came == self._length:  # all parts were full, and only now is it known that no byte follows
                with transaction.atomic():
                    self._commit(self._came)
            return
        begin = self._tail(first)
        piece = vault.put_piece(self._file, first, memoryview(buffer)[begin : begin + count])
        # Before this a crash leaves a piece in S3 that no row names, to be swept.
        with transaction.atomic():
            piece.save()
            self._commit(self._came)
        connection.close()

    def _commit(self, offset: int) -> None:
        done = {"state": Upload.State.COMPLETING} if offset == self._length else {}
        leases.commit(self._lease, offset=offset, **done)
        self._durable = offset
