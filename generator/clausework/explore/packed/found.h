/* What was found: each configuration once, in order; where something is new. */

#pragma once

#include "search.h"

/* -- where something is new */

static void note(worker *w, uint64_t number)
{
    if (w->notables && w->notable[w->notables - 1] == number)
        return;
    if (!roomier((void **)&w->notable, &w->notable_room, w->notables + 1, sizeof(uint32_t), 0))
        w->failed = 1;
    else
        w->notable[w->notables++] = (uint32_t)number;
}

/* What a view tells apart, but for wires. */
static inline uint64_t view_key(const engine *e, const view *v, const uint64_t *words)
{
    uint64_t key = 0;
    for (int p = 0; p < v->parties; p++)
        key = key << v->bits | v->classes[p][get(words, e->party + v->party[p])];
    return key;
}

static void look(worker *w, const uint64_t *words, int when, uint64_t number, uint64_t from)
{
    const engine *e = w->engine;
    for (int k = 0; k < e->views; k++) {
        const view *v = e->view + k;
        if (v->when != when)
            continue;
        uint64_t a = (uint64_t)k << 48, b = view_key(e, v, words);
        if (v->wires && e->wired)
            for (int l = 0; l < e->links; l++)
                a |= get(words, e->wire + l) << 2 * l;
        if (!map_at(&w->shown, a, b)->used) {
            w->failed |= !map_put(&w->shown, a, b, 1);
            if (from != number)
                note(w, from);
            note(w, number);
        }
    }
}

/* -- the table: of as many parts as there are workers, each probed and filled by one of them alone.

   A word that isn't 0 is a configuration; or, of more words than one, the half of a hash over the number plus 1.  What
   has no number yet has its place among `fresh` instead, and the highest bit. */

enum { AHEAD = 32, HANDS = WORDS == 1 ? 2 : 3 }; /* of more words, first the slots are fetched, then what they speak of */
static const uint64_t UNNUMBERED = 1u << 31;

static inline uint64_t region_of(uint64_t mixed)
{
    return mixed / (UINT64_MAX / MOST_WORKERS + 1);
}

/* Each worker has some regions to itself. */
static inline int part_of(const engine *e, uint64_t region)
{
    return (int)(region * (uint64_t)e->workers / MOST_WORKERS);
}

static inline uint64_t slot_of(uint64_t hash, uint64_t size)
{
    return (uint64_t)((unsigned __int128)hash * size >> 64);
}

/* The places for a configuration: those of a line of the processor's cache, from a slot on and around, then of the next. */
static inline uint64_t slot_after(uint64_t at, uint64_t slot, uint64_t size)
{
    enum { LINE = 8 };
    uint64_t next = at / LINE * LINE + (at + 1) % LINE;
    if ((next ^ slot) % LINE)
        return next;
    return next + LINE < size ? next + LINE : next + LINE - size;
}

static inline void put_back(uint64_t *table, uint64_t size, uint64_t slot, uint64_t what)
{
    uint64_t at = slot;
    while (table[at])
        at = slot_after(at, slot, size);
    table[at] = what;
}

/* A part that has grown, filled again from what it was: as slots are in the order of hashes, both are gone through from
   their beginnings, which costs a fifth.  For a while both are there. */
static void move(worker *self, int part)
{
    engine *e = self->engine;
    const uint64_t size = e->part_size, *old = e->outgrown + e->outgrown_size * (uint64_t)part;
    uint64_t *table = e->table + size * (uint64_t)part;
    for (uint64_t k = 0; k < e->outgrown_size; k++)
        if (old[k])
            put_back(table, size, slot_of(hashed(old + k), size), old[k]);
}

/* A part that has grown, filled again with all that was found: for tables that are too large to be there twice. */
static void refill(worker *self, int part)
{
    engine *e = self->engine;
    const uint64_t size = e->part_size;
    uint64_t *table = e->table + size * (uint64_t)part, slots[2][AHEAD], what[2][AHEAD];
    int many[2] = {0, 0}, now = 0;
    for (uint64_t i = 0; i < e->count; now = !now) {
        int mine = 0;
        for (; i < e->count && mine < AHEAD; i++) {
            uint64_t hash = hashed(e->order + i * WORDS);
            slots[now][mine] = slot_of(hash, size);
            what[now][mine] = WORDS == 1 ? e->order[i] : hash << 32 | (i + 1);
            mine += part_of(e, region_of(mixed(e->order + i * WORDS))) == part; /* without a guess */
        }
        many[now] = mine;
        for (int k = 0; k < mine; k++)
            __builtin_prefetch(table + slots[now][k], 1);
        for (int k = 0; k < many[!now]; k++)
            put_back(table, size, slots[!now][k], what[!now][k]);
    }
    for (int k = 0; k < many[!now]; k++)
        put_back(table, size, slots[!now][k], what[!now][k]);
}

