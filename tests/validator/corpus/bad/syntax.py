# framework: spark
# expect: ARC001
print("a"
