/* Workers side by side, each in a thread of its own but the first, which is whoever called us. */

#pragma once

#include "steps.h"

#if !defined(_WIN32)
#include <pthread.h>
#define HAS_THREADS 1
#endif

typedef void (*task)(worker *);

#ifdef HAS_THREADS

enum { PATIENCE = 1 << 12 }; /* looks at what another does, before one sleeps until it's done */

typedef struct crew {
    pthread_t thread[MOST_WORKERS];
    pthread_mutex_t lock;
    pthread_cond_t changed;
    task task;
    uint32_t called, done, ready; /* tasks so far; how many are done with the last one; which one all are done with */
    int hired;
} crew;

static void tell(crew *c, uint32_t *number, uint32_t is)
{
    pthread_mutex_lock(&c->lock);
    __atomic_store_n(number, is, __ATOMIC_RELEASE);
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

static void until(crew *c, const uint32_t *number, uint32_t wanted)
{
    for (uint32_t looks = 0; looks < PATIENCE; looks++) {
        if (__atomic_load_n(number, __ATOMIC_ACQUIRE) == wanted)
            return;
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#endif
    }
    pthread_mutex_lock(&c->lock);
    while (__atomic_load_n(number, __ATOMIC_ACQUIRE) != wanted)
        pthread_cond_wait(&c->changed, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

static void *works(void *given)
{
    worker *w = given;
    crew *c = w->engine->crew;
    for (uint32_t call = 1;; call++) {
        until(c, &c->called, call);
        if (!c->task)
            return NULL;
        c->task(w);
        if (__atomic_add_fetch(&c->done, 1, __ATOMIC_ACQ_REL) == (uint32_t)c->hired)
            tell(c, &c->ready, call);
    }
}

static void call(crew *c, task task)
{
    c->task = task;
    c->done = 0;
    tell(c, &c->called, c->called + 1);
}

/* As many threads as there are; whoever isn't there is stood in for. */
static void hire(engine *e, crew *c)
{
    e->crew = c;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    while (c->hired + 1 < e->workers
           && !pthread_create(c->thread + c->hired, NULL, works, e->worker + c->hired + 1))
        c->hired++;
}

static void dismiss(engine *e)
{
    if (!e->crew)
        return;
    call(e->crew, NULL);
    for (int k = 0; k < e->crew->hired; k++)
        pthread_join(e->crew->thread[k], NULL);
    pthread_mutex_destroy(&e->crew->lock);
    pthread_cond_destroy(&e->crew->changed);
    e->crew = NULL;
}

static void together(engine *e, task task)
{
    int hired = e->crew ? e->crew->hired : 0;
    if (hired)
        call(e->crew, task);
    task(e->worker);
    for (int k = hired + 1; k < e->workers; k++)
        task(e->worker + k);
    if (hired)
        until(e->crew, &e->crew->ready, e->crew->called);
}

#else

typedef struct crew { int hired; } crew;

static void hire(engine *e, crew *c) { (void)e; (void)c; }
static void dismiss(engine *e) { (void)e; }

static void together(engine *e, task task)
{
    for (int k = 0; k < e->workers; k++)
        task(e->worker + k);
}

#endif
