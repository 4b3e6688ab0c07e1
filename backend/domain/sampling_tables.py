"""The single sampling tables of ISO 2859-1, laid out as printed, to be read against the standard.

    table                        name           editions
    1    code letters            CODE_LETTERS   ISO 2859-1:1999, GB/T 2828.1-2012, Z1.4, MIL-STD-105E
    2-A  single, normal          NORMAL         the same four, no difference
    2-B  single, tightened       TIGHTENED      the same four but for one cell, see OTHER_CELLS
    2-C  single, reduced         REDUCED        ISO 2859-1:1999, GB/T 2828.1-2012 (Re = Ac + 1)
    II-C single, reduced         REDUCED_GAP    ANSI/ASQ Z1.4, MIL-STD-105E

Editions differ in two places. Reduced inspection of MIL-STD-105E and Z1.4 leaves a gap between Ac and Re; a
lot whose count falls into it is accepted and the next one inspected normally (Z1.4 10.1.4); ISO's edition of
1999 closed it. Tightened, letter A, AQL 10: the arrow ends at letter D (n 8, Ac 1); copies of GB/T
2828.1-2012 print n 2, Ac 0.

In a cell a number is Ac (with Re = Ac + 1), `1/4` is Ac 1 and Re 4, `v` the plan below, `^` the plan above
(sample size included), `.` no plan.
"""

from __future__ import annotations

CODE_LETTERS = """
from lot size   S-1 S-2 S-3 S-4 I  II  III
       2         A   A   A   A   A   A   B
       9         A   A   A   A   A   B   C
      16         A   A   B   B   B   C   D
      26         A   B   B   C   C   D   E
      51         B   B   C   C   C   E   F
      91         B   B   C   D   D   F   G
     151         B   C   D   E   E   G   H
     281         B   C   D   E   F   H   J
     501         C   C   E   F   G   J   K
    1201         C   D   E   G   H   K   L
    3201         C   D   F   G   J   L   M
   10001         C   D   F   H   K   M   N
   35001         D   E   G   J   L   N   P
  150001         D   E   G   J   M   P   Q
  500001         D   E   H   K   N   Q   R
"""

NORMAL = """
     n .01 .015 .025 .04 .065 .10 .15 .25 .40 .65 1.0 1.5 2.5 4.0 6.5 10 15 25 40 65 100 150 250 400 650 1000
A    2   v    v    v   v    v   v   v   v   v   v   v   v   v   v   0  v  v  1  2  3   5   7  10  14  21   30
B    3   v    v    v   v    v   v   v   v   v   v   v   v   v   0   ^  v  1  2  3  5   7  10  14  21  30   44
C    5   v    v    v   v    v   v   v   v   v   v   v   v   0   ^   v  1  2  3  5  7  10  14  21  30  44    ^
D    8   v    v    v   v    v   v   v   v   v   v   v   0   ^   v   1  2  3  5  7 10  14  21  30  44   ^    ^
E   13   v    v    v   v    v   v   v   v   v   v   0   ^   v   1   2  3  5  7 10 14  21  30  44   ^   ^    ^
F   20   v    v    v   v    v   v   v   v   v   0   ^   v   1   2   3  5  7 10 14 21   ^   ^   ^   ^   ^    ^
G   32   v    v    v   v    v   v   v   v   0   ^   v   1   2   3   5  7 10 14 21  ^   ^   ^   ^   ^   ^    ^
H   50   v    v    v   v    v   v   v   0   ^   v   1   2   3   5   7 10 14 21  ^  ^   ^   ^   ^   ^   ^    ^
J   80   v    v    v   v    v   v   0   ^   v   1   2   3   5   7  10 14 21  ^  ^  ^   ^   ^   ^   ^   ^    ^
K  125   v    v    v   v    v   0   ^   v   1   2   3   5   7  10  14 21  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
L  200   v    v    v   v    0   ^   v   1   2   3   5   7  10  14  21  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
M  315   v    v    v   0    ^   v   1   2   3   5   7  10  14  21   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
N  500   v    v    0   ^    v   1   2   3   5   7  10  14  21   ^   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
P  800   v    0    ^   v    1   2   3   5   7  10  14  21   ^   ^   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
Q 1250   0    ^    v   1    2   3   5   7  10  14  21   ^   ^   ^   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
R 2000   ^    ^    1   2    3   5   7  10  14  21   ^   ^   ^   ^   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
"""

