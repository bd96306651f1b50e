/* What was found: each configuration once, in order; where something is new. */

#pragma once

#include "words.h"

/* -- what is found */

static void note(engine *e, uint64_t number)
{
    if (e->notables && e->notable[e->notables - 1] == number)
        return;
    if (!roomier((void **)&e->notable, &e->notable_room, e->notables + 1, sizeof(uint32_t), 0))
        e->failed = 1;
    else
        e->notable[e->notables++] = (uint32_t)number;
}

static void look(engine *e, const uint64_t *words, int when, uint64_t number, uint64_t from)
{
    for (int v = 0; v < e->views; v++) {
        const view *w = e->view + v;
        if (w->when != when)
            continue;
        uint64_t a = (uint64_t)v << 48, b = 0;
        for (int k = 0; k < w->parties; k++)
            b = b << w->bits | w->classes[k][get(words, e->party + w->party[k])];
        if (w->wires && e->wired)
            for (int l = 0; l < e->links; l++)
                a |= get(words, e->wire + l) << 2 * l;
        if (!map_at(&e->shown, a, b)->used) {
            e->failed |= !map_put(&e->shown, a, b, 1);
            if (from != number)
                note(e, from);
            note(e, number);
        }
    }
}

static int grown(engine *e)
{
    uint64_t size = e->table_size, pages = 1 << 18; /* so that it stays whole pages, large ones too */
    size = size < 1u << 18 ? size * 8 : size < 1u << 23 ? size * 2 : (size + size / 2) / pages * pages;
    uncleared(e->table, e->table_size);
    e->table = cleared(size);
    if (!e->table)
        return 0;
    e->table_size = size;
    enum { AHEAD = 32 };
    uint64_t slots[AHEAD], hashes[AHEAD];
    for (uint64_t i = 0; i < e->count + AHEAD; i++) {
        if (i >= AHEAD) {
            uint64_t at = slots[i % AHEAD];
            while (e->table[at])
                at = at + 1 == size ? 0 : at + 1;
            e->table[at] = WORDS == 1 ? e->order[i - AHEAD]
                                      : hashes[i % AHEAD] << 32 | (uint32_t)(i - AHEAD + 1);
        }
        if (i < e->count) {
            hashes[i % AHEAD] = hashed(e->order + i * WORDS);
            slots[i % AHEAD] = slot_of(hashes[i % AHEAD], size);
            __builtin_prefetch(e->table + slots[i % AHEAD], 1);
        }
    }
    return 1;
}

/* Whether a candidate is new: then it is in the table, and will be number `count`. */
static inline int is_new(engine *e, const candidate *c)
{
    uint64_t *table = e->table;
    const uint64_t size = e->table_size;
    uint64_t at = slot_of(c->hash, size);
    for (;; at = at + 1 == size ? 0 : at + 1) {
        uint64_t there = table[at];
        if (!there)
            break;
        if (WORDS == 1) {
            if (there == c->words[0])
                return 0;
        } else if (there >> 32 == (uint32_t)c->hash
                   && !memcmp(e->order + ((uint32_t)there - 1) * (uint64_t)WORDS, c->words, sizeof c->words))
            return 0;
    }
    table[at] = WORDS == 1 ? c->words[0] : c->hash << 32 | (uint32_t)(e->count + 1);
    return 1;
}

static int drained(engine *e)
{
    uint64_t most = e->count + e->batched;
    if (most * 4 > e->table_size * 3 && !grown(e))
        return 0;
    if (most > e->room_for) {
        uint64_t room = e->room_for, same = e->room_for;
        if (!roomier((void **)&e->order, &room, most, WORDS * sizeof(uint64_t), 0)
            || (e->with_parents && !roomier((void **)&e->parents, &same, most, sizeof(uint32_t), 0)))
            return 0;
        e->room_for = room;
    }
    if (WORDS > 1)
        for (uint32_t k = 0; k < e->batched; k++) {
            uint64_t there = e->table[slot_of(e->batch[k].hash, e->table_size)];
            if (there)
                __builtin_prefetch(e->order + ((uint32_t)there - 1) * (uint64_t)WORDS);
        }
    for (uint32_t k = 0; k < e->batched; k++) {
        const candidate *c = e->batch + k;
        if (!is_new(e, c))
            continue;
        memcpy(e->order + e->count * WORDS, c->words, sizeof c->words);
        if (e->with_parents)
            e->parents[e->count] = c->from;
        if (e->views)
            look(e, c->words, ALWAYS, e->count, c->from);
        e->count++;
    }
    e->batched = 0;
    return 1;
}

static inline void emit(engine *e, const uint64_t *words)
{
    candidate *c = e->batch + e->batched++;
    memcpy(c->words, words, sizeof c->words);
    c->hash = hashed(words);
    e->steps++;
    c->from = (uint32_t)e->next;
    __builtin_prefetch(e->table + slot_of(c->hash, e->table_size), 1);
    if (e->batched == BATCH)
        e->failed |= !drained(e);
}
