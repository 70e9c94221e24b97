/* SPDX-License-Identifier: MIT */
/* The ceiling that shares of peak refer to: what this machine's multiply-adds reach now. */
#ifndef EDGE_TOOLS_PEAK_H
#define EDGE_TOOLS_PEAK_H

/* Multiply-adds that nothing but the processor limits: @run does @flops of them, @run_bytes
 * @byte_operations of bytes, summed up in 32 bits without error, @run_bf16 @bf16_operations of bf16,
 * summed up in f32. */
struct peak {
	double flops;
	void (*run)(void);
	double byte_operations;
	void (*run_bytes)(void);
	double bf16_operations;
	void (*run_bf16)(void);
};

/* The burst for the best instruction set in @cpu_flags (as edge_cpu_flags()). */
const struct peak *peak_burst(unsigned int cpu_flags);

/* f32 operations a second, a multiply-add counted as two, by @threads at the same time: the best of some
 * bursts, as others on the machine can only make it slower. 0 when threads cannot be started. */
double peak_flops(unsigned int cpu_flags, unsigned int threads);

/* The same of bytes. */
double peak_byte_operations(unsigned int cpu_flags, unsigned int threads);

/* The same of bf16, whose sums are f32. */
double peak_bf16_operations(unsigned int cpu_flags, unsigned int threads);

#endif
