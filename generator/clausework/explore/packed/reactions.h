/* What a party does when something happens to it: as the rows of the tables say. */

#pragma once

#include "leading.h"

/* -- what parties do: rows */

static uint64_t busy_for(const engine *e, const uint64_t *words, int party)
{
    uint64_t found = 0;
    for (int other = 0; other < e->parties; other++)
        if (e->slots[party][other] >= 0) {
            uint64_t state = get(words, e->party + other);
            found |= (uint64_t)e->memory[other][state * e->parties + party] << 8 * e->slots[party][other];
        }
    return found;
}

/* A byte for each bit. */
static inline uint64_t spread(uint64_t bits)
{
    const uint64_t each = 0x0101010101010101u, own = bits * each & 0x8040201008040201u;
    return ((own + 0x7F * each) >> 7 & each) * 0xFF;
}

static int look_up(visit *v, int kind, uint64_t which, uint64_t code, uint64_t state, uint64_t busy, uint32_t *value)
{
    uint64_t a = (uint64_t)kind << 60 | which << 48 | code << 32 | state;
    const engine *e = v->w->engine;
    if (busy) {
        const entry *asks = map_at(&e->asks, a, 0);
        busy = asks->used ? busy & spread(asks->value) : map_at(&e->rows, a, 0)->used ? 0 : busy;
    }
    const entry *found = map_at(&e->rows, a, busy);
    *value = found->value;
    if (!found->used) {
        v->b->wanted_a = a;
        v->b->wanted_b = busy;
    }
    return found->used;
}

/* Of several words, what was before isn't copied: it stays where it is until the job is done. */
static inline job job_of(const uint64_t *before, const reaction *r)
{
#if WORDS == 1
    return (job){{*before}, r};
#else
    return (job){before, r};
#endif
}

/* What there is to be done, before any of it is done: so an unknown row is met first. */
static inline job *add_jobs(const engine *e, job *next, const uint64_t *before, row found)
{
    const reaction *r = e->reaction + found.first;
    uint32_t many = found.known - 1;
    for (uint32_t k = 0; k < 2; k++) /* none, one and two are written alike */
        next[k] = job_of(before, r + k);
    for (uint32_t k = 2; k < many; k++)
        next[k] = job_of(before, r + k);
    return next + many;
}

/* The row of an event, where what is at hand doesn't tell it alone.  NULL if not known. */
static __attribute__((noinline)) const row *row_far(visit *v, const uint64_t *before, int party, int kind, uint64_t which,
                                                    uint64_t code, uint64_t state, const row *at_hand)
{
    const engine *e = v->w->engine;
    static const row nothing_came = {0, 1, 0};
    if (!code && kind == TAKES)
        return &nothing_came;
    uint64_t busy = e->requests ? busy_for(e, before, party) : 0;
    uint32_t number;
    if (!busy && at_hand)
        return at_hand;
    return look_up(v, kind, which, code, state, busy, &number) ? e->row + number : NULL;
}

/* The row of an event of a party in a state, from what is at hand if it asks of nobody's memory.  NULL if not known. */
static inline __attribute__((always_inline)) const row *row_at(visit *v, const uint64_t *before, int party, int kind,
                                                               uint64_t which, uint64_t code, uint64_t state,
                                                               const shelf *near, uint64_t place)
{
    const row *at_hand = place < near->room && near->rows[place].known ? near->rows + place : NULL;
    return at_hand && !at_hand->asks ? at_hand : row_far(v, before, party, kind, which, code, state, at_hand);
}

/* -- what parties do: reactions */

/* Whether there is no room; if there is, the message is in its queue. */
static int pushed(const engine *e, uint64_t *words, int q, uint64_t code)
{
    const field *f = e->queue + q;
    if (e->wired && get(words, e->wire + q / 2) != UP)
        return 0;
    uint64_t content = get(words, f);
    uint32_t at = e->place[q][bits_of(content)];
    if (at >= f->bits)
        return 1;
    words[WORDS == 1 ? 0 : f->word] |= code << (f->shift + at);
    return 0;
}

/* Of a text all but the state: the full queue plus 1, or 0. */
static int manifold(const engine *e, const reaction *r, uint64_t *words)
{
    const int32_t *text = e->text + r->text, *closed = text + HEAD, *send = closed + text[3];
    if (text[2])
        rename_in(e, words, text[2] - 1);
    for (int k = 0; k < text[4]; k++, send += 2)
        if (pushed(e, words, send[0], (uint64_t)send[1]))
            return send[0] + 1;
    for (int k = 0; k < text[3]; k++) {
        int end = e->ends[closed[k]][1] == r->party;
        left_by(e, words, closed[k], end, sees(e, words, closed[k], 1 - end), 0);
    }
    return 0;
}

