/* A sample: no configuration is kept, but a few bits are set for each (Holzmann, "An analysis of bitstate hashing", Formal
   Methods in System Design 13, 1998).  One whose bits are all set by others is taken for one that was found. */

#pragma once

#include "found.h"

enum { BITS = 3 };

/* In a region that depends on nothing but the configuration: so the sample is the same, however many look. */
static inline uint64_t *bit_word(const engine *e, uint64_t hash, int which, uint64_t *bit)
{
    uint64_t other = (hash >> 32 | hash << 32) * 0x9E3779B97F4A7C15u | 1; /* Kirsch and Mitzenmacher: two hashes make many */
    uint64_t at = slot_of(hash + (uint64_t)which * other, e->part_size * 64);
    *bit = (uint64_t)1 << at % 64;
    return e->table + region_of(hash) * e->part_size + at / 64;
}

static void mark_all(worker *w, const candidate *const *these, const uint64_t *hashes, int many)
{
    const engine *e = w->engine;
    for (int k = 0; k < many; k++) {
        uint64_t bit, known = 1;
        for (int which = 0; which < BITS; which++) {
            uint64_t *word = bit_word(e, hashes[k], which, &bit);
            known &= (*word & bit) != 0;
            *word |= bit;
        }
        w->fresh.at[w->fresh.many] = *these[k];
        w->fresh.many += !known;
    }
}

/* Like `insert`, with bits. */
static void mark_bits(worker *w)
{
    engine *e = w->engine;
    uint64_t hashes[2][AHEAD];
    const candidate *these[2][AHEAD];
    int many[2] = {0, 0}, now = 0;
    if (!room_for_fresh(w))
        return;
    for (int b = 0; b < e->blocks_used; b++) {
        const candidate *c = e->blocks[b].led.at, *end = c + e->blocks[b].led.many;
        for (; c < end; now = !now) {
            int mine = 0;
            for (; c < end && mine < AHEAD; c++) {
                these[now][mine] = c;
                hashes[now][mine] = hashed(c->words);
                mine += part_of(e, hashes[now][mine]) == w->number;
            }
            many[now] = mine;
            for (int k = 0; k < mine; k++)
                for (int which = 0; which < BITS; which++) {
                    uint64_t bit;
                    __builtin_prefetch(bit_word(e, hashes[now][k], which, &bit), 1);
                }
            mark_all(w, these[!now], hashes[!now], many[!now]);
        }
    }
    mark_all(w, these[!now], hashes[!now], many[!now]);
}
