/* SPDX-License-Identifier: MIT */
#ifndef EDGECTL_PEAK_H
#define EDGECTL_PEAK_H

/**
 * peak_flops() - f32 operations a second that this machine reaches, a multiply-add counted as two
 * @flags: instruction sets to use, as edge_cpu_flags()
 * @threads: that work at the same time
 *
 * Measured now, by independent multiply-adds in registers for some milliseconds: the ceiling that
 * shares of peak refer to. 0 when threads cannot be started.
 */
double peak_flops(unsigned int flags, unsigned int threads);

#endif
