"""One program with many small attempts, each of which a layer must refuse."""

import json
from pathlib import Path

import arclight
from arclight.sandbox.cage.policy import MIB, Policy
from arclight.sandbox.cage.tier import Cage
from tests.sandbox.cage.works import run_in, slot

PROGRAM = r"""
import ctypes, json, os, socket, sys, threading
folder, checkout = sys.argv[1:3]
work = os.path.join(folder, "work")
libc = ctypes.CDLL(None, use_errno=True)
got = {}

def system_call(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def write(path):
    with open(path, "w") as f:
        f.write("x")

def setid():
    write(f"{work}/tool")
    os.chmod(f"{work}/tool", 0o4755)

def born_setid():
    os.close(os.open(f"{work}/tool2", os.O_CREAT | os.O_WRONLY, 0o4755))
    if not os.stat(f"{work}/tool2").st_mode & 0o4000:
        raise PermissionError("no bit")

def packets():
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()

ATTEMPTS = {
    "replace the program": lambda: write(f"{folder}/program/program.py"),
    "change an input": lambda: write(f"{folder}/in/input.csv"),
    "add an input": lambda: write(f"{folder}/in/more.csv"),
    "remove an input": lambda: os.unlink(f"{folder}/in/input.csv"),
    "replace the folder of inputs": lambda: os.rename(f"{folder}/in", f"{work}/in"),
    "write into Python": lambda: write(os.path.join(sys.prefix, "arc-written")),
    "write into /usr": lambda: write("/usr/arc-written"),
    "write into /etc": lambda: write("/etc/arc-written"),
    "write into /dev": lambda: write("/dev/arc-written"),
    "write into /": lambda: write("/arc-written"),
    "write into /var/tmp": lambda: write("/var/tmp/arc-written"),
    "read our source": lambda: open(f"{checkout}/arclight/sandbox/launch.py").read(),
    "read the shadow file": lambda: open("/etc/shadow").read(),
    "setid file": setid,
    "setid file at its creation": born_setid,
    "device": lambda: os.mknod(f"{work}/dev", 0o020666, os.makedev(1, 3)),
    "user name space": lambda: system_call(libc.unshare(0x10000000)),
    "mount": lambda: system_call(libc.mount(b"x", folder.encode(), b"tmpfs", 0, None)),
    "chroot": lambda: os.chroot(folder),
    "trace": lambda: system_call(libc.ptrace(16, os.getppid(), 0, 0)),
    "foreign memory": lambda: system_call(libc.process_vm_readv(os.getppid(), 0, 0, 0, 0, 0)),
    "kernel log": lambda: system_call(libc.klogctl(10, 0, 0)),
    "host name": lambda: socket.sethostname("arc-written"),
    "raw packets": packets,
    "another user": lambda: os.setuid(0) if os.getuid() else os.setuid(1),
    "key ring": lambda: system_call(libc.syscall(250, 0, -3, 1, 0, 0)),
    "mount tree": lambda: system_call(libc.syscall(428, -100, b"/", 1)),
    "io_uring": lambda: system_call(libc.syscall(425, 1, 0)),
}
server = socket.create_server(("127.0.0.1", 0))
def answer():
    connection, _ = server.accept()
    connection.sendall(b"hello")
    connection.close()
threading.Thread(target=answer, daemon=True).start()
with socket.create_connection(server.getsockname()[:2]) as client:
    works = [client.recv(5) == b"hello"]
works.append(open(f"{folder}/in/input.csv").read() == "a")
write(f"{work}/mine"); write(f"{folder}/home/mine"); write(f"{folder}/tmp/mine")
write(f"{folder}/failure.json")
ours, theirs = socket.socketpair()
works.append(os.access("/bin/sh", os.X_OK) and os.system("exit 3") == 3 << 8)

for name, attempt in ATTEMPTS.items():
    try:
        attempt()
    except OSError:
        continue
    got[name] = "done"
print(json.dumps({"got": got, "works": works}))
"""


def attempt_all(cage: Cage | None) -> dict[str, object]:
    """What succeeded (`got`), and whether what must work does (`works`)."""
    with slot() as folder:
        (folder / "in" / "input.csv").write_text("a")
        (folder / "program" / "program.py").write_text("1")
        (folder / "in" / "input.csv").chmod(0o644)
        checkout = Path(arclight.__file__).resolve().parents[1]
        policy = Policy(folder, tmp=8 * MIB)
        done = run_in(cage, folder, PROGRAM, folder, checkout, policy=policy)
        assert done.exit.code == 0, done.text
        found: dict[str, object] = json.loads(done.exit.stdout)
    return found
