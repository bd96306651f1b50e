/* A sample: no configuration is kept, but a few bits are set for each (Holzmann, "An analysis of bitstate hashing", Formal
   Methods in System Design 13, 1998).  One whose bits are all set by others is taken for one that was found. */

#pragma once

#include "found.h"

enum { BITS = 3 };

/* In a region that depends on nothing but the configuration: so the sample is the same, however many look. */
static inline uint64_t *bit_word(const engine *e, const candidate *c, int which, uint64_t *bit)
{
    uint64_t hash = hashed(c->words), other = (hash >> 32 | hash << 32) * 0x9E3779B97F4A7C15u | 1; /* Kirsch and Mitzenmacher: two hashes make many */
    uint64_t at = slot_of(hash + (uint64_t)which * other, e->part_size * 64);
    *bit = (uint64_t)1 << at % 64;
    return e->table + c->key % MOST_WORKERS * e->part_size + at / 64;
}

static void mark_all(worker *w, const candidate *const *these, int many)
{
    const engine *e = w->engine;
    for (int k = 0; k < many; k++) {
        uint64_t bit, known = 1;
        for (int which = 0; which < BITS; which++) {
            uint64_t *word = bit_word(e, these[k], which, &bit);
            known &= (*word & bit) != 0;
            *word |= bit;
        }
        w->fresh.at[w->fresh.many] = *these[k];
        w->fresh.many += !known;
    }
}

/* Like `insert`, with bits. */
static void mark_bits(worker *self, int part)
{
    engine *e = self->engine;
    worker *w = e->worker + part;
    if (!room_for_fresh(w))
        return;
    for (int b = 0; b < e->blocks_used; b++) {
        const candidate *c = e->blocks[b].led.at, *end = c + e->blocks[b].led.many, *mine[AHEAD];
        while (c < end) {
            int many = 0;
            for (; c < end && many < AHEAD; c++) {
                mine[many] = c;
                many += part_of(e, c->key % MOST_WORKERS) == part;
            }
            for (int k = 0; k < many; k++)
                for (int which = 0; which < BITS; which++) {
                    uint64_t bit;
                    __builtin_prefetch(bit_word(e, mine[k], which, &bit), 1);
                }
            mark_all(w, mine, many);
        }
    }
}
