// SPDX-License-Identifier: MIT
#include <math.h>

#include "passes/patterns.h"
#include "passes/rewrite.h"

/* How deep to look into a formula. */
#define MAX_DEPTH 6
#define MAX_FACTORS 8
#define DEGREE 3

/* Constants in files are rounded to f32, some of them twice. */
static bool is_near(double a, double b)
{
	return fabs(a - b) <= 1e-6 * fmax(1, fabs(b));
}

/* Coefficients of a polynomial, of x^0 first. */
struct polynomial {
	double c[DEGREE + 1];
};

static bool is_polynomial(const struct polynomial *p, double c0, double c1, double c3)
{
	return is_near(p->c[0], c0) && is_near(p->c[1], c1) && is_near(p->c[2], 0) &&
	       is_near(p->c[3], c3);
}

static struct polynomial add(const struct polynomial *a, const struct polynomial *b, double sign)
{
	struct polynomial sum;

	for (int i = 0; i <= DEGREE; i++)
		sum.c[i] = a->c[i] + sign * b->c[i];
	return sum;
}

static bool multiply(const struct polynomial *a, const struct polynomial *b,
		     struct polynomial *product)
{
	*product = (struct polynomial) { 0 };
	for (int i = 0; i <= DEGREE; i++) {
		for (int j = 0; j <= DEGREE; j++) {
			double term = a->c[i] * b->c[j];

			if (i + j <= DEGREE)
				product->c[i + j] += term;
			else if (term != 0)
				return false;
		}
	}
	return true;
}

static bool raise(const struct polynomial *a, const struct polynomial *exponent,
		  struct polynomial *power)
{
	int n = exponent->c[0];

	if (n < 1 || n > DEGREE || !is_polynomial(exponent, n, 0, 0))
		return false;
	*power = *a;
	for (int i = 1; i < n; i++) {
		struct polynomial factor = *power;

		if (!multiply(&factor, a, power))
			return false;
	}
	return true;
}

/* Reads @tensor as a polynomial in @x. */
static bool read_polynomial(const struct edge_tensor *tensor, const struct edge_tensor *x,
			    int depth, struct polynomial *p)
{
	const struct edge_node *node = tensor->producer;
	struct polynomial a, b;
	double number;

	*p = (struct polynomial) { 0 };
	if (tensor == x) {
		p->c[1] = 1;
		return true;
	}
	if (edge_rewrite_uniform(tensor, &number)) {
		p->c[0] = number;
		return true;
	}
	if (!depth || !node || node->op != EDGE_OP_BINARY || node->act.func != EDGE_FUNC_IDENTITY ||
	    !read_polynomial(node->inputs[0], x, depth - 1, &a) ||
	    !read_polynomial(node->inputs[1], x, depth - 1, &b))
		return false;
	switch (node->params.binary.func) {
	case EDGE_BINARY_ADD:
		*p = add(&a, &b, 1);
		return true;
	case EDGE_BINARY_SUB:
		*p = add(&a, &b, -1);
		return true;
	case EDGE_BINARY_MUL:
		return multiply(&a, &b, p);
	case EDGE_BINARY_DIV:
		number = b.c[0];
		b.c[0] = 1 / number;
		return number != 0 && is_polynomial(&b, 1 / number, 0, 0) && multiply(&a, &b, p);
	case EDGE_BINARY_POW:
		return raise(&a, &b, p);
	default:
		return false;
	}
}

/* u where @tensor is 1 + func(u), else NULL. */
static const struct edge_tensor *one_plus(const struct edge_tensor *tensor, enum edge_func func)
{
	const struct edge_node *node = tensor->producer;

	if (!edge_rewrite_is_binary(node, EDGE_BINARY_ADD))
		return NULL;
	for (int i = 0; i < 2; i++) {
		const struct edge_node *other = node->inputs[1 - i]->producer;
		double number;

		if (edge_rewrite_uniform(node->inputs[i], &number) && number == 1 &&
		    edge_rewrite_is_unary(other, func))
			return other->inputs[0];
	}
	return NULL;
}

/* Whether @tensor is func(...), whose argument is a polynomial c0 + c1 x + c3 x^3. */
static bool is_func_of(const struct edge_tensor *argument, const struct edge_tensor *x, double c0,
		       double c1, double c3)
{
	struct polynomial p;

	return argument && read_polynomial(argument, x, MAX_DEPTH, &p) &&
	       is_polynomial(&p, c0, c1, c3);
}

/* The input of @node when it is UNARY func, else NULL. */
static const struct edge_tensor *input_of(const struct edge_node *node, enum edge_func func)
{
	return edge_rewrite_is_unary(node, func) ? node->inputs[0] : NULL;
}

/* Whether @clipped is Clip(x + 3, 0, 6). */
static bool is_relu6_of(const struct edge_tensor *clipped, const struct edge_tensor *x)
{
	const struct edge_node *node = clipped->producer;

	return edge_rewrite_is_unary(node, EDGE_FUNC_CLIP) && node->params.unary.alpha == 0 &&
	       node->params.unary.beta == 6 && is_func_of(node->inputs[0], x, 3, 1, 0);
}

