/* What is between the parties; the rules are those of `semantics/network.py` and `semantics/faults.py`. */

#pragma once

#include "bits.h"

/* -- the network */

static inline uint64_t wire_of(const engine *e, const uint64_t *words, int link)
{
    return e->wired ? get(words, e->wire + link) : UP;
}

static inline int sees(const engine *e, const uint64_t *words, int link, int end)
{
    int party = e->ends[link][end];
    return e->seen[party][get(words, e->party + party)] >> link & 1;
}

static inline uint64_t length(uint64_t content, uint32_t bits)
{
    uint64_t many = 0;
    for (; content; content >>= bits)
        many++;
    return many;
}

static void left_by(const engine *e, uint64_t *words, int link, int end, int other_sees, int together)
{
    put(words, e->queue + 2 * link + end, 0);
    if (!other_sees) {
        put(words, e->queue + 2 * link + 1 - end, 0);
        put(words, e->wire + link, DOWN);
    } else if (get(words, e->wire + link) == UP)
        put(words, e->wire + link, together ? BROKEN : CUT);
}

static void cut(const engine *e, uint64_t *words, int link)
{
    int here = sees(e, words, link, 0), there = sees(e, words, link, 1);
    if (!here)
        put(words, e->queue + 2 * link, 0);
    if (!there)
        put(words, e->queue + 2 * link + 1, 0);
    put(words, e->wire + link, !here && !there ? DOWN : e->together ? BROKEN : CUT);
}

static void rename_in(const engine *e, uint64_t *words, int ending)
{
    for (int q = 0; q < e->queues; q++) {
        const uint16_t *names = e->renamed[(uint64_t)ending * e->queues + q];
        uint64_t content = get(words, e->queue + q), after = 0;
        if (!names || !content)
            continue;
        uint32_t bits = e->code_bits[q];
        for (uint32_t at = 0; content >> at; at += bits)
            after |= (uint64_t)names[content >> at & ((1u << bits) - 1)] << at;
        put(words, e->queue + q, after);
    }
}
