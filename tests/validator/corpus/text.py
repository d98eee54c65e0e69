# What a reviewer sees is what Python runs.
# framework: ray
# brought: true

#### bidi
import ray
ray.init()
allowed = "user‮ ⁦# admin⁩ ⁦"  #! ARC002
print(allowed)

#### encoding
# framework: spark
# coding: latin-1  #! ARC002
print("a")

#### syntax
# framework: spark
# error: ARC001@1
print("a"

#### indentation
# error: ARC001@3
import ray
if ray:
print("a")

#### a keyword of another language
# error: ARC001@2
import ray
let rows = ray.data.range(10);

#### half a string
# error: ARC001@3
import ray
ray.init()
print('never closed)

#### a merge that was forgotten
# error: ARC001@2
import ray
<<<<<<< ours
ray.init()
=======

#### print as a statement
# error: ARC001@2
import ray
print ray.nodes()

#### text about code
Here is the program:  #! ARC001

```python
import ray
```
