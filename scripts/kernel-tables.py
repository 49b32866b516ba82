"""Prints src/backends/wasm/kernels/tables.c: the tables of elementary.h, each number correctly rounded.

    python3 scripts/kernel-tables.py > src/backends/wasm/kernels/tables.c
"""

import struct
from decimal import Decimal, getcontext

getcontext().prec = 60
TABLE = 128
OCTAVE = 0x3FE6900900000000
MIDDLE = (0x3FF0000000000000 - OCTAVE) >> 45


def bits(x: float) -> int:
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def number(word: int) -> Decimal:
    return Decimal(struct.unpack("<d", struct.pack("<Q", word))[0])


def rows(values: list[str]) -> str:
    return "\n".join("    " + " ".join(f"{v}," for v in values[i : i + 4]) for i in range(0, len(values), 4))


two = Decimal(2)
powers = [(bits(float(two ** (Decimal(i) / TABLE))) - (i << 45)) % 2**64 for i in range(TABLE)]
inverses: list[float] = []
for i in range(TABLE):
    low, high = number(OCTAVE + (i << 45)), number(OCTAVE + ((i + 1) << 45))
    inverses.append(1.0 if i == MIDDLE else float(2 / (low + high)))
logs = [float(-Decimal(inverse).ln()) for inverse in inverses]

print("// Made by scripts/kernel-tables.py; see elementary.h.")
print('#include "elementary.h"\n')
print(f"const u64 exp_bits[TABLE] = {{\n{rows([hex(p) + 'ull' for p in powers])}\n}};\n")
print(f"const double log_inverse[TABLE] = {{\n{rows([x.hex() for x in inverses])}\n}};\n")
print(f"const double log_value[TABLE] = {{\n{rows([x.hex() for x in logs])}\n}};")
