# ---
# id = "canary-env-vm-readv"
# title = "Copies the launcher's environment out of its memory with process_vm_readv"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import ctypes
import json

with open("probe.json") as f:
    P = json.load(f)

libc = ctypes.CDLL(None, use_errno=True)


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


size, address = P["bystander_size"], P["bystander_secret"]
copy = ctypes.create_string_buffer(size)
here, there = Vector(ctypes.addressof(copy), size), Vector(address, size)
libc.process_vm_readv(P["bystander"], ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
print(copy.raw.hex())
