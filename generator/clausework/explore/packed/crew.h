/* Workers side by side, in threads of their own but the first, which is whoever called us.

   A task has parts, which whoever is free takes one after the other; it's done when its parts are.  So nobody waits for a
   thread that sleeps, or that the machine gives no time: only for one that is at a part. */

#pragma once

#include "steps.h"

#if !defined(_WIN32)
#include <pthread.h>
#include <sched.h>
#define HAS_THREADS 1
#endif

typedef void (*task)(worker *self, int part);

#ifdef HAS_THREADS

enum { PATIENCE = 1 << 12 }; /* looks at what another does, before one sleeps */
enum { PARTS_AT = 16, TASK_AT = 32, MOST_PARTS = 0xFFFF };

/* `ticket`: the number of a task, how many parts it has, and the next of them, in 32, 16 and 16 bits. */
typedef struct crew {
    pthread_t thread[MOST_WORKERS];
    pthread_mutex_t lock;
    pthread_cond_t called;
    task task;
    uint64_t ticket;
    uint32_t done, asleep, over;
    int hired;
} crew;

static inline void look_away(uint32_t looks)
{
    if (looks > PATIENCE)
        sched_yield();
#if defined(__x86_64__) || defined(__i386__)
    else
        __builtin_ia32_pause();
#endif
}

/* The parts of the present task that nobody has taken; which task that was. */
static uint32_t take_parts(crew *c, worker *self)
{
    for (;;) {
        uint64_t ticket = __atomic_fetch_add(&c->ticket, 1, __ATOMIC_ACQ_REL);
        int part = ticket & MOST_PARTS;
        if (part >= (int)(ticket >> PARTS_AT & MOST_PARTS))
            return ticket >> TASK_AT;
        c->task(self, part);
        __atomic_add_fetch(&c->done, 1, __ATOMIC_ACQ_REL);
    }
}

static inline uint32_t task_of(const crew *c)
{
    return __atomic_load_n(&c->ticket, __ATOMIC_SEQ_CST) >> TASK_AT;
}

static void *works(void *given)
{
    worker *self = given;
    crew *c = self->engine->crew;
    for (;;) {
        uint32_t last = take_parts(c, self), looks = 0;
        while (task_of(c) == last && looks++ < PATIENCE)
            look_away(0);
        pthread_mutex_lock(&c->lock);
        __atomic_add_fetch(&c->asleep, 1, __ATOMIC_SEQ_CST);
        while (task_of(c) == last && !c->over)
            pthread_cond_wait(&c->called, &c->lock);
        __atomic_sub_fetch(&c->asleep, 1, __ATOMIC_SEQ_CST);
        uint32_t over = c->over;
        pthread_mutex_unlock(&c->lock);
        if (over)
            return NULL;
    }
}

/* As many threads as there are: the first does what others would. */
static void hire(engine *e)
{
    crew *c = calloc(1, sizeof *c);
    if (!c || pthread_mutex_init(&c->lock, NULL) || pthread_cond_init(&c->called, NULL)) {
        free(c);
        return;
    }
    e->crew = c;
    while (c->hired + 1 < e->workers && !pthread_create(c->thread + c->hired, NULL, works, e->worker + c->hired + 1))
        c->hired++;
}

static void dismiss(engine *e)
{
    crew *c = e->crew;
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->over = 1;
    pthread_cond_broadcast(&c->called);
    pthread_mutex_unlock(&c->lock);
    for (int k = 0; k < c->hired; k++)
        pthread_join(c->thread[k], NULL);
    pthread_mutex_destroy(&c->lock);
    pthread_cond_destroy(&c->called);
    free(c);
    e->crew = NULL;
}

static void together(engine *e, task task, int parts)
{
    crew *c = e->crew;
    if (!c || parts < 2) {
        for (int part = 0; part < parts; part++)
            task(e->worker, part);
        return;
    }
    c->task = task;
    c->done = 0;
    uint64_t number = (uint64_t)(task_of(c) + 1) << TASK_AT;
    __atomic_store_n(&c->ticket, number | (uint64_t)parts << PARTS_AT, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&c->asleep, __ATOMIC_SEQ_CST)) {
        pthread_mutex_lock(&c->lock);
        pthread_cond_broadcast(&c->called);
        pthread_mutex_unlock(&c->lock);
    }
    take_parts(c, e->worker);
    for (uint32_t looks = 0; __atomic_load_n(&c->done, __ATOMIC_ACQUIRE) != (uint32_t)parts; looks++)
        look_away(looks);
}

#else

static void hire(engine *e) { (void)e; }
static void dismiss(engine *e) { (void)e; }

static void together(engine *e, task task, int parts)
{
    for (int part = 0; part < parts; part++)
        task(e->worker, part);
}

#endif
