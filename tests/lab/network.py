"""Hosts in network namespaces of this machine, cables between them, and the programs that run there.

Names of namespaces have the number of the process that made them, so that two runs don't meet, nor anything else of the
machine; interfaces are made inside of them.  What a run leaves behind when it is killed, the next one removes.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PREFIX = "clausework-lab"
NAMESPACES = Path("/run/netns")
CLONE_NEWNET = 0x40000000
AT_MOST = 20.0
"""Seconds that anything here may take."""

PROGRAMS = {
    "busybox": "busybox",
    "dhclient": "isc-dhcp-client",
    "dnsmasq": "dnsmasq-base",
    "ip": "iproute2",
    "kea-dhcp4": "kea-dhcp4-server",
    "lldpcli": "lldpd",
    "lldpd": "lldpd",
    "miniupnpd": "miniupnpd-nftables",
    "nft": "nftables",
    "setpriv": "util-linux",
    "upnpc": "miniupnpc",
}
"""What must be there, and the Debian package that has it."""


class NotPossible(Exception):
    """There is no lab on this machine; says what would make it possible."""


@dataclass(eq=False)
class Program:
    """One that runs until it is stopped; what it writes is in `output`."""

    command: tuple[str, ...]
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text("utf-8", "replace")

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(5.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5.0)


@dataclass(eq=False)
class Host:
    """A machine of the lab, which is a network namespace."""

    namespace: str
    folder: Path
    programs: list[Program] = field(default_factory=list)

    def run(self, *command: str) -> str:
        """What the command wrote; AssertionError with its complaint if it fails."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.namespace, *command],
            capture_output=True,
            text=True,
            check=False,
            timeout=AT_MOST,
        )
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}"
        return done.stdout

    def ip(self, *arguments: str) -> None:
        self.run("ip", *arguments)

    def start(self, *command: str, until: Callable[[Program], bool] | None = None) -> Program:
        """Starts a program and waits until it is ready; it ends with this host, or when we are killed."""
        log = self.folder / f"{self.namespace}-{len(self.programs)}-{Path(command[0]).name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "ip", "netns", "exec", self.namespace, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        program = Program(command, process, log)
        self.programs.append(program)
        if until is not None:
            wait(lambda: until(program) or not program.runs, f"{command[0]} is ready")
            assert program.runs, f"{' '.join(command)}: {program.output}"
        return program

    def endpoint(self, family: int, kind: int, protocol: int = 0) -> socket.socket:
        """A socket in this host's network, for us to use from outside: it stays where it was made."""
        made: list[socket.socket] = []

        def make() -> None:
            with (NAMESPACES / self.namespace).open("rb") as there:
                if ctypes.CDLL(None, use_errno=True).setns(there.fileno(), CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
            made.append(socket.socket(family, kind, protocol))

        thread = threading.Thread(target=make)  # only this thread goes there
        thread.start()
        thread.join()
        return made[0]

    def datagrams(self, interface: str, port: int) -> socket.socket:
        """A UDP socket that sends and hears, broadcasts too, at one interface only, even if that has no address."""
        made = self.endpoint(socket.AF_INET, socket.SOCK_DGRAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        made.bind(("", port))
        return made

    def frames(self, interface: str, protocol: int) -> socket.socket:
        """A socket for whole Ethernet frames of one protocol."""
        made = self.endpoint(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
        made.bind((interface, protocol))
        return made

    def hardware_address(self, interface: str) -> bytes:
        shown = self.run("cat", f"/sys/class/net/{interface}/address")
        return bytes.fromhex(shown.strip().replace(":", ""))


@dataclass(eq=False)
class Network:
    """All hosts of a test."""

    folder: Path
    hosts: dict[str, Host] = field(default_factory=dict)

    def host(self, name: str) -> Host:
        namespace = f"{PREFIX}-{os.getpid()}-{name}"
        _ip("netns", "add", namespace)
        made = self.hosts[name] = Host(namespace, self.folder)
        made.ip("link", "set", "lo", "up")
        return made

    def cable(self, one: Host, interface: str, other: Host, other_interface: str) -> None:
        ends = ("netns", one.namespace, "type", "veth", "peer", "name", other_interface, "netns", other.namespace)
        _ip("link", "add", interface, *ends)
        one.ip("link", "set", interface, "up")
        other.ip("link", "set", other_interface, "up")

    def close(self) -> None:
        for host in self.hosts.values():
            for program in host.programs:
                program.stop()
            remove(host.namespace)
        self.hosts.clear()


@contextmanager
def network() -> Iterator[Network]:
    """A network without hosts as yet, and a folder for its programs; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}-{os.getpid()}-") as folder:
        Path(folder).chmod(0o755)  # some programs give up being root
        made = Network(Path(folder))
        try:
            yield made
        finally:
            made.close()


def wait(condition: Callable[[], bool], what: str, at_most: float = AT_MOST) -> None:
    end = time.monotonic() + at_most
    while not condition():
        assert time.monotonic() < end, f"not within {at_most:g} s: {what}"
        time.sleep(0.01)


# -- what must be possible


def examine() -> None:
    """NotPossible, with what to do, unless hosts can be made here and every program is there."""
    if os.geteuid() != 0:
        raise NotPossible("the lab needs root, to make network namespaces: run `sudo make lab`")
    missing = sorted({package for program, package in PROGRAMS.items() if shutil.which(program) is None})
    if missing:
        raise NotPossible(f"the lab needs more programs: run `make lab`, or `apt-get install {' '.join(missing)}`")
    probe = f"{PREFIX}-{os.getpid()}-probe"
    try:
        _ip("netns", "add", probe)
    except AssertionError as error:
        raise NotPossible(
            f"no network namespaces can be made here ({error}): in a container, start that with "
            "`docker run --privileged`, and run `make lab` in it"
        ) from error
    remove(probe)


def remove_leftovers() -> None:
    """What earlier runs made whose process is no more."""
    for path in sorted(NAMESPACES.glob(f"{PREFIX}-*")):
        if _is_abandoned(path.name):
            remove(path.name)
    for path in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}-*")):
        if _is_abandoned(path.name):
            shutil.rmtree(path, ignore_errors=True)


def _is_abandoned(name: str) -> bool:
    owner = name.removeprefix(f"{PREFIX}-").partition("-")[0]
    return owner.isdigit() and not Path(f"/proc/{owner}").exists()


def remove(namespace: str) -> None:
    """The namespace, and every program in it."""
    pids = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True, check=False).stdout
    for pid in pids.split():
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            continue
    subprocess.run(["ip", "netns", "del", namespace], capture_output=True, check=False)


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr.strip()
