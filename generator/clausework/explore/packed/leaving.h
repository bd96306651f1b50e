/* Who never leaves a state: from where no step without a fault leads, in the end, to where the state is another one.

   A bit for each instance: whether it may get out of its state.  It may wherever a step changes it, or leads to where it
   may, or where nobody knows what lies beyond; and those of one part reach each other. */

#pragma once

#include "components.h"

/* The states of some instances of a party, for each state of the party; `kept`: where one is first kept, by both. */
typedef struct { uint32_t first, many; uint64_t states; uint16_t *leaf; uint32_t *kept; } tracked;

typedef struct leaving { components parts; tracked of[MOST_PARTIES]; } leaving;

static uint64_t leaf_changes(const engine *e, uint64_t from, uint64_t to)
{
    const leaving *l = e->leaving;
    uint64_t found = 0;
    for (int p = 0; p < e->parties; p++) {
        const tracked *t = l->of + p;
        uint64_t here = get(words_of(e, from), e->party + p), there = get(words_of(e, to), e->party + p);
        if (here == there)
            continue;
        const uint16_t *before = t->leaf + here * t->many, *after = t->leaf + there * t->many;
        for (uint32_t k = 0; k < t->many; k++)
            found |= (uint64_t)(before[k] != after[k]) << (t->first + k);
    }
    return found;
}

static void keeps_in(engine *e, components *c, uint32_t *part, uint64_t many, uint64_t mask)
{
    leaving *l = e->leaving;
    uint32_t rank = rank_of(c, mask);
    for (uint64_t k = 0; k < many; k++)
        c->rank[part[k]] = rank;
    for (int p = 0; mask != c->all && p < e->parties; p++) {
        const tracked *t = l->of + p;
        for (uint64_t k = 0; t->many && k < many; k++) {
            uint32_t *kept = t->kept + get(words_of(e, part[k]), e->party + p) * t->many;
            for (uint32_t i = 0; i < t->many; i++)
                if (!(mask >> (t->first + i) & 1) && part[k] < kept[i])
                    kept[i] = part[k];
        }
    }
}

EXPORT void leaving_dropped(engine *e)
{
    leaving *l = e->leaving;
    if (!l)
        return;
    for (int p = 0; p < e->parties; p++) {
        free(l->of[p].leaf);
        free(l->of[p].kept);
    }
    components_dropped(&l->parts);
    free(l);
    e->leaving = NULL;
}

/* Of so many instances in all; then each party is tracked.  What wasn't looked at may lead anywhere. */
EXPORT int leaving_begun(engine *e, int instances)
{
    leaving_dropped(e);
    leaving *l = e->leaving = calloc(1, sizeof(leaving));
    if (!l || !components_begun(e, &l->parts, 0))
        return 0;
    components *c = &l->parts;
    c->judge = keeps_in;
    c->changes = leaf_changes;
    c->all = ~(uint64_t)0 >> (64 - instances);
    uint32_t beyond = rank_of(c, c->all);
    for (uint64_t n = e->next; n < e->count; n++)
        c->rank[n] = beyond;
    return !c->failed;
}

EXPORT int track(engine *e, int party, uint32_t first, uint32_t many, const uint16_t *leaves, uint64_t states)
{
    tracked *t = e->leaving->of + party;
    uint64_t size = states * many;
    *t = (tracked){first, many, states, malloc(size * sizeof *t->leaf + 1), malloc(size * sizeof *t->kept + 1)};
    if (!t->leaf || !t->kept)
        return 0;
    memcpy(t->leaf, leaves, size * sizeof *t->leaf);
    memset(t->kept, 0xFF, size * sizeof *t->kept);
    return 1;
}

EXPORT int leaving_run(engine *e, uint64_t slice) { return components_run(e, &e->leaving->parts, slice); }

EXPORT const uint32_t *kept_in(const engine *e, int party) { return e->leaving->of[party].kept; }
