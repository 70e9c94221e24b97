/* SPDX-License-Identifier: MIT */
#ifndef EDGECTL_VERBS_H
#define EDGECTL_VERBS_H

/* Each takes its own command line, the verb first, and gives the exit status. */
int verb_bench(int argc, char **argv);
int verb_compile(int argc, char **argv);
int verb_detect(int argc, char **argv);
int verb_devices(int argc, char **argv);
int verb_doctor(int argc, char **argv);
int verb_eval(int argc, char **argv);
int verb_info(int argc, char **argv);
int verb_ops(int argc, char **argv);
int verb_report(int argc, char **argv);
int verb_reset(int argc, char **argv);
int verb_top(int argc, char **argv);

#endif
