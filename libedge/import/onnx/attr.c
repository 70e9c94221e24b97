// SPDX-License-Identifier: MIT
#include <string.h>

#include "import/onnx/onnx.h"

/* As many as struct onnx_node.read has bits; no operator has nearly as many. */
#define MAX_ATTRIBUTES 64

static const Onnx__AttributeProto *find(struct onnx_node *node, const char *name)
{
	const Onnx__NodeProto *proto = node->proto;

	for (size_t i = 0; i < proto->n_attribute && i < MAX_ATTRIBUTES; i++) {
		const Onnx__AttributeProto *attribute = proto->attribute[i];

		if (attribute->name && !strcmp(attribute->name, name)) {
			node->read |= UINT64_C(1) << i;
			return attribute;
		}
	}
	return NULL;
}

/* The attribute if it is there and has the wanted type. Files of IR version 1 state no type: there
 * an attribute that holds something else has no value of the wanted type. */
static const Onnx__AttributeProto *find_typed(struct onnx_node *node, const char *name,
					      Onnx__AttributeProto__AttributeType type)
{
	const Onnx__AttributeProto *attribute = node->status ? NULL : find(node, name);

	if (!attribute || !attribute->has_type || attribute->type == type)
		return attribute;
	onnx_fail(node, EDGE_BAD_FORMAT, "attribute '%s' has the wrong type (%d instead of %d)",
		  name, (int)attribute->type, (int)type);
	return NULL;
}

bool onnx_attr_present(struct onnx_node *node, const char *name)
{
	return !node->status && find(node, name);
}

int64_t onnx_attr_int(struct onnx_node *node, const char *name, int64_t missing, int64_t min,
		      int64_t max)
{
	const Onnx__AttributeProto *attribute =
		find_typed(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);

	if (!attribute)
		return missing;
	if (attribute->i < min || attribute->i > max) {
		onnx_fail(node, EDGE_BAD_FORMAT, "attribute '%s' is %lld, which makes no sense",
			  name, (long long)attribute->i);
		return missing;
	}
	return attribute->i;
}

bool onnx_attr_bool(struct onnx_node *node, const char *name, bool missing)
{
	return onnx_attr_int(node, name, missing, INT64_MIN, INT64_MAX) != 0;
}

float onnx_attr_float(struct onnx_node *node, const char *name, float missing)
{
	const Onnx__AttributeProto *attribute =
		find_typed(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);

	return attribute ? attribute->f : missing;
}

int onnx_attr_ints(struct onnx_node *node, const char *name, int64_t *values, int max)
{
	const Onnx__AttributeProto *attribute =
		find_typed(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

	if (!attribute)
		return -1;
	if (attribute->n_ints > (size_t)max) {
		onnx_fail(node, EDGE_BAD_FORMAT, "attribute '%s' has %zu entries, at most %d fit",
			  name, attribute->n_ints, max);
		return -1;
	}
	if (attribute->n_ints)
		memcpy(values, attribute->ints, attribute->n_ints * sizeof(*values));
	return attribute->n_ints;
}

int onnx_attr_floats(struct onnx_node *node, const char *name, float *values, int max)
{
	const Onnx__AttributeProto *attribute =
		find_typed(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS);

	if (!attribute)
		return -1;
	if (attribute->n_floats > (size_t)max) {
		onnx_fail(node, EDGE_BAD_FORMAT, "attribute '%s' has %zu entries, at most %d fit",
			  name, attribute->n_floats, max);
		return -1;
	}
	if (attribute->n_floats)
		memcpy(values, attribute->floats, attribute->n_floats * sizeof(*values));
	return attribute->n_floats;
}

int onnx_attr_choice(struct onnx_node *node, const char *name, int missing,
		     const char *const *choices)
{
	const Onnx__AttributeProto *attribute =
		find_typed(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);

	if (!attribute)
		return missing;
	for (int i = 0; choices[i]; i++) {
		if (attribute->s.len == strlen(choices[i]) &&
		    !memcmp(attribute->s.data, choices[i], attribute->s.len))
			return i;
	}
	onnx_fail(node, EDGE_UNSUPPORTED, "%s '%.*s' is not supported", name,
		  (int)(attribute->s.len < 64 ? attribute->s.len : 64),
		  (const char *)attribute->s.data);
	return missing;
}

Onnx__TensorProto *onnx_attr_tensor(struct onnx_node *node, const char *name)
{
	const Onnx__AttributeProto *attribute =
		find_typed(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR);

	if (attribute && !attribute->t)
		onnx_fail(node, EDGE_BAD_FORMAT, "attribute '%s' has no value", name);
	return attribute ? attribute->t : NULL;
}

void onnx_attr_ignore(struct onnx_node *node, const char *name)
{
	find(node, name);
}

void onnx_attr_check_read(struct onnx_node *node)
{
	const Onnx__NodeProto *proto = node->proto;

	for (size_t i = 0; i < proto->n_attribute; i++) {
		if (i >= MAX_ATTRIBUTES || !(node->read & UINT64_C(1) << i)) {
			const char *name = proto->attribute[i]->name;

			onnx_fail(node, EDGE_UNSUPPORTED, "attribute '%s' is not supported",
				  name ? name : "");
		}
	}
}
