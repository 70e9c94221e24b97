/* SPDX-License-Identifier: MIT */
/*
 * Functions of a vector of floats, for templates. Coefficients are minimax fits of our own, in the
 * forms that Cephes (Moshier, 1984-2000) made usual. Errors are relative and hold for the whole
 * range unless said otherwise; a NaN gives a NaN.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_VECTOR_MATH_H
#define EDGE_BACKEND_CPU_KERNELS_VECTOR_MATH_H

#include "backend/cpu/kernels/simd.h"

/* 2e-7; infinite above 88.72, 1.8e-38 below -86.8. */
CPU_INLINE vf vf_exp(vf x)
{
	x = vf_min(vf_set1(89.0f), vf_max(vf_set1(-86.8f), x));

	vf n = vf_round(vf_mul(x, vf_set1(1.44269504f)));
	vf r = vf_fnma(n, vf_set1(-2.12194440e-4f), vf_fnma(n, vf_set1(0.693359375f), x));
	vf p = vf_fma(vf_set1(0.00837464817f), r, vf_set1(0.0418983251f));

	p = vf_fma(p, r, vf_set1(0.166664571f));
	p = vf_fma(p, r, vf_set1(0.499991477f));
	p = vf_fma(p, vf_mul(r, r), r);

	/* n reaches 128, 2^n does not: the double of 2^(n - 1). */
	p = vf_fma(p, vf_set1(2.0f), vf_set1(2.0f));
	return vf_scale2(p, vf_sub(n, vf_set1(1.0f)));
}

/*
 * 2^t for t from -126 to 126, 1e-7. e^x as 2^(x log2 e) loses as many bits as x log2 e has before
 * the point, which does not matter to the functions below: where x is large, so is what e^x or
 * e^-x is added to.
 */
CPU_INLINE vf vf_exp2(vf t)
{
	vf n = vf_round(t);
	vf r = vf_sub(t, n);
	vf p = vf_fma(vf_set1(0.00132647273f), r, vf_set1(0.00967151299f));

	p = vf_fma(p, r, vf_set1(0.0555073358f));
	p = vf_fma(p, r, vf_set1(0.240222424f));
	p = vf_fma(p, r, vf_set1(0.693147004f));
	p = vf_fma(p, r, vf_set1(1.0f));
	return vf_scale2(p, n);
}

#define LOG2_E 1.44269504f

/* 3e-7 from -3 on, rising to 1e-5 at -87; 1e-38 below. */
CPU_INLINE vf vf_sigmoid(vf x)
{
	vf t = vf_mul(x, vf_set1(-LOG2_E));

	t = vf_min(vf_set1(126.0f), vf_max(vf_set1(-126.0f), t));
	return vf_reciprocal(vf_add(vf_set1(1.0f), vf_exp2(t)));
}

CPU_INLINE vf vf_silu(vf x)
{
	return vf_mul(x, vf_sigmoid(x));
}

/* 3e-7. */
CPU_INLINE vf vf_tanh(vf x)
{
	vf magnitude = vf_abs(x);
	vf t = vf_mul(x, x);
	vf p = vf_fma(vf_set1(0.0152268978f), t, vf_set1(-0.0519716144f));

	p = vf_fma(p, t, vf_set1(0.133087143f));
	p = vf_fma(p, t, vf_set1(-0.333323747f));
	p = vf_fma(vf_mul(p, t), x, x);

	/* 1 - 2 / (e^2x + 1) cancels near 0, where the polynomial serves. */
	vf e = vf_exp2(vf_min(vf_set1(30.0f), vf_mul(magnitude, vf_set1(2 * LOG2_E))));
	vf far = vf_reciprocal(vf_add(e, vf_set1(1.0f)));

	far = vf_fnma(far, vf_set1(2.0f), vf_set1(1.0f));
	return vf_select(vf_less(magnitude, vf_set1(0.625f)), p, vf_copysign(far, x));
}