/* The function that scale * @x * @gate is; EDGE_FUNC_IDENTITY when it is none of ours. */
static enum edge_func name_product(const struct edge_tensor *x, const struct edge_tensor *gate,
				   double scale)
{
	const struct edge_node *node = gate->producer;
	const struct edge_tensor *u;

	if (!node)
		return EDGE_FUNC_IDENTITY;
	if (is_near(scale, 1) && input_of(node, EDGE_FUNC_SIGMOID) == x)
		return EDGE_FUNC_SILU;
	if (is_near(scale, 1) && input_of(node, EDGE_FUNC_HARD_SIGMOID) == x &&
	    is_near(node->params.unary.alpha, 1.0 / 6) && is_near(node->params.unary.beta, 0.5))
		return EDGE_FUNC_HARD_SWISH;
	if (is_near(scale, 1.0 / 6) && is_relu6_of(gate, x))
		return EDGE_FUNC_HARD_SWISH;
	u = input_of(node, EDGE_FUNC_TANH);
	if (is_near(scale, 1) && u && input_of(u->producer, EDGE_FUNC_SOFTPLUS) == x)
		return EDGE_FUNC_MISH;
	if (is_near(scale, 0.5) && is_func_of(one_plus(gate, EDGE_FUNC_ERF), x, 0, M_SQRT1_2, 0))
		return EDGE_FUNC_GELU;
	if (is_near(scale, 0.5) &&
	    is_func_of(one_plus(gate, EDGE_FUNC_TANH), x, 0, M_SQRT1_2 * M_2_SQRTPI,
		       0.044715 * M_SQRT1_2 * M_2_SQRTPI))
		return EDGE_FUNC_GELU_TANH;
	return EDGE_FUNC_IDENTITY;
}

/* The operand beside a number by which @node multiplies or divides, and the number; else NULL. */
static struct edge_tensor *scaled_operand(const struct edge_node *node, double *number)
{
	bool product = edge_rewrite_is_binary(node, EDGE_BINARY_MUL);

	if (!product && !edge_rewrite_is_binary(node, EDGE_BINARY_DIV))
		return NULL;
	if (edge_rewrite_uniform(node->inputs[1], number)) {
		*number = product ? *number : 1 / *number;
		return node->inputs[0];
	}
	return product && edge_rewrite_uniform(node->inputs[0], number) ? node->inputs[1] : NULL;
}

/* Collects the tensors that are multiplied to make @tensor, products in between among them. */
static int collect_factors(struct edge_tensor *tensor, struct edge_tensor **factors, int count)
{
	const struct edge_node *node = tensor->producer;
	struct edge_tensor *operand;
	double number;

	if (count == MAX_FACTORS)
		return count;
	factors[count++] = tensor;
	operand = scaled_operand(node, &number);
	if (operand)
		return collect_factors(operand, factors, count);
	if (!edge_rewrite_is_binary(node, EDGE_BINARY_MUL))
		return count;
	count = collect_factors(node->inputs[0], factors, count);
	return collect_factors(node->inputs[1], factors, count);
}

/* How often @tensor, a product, has @x and @gate as factors, and the number that remains. */
struct factorisation {
	const struct edge_tensor *x, *gate;
	int num_x, num_gate;
	double scale;
};

static bool factorise(const struct edge_tensor *tensor, int depth, struct factorisation *f)
{
	const struct edge_node *node = tensor->producer;
	const struct edge_tensor *operand;
	double number;

	if (tensor == f->x || tensor == f->gate) {
		f->num_x += tensor == f->x;
		f->num_gate += tensor == f->gate;
		return true;
	}
	operand = scaled_operand(node, &number);
	if (!depth)
		return false;
	if (operand) {
		f->scale *= number;
		return factorise(operand, depth - 1, f);
	}
	return edge_rewrite_is_binary(node, EDGE_BINARY_MUL) &&
	       factorise(node->inputs[0], depth - 1, f) && factorise(node->inputs[1], depth - 1, f);
}

static enum edge_func name_gated(const struct edge_tensor *y, const struct edge_tensor *x,
				 const struct edge_tensor *gate)
{
	struct factorisation f = { .x = x, .gate = gate, .scale = 1 };

	if (x == gate || !edge_tensor_same_shape(x, y) || !factorise(y, MAX_DEPTH, &f) ||
	    f.num_x != 1 || f.num_gate != 1)
		return EDGE_FUNC_IDENTITY;
	return name_product(x, gate, f.scale);
}

/* Clip(x + 3, 0, 6) / 6. */
static bool hard_sigmoid(struct edge_node *node)
{
	const struct edge_node *clip, *sum;
	struct edge_tensor *clipped;
	double number;

	clipped = scaled_operand(node, &number);
	if (!clipped || !is_near(number, 1.0 / 6))
		return true;
	clip = clipped->producer;
	sum = clip && clip->op == EDGE_OP_UNARY ? clip->inputs[0]->producer : NULL;
	if (!edge_rewrite_is_binary(sum, EDGE_BINARY_ADD))
		return true;
	for (int i = 0; i < 2; i++) {
		struct edge_tensor *x = sum->inputs[i];

		if (edge_tensor_same_shape(x, node->outputs[0]) && is_relu6_of(clipped, x))
			return edge_rewrite_unary(node, x, EDGE_FUNC_HARD_SIGMOID, 1.0f / 6, 0.5f);
	}
	return true;
}

bool edge_pattern_gate(struct edge_node *node)
{
	struct edge_tensor *factors[MAX_FACTORS];
	struct edge_tensor *y;
	int count;

	if (node->op != EDGE_OP_BINARY || node->outputs[0]->type != EDGE_F32)
		return true;
	y = node->outputs[0];
	count = collect_factors(y, factors, 0);
	/* The first of them is y itself. */
	for (int i = 1; i < count; i++) {
		for (int j = 1; j < count; j++) {
			enum edge_func func = name_gated(y, factors[i], factors[j]);

			if (func != EDGE_FUNC_IDENTITY)
				return edge_rewrite_unary(node, factors[i], func, 0, 0);
		}
	}
	return hard_sigmoid(node);
}
