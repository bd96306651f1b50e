/* Made, fed and asked from outside. */

#pragma once

#include "network.h"

/* Numbers: the counts first, then per link and fault as read here. */
EXPORT engine *made(const int64_t *n)
{
    engine *e = calloc(1, sizeof(engine));
    if (!e)
        return NULL;
    e->parties = (int32_t)*n++; e->links = (int32_t)*n++; e->room = (int32_t)*n++; e->faults = (int32_t)*n++;
    e->attacks = (int32_t)*n++; e->views = (int32_t)*n++; e->requests = (int32_t)*n++; e->timed = (int32_t)*n++;
    e->urgent = (int32_t)*n++; e->reconnects = (int32_t)*n++; e->together = (int32_t)*n++; e->wired = (int32_t)*n++;
    e->with_parents = (uint32_t)*n++;
    e->queues = 2 * e->links;
    for (int l = 0; l < e->links; l++) {
        for (int end = 0; end < 2; end++)
            e->ends[l][end] = (int32_t)*n++;
        e->datagram[l] = (int32_t)*n++;
    }
    for (int f = 0; f < e->faults; f++) {
        e->fault[f].kind = (int32_t)*n++; e->fault[f].party = (int32_t)*n++; e->fault[f].limited = (int32_t)*n++;
    }
    e->attack = calloc((size_t)e->attacks + 1, sizeof(attack));
    e->view = calloc((size_t)e->views + 1, sizeof(view));
    if (!e->attack || !e->view || !map_clear(&e->rows))
        return NULL;
    for (int k = 0; k < e->attacks; k++) {
        attack *a = e->attack + k;
        a->fault = (int32_t)*n++; a->link = (int32_t)*n++; a->queue = (int32_t)*n++; a->code = (int32_t)*n++;
    }
    for (int p = 0; p < e->parties; p++)
        for (int other = 0; other < e->parties; other++)
            e->slots[p][other] = (int32_t)*n++;
    for (int v = 0; v < e->views; v++) {
        view *w = e->view + v;
        w->when = (int32_t)*n++; w->wires = (int32_t)*n++; w->bits = (int32_t)*n++; w->parties = (int32_t)*n++;
        for (int k = 0; k < w->parties; k++)
            w->party[k] = (int32_t)*n++;
    }
    return e;
}

/* Word, shift and bits of each party, wire, queue (and the bits of a code in it) and budget; then from the start anew. */
EXPORT int begin(engine *e, const int64_t *n, const uint64_t *start)
{
    field *groups[] = {e->party, e->wire, e->queue, e->left};
    int sizes[] = {e->parties, e->links, e->queues, e->faults};
    for (int g = 0; g < 4; g++)
        for (int k = 0; k < sizes[g]; k++) {
            field *f = groups[g] + k;
            f->word = (uint32_t)*n++; f->shift = (uint32_t)*n++; f->bits = (uint32_t)*n++;
            f->mask = f->bits ? ~(uint64_t)0 >> (64 - f->bits) : 0;
            if (g == 2)
                e->code_bits[k] = (uint32_t)*n++;
        }
    free(e->order); free(e->parents); uncleared(e->table, e->table_size);
    e->order = NULL; e->parents = NULL;
    e->table_size = 1 << 12;
    e->table = cleared(e->table_size);
    if (!e->table || !map_clear(&e->shown))
        return 0;
    e->count = e->room_for = e->next = e->level_end = e->depth = 0;
    e->steps = e->quiescent = e->full_cycles = e->broken_off = e->notables = 0;
    e->batched = e->failed = 0;
    memset(e->blocked, 0, sizeof e->blocked);
    if (e->marks)
        memset(e->marks, 0, e->marks_room);
    memcpy(e->batch[0].words, start, WORDS * sizeof(uint64_t));
    e->batch[0].hash = hashed(start);
    e->batch[0].from = 0;
    e->batched = 1;
    note(e, 0);
    return drained(e);
}

EXPORT int add_state(engine *e, int party, uint64_t state, uint64_t seen, const uint8_t *memory)
{
    uint64_t room = e->states[party], same = room * (uint64_t)e->parties;
    if (!roomier((void **)&e->seen[party], &room, state + 1, sizeof(uint64_t), 1))
        return 0;
    if (!roomier((void **)&e->memory[party], &same, room * (uint64_t)e->parties, 1, 1))
        return 0;
    e->states[party] = room;
    e->seen[party][state] = seen;
    memcpy(e->memory[party] + state * (uint64_t)e->parties, memory, (size_t)e->parties);
    return 1;
}

