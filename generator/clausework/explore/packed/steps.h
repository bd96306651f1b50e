/* The steps from one configuration, in the order of `semantics/space.py`. */

#pragma once

#include "reactions.h"

/* -- what happens between them */

static int links_change(visit *v, int hurried)
{
    const engine *e = v->w->engine;
    uint64_t after[WORDS];
    for (int l = 0; l < e->links; l++)
        for (int end = 0; end < 2; end++) {
            uint64_t wire = wire_of(e, v->words, l);
            int seen = sees(e, v->words, l, end), kind = -1;
            memcpy(after, v->words, sizeof after);
            if (wire == BROKEN || (wire == CUT && !hurried)) {
                if (seen) {
                    left_by(e, after, l, end, sees(e, v->words, l, 1 - end), 0);
                    kind = NOTICES;
                }
            } else if (hurried)
                continue;
            else if (wire == DOWN && end == 0) {
                put(after, e->wire + l, UP);
                kind = OPENS;
            } else if (wire == UP && !seen)
                kind = ACCEPTS;
            if (kind >= 0
                && !reacts(v, after, e->ends[l][end], kind, (uint64_t)(2 * l + end)))
                return 0;
        }
    return 1;
}

/* `always`: also where nobody counts the time. */
static int ticks(visit *v, int always)
{
    const engine *e = v->w->engine;
    uint64_t after[WORDS];
    int late = 0, changed = 0;
    memcpy(after, v->words, sizeof after);
    for (int p = 0; p < e->parties; p++) {
        uint32_t older;
        uint64_t state = get(v->words, e->party + p);
        if (!look_up(v, GROWS_OLDER, (uint64_t)p, 0, state, 0, &older))
            return 0;
        late |= older == NONE;
        changed |= older != state;
        if (older != NONE)
            put(after, e->party + p, older);
    }
    for (int q = 0; e->urgent && q < e->queues; q++)
        late |= get(v->words, e->queue + q) && sees(e, v->words, q / 2, q % 2);
    if (!late && (changed || always)) {
        v->progress |= PROGRESS;
        v->ticked = 1;
        leads(v, after, TICK << CLASS_AT, (uint32_t)e->tick_symbol);
    }
    return 1;
}

/* -- what goes wrong */

/* The head of a queue is lost: what is left is known from when it was thought of as taken. */
static void losses(visit *v, const uint64_t *spent, int number)
{
    const engine *e = v->w->engine;
    const head *heads = v->w->heads;
    candidate *out = v->out;
    uint64_t key = v->key, *const recent = v->w->recent;
    for (int k = 0; k < v->heads; k++) {
        uint64_t words[WORDS];
        int happens = e->fits[heads[k].queue][heads[k].code] >> number & 1;
        for (int n = 0; n < WORDS; n++)
            words[n] = heads[k].taken[n] + (spent[n] - v->words[n]);
        out = may_lead(out, recent, key, words, happens);
        key += happens ? MOST_WORKERS : 0;
    }
    v->out = out;
    v->key = key;
}

static void datagrams(visit *v, const uint64_t *spent, int number)
{
    const engine *e = v->w->engine;
    const int kind = e->fault[number].kind;
    if (!room_for(v, (uint64_t)e->queues))
        return;
    if (kind == LOSS && !v->each) {
        losses(v, spent, number);
        return;
    }
    for (int q = 0; q < e->queues; q++) {
        uint64_t words[WORDS], content = get(spent, e->queue + q), after;
        uint32_t bits = e->code_bits[q];
        uint64_t one = (1u << bits) - 1, head = content & one, next = content >> bits & one;
        if (!(e->fits[q][head] >> number & 1))
            continue;
        if (kind == DUPLICATION ? length(content, bits) >= (uint64_t)e->room : kind == SWAP && (!next || next == head))
            continue;
        after = kind == LOSS          ? content >> bits
                : kind == DUPLICATION ? content << bits | head
                                      : content >> 2 * bits << 2 * bits | head << bits | next;
        memcpy(words, spent, sizeof words);
        put(words, e->queue + q, after);
        leads(v, words, IS_FAULT, 0);
    }
}

static int restarts(visit *v, uint64_t *spent, int party)
{
    const engine *e = v->w->engine;
    for (int l = 0; l < e->links; l++)
        for (int end = 0; end < 2; end++)
            if (e->ends[l][end] != party)
                continue;
            else if (e->datagram[l])
                put(spent, e->queue + 2 * l + end, 0);
            else if (wire_of(e, spent, l) == UP || sees(e, spent, l, end))
                left_by(e, spent, l, end, sees(e, spent, l, 1 - end), e->together);
    return reacts(v, spent, party, RESTARTS, (uint64_t)party);
}

static void loses(visit *v, const uint64_t *spent, int party)
{
    const engine *e = v->w->engine;
    for (int l = 0; l < e->links; l++)
        if (!e->datagram[l] && wire_of(e, spent, l) == UP
            && (party < 0 || e->ends[l][0] == party || e->ends[l][1] == party)) {
            uint64_t words[WORDS];
            memcpy(words, spent, sizeof words);
            cut(e, words, l);
            leads(v, words, IS_FAULT, 0);
        }
}