static void happens_first(worker *w, uint64_t key, const reaction *r, uint8_t mark)
{
    w->marks[r->number] |= mark;
    note(w, key >> 32);
}

static void is_full_first(worker *w, uint64_t key, int queue)
{
    w->blocked[queue] = 1;
    note(w, key >> 32);
}

/* What a reaction makes of the words; `full`: whether a queue keeps it from happening, and which. */
static inline __attribute__((always_inline)) int happens(const engine *e, const reaction *r, uint64_t *words, int wired,
                                                         int several, int *full, int *queue)
{
    words[WORDS == 1 ? 0 : r->word] += r->delta;
    if (__builtin_expect(r->kind == PLAIN, 1)) {
        uint64_t *to = words + (WORDS == 1 ? 0 : r->to_word), content = *to >> r->shift & r->mask;
        uint64_t code = r->code, last = r->last;
        if (wired && get(words, e->wire + r->link) != UP)
            code = last = 0;
        *full = (*to & last) != 0;
        if (several)
            code <<= r->place[bits_of(content)];
        *to |= *full ? 0 : code;
        *queue = r->queue;
        return !*full;
    }
    *queue = r->kind == MANIFOLD ? manifold(e, r, words) : 0;
    *full = *queue > 0;
    *queue -= *full;
    return r->kind == MANIFOLD && !*full;
}

/* Like `take_all`, step by step: where each of them is wanted, or something of the run is remembered. */
static int take_each(visit *v, const job *end)
{
    worker *const w = v->w;
    const engine *const e = w->engine;
    for (const job *j = w->jobs; j < end; j++) {
        const reaction *r = j->reaction;
        uint64_t words[WORDS];
        int full, queue;
        memcpy(words, j->before, sizeof words);
        int done = happens(e, r, words, e->wired, e->room > 1, &full, &queue);
        uint8_t mark = done ? MET | HAPPENED : MET;
        if (!v->all && v->memory == COUNTS && mark & ~w->marks[r->number])
            happens_first(w, v->number << 32, r, mark);
        v->progress |= r->progress;
        v->undone += !done;
        v->blocked += (uint32_t)full;
        if (done)
            leads(v, words, r->tag, r->symbol);
        else if (v->all && room_for(v, 1))
            tell(v, words, r->tag | IS_UNDONE);
    }
    return !v->stopped;
}

/* `wired`, `several`: whether links come and go, and queues hold more than one; known when this is compiled, as the search
   spends a third of its time here. */
static inline __attribute__((always_inline)) void take_these(visit *v, const job *end, const int wired, const int several)
{
    worker *const w = v->w;
    const engine *const e = w->engine;
    candidate *out = v->out;
    uint64_t key = v->key, *const recent = w->recent;
    uint32_t blocked = 0, undone = 0;
    int progress = 0;
    for (const job *j = w->jobs; j < end; j++) {
        const reaction *r = j->reaction;
        uint64_t words[WORDS];
        int full, queue;
        memcpy(words, j->before, sizeof words);
        int done = happens(e, r, words, wired, several, &full, &queue);
        uint8_t mark = done ? MET | HAPPENED : MET;
        if (full & !w->blocked[queue])
            is_full_first(w, key, queue);
        if (mark & ~w->marks[r->number])
            happens_first(w, key, r, mark);
        out = may_lead(out, recent, key, words, done);
        key += done ? MOST_WORKERS : 0;
        progress |= r->progress;
        undone += !done;
        blocked += (uint32_t)full;
    }
    v->out = out;
    v->key = key;
    v->undone += undone;
    v->blocked += blocked;
    v->progress |= progress;
}

static int take_all(visit *v, const job *end)
{
    const engine *const e = v->w->engine;
    if (v->each)
        return take_each(v, end);
    if (!room_for(v, (uint64_t)(end - v->w->jobs)))
        return 0;
    if (e->wired)
        take_these(v, end, 1, 1);
    else if (e->room > 1)
        take_these(v, end, 0, 1);
    else
        take_these(v, end, 0, 0);
    return 1;
}

/* What a party does when something happens to it; false if that isn't known. */
static int reacts(visit *v, const uint64_t *before, int party, int kind, uint64_t which)
{
    static const shelf nothing;
    const row *found = row_at(v, before, party, kind, which, 0, get(before, v->w->engine->party + party), &nothing, 0);
    return found && take_all(v, add_jobs(v->w->engine, v->w->jobs, before, *found));
}
