# ---
# id = "service-vm-writev"
# title = "Writes into the memory of a process outside"
# clause = "service"
# engine = "python"
# expects = ["bystander"]
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


text = ctypes.create_string_buffer(b"DISTURBED", 9)
here, there = Vector(ctypes.addressof(text), 9), Vector(P["bystander_buffer"], 9)
libc.process_vm_writev(P["bystander"], ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
