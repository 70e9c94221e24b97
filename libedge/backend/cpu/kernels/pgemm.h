/* SPDX-License-Identifier: MIT */
/*
 * What qgemm.h is, for processors that multiply bytes in pairs: an unsigned by a signed one twice, and
 * the sum of both in 16 bits, of which it stops at the ends. That is exact where neither the positive
 * nor the negative weights of a pair exceed 128 together, since 255 * 128 < 2^15. Which channels make
 * a pair is free, and so each panel has an order of its own that makes it so.
 *
 * 16 channels of a tap that lie next to each other are a window, four of a window a group: two
 * pairs. The last window of a tap ends where the tap does, and so may overlap the one before; if only
 * few of its channels are left, they make groups of their own. A weight that fits no pair is shared out
 * to two groups.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_PGEMM_H
#define EDGE_BACKEND_CPU_KERNELS_PGEMM_H

#include "backend/cpu/kernels/qgemm.h"

#define CPU_PGEMM_WINDOW 16
#define CPU_PGEMM_GROUP 4

/* Most that the positive, or the negative, weights of a pair may be together. */
#define CPU_PGEMM_LIMIT 128

/*
 * Of struct cpu_qgemm_tile,
 *
 * @depth is windows of each tap whose four groups follow each other, at least 1; the last may overlap
 *	the one before
 * @last: where the last window of a tap begins
 * @a is unsigned bytes, at least a window in each tap; @a_pitch is not 0
 * @panel is, in words: the columns' biases, which have the zero point of a in them, multipliers and
 *	shifts as qgemm.h has them; groups [taps][depth][4]; a vector that begins with how many more
 *	groups there are; and for each of them a vector that begins with the tap and the first channel of
 *	its window, and the group. A group is first four bytes, where in the window its channels are,
 *	over and over for a vector (above 127 for none); then the columns' weights, four bytes each. It
 *	is read fastest where it is aligned to vectors
 *
 * struct cpu_qgemm_kernels has no gather.
 */

#endif
