/* SPDX-License-Identifier: MIT */
/*
 * People: a skeleton in some posture, a body of their own and clothes.
 *
 * Local space of a person: x ahead, y up, z to the left, the ground below
 * the hips at the origin.
 */
#ifndef SCENE_PERSON_H
#define SCENE_PERSON_H

#include "prng.h"
#include "view.h"

enum person_joint {
	JOINT_HEAD,
	JOINT_NECK,
	JOINT_HIPS,
	JOINT_SHOULDER, /* each of these twice: left, right */
	JOINT_ELBOW = JOINT_SHOULDER + 2,
	JOINT_HAND = JOINT_ELBOW + 2,
	JOINT_HIP = JOINT_HAND + 2,
	JOINT_KNEE = JOINT_HIP + 2,
	JOINT_FOOT = JOINT_KNEE + 2,
	JOINT_TOE = JOINT_FOOT + 2,
	JOINT_COUNT = JOINT_TOE + 2,
};

enum person_garment { GARMENT_SHIRT, GARMENT_JACKET, GARMENT_COAT, GARMENT_DRESS };
enum person_hair { HAIR_SHORT, HAIR_LONG, HAIR_BALD, HAIR_CAP };
enum person_bag { BAG_NONE, BAG_BACKPACK, BAG_HAND };

struct person {
	double height; /* metres */
	double girth; /* 1 is average */
	struct rgb skin, hair, top, bottom, shoes, bag_colour;
	enum person_garment garment;
	enum person_hair hair_style;
	enum person_bag bag;
	bool sleeves; /* long ones */
	bool shorts;
	struct vec3 joints[JOINT_COUNT];
};

/* What is drawn: a rider's far leg and arm go behind the bicycle. */
enum person_layer { PERSON_ALL, PERSON_FAR_LIMBS, PERSON_REST };

/* Someone who stands, walks or runs. */
void person_random(struct person *p, struct prng *r);

/*
 * Sits p down: hips, feet and hands to the given places of local space, the
 * rest of the limbs as their lengths allow. feet and hands: left, right.
 */
void person_sit(struct person *p, struct vec3 hips, const struct vec3 feet[2],
		const struct vec3 hands[2]);

void person_draw(struct view *v, const struct person *p, const struct pose *pose,
		 enum person_layer layer);

#endif
