/* SPDX-License-Identifier: MIT */
/* What tests do to the card and to what the kernel knows of it. */
#ifndef CARD_H
#define CARD_H

#include "accel.h"

/* A command to the emulator; it must answer "ok". */
void card_tell(const char *command);
/* A number of its "stats". */
long long card_stat(const char *name);
/* As if nothing had been told; a card that was taken out is as after power-on. */
void card_calm(void);

/* Text of a file without its last newline; false if it cannot be read. */
bool file_read(const char *path, char *text, size_t size);
/* 0 or a negative errno. */
int file_write(const char *path, const char *text);

/* An attribute of the card in sysfs. */
bool card_read(const char *name, char *text, size_t size);
long long card_number(const char *name);
int card_write(const char *name, const char *text);

/* 0 or a negative errno. */
int module_unload(void);
/* With parameters such as "timeout_ms=20000". */
void module_reload(const char *parameters);

/* Its place on the bus, such as 0000:00:10.0. */
void card_slot(char *slot, size_t size);
/* Has the driver take the card, or leave it. */
int card_bind(void);
int card_unbind(void);
/* The card leaves the bus; the bus is looked at again, and the driver takes what is there. */
void card_drop(void);
void card_rescan(void);
/* Drops the card and finds it again, whatever became of it, so that the next test has a device. */
void card_renew(void);

/* Whether an attribute comes to be @text within @ms. */
bool card_becomes(const char *name, const char *text, int ms);

/* Whether what writes to a dma-buf ends within @ms. */
bool dmabuf_is_idle(int fd, int ms);

/* Waits up to @ms for @condition; whether it came true. */
bool wait_until(bool (*condition)(void *data), void *data, int ms);

/* A number of the driver's debugfs file "queue". */
long long queue_number(const char *name);
/* Jobs on the hardware. */
int queue_jobs(void);
/* Waits until so many jobs are on the hardware: which of two contexts comes first is up to the kernel. */
void queue_wait(int jobs);

/* The device coredump there is; false if there is none. */
bool coredump_read(char *text, size_t size);
/* Done with it. It holds the module until then, or for five minutes. */
void coredump_drop(void);

/* Uevents from now on: a socket. */
int uevents_open(void);
/* Whether one came that has the line @variable, such as "EDGE_EVENT=RESET"; waits some seconds. */
bool uevents_have(int fd, const char *variable);

#endif