TIGHTENED = """
     n .01 .015 .025 .04 .065 .10 .15 .25 .40 .65 1.0 1.5 2.5 4.0 6.5 10 15 25 40 65 100 150 250 400 650 1000
A    2   v    v    v   v    v   v   v   v   v   v   v   v   v   v   v  v  v  v  1  2   3   5   8  12  18   27
B    3   v    v    v   v    v   v   v   v   v   v   v   v   v   v   0  v  v  1  2  3   5   8  12  18  27   41
C    5   v    v    v   v    v   v   v   v   v   v   v   v   v   0   v  v  1  2  3  5   8  12  18  27  41    ^
D    8   v    v    v   v    v   v   v   v   v   v   v   v   0   v   v  1  2  3  5  8  12  18  27  41   ^    ^
E   13   v    v    v   v    v   v   v   v   v   v   v   0   v   v   1  2  3  5  8 12  18  27  41   ^   ^    ^
F   20   v    v    v   v    v   v   v   v   v   v   0   v   v   1   2  3  5  8 12 18   ^   ^   ^   ^   ^    ^
G   32   v    v    v   v    v   v   v   v   v   0   v   v   1   2   3  5  8 12 18  ^   ^   ^   ^   ^   ^    ^
H   50   v    v    v   v    v   v   v   v   0   v   v   1   2   3   5  8 12 18  ^  ^   ^   ^   ^   ^   ^    ^
J   80   v    v    v   v    v   v   v   0   v   v   1   2   3   5   8 12 18  ^  ^  ^   ^   ^   ^   ^   ^    ^
K  125   v    v    v   v    v   v   0   v   v   1   2   3   5   8  12 18  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
L  200   v    v    v   v    v   0   v   v   1   2   3   5   8  12  18  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
M  315   v    v    v   v    0   v   v   1   2   3   5   8  12  18   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
N  500   v    v    v   0    v   v   1   2   3   5   8  12  18   ^   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
P  800   v    v    0   v    v   1   2   3   5   8  12  18   ^   ^   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
Q 1250   v    0    v   v    1   2   3   5   8  12  18   ^   ^   ^   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
R 2000   0    ^    v   1    2   3   5   8  12  18   ^   ^   ^   ^   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
S 3150   .    .    1   .    .   .   .   .   .   .   .   .   .   .   .  .  .  .  .  .   .   .   .   .   .    .
"""

REDUCED = """
     n .01 .015 .025 .04 .065 .10 .15 .25 .40 .65 1.0 1.5 2.5 4.0 6.5 10 15 25 40 65 100 150 250 400 650 1000
A    2   v    v    v   v    v   v   v   v   v   v   v   v   v   v   0  v  v  1  2  3   5   7  10  14  21   30
B    2   v    v    v   v    v   v   v   v   v   v   v   v   v   0   ^  v  v  1  2  3   5   7  10  14  21   30
C    2   v    v    v   v    v   v   v   v   v   v   v   v   0   ^   v  v  1  2  3  5   6   8  10  14  21    ^
D    3   v    v    v   v    v   v   v   v   v   v   v   0   ^   v   v  1  2  3  5  6   8  10  14  21   ^    ^
E    5   v    v    v   v    v   v   v   v   v   v   0   ^   v   v   1  2  3  5  6  8  10  14  21   ^   ^    ^
F    8   v    v    v   v    v   v   v   v   v   0   ^   v   v   1   2  3  5  6  8 10   ^   ^   ^   ^   ^    ^
G   13   v    v    v   v    v   v   v   v   0   ^   v   v   1   2   3  5  6  8 10  ^   ^   ^   ^   ^   ^    ^
H   20   v    v    v   v    v   v   v   0   ^   v   v   1   2   3   5  6  8 10  ^  ^   ^   ^   ^   ^   ^    ^
J   32   v    v    v   v    v   v   0   ^   v   v   1   2   3   5   6  8 10  ^  ^  ^   ^   ^   ^   ^   ^    ^
K   50   v    v    v   v    v   0   ^   v   v   1   2   3   5   6   8 10  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
L   80   v    v    v   v    0   ^   v   v   1   2   3   5   6   8  10  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
M  125   v    v    v   0    ^   v   v   1   2   3   5   6   8  10   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
N  200   v    v    0   ^    v   v   1   2   3   5   6   8  10   ^   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
P  315   v    0    ^   v    v   1   2   3   5   6   8  10   ^   ^   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
Q  500   0    ^    ^   v    1   2   3   5   6   8  10   ^   ^   ^   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
R  800   ^    ^    ^   1    2   3   5   6   8  10   ^   ^   ^   ^   ^  ^  ^  ^  ^  ^   ^   ^   ^   ^   ^    ^
"""

