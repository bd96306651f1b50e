/* Under other names: configurations that a permutation of the parties turns into each other have the same future, under
   other names; of these one is gone on from, the least by its words. */

#pragma once

#include "found.h"

/* The words that a configuration has under other names.  What has no name (budgets, memories) stays. */
static void turned(const engine *e, const turn *t, const uint64_t *words, uint64_t *other)
{
    for (int k = 0; k < WORDS; k++)
        other[k] = words[k] & e->nameless[k];
    for (int p = 0; p < e->parties; p++) {
        const field *to = e->party + t->party[p];
        other[WORDS == 1 ? 0 : to->word] |= (uint64_t)t->state[p][get(words, e->party + p)] << to->shift;
    }
    for (int l = 0; e->wired && l < e->links; l++) {
        const field *to = e->wire + t->link[l];
        other[WORDS == 1 ? 0 : to->word] |= get(words, e->wire + l) << to->shift;
    }
    for (int q = 0; q < e->queues; q++) {
        const field *to = e->queue + 2 * t->link[q / 2] + q % 2;
        uint32_t bits = e->code_bits[q], wider = e->code_bits[2 * t->link[q / 2] + q % 2];
        uint64_t content = get(words, e->queue + q), one = ((uint64_t)1 << bits) - 1;
        for (uint32_t at = to->shift; content; content >>= bits, at += wider)
            other[WORDS == 1 ? 0 : to->word] |= (uint64_t)t->code[q][content & one] << at;
    }
}

static inline int is_less(const uint64_t *one, const uint64_t *other)
{
    for (int k = 0; k < WORDS; k++)
        if (one[k] != other[k])
            return one[k] < other[k];
    return 0;
}

/* What a block leads to, by the one that stands for it. */
static void turn_block(const engine *e, block *b)
{
    for (candidate *c = b->led.at, *end = c + b->led.many; c < end; c++) {
        uint64_t least[WORDS], other[WORDS];
        memcpy(least, c->words, sizeof least);
        for (const turn *t = e->turn; t < e->turn + e->turns; t++) {
            turned(e, t, c->words, other);
            if (is_less(other, least))
                memcpy(least, other, sizeof least);
        }
        memcpy(c->words, least, sizeof least);
        c->key = c->key / MOST_WORKERS * MOST_WORKERS | region_of(mixed(least));
    }
}

/* How many configurations those that were found stand for: of each, all names are shared out among the different ones. */
EXPORT uint64_t stood_for(const engine *e)
{
    uint64_t found = 0;
    for (uint64_t i = 0; i < e->count; i++) {
        const uint64_t *words = e->order + i * WORDS;
        uint64_t other[WORDS], same = 1;
        for (const turn *t = e->turn; t < e->turn + e->turns; t++) {
            turned(e, t, words, other);
            same += !memcmp(other, words, sizeof other);
        }
        found += ((uint64_t)e->turns + 1) / same;
    }
    return found;
}

/* -- told */

EXPORT int set_turned_state(engine *e, int number, int party, uint64_t state, uint32_t image)
{
    return stored(&e->turn[number].state[party], &e->turn[number].states[party], state, image);
}

EXPORT int set_turned_code(engine *e, int number, int queue, uint64_t code, uint32_t image)
{
    return stored(&e->turn[number].code[queue], &e->turn[number].codes[queue], code, image);
}

static void dropped_turns(engine *e)
{
    for (turn *t = e->turn; t < e->turn + e->turns; t++) {
        for (int p = 0; p < e->parties; p++)
            free(t->state[p]);
        for (int q = 0; q < e->queues; q++)
            free(t->code[q]);
    }
    free(e->turn);
}
