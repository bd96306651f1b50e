/* Runs that go on for ever and treat nobody unfairly: of the strongly connected parts those in which every class of steps
   is somewhere disabled, or taken.  As in `search/cycles.py`: that of them which was found first.

   Where time could pass and doesn't, no run stays: the rest of such a part is looked at again, without these. */

#pragma once

#include "leaving.h"

/* `always`, `ever`: the classes that are enabled everywhere, and anywhere, in the fair part. */
typedef struct fairness {
    components parts;
    uint32_t *fair;
    uint64_t many, again;
    classes always, ever;
    block *steps;
} fairness;

static inline void has(classes *c, uint32_t class) { c->bit[class / 64] |= (uint64_t)1 << class % 64; }

/* A part: which classes are enabled in it, which are taken. */
typedef struct { classes always, ever, taken; int ticks; } habits;

/* What goes on in one of a part; true if time could pass there. */
static int lives(engine *e, components *c, uint32_t node, habits *h)
{
    block *b = e->fairness->steps;
    const graph *g = e->graph;
    const uint32_t *target = g->targets + begin_of(g, node);
    classes enabled = {{0}};
    int passes = 0;
    b->first = node;
    b->led.many = 0;
    if (!each_step(e->worker, b, node)) {
        c->failed = 1;
        return 0;
    }
    for (const candidate *s = b->led.at, *end = s + b->led.many; s < end; s++) {
        uint32_t class = class_of(s);
        has(&enabled, class);
        if (s->key & (IS_FAULT | IS_UNDONE))
            continue;
        int within = c->rank[*target & ~NOT_BY_ITSELF] == INSIDE && !(c->by_itself && *target & NOT_BY_ITSELF);
        if (within)
            has(&h->taken, class);
        passes |= class == TICK;
        h->ticks |= within && class == TICK;
        target++;
    }
    for (int k = 0; k < MOST_CLASSES / 64; k++) {
        h->always.bit[k] &= enabled.bit[k];
        h->ever.bit[k] |= enabled.bit[k];
    }
    return passes;
}

static int loops(const engine *e, const components *c, uint32_t node)
{
    const graph *g = e->graph;
    for (uint64_t k = begin_of(g, node); k < begin_of(g, node + 1); k++)
        if ((g->targets[k] & ~NOT_BY_ITSELF) == node && !(c->by_itself && g->targets[k] & NOT_BY_ITSELF))
            return 1;
    return 0;
}

static int is_unfair(const habits *h)
{
    uint64_t found = h->always.bit[0] & ~h->taken.bit[0] & ~(uint64_t)1; /* class 0 is none */
    for (int k = 1; k < MOST_CLASSES / 64; k++)
        found |= h->always.bit[k] & ~h->taken.bit[k];
    return found != 0;
}

static uint32_t least(const uint32_t *part, uint64_t many)
{
    uint32_t found = NONE;
    for (uint64_t k = 0; k < many; k++)
        found = part[k] < found ? part[k] : found;
    return found;
}

static void takes_the_place(components *c, fairness *f, const uint32_t *part, uint64_t many, const habits *h)
{
    if (f->many && least(f->fair, f->many) < least(part, many))
        return;
    uint32_t *kept = realloc(f->fair, many * sizeof *kept);
    if (!kept) {
        c->failed = 1;
        return;
    }
    memcpy(kept, part, many * sizeof *kept);
    f->fair = kept;
    f->many = many;
    f->always = h->always;
    f->ever = h->ever;
}

static void is_judged(engine *e, components *c, uint32_t *part, uint64_t many, uint64_t mask)
{
    fairness *f = e->fairness;
    (void)mask;
    if (many == 1 && !loops(e, c, part[0])) {
        c->rank[part[0]] = LEFT;
        return;
    }
    habits h = {.ticks = 0};
    int passing = 0;
    memset(&h.always, 0xFF, sizeof h.always);
    for (uint64_t k = 0; k < many; k++)
        c->rank[part[k]] = INSIDE;
    for (uint64_t k = 0; k < many; k++)
        if (lives(e, c, part[k], &h)) {
            part[k] |= LEFT;
            passing = 1;
        }
    for (uint64_t k = 0; k < many; k++) {
        int here = part[k] & LEFT;
        part[k] &= ~LEFT;
        c->rank[part[k]] = passing && !h.ticks && !here ? AGAIN : LEFT;
        f->again += c->rank[part[k]] == AGAIN;
    }
    if ((!passing || h.ticks) && !is_unfair(&h))
        takes_the_place(c, f, part, many, &h);
}

EXPORT void fairness_dropped(engine *e)
{
    fairness *f = e->fairness;
    if (!f)
        return;
    free(f->fair);
    if (f->steps)
        free(f->steps->led.at);
    free(f->steps);
    components_dropped(&f->parts);
    free(f);
    e->fairness = NULL;
}

/* Of all that was looked at; where a run is remembered, of those that count. */
EXPORT int fairness_begun(engine *e, int by_itself)
{
    fairness_dropped(e);
    fairness *f = e->fairness = calloc(1, sizeof(fairness));
    if (!f || !components_begun(e, &f->parts, by_itself) || !(f->steps = calloc(1, sizeof(block))))
        return 0;
    f->parts.judge = is_judged;
    for (uint64_t n = 0; n < e->count; n++)
        if (n >= e->next || (e->observed && get(words_of(e, n), &e->run) != COUNTS))
            f->parts.rank[n] = LEFT;
    return 1;
}

EXPORT int fairness_run(engine *e, uint64_t slice)
{
    fairness *f = e->fairness;
    components *c = &f->parts;
    int status = components_run(e, c, slice);
    if (status != DONE || !f->again)
        return status;
    for (uint64_t n = 0; n < e->next; n++)
        if (c->rank[n] == AGAIN)
            c->rank[n] = 0;
    f->again = c->root = c->placed = 0;
    return SLICE;
}

EXPORT uint64_t fair_count(const engine *e) { return e->fairness->many; }
EXPORT const uint32_t *fair_part(const engine *e) { return e->fairness->fair; }

/* The classes that are enabled everywhere in the fair part, and anywhere, as bits. */
EXPORT const uint64_t *fair_always(const engine *e) { return e->fairness->always.bit; }
EXPORT const uint64_t *fair_ever(const engine *e) { return e->fairness->ever.bit; }
