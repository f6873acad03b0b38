"""Ports of the loopback address."""

import errno
import socket


def is_free(port: int) -> bool:
    """Whether somebody can listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_ports(count: int) -> list[int]:
    """So many ports that nobody listens on, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def listen(port: int, family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
    """Listen on a loopback port. Raises OSError when it is taken. 0 takes any."""
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(("127.0.0.1" if family == socket.AF_INET else "::1", port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    listener.set_inheritable(True)
    return listener


def listen_on_both(port: int) -> list[socket.socket]:
    """Listen on 127.0.0.1 and, where the machine has it, ::1: `localhost` may mean either. Raises OSError."""
    listeners = [listen(port)]
    try:
        listeners.append(listen(listeners[0].getsockname()[1], socket.AF_INET6))
    except OSError as failed:
        if failed.errno == errno.EADDRINUSE:
            listeners[0].close()
            raise
    return listeners
