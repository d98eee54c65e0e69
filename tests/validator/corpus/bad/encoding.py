# coding: latin-1
# framework: spark
# expect: ARC002
print("a")