EXPORT int set_class(engine *e, int v, int place, uint64_t state, uint32_t number)
{
    view *w = e->view + v;
    if (!roomier((void **)&w->classes[place], &w->room[place], state + 1, sizeof(uint32_t), 1))
        return 0;
    w->classes[place][state] = number;
    return 1;
}

EXPORT int add_code(engine *e, int queue, uint64_t code, uint32_t fits)
{
    if (!roomier((void **)&e->fits[queue], &e->codes[queue], code + 1, sizeof(uint32_t), 1))
        return 0;
    e->fits[queue][code] = fits;
    return 1;
}

/* What an ending makes of the codes of a queue: as many as there are now. */
EXPORT int set_renamed(engine *e, uint64_t ending, int queue, const uint16_t *codes, uint64_t many)
{
    uint64_t room = e->endings;
    if (!roomier((void **)&e->renamed, &room, (ending + 1) * (uint64_t)e->queues, sizeof(uint16_t *), 1))
        return 0;
    e->endings = room;
    uint16_t **names = e->renamed + ending * (uint64_t)e->queues + queue;
    uint16_t *moved = realloc(*names, many * sizeof(uint16_t));
    if (!moved)
        return 0;
    memcpy(moved, codes, many * sizeof(uint16_t));
    *names = moved;
    return 1;
}

/* A row: what follows from an event in a state.  Its text begins with how many reactions there are. */
EXPORT int add_row(engine *e, uint64_t a, uint64_t b, const int32_t *text, uint64_t size)
{
    if (!roomier((void **)&e->text, &e->text_room, e->text_size + size + 2, sizeof(int32_t), 0))
        return 0;
    uint64_t at = e->text_size;
    memcpy(e->text + at, text, size * sizeof(int32_t));
    e->text[at + 1] = (int32_t)e->reactions;
    e->reactions += (uint64_t)text[0];
    e->text_size += size;
    if (!roomier((void **)&e->marks, &e->marks_room, e->reactions, 1, 1))
        return 0;
    uint64_t which = a >> 48 & 0xFFF, code = a >> 32 & 0xFFFF, state = (uint32_t)a;
    if (!e->requests && a >> 60 <= TAKES && is_near(code, state)) {
        uint32_t **rows = a >> 60 == TAKES ? e->takes + which : e->by_itself + which;
        uint64_t *room = a >> 60 == TAKES ? e->takes_room + which : e->by_itself_room + which;
        if (!roomier((void **)rows, room, ((code + 1) << NEAR), sizeof(uint32_t), 1))
            return 0;
        (*rows)[code << NEAR | state] = (uint32_t)at + 1;
    }
    return map_put(&e->rows, a, b, (uint32_t)at);
}

EXPORT int add_older(engine *e, uint64_t a, uint32_t state)
{
    return map_put(&e->rows, a, 0, state);
}

EXPORT void told(const engine *e, uint64_t *n)
{
    uint64_t found[] = {e->count, e->steps, e->depth, e->quiescent, e->full_cycles, e->broken_off, e->next, e->notables,
                        e->wanted_a, e->wanted_b,
                        e->count * (WORDS * sizeof(uint64_t) + (e->with_parents ? 4 : 0)) + e->table_size * 8};
    memcpy(n, found, sizeof found);
}

EXPORT const uint64_t *configurations(const engine *e) { return e->order; }
EXPORT const uint32_t *origins(const engine *e) { return e->parents; }
EXPORT const uint32_t *notables(const engine *e) { return e->notable; }

EXPORT void dropped(engine *e)
{
    for (int p = 0; p < e->parties; p++) {
        free(e->by_itself[p]);
        free(e->seen[p]);
        free(e->memory[p]);
    }
    for (int q = 0; q < e->queues; q++) {
        free(e->fits[q]);
        free(e->takes[q]);
    }
    for (uint64_t k = 0; k < e->endings; k++)
        free(e->renamed[k]);
    for (int v = 0; v < e->views; v++)
        for (int k = 0; k < e->view[v].parties; k++)
            free(e->view[v].classes[k]);
    free(e->renamed); free(e->attack); free(e->view); free(e->rows.entries); free(e->shown.entries); free(e->text);
    free(e->marks); free(e->order); uncleared(e->table, e->table_size); free(e->parents); free(e->notable); free(e->jobs); free(e);
}