REDUCED_GAP = """
    n .01 .015 .025 .04 .065 .10 .15 .25  .40   .65   1.0   1.5   2.5   4.0   6.5    10    15    25    40    65   100   150   250   400   650 1000
A   2   v    v    v   v    v   v   v   v    v     v     v     v     v     v     0     v     v     1     2     3     5     7    10    14    21   30
B   2   v    v    v   v    v   v   v   v    v     v     v     v     v     0     ^     v   0/2   1/3   2/4   3/5     5     7    10    14    21   30
C   2   v    v    v   v    v   v   v   v    v     v     v     v     0     ^     v   0/2   1/3   1/4   2/5   3/6   5/8  7/10 10/13 14/17 21/24    ^
D   3   v    v    v   v    v   v   v   v    v     v     v     0     ^     v   0/2   1/3   1/4   2/5   3/6   5/8  7/10 10/13 14/17 21/24     ^    ^
E   5   v    v    v   v    v   v   v   v    v     v     0     ^     v   0/2   1/3   1/4   2/5   3/6   5/8  7/10 10/13 14/17 21/24     ^     ^    ^
F   8   v    v    v   v    v   v   v   v    v     0     ^     v   0/2   1/3   1/4   2/5   3/6   5/8  7/10 10/13     ^     ^     ^     ^     ^    ^
G  13   v    v    v   v    v   v   v   v    0     ^     v   0/2   1/3   1/4   2/5   3/6   5/8  7/10 10/13     ^     ^     ^     ^     ^     ^    ^
H  20   v    v    v   v    v   v   v   0    ^     v   0/2   1/3   1/4   2/5   3/6   5/8  7/10 10/13     ^     ^     ^     ^     ^     ^     ^    ^
J  32   v    v    v   v    v   v   0   ^    v   0/2   1/3   1/4   2/5   3/6   5/8  7/10 10/13     ^     ^     ^     ^     ^     ^     ^     ^    ^
K  50   v    v    v   v    v   0   ^   v  0/2   1/3   1/4   2/5   3/6   5/8  7/10 10/13     ^     ^     ^     ^     ^     ^     ^     ^     ^    ^
L  80   v    v    v   v    0   ^   v 0/2  1/3   1/4   2/5   3/6   5/8  7/10 10/13     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^    ^
M 125   v    v    v   0    ^   v 0/2 1/3  1/4   2/5   3/6   5/8  7/10 10/13     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^    ^
N 200   v    v    0   ^    v 0/2 1/3 1/4  2/5   3/6   5/8  7/10 10/13     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^    ^
P 315   v    0    ^   v  0/2 1/3 1/4 2/5  3/6   5/8  7/10 10/13     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^    ^
Q 500   0    ^    v 0/2  1/3 1/4 2/5 3/6  5/8  7/10 10/13     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^    ^
R 800   ^    ^  0/2 1/3  1/4 2/5 3/6 5/8 7/10 10/13     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^     ^    ^
"""

# (standard, severity): (letter, AQL) -> cell, where an edition prints another cell than the table above.
OTHER_CELLS = {("gb-t2828.1", "tightened"): {("A", "10"): "0"}}