/* 1 - erf(x), 3e-7, from 1 to 9: u q(u) e^-xx with u = 1 / (1 + x / 2). */
CPU_INLINE vf vf_erf_tail(vf x)
{
	vf u = vf_reciprocal(vf_fma(x, vf_set1(0.5f), vf_set1(1.0f)));
	vf q = vf_fma(vf_set1(-0.102827892f), u, vf_set1(0.0892679095f));

	q = vf_fma(q, u, vf_set1(0.224316329f));
	q = vf_fma(q, u, vf_set1(0.217055336f));
	q = vf_fma(q, u, vf_set1(0.289367735f));
	q = vf_fma(q, u, vf_set1(0.281438321f));
	return vf_mul(vf_mul(q, u), vf_exp2(vf_mul(vf_mul(x, x), vf_set1(-LOG2_E))));
}

/* erf(x), 2e-7, from -1 to 1. */
CPU_INLINE vf vf_erf_near(vf x)
{
	vf t = vf_mul(x, x);
	vf p = vf_fma(vf_set1(-5.66015602e-4f), t, vf_set1(0.00492479f));

	p = vf_fma(p, t, vf_set1(-0.0267177075f));
	p = vf_fma(p, t, vf_set1(0.112804115f));
	p = vf_fma(p, t, vf_set1(-0.376123548f));
	p = vf_fma(p, t, vf_set1(1.12837911f));
	return vf_mul(p, x);
}

/* 3e-7. */
CPU_INLINE vf vf_erf(vf x)
{
	vf magnitude = vf_min(vf_set1(9.0f), vf_abs(x));
	vf far = vf_sub(vf_set1(1.0f), vf_erf_tail(magnitude));

	return vf_select(vf_less(magnitude, vf_set1(1.0f)), vf_erf_near(x), vf_copysign(far, x));
}

/* x / 2 (1 + erf y); the tail itself, lest 1 + erf y cancel for y below -1. */
CPU_INLINE vf vf_gelu(vf x)
{
	vf y = vf_mul(x, vf_set1(0.707106781f));
	vf half = vf_mul(x, vf_set1(0.5f));
	vf magnitude = vf_min(vf_set1(9.0f), vf_abs(y));
	vf near = vf_fma(half, vf_erf_near(y), half);
	vf tail = vf_mul(half, vf_erf_tail(magnitude));
	vf far = vf_select(vf_less(x, vf_zero()), tail, vf_sub(x, tail));

	return vf_select(vf_less(magnitude, vf_set1(1.0f)), near, far);
}

/* x / 2 (1 + tanh y) is x sigmoid(2 y). */
CPU_INLINE vf vf_gelu_tanh(vf x)
{
	vf y = vf_fma(vf_mul(x, x), vf_set1(0.0713548162f), vf_set1(1.59576912f));

	return vf_mul(x, vf_sigmoid(vf_mul(x, y)));
}

/* With n = e^x (e^x + 2), tanh(log(1 + e^x)) is n / (n + 2). */
CPU_INLINE vf vf_mish(vf x)
{
	vf t = vf_mul(x, vf_set1(LOG2_E));
	vf e = vf_exp2(vf_min(vf_set1(30.0f), vf_max(vf_set1(-126.0f), t)));
	vf n = vf_mul(e, vf_add(e, vf_set1(2.0f)));

	return vf_mul(vf_mul(x, n), vf_reciprocal(vf_add(n, vf_set1(2.0f))));
}

CPU_INLINE vf vf_hard_sigmoid(vf x, vf alpha, vf beta)
{
	vf y = vf_fma(x, alpha, beta);

	return vf_min(vf_set1(1.0f), vf_max(vf_zero(), y));
}

CPU_INLINE vf vf_hard_swish(vf x)
{
	return vf_mul(x, vf_hard_sigmoid(x, vf_set1(1.0f / 6), vf_set1(0.5f)));
}

CPU_INLINE vf vf_leaky_relu(vf x, vf alpha)
{
	return vf_select(vf_less(x, vf_zero()), vf_mul(x, alpha), x);
}

#endif
