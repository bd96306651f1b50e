/* Where steps lead, and what is remembered of a run on the way.

   A memory is one more field.  What comes of it depends on the memory, on the kind of step (its symbol), and on what counts
   of the configurations before and after it (their letters): as the tables say, like the rows of parties.  One memory ends
   the search, as the run is wrong; where another one is, the run counts. */

#pragma once

#include "network.h"

enum { WRONG, COUNTS };
static const uint64_t ITSELF = 1u << 31; /* instead of a step: the configuration itself */

/* What is known of a configuration while its steps are taken.  `out`: where is written where the next of them leads;
   `key`: of the next step that happens.  `all`: every step is wanted, with its tag, also one that doesn't happen; `each`:
   they are taken one by one; `happened`: so many did; `stopped`: something isn't known. */
typedef struct {
    worker *w;
    block *b;
    candidate *out;
    uint64_t key, number, words[WORDS];
    uint32_t undone, blocked, happened, memory, letter;
    int progress, heads, all, each, stopped, ticked;
} visit;

/* Written in any case, and kept if it happens, unless a step led there just now: to ask first would be a guess that the
   processor often gets wrong. */
static inline candidate *may_lead(candidate *out, uint64_t *all_recent, uint64_t key, const uint64_t *words, int happens)
{
    const uint64_t x = mixed(words);
    uint64_t *recent = all_recent + (x >> 32) % RECENT * WORDS;
    int news = 0;
    for (int k = 0; k < WORDS; k++) {
        uint64_t before = recent[k];
        news |= before != words[k];
        out->words[k] = words[k];
        recent[k] = happens ? words[k] : before;
    }
    out->key = key | region_of(x);
    return out + (happens & news);
}

static int room_for(visit *v, uint64_t many)
{
    candidates *led = &v->b->led;
    uint64_t have = (uint64_t)(v->out - led->at);
    if (have + many + 1 <= led->room)
        return 1;
    if (!roomier((void **)&led->at, &led->room, have + many + 1, sizeof(candidate), 0)) {
        v->w->failed = 1;
        return 0;
    }
    v->out = led->at + have;
    return 1;
}

static void tell(visit *v, const uint64_t *words, uint32_t tag)
{
    memcpy(v->out->words, words, sizeof v->out->words);
    v->out++->key = tag;
}

static void arrives(visit *v, const uint64_t *words, uint32_t tag)
{
    if (!room_for(v, 1))
        return;
    if (v->all) {
        tell(v, words, tag);
        return;
    }
    v->out = may_lead(v->out, v->w->recent, v->key, words, 1);
    v->key += MOST_WORKERS;
}

/* -- memories */

static void want(visit *v, uint64_t what, uint64_t step, uint64_t key)
{
    v->b->wanted_a = what << 60 | step;
    v->b->wanted_b = v->number;
    v->b->wanted_c = key;
    v->stopped = 1;
}

/* What counts of a configuration; `step`: which led there. */
static uint32_t letter_of(visit *v, const uint64_t *words, uint64_t step)
{
    const engine *e = v->w->engine;
    uint64_t key = view_key(e, e->view + e->views, words);
    const entry *found = map_at(&e->letters, 0, key);
    if (!found->used)
        want(v, LETTER, step, key);
    return found->value;
}

/* A step that happens, with each memory that it may leave. */
static void remembered(visit *v, const uint64_t *words, uint32_t tag, uint32_t symbol)
{
    const engine *e = v->w->engine;
    uint64_t after[WORDS], letter = letter_of(v, words, v->happened);
    uint64_t key = (uint64_t)v->memory << 48 | (uint64_t)symbol << 32 | (uint64_t)v->letter << 16 | letter;
    const entry *found = v->stopped ? NULL : map_at(&e->follows, key, 0);
    if (found && !found->used)
        want(v, FOLLOWS, v->happened, key);
    if (v->stopped)
        return;
    memcpy(after, words, sizeof after);
    for (const uint32_t *m = e->follow + found->value, *end = m + 1 + *m; ++m < end;) {
        put(after, &e->run, *m);
        arrives(v, after, tag);
    }
    v->happened++;
}

static void leads(visit *v, const uint64_t *words, uint32_t tag, uint32_t symbol)
{
    if (!v->w->engine->observed)
        arrives(v, words, tag);
    else if (!v->stopped)
        remembered(v, words, tag, symbol);
}

static inline __attribute__((always_inline)) void begin_visit(visit *v, worker *w, block *b, const uint64_t *words,
                                                               uint64_t number, int all)
{
    const engine *e = w->engine;
    *v = (visit){.w = w, .b = b, .key = number << 32, .number = number, .out = b->led.at + b->led.many, .all = all};
    memcpy(v->words, words, sizeof v->words);
    v->each = all || e->observed;
    v->memory = COUNTS;
    if (e->observed) {
        v->memory = (uint32_t)get(words, &e->run);
        v->letter = letter_of(v, words, ITSELF);
    }
}
