/* The steps between the configurations that were found, but for faults: looked for again when all have numbers.

   What is kept of a step is the number that it leads to, and whether somebody outside or something that is meant to recur
   is in it; which class of fairness it is of is asked again (`each_step`), and only of the few that may go round. */

#pragma once

#include "crew.h"

enum { STRETCH = 16, MOST_CLASSES = 1024, PATIENT = 32 };
static const uint32_t NOT_BY_ITSELF = 1u << 31; /* beside a number, in a kept step */
static const uint32_t BEYOND = 1u << 31;        /* beside a place: a step from there didn't happen */

typedef struct { uint64_t bit[MOST_CLASSES / 64]; } classes;

/* `slots`: by what a configuration is, its number plus 1; `targets`: the steps of each, which begin at `at` beyond the
   `base` of its stretch; `done`: of so many they are there.  `first`: where each class was first seen; `halted`:
   where a run that counts first comes to an end, as nothing has to happen any more. */
typedef struct graph {
    uint32_t *slots, *targets, *at;
    uint64_t size, *base, done, edges, failed;
    uint32_t halted;
    uint32_t first[MOST_CLASSES];
} graph;

static inline uint64_t begin_of(const graph *g, uint64_t number)
{
    return g->base[number >> STRETCH] + (g->at[number] & ~BEYOND);
}

/* A configuration by its number, which must be known: only of what is looked at alone. */
static inline const uint64_t *words_of(const engine *e, uint64_t number) { return e->order + number * WORDS; }

/* -- numbers by configurations */

/* The part of the slots that one worker fills, so that nobody waits for another. */
static void number_part(worker *self, int part)
{
    engine *e = self->engine;
    graph *g = e->graph;
    uint64_t parts = (uint64_t)e->workers, size = g->size / parts;
    uint32_t *slots = g->slots + size * (uint64_t)part;
    for (uint64_t n = 0; n < e->count; n++) {
        if (part_of(e, region_of(mixed(words_of(e, n)))) != part)
            continue;
        uint64_t at = slot_of(hashed(words_of(e, n)), size);
        while (slots[at])
            at = at + 1 < size ? at + 1 : 0;
        slots[at] = (uint32_t)n + 1;
    }
}

static inline uint32_t *slot_for(const engine *e, const uint64_t *words)
{
    const graph *g = e->graph;
    uint64_t size = g->size / (uint64_t)e->workers;
    return g->slots + size * (uint64_t)part_of(e, region_of(mixed(words))) + slot_of(hashed(words), size);
}

static uint32_t number_of(const engine *e, const uint64_t *words, const uint32_t *slot)
{
    const graph *g = e->graph;
    uint64_t size = g->size / (uint64_t)e->workers, begin = (uint64_t)(slot - g->slots) / size * size;
    const uint32_t *end = g->slots + begin + size;
    for (; *slot; slot = slot + 1 < end ? slot + 1 : g->slots + begin)
        if (!memcmp(words_of(e, *slot - 1), words, WORDS * sizeof(uint64_t)))
            return *slot - 1;
    return NONE;
}

/* -- steps */

/* All steps of a configuration in order, those that don't happen included, with their tags instead of keys; false if a
   row isn't known any more. */
static int each_step(worker *w, block *b, uint64_t number)
{
    uint64_t before = b->led.many;
    visit v;
    begin_visit(&v, w, b, words_of(w->engine, number), number, 1);
    if (v.stopped || !all_steps(&v) || w->failed)
        return 0;
    b->led.many = (uint64_t)(v.out - b->led.at);
    b->steps[number - b->first] = (uint32_t)(b->led.many - before);
    return 1;
}

static inline uint32_t class_of(const candidate *c) { return (uint32_t)c->key >> CLASS_AT; }

/* Where the steps that are kept lead, in place of their keys. */
static void find_targets(const engine *e, block *b)
{
    uint32_t *slots[PATIENT];
    for (uint64_t first = 0; first < b->led.many; first += PATIENT) {
        candidate *c = b->led.at + first;
        int many = b->led.many - first < PATIENT ? (int)(b->led.many - first) : PATIENT;
        for (int k = 0; k < many; k++)
            if (!(c[k].key & (IS_FAULT | IS_UNDONE))) {
                slots[k] = slot_for(e, c[k].words);
                __builtin_prefetch(slots[k]);
            }
        for (int k = 0; k < many; k++)
            if (!(c[k].key & (IS_FAULT | IS_UNDONE)) && *slots[k])
                __builtin_prefetch(words_of(e, *slots[k] - 1));
        for (int k = 0; k < many; k++)
            if (!(c[k].key & (IS_FAULT | IS_UNDONE)))
                c[k].key |= (uint64_t)number_of(e, c[k].words, slots[k]) << 32;
    }
}