static inline void meets(worker *w, uint64_t *table, uint64_t size, const candidate *c, uint64_t hash, uint64_t slot)
{
    const engine *e = w->engine;
    candidate *fresh = w->fresh.at;
    uint64_t at = slot, there;
    for (; (there = table[at]); at = slot_after(at, slot, size)) {
        if (WORDS == 1) {
            if (there == c->words[0])
                return;
        } else if (there >> 32 == (uint32_t)hash) {
            uint64_t number = (uint32_t)there;
            const uint64_t *known = number & UNNUMBERED ? fresh[number & ~UNNUMBERED].words
                                                        : e->order + (number - 1) * WORDS;
            if (!memcmp(known, c->words, sizeof c->words))
                return;
        }
    }
    table[at] = WORDS == 1 ? c->words[0] : hash << 32 | UNNUMBERED | w->fresh.many;
#if WORDS > 1
    fresh[w->fresh.many] = *c;
    fresh[w->fresh.many++].slot = (uint64_t)(table - e->table) + at;
#else
    fresh[w->fresh.many++] = *c;
#endif
}

/* Some candidates, whose slots the processor has been told to fetch. */
typedef struct {
    const candidate *at[AHEAD];
    uint64_t hash[AHEAD], slot[AHEAD];
#if WORDS > 1
    const uint64_t *known[AHEAD];
#endif
    int many;
} handful;

/* From `c` on, as many as fit; where it stopped. */
static const candidate *gather(const worker *w, handful *h, const candidate *c, const candidate *end)
{
    const engine *e = w->engine;
    const uint64_t size = e->part_size, *table = e->table + size * (uint64_t)w->number;
    int many = 0;
    for (; c < end && many < AHEAD; c++) {
        h->at[many] = c;
        many += part_of(e, c->key % MOST_WORKERS) == w->number; /* without a guess */
    }
    for (int k = 0; k < many; k++) {
        h->hash[k] = hashed(h->at[k]->words);
        h->slot[k] = slot_of(h->hash[k], size);
        __builtin_prefetch(table + h->slot[k], 1);
    }
    h->many = many;
    return c;
}

#if WORDS == 1
/* Those that aren't seen to be in the table at the first glance, without a guess for each. */
static void sift(const worker *w, handful *h)
{
    const engine *e = w->engine;
    const uint64_t *table = e->table + e->part_size * (uint64_t)w->number;
    int many = 0;
    for (int k = 0; k < h->many; k++) {
        uint64_t word = h->at[k]->words[0], first = table[h->slot[k]];
        uint64_t second = table[slot_after(h->slot[k], h->slot[k], 0)];
        h->at[many] = h->at[k];
        h->hash[many] = h->hash[k];
        h->slot[many] = h->slot[k];
        many += (first != word) & (second != word);
    }
    h->many = many;
}
#else
/* What has the same half of a hash, as the first two places show: the processor is told to fetch it. */
static void glance(const worker *w, handful *h)
{
    const engine *e = w->engine;
    const uint64_t *table = e->table + e->part_size * (uint64_t)w->number;
    for (int k = 0; k < h->many; k++) {
        uint64_t first = table[h->slot[k]], second = table[slot_after(h->slot[k], h->slot[k], 0)];
        uint64_t there = first >> 32 == (uint32_t)h->hash[k] ? first : second, number = (uint32_t)there;
        const uint64_t *known = number & UNNUMBERED ? w->fresh.at[number & ~UNNUMBERED].words
                                                    : e->order + (number - 1) * WORDS;
        h->known[k] = there >> 32 == (uint32_t)h->hash[k] && number ? known : e->nothing;
        __builtin_prefetch(h->known[k]);
        __builtin_prefetch(h->known[k] + WORDS - 1);
    }
}

/* Those that aren't the same as that, without a guess for each. */
static void sift(const worker *w, handful *h)
{
    int many = 0;
    (void)w;
    for (int k = 0; k < h->many; k++) {
        uint64_t differs = 0;
        for (int n = 0; n < WORDS; n++)
            differs |= h->known[k][n] ^ h->at[k]->words[n];
        h->at[many] = h->at[k];
        h->hash[many] = h->hash[k];
        h->slot[many] = h->slot[k];
        many += differs != 0;
    }
    h->many = many;
}
#endif

