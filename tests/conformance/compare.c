// SPDX-License-Identifier: MIT
#include "compare.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define RELATIVE 1e-3
#define ABSOLUTE 1e-7

static double half_value(uint16_t bits)
{
	int exponent = bits >> 10 & 31;
	int mantissa = bits & 1023;
	double value;

	if (exponent == 31)
		value = mantissa ? NAN : INFINITY;
	else if (exponent)
		value = ldexp(1024 + mantissa, exponent - 25);
	else
		value = ldexp(mantissa, -24);
	return bits >> 15 ? -value : value;
}

/* The element at @index, counted in elements of the view's memory. */
static double value_at(const struct edge_view *view, int64_t index)
{
	switch (view->type) {
	case EDGE_F32:
		return ((const float *)view->data)[index];
	case EDGE_F16:
		return half_value(((const uint16_t *)view->data)[index]);
	case EDGE_I8:
		return ((const int8_t *)view->data)[index];
	case EDGE_I32:
		return ((const int32_t *)view->data)[index];
	case EDGE_I64: /* exact up to 2^53, and equal_at() compares the bits as well */
		return ((const int64_t *)view->data)[index];
	default:
		return ((const uint8_t *)view->data)[index];
	}
}

static bool equal_at(const struct edge_view *actual, int64_t at, const struct edge_view *expected,
		     int64_t expected_at)
{
	double value = value_at(actual, at), wanted = value_at(expected, expected_at);

	if (actual->type == EDGE_I64)
		return ((const int64_t *)actual->data)[at] ==
		       ((const int64_t *)expected->data)[expected_at];
	if (isnan(wanted) || isnan(value))
		return isnan(wanted) && isnan(value);
	if (value == wanted)
		return true;
	if (actual->type != EDGE_F32 && actual->type != EDGE_F16)
		return false;
	return isfinite(value) && isfinite(wanted) &&
	       fabs(value - wanted) <= ABSOLUTE + RELATIVE * fabs(wanted);
}

static size_t print_shape(const struct edge_view *view, char *text, size_t size)
{
	size_t used = snprintf(text, size, "%s[", edge_type_name(view->type));

	for (int i = 0; i < view->rank && used < size; i++)
		used += snprintf(text + used, size - used, "%s%lld", i ? ", " : "",
				 (long long)view->dims[i]);
	if (used < size)
		used += snprintf(text + used, size - used, "]");
	return used < size ? used : size;
}

bool compare_shapes(const struct edge_view *actual, const struct edge_view *expected, char *message,
		    size_t size)
{
	bool same = actual->type == expected->type && actual->rank == expected->rank;
	size_t used;

	for (int i = 0; i < actual->rank && same; i++)
		same = actual->dims[i] == expected->dims[i];
	if (same)
		return true;
	used = print_shape(actual, message, size);
	used += snprintf(message + used, size - used, " instead of ");
	if (used < size)
		print_shape(expected, message + used, size - used);
	return false;
}

bool compare_views(const struct edge_view *actual, const struct edge_view *expected, char *message,
		   size_t size)
{
	int64_t index[EDGE_MAX_RANK] = { 0 };
	int64_t count = 1;

	if (!compare_shapes(actual, expected, message, size))
		return false;
	for (int i = 0; i < actual->rank; i++)
		count *= actual->dims[i];
	for (int64_t i = 0; i < count; i++) {
		int64_t at = 0;

		for (int d = 0; d < actual->rank; d++)
			at += index[d] * actual->strides[d];
		if (!equal_at(actual, at, expected, i)) {
			snprintf(message, size, "element %lld of %lld is %.9g instead of %.9g",
				 (long long)i, (long long)count, value_at(actual, at),
				 value_at(expected, i));
			return false;
		}
		for (int d = actual->rank - 1; d >= 0 && ++index[d] == actual->dims[d]; d--)
			index[d] = 0;
	}
	return true;
}
