/* SPDX-License-Identifier: MIT */
/* Names of the fields of descriptors, for messages. */
#ifndef EDGE_DEVICE_FIELDS_H
#define EDGE_DEVICE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EDGE_FIELD_NAME_MAX 48

/**
 * struct edge_field - a field of a descriptor
 * @name: such as "input.line_stride" or "values[17]"
 * @at: where it begins, in bytes
 * @size: bytes: 2, 4 or 8
 * @is_signed: how it is to be read
 */
struct edge_field {
	char name[EDGE_FIELD_NAME_MAX];
	size_t at;
	size_t size;
	bool is_signed;
};

/* "convolution" and so on, or NULL for a type that is not known. */
const char *edge_op_name(uint32_t type);

/* Bytes of the descriptor as this library knows it; 0 for a type that is not known. */
size_t edge_op_size(uint32_t type);

/* The field of a descriptor of @type that byte @at belongs to; false if there is none. */
bool edge_op_field(uint32_t type, size_t at, struct edge_field *field);

#endif