static void enter(worker *w, const handful *h)
{
    const uint64_t size = w->engine->part_size;
    uint64_t *table = w->engine->table + size * (uint64_t)w->number;
    for (int k = 0; k < h->many; k++)
        meets(w, table, size, h->at[k], h->hash[k], h->slot[k]);
}

/* What was gathered before, while what is gathered now is fetched. */
static inline void take_in(worker *w, handful *hands, int now)
{
    handful *first = hands + (now + 1) % HANDS;
#if WORDS > 1
    glance(w, hands + (now + HANDS - 1) % HANDS);
#endif
    sift(w, first);
    enter(w, first);
}

static int room_for_fresh(worker *w)
{
    const engine *e = w->engine;
    uint64_t most = 1; /* one more is written than is kept */
    for (int b = 0; b < e->blocks_used; b++)
        most += e->blocks[b].led.many;
    w->fresh.many = 0;
    w->failed |= !roomier((void **)&w->fresh.at, &w->fresh.room, most, sizeof(candidate), 0);
    return !w->failed;
}

/* Of what the blocks lead to, a part: what is new is in the table then, and among `fresh`, in order. */
static void insert(worker *self, int part)
{
    engine *e = self->engine;
    worker *w = e->worker + part;
    if (!room_for_fresh(w))
        return;
    handful hands[HANDS] = {0};
    int now = 0;
    for (int b = 0; b < e->blocks_used; b++) {
        const candidates *led = &e->blocks[b].led;
        const candidate *c = led->at, *end = c + led->many;
        for (; c < end; now = (now + 1) % HANDS) {
            c = gather(w, hands + now, c, end);
            take_in(w, hands, now);
        }
    }
    for (int k = 1; k < HANDS; k++, now = (now + 1) % HANDS) {
        hands[now].many = 0;
        take_in(w, hands, now);
    }
}

/* -- numbers */

/* The first of a worker's fresh ones that doesn't come before a key. */
static uint64_t from_key(const worker *w, uint64_t key)
{
    uint64_t low = 0, high = w->fresh.many;
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (w->fresh.at[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Where a worker's share begins among the fresh ones of each, if they all are put in order. */
static uint64_t share(const engine *e, int number, uint64_t *from)
{
    const candidates *first = &e->worker[0].fresh;
    uint64_t at = first->many * (uint64_t)number / (uint64_t)e->workers, together = 0;
    for (int k = 0; k < e->workers; k++) {
        const worker *each = e->worker + k;
        from[k] = number == e->workers ? each->fresh.many
                  : number && at < first->many ? from_key(each, first->at[at].key)
                                               : 0;
        together += from[k];
    }
    return together;
}

static void give_numbers(worker *self, int part)
{
    engine *e = self->engine;
    worker *w = e->worker + part;
    const int workers = e->workers;
    uint64_t at[MOST_WORKERS], until[MOST_WORKERS];
    uint64_t number = e->count + share(e, w->number, at), end = e->count + share(e, w->number + 1, until);
    const candidate *fresh[MOST_WORKERS], *last[MOST_WORKERS];
    for (int k = 0; k < workers; k++) {
        fresh[k] = e->worker[k].fresh.at + at[k];
        last[k] = e->worker[k].fresh.at + until[k];
    }
    for (; number < end; number++) {
        int least = 0;
        uint64_t key = UINT64_MAX;
        for (int k = 0; k < workers; k++) { /* without a guess: one more than is kept can be read */
            uint64_t other = fresh[k]->key;
            other = fresh[k] < last[k] ? other : UINT64_MAX;
            least = other < key ? k : least;
            key = other < key ? other : key;
        }
        const candidate *c = fresh[least]++;
        memcpy(e->order + (number - e->base) * WORDS, c->words, sizeof c->words);
        if (e->sample)
            e->taken[number] = (uint16_t)((uint32_t)c->key / MOST_WORKERS);
        if (e->with_parents)
            e->parents[number] = (uint32_t)(c->key >> 32);
#if WORDS > 1
        if (!e->sample)
            e->table[c->slot] = e->table[c->slot] >> 32 << 32 | (number + 1);
#endif
        uint64_t memory = e->observed ? get(c->words, &e->run) : 1;
        if (!memory && number < w->wrong)
            w->wrong = number;
        if (e->views && memory == 1)
            look(w, c->words, ALWAYS, number, c->key >> 32);
    }
}
