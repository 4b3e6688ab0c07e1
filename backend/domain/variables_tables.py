"""Inspection by variables, ANSI/ASQ Z1.9 (2003): variability unknown, standard deviation method (s-method).

    table   what                                              name
    A-2     code letters                                      VARIABLES_LETTERS
    B-1     sample sizes of normal and tightened inspection   NORMAL_SIZES
    B-2     sample sizes of reduced inspection                REDUCED_SIZES
    B-3, 4  maximum allowable percent nonconforming M         M_VALUES

B-3 and B-4 are one table: M depends on the sample size and on a column, and an AQL's column is one further to
the left under tightened inspection, one to the right under reduced. `v`: the plan below, sample size included.
Copies of B-4 print 1.06 for n 7 and AQL 0.25 where B-3 has 1.05 in the same place; the stricter is held.
"""

from __future__ import annotations

VARIABLES_AQLS = ("0.10", "0.15", "0.25", "0.40", "0.65", "1.0", "1.5", "2.5", "4.0", "6.5", "10")

VARIABLES_LETTERS = """
from lot size   S-3 S-4 I  II  III
       2         B   B   B   B   C
       9         B   B   B   B   D
      16         B   B   B   C   E
      26         B   B   C   D   F
      51         B   B   D   E   G
      91         B   C   E   F   H
     151         B   D   F   G   I
     281         C   E   G   H   J
     401         C   E   G   I   J
     501         D   F   H   J   K
    1201         E   G   I   K   L
    3201         F   H   J   L   M
   10001         G   I   K   M   N
   35001         H   J   L   N   P
  150001         H   K   M   P   P
  500001         H   K   N   P   P
"""

NORMAL_SIZES = "B 3  C 4  D 5  E 7  F 10  G 15  H 20  I 25  J 35  K 50  L 75  M 100  N 150  P 200"
REDUCED_SIZES = "B 3  C 3  D 3  E 3  F 4  G 5  H 7  I 10  J 15  K 20  L 25  M 30  N 50  P 75"

# Columns: tightened 0.10, then normal 0.10 to 10, then reduced 10.
M_VALUES = """
  n  t0.10  0.10  0.15  0.25  0.40  0.65   1.0   1.5   2.5   4.0   6.5    10   r10
  3      v     v     v     v     v     v     v     v  7.59 18.86 26.94 33.69 40.47
  4      v     v     v     v     v     v  1.49  5.46 10.88 16.41 22.84 29.43 36.79
  5      v     v     v     v 0.041  1.34  3.33  5.82  9.80 14.37 20.19 26.55 33.94
  7      v 0.005 0.087 0.421  1.05  2.13  3.54  5.34  8.40 12.19 17.34 23.30 30.50
 10  0.077 0.179 0.349 0.714  1.27  2.14  3.27  4.72  7.26 10.53 15.17 20.73 27.65
 15  0.186 0.311 0.491 0.839  1.33  2.09  3.06  4.32  6.55  9.48 13.74 18.97 25.63
 20  0.228 0.356 0.531 0.864  1.33  2.03  2.93  4.10  6.18  8.95 13.01 18.07 24.58
 25  0.250 0.378 0.551 0.874  1.32  2.00  2.86  3.97  5.98  8.65 12.60 17.55 23.97
 30      .     . 0.567 0.885  1.32  1.98  2.82  3.91  5.87  8.48 12.37 17.25 23.61
 35  0.253 0.373 0.534 0.833  1.24  1.87  2.66  3.70  5.58  8.11 11.89 16.67     .
 50  0.243 0.355 0.503 0.778  1.16  1.73  2.47  3.44  5.21  7.61 11.23 15.87 21.99
 75  0.225 0.326 0.461 0.711  1.06  1.59  2.27  3.17  4.83  7.10 10.58 15.07 21.05
100  0.218 0.315 0.444 0.684  1.02  1.52  2.18  3.06  4.67  6.88 10.29 14.71     .
150  0.202 0.292 0.412 0.636 0.946  1.42  2.05  2.88  4.42  6.56  9.86 14.18     .
200  0.204 0.294 0.414 0.637 0.945  1.42  2.04  2.86  4.39  6.52  9.80 14.11     .
"""
