/* SPDX-License-Identifier: MIT */
/*
 * Points, headings and the camera of a scene.
 *
 * World: metres, x to the right, y up, z away from the camera, the ground at
 * y = 0, the camera above the origin and level. Image: pixels, x to the
 * right, y down, (0, 0) the top left corner of the top left pixel.
 *
 * Sine and cosine are computed here because those of C libraries differ in
 * the last bit, and a scene must not.
 */
#ifndef SCENE_GEOMETRY_H
#define SCENE_GEOMETRY_H

#include <stdbool.h>

#define PI 3.14159265358979323846

/* No camera_polygon() call takes more corners than this. */
#define POLYGON_MAX 32

struct vec2 {
	double x, y;
};

struct vec3 {
	double x, y, z;
};

struct camera {
	double focal; /* pixels */
	double centre; /* image x of the direction straight ahead */
	double horizon; /* image y of the horizon */
	double height; /* metres above the ground */
	bool flatten; /* project along the sun onto the ground */
	struct vec3 sun; /* unit vector towards the sun, y > 0 */
};

/* Where an object stands and where its own +x points. */
struct pose {
	double x, z;
	double cosine, sine;
};

/* Any angle in radians, with an error under 1e-8. */
double sine(double angle);
double cosine(double angle);

double clamp(double v, double lo, double hi);
double mix(double a, double b, double t);

struct vec3 vec3_mix(struct vec3 a, struct vec3 b, double t);
double vec3_dot(struct vec3 a, struct vec3 b);
struct vec3 vec3_unit(struct vec3 a);

/* Heading 0 looks to the right of the image, PI / 2 away from the camera. */
struct pose pose_at(double x, double z, double heading);

/* Object space (x ahead, y up, z to the object's left) to the world. */
struct vec3 pose_point(const struct pose *p, struct vec3 local);
struct vec3 pose_direction(const struct pose *p, struct vec3 local);

/* Pixels per metre at this depth; depths before the near plane count as it. */
double camera_scale(const struct camera *c, double z);

struct vec2 camera_project(const struct camera *c, struct vec3 p);

/*
 * Clips a polygon of n <= POLYGON_MAX corners at the near plane and projects
 * it. `out` has room for n + 1 corners. Returns how many there are: 0 when
 * the polygon is behind the camera.
 */
int camera_polygon(const struct camera *c, const struct vec3 *in, int n, struct vec2 *out);

#endif