static void look_again(worker *self, int number)
{
    block *b = self->engine->blocks + number;
    for (b->done = 0; b->done < b->many && each_step(self, b, b->first + b->done); b->done++)
        continue;
    find_targets(self->engine, b);
}

/* The steps of a configuration begin here. */
static void begin_at(graph *g, uint64_t number)
{
    if (number % (1 << STRETCH) == 0)
        g->base[number >> STRETCH] = g->edges;
    g->at[number] = (uint32_t)(g->edges - g->base[number >> STRETCH]);
}

/* What a block has found is kept, and where each class is first seen. */
static void keep_steps(engine *e, const block *b)
{
    graph *g = e->graph;
    const candidate *c = b->led.at;
    for (uint64_t n = b->first; n < b->first + b->done; n++) {
        int ends = e->observed && get(words_of(e, n), &e->run) == COUNTS;
        begin_at(g, n);
        for (const candidate *end = c + b->steps[n - b->first]; c < end; c++) {
            uint32_t class = class_of(c);
            if (n < g->first[class])
                g->first[class] = (uint32_t)n;
            ends &= !class && !(c->key & IS_UNDONE);
            if (c->key & IS_UNDONE)
                g->at[n] |= BEYOND;
            else if (!(c->key & IS_FAULT)) {
                g->failed |= c->key >> 32 == NONE; /* it would be our mistake */
                uint32_t how = c->key & (IS_OUTSIDE | IS_RECURRING) ? NOT_BY_ITSELF : 0;
                g->targets[g->edges++] = (uint32_t)(c->key >> 32) | how;
            }
        }
        if (ends && g->halted == NONE)
            g->halted = (uint32_t)n;
    }
    g->done += b->done;
    g->failed |= b->done < b->many;
}

/* -- what is called from outside */

static void graph_dropped(engine *e)
{
    graph *g = e->graph;
    if (!g)
        return;
    free(g->slots); free(g->targets); free(g->at); free(g->base);
    free(g);
    e->graph = NULL;
}

static uint64_t graph_bytes(const engine *e)
{
    const graph *g = e->graph;
    return (g->slots ? g->size * sizeof *g->slots : 0) + g->done * sizeof *g->at + g->edges * sizeof *g->targets;
}

/* After a search: what is needed for another one is gone, and each configuration can be asked for its number. */
EXPORT int graph_begun(engine *e)
{
    graph *g = e->graph = calloc(1, sizeof(graph));
    if (!g)
        return 0;
    uncleared(e->table, e->table_size);
    e->table = NULL;
    e->table_size = 0;
    g->size = (e->count * 2 / (uint64_t)e->workers + 64) * (uint64_t)e->workers;
    g->slots = calloc(g->size, sizeof *g->slots);
    g->at = calloc(e->next + 1, sizeof *g->at);
    g->targets = malloc((e->steps + 1) * sizeof *g->targets);
    g->base = calloc((e->next >> STRETCH) + 2, sizeof *g->base);
    if (!g->slots || !g->at || !g->targets || !g->base)
        return 0;
    g->halted = NONE;
    memset(g->first, 0xFF, sizeof g->first);
    for (int k = 0; k < e->workers; k++)
        e->worker[k].failed = 0;
    if (!e->crew && e->workers > 1 && e->count >= 8 * e->grain)
        hire(e);
    together(e, number_part, e->workers);
    return 1;
}

/* The steps of some more; DONE if they are those of all, and then only their numbers are kept. */
EXPORT int graph_run(engine *e)
{
    graph *g = e->graph;
    uint64_t many = e->next - g->done, first = g->done;
    if (many > BLOCK * BLOCKS)
        many = BLOCK * BLOCKS;
    for (e->blocks_used = 0; many; e->blocks_used++) {
        block *b = e->blocks + e->blocks_used;
        b->first = first;
        b->many = many < BLOCK ? many : BLOCK;
        b->led.many = 0;
        first += b->many;
        many -= b->many;
    }
    together(e, look_again, e->blocks_used);
    for (int k = 0; k < e->blocks_used; k++)
        keep_steps(e, e->blocks + k);
    if (g->failed)
        return NO_MEMORY;
    if (g->done < e->next)
        return SLICE;
    begin_at(g, e->next);
    free(g->slots);
    g->slots = NULL;
    return DONE;
}

/* Where the steps of a configuration lead, but for faults, and NOT_BY_ITSELF; how many there are. */
EXPORT const uint32_t *targets_of(const engine *e, uint64_t number, uint64_t *many)
{
    const graph *g = e->graph;
    *many = begin_of(g, number + 1) - begin_of(g, number);
    return g->targets + begin_of(g, number);
}

EXPORT uint32_t halted_at(const engine *e) { return e->graph->halted; }

EXPORT uint64_t looked_again(const engine *e) { return e->graph->done; }
EXPORT const uint32_t *class_firsts(const engine *e) { return e->graph->first; }