static void attacks(visit *v, const uint64_t *spent, int number)
{
    const engine *e = v->w->engine;
    for (int k = 0; k < e->attacks; k++) {
        const attack *a = e->attack + k;
        if (a->fault == number && wire_of(e, spent, a->link) == UP && !get(spent, e->queue + a->queue)) {
            uint64_t words[WORDS];
            memcpy(words, spent, sizeof words);
            put(words, e->queue + a->queue, (uint64_t)a->code);
            leads(v, words, IS_OUTSIDE, (uint32_t)a->symbol);
        }
    }
}

static int faults(visit *v, int restarting)
{
    const engine *e = v->w->engine;
    for (int f = 0; f < e->faults; f++) {
        const fault *t = e->fault + f;
        uint64_t spent[WORDS], left = t->limited ? get(v->words, e->left + f) : 1;
        if (!left || (t->kind == RESTART) != restarting || (e->faultless && t->kind != ATTACK))
            continue;
        memcpy(spent, v->words, sizeof spent);
        if (t->limited)
            put(spent, e->left + f, left - 1);
        if (t->kind == RESTART) {
            if (!restarts(v, spent, t->party))
                return 0;
        } else if (t->kind == LOST)
            loses(v, spent, t->party);
        else if (t->kind == ATTACK)
            attacks(v, spent, f);
        else
            datagrams(v, spent, f);
    }
    return 1;
}

/* -- all of it */

/* What parties do by themselves, and with the messages that have come to them. */
static inline int parties_act(visit *v)
{
    const engine *e = v->w->engine;
    job *next = v->w->jobs;
    uint64_t states[MOST_PARTIES];
    head *heads = v->w->heads;
    for (int p = 0; p < e->parties; p++) {
        uint64_t state = states[p] = get(v->words, e->party + p);
        const row *found = row_at(v, v->words, p, BY_ITSELF, (uint64_t)p, 0, state, e->by_itself + p, state);
        if (!found)
            return 0;
        next = add_jobs(e, next, v->words, *found);
    }
    for (int q = 0; q < e->queues; q++) {
        const port *p = e->port + q;
        uint64_t one, *popped = WORDS == 1 ? &one : heads[v->heads].taken;
        uint64_t content = v->words[WORDS == 1 ? 0 : p->word] >> p->shift & p->mask;
        uint64_t code = content & p->code_mask, state = states[p->party];
        memcpy(popped, v->words, sizeof v->words);
        popped[WORDS == 1 ? 0 : p->word] ^= (content ^ content >> p->bits) << p->shift;
        if (WORDS == 1)
            heads[v->heads].taken[0] = one;
        heads[v->heads].queue = (uint32_t)q;
        heads[v->heads].code = (uint32_t)code;
        v->heads += code != 0;
        if (e->wired && !sees(e, v->words, q / 2, q % 2))
            continue;
        const row *found = row_at(v, popped, (int)p->party, TAKES, (uint64_t)q, code, state, &p->near, state << p->bits | code);
        if (!found)
            return 0;
        next = add_jobs(e, next, popped, *found);
    }
    return take_all(v, next);
}

/* False if a row isn't known: then it is wanted, and nothing of this configuration counts. */
static inline int all_steps(visit *v)
{
    const engine *e = v->w->engine;
    int hurried = 0, calm = 1;
    for (int l = 0; e->wired && l < e->links; l++) {
        uint64_t wire = get(v->words, e->wire + l);
        hurried |= wire == BROKEN;
        calm &= wire == UP && sees(e, v->words, l, 0) && sees(e, v->words, l, 1);
    }
    if (hurried ? !links_change(v, 1) : !parties_act(v) || (!calm && !links_change(v, 0)) || (e->timed && !ticks(v, 0)))
        return 0;
    if (e->faults && !hurried && !(faults(v, 0) && faults(v, 1)))
        return 0;
    return (!e->always || v->ticked || ticks(v, 1)) && !v->stopped;
}

static int expand(worker *w, block *b, uint64_t number)
{
    const engine *e = w->engine;
    visit v;
    begin_visit(&v, w, b, e->order + (number - e->base) * WORDS, number, 0);
    if (v.stopped || !all_steps(&v))
        return 0;
    uint32_t did = (uint32_t)v.key / MOST_WORKERS;
    uint8_t flags = v.undone ? IS_BROKEN_OFF : 0;
    if (!v.progress) {
        flags |= IS_QUIESCENT;
        if (v.memory == COUNTS)
            look(w, v.words, QUIESCENT, number, number);
    } else if (!did && v.blocked == v.undone) {
        flags |= IS_FULL_CYCLE;
        if (!w->full_cycle++)
            note(w, number);
    }
    b->led.many = (uint64_t)(v.out - b->led.at);
    b->steps[number - b->first] = did;
    b->flags[number - b->first] = flags;
    return 1;
}
