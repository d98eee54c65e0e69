# ---
# id = "host-handle"
# title = "Opens a file by its number, past every folder"
# clause = "host"
# engine = "python"
# expects = ["leak"]
# destructive = false
# root = true
# ---
# mypy: ignore-errors
import ctypes
import json
import os

with open("probe.json") as f:
    P = json.load(f)

libc = ctypes.CDLL(None, use_errno=True)


class Handle(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_uint), ("type", ctypes.c_int), ("data", ctypes.c_char * 128)]


handle = Handle(*P["handle"][:2])
ctypes.memmove(ctypes.addressof(handle) + 8, bytes.fromhex(P["handle"][2]), handle.bytes)
for place in ("/", ".", "/usr", "/tmp"):
    fd = libc.open_by_handle_at(os.open(place, os.O_RDONLY), ctypes.byref(handle), os.O_RDONLY)
    if fd >= 0:
        print(os.read(fd, 4096).hex())
        break
