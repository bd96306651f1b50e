/* Made, fed and asked from outside. */

#pragma once

#include "crew.h"
#include "turning.h"

/* Numbers: the counts first, then per link and fault as read here. */
EXPORT engine *made(const int64_t *n)
{
    engine *e = calloc(1, sizeof(engine));
    if (!e)
        return NULL;
    e->parties = (int32_t)*n++; e->links = (int32_t)*n++; e->room = (int32_t)*n++; e->faults = (int32_t)*n++;
    e->attacks = (int32_t)*n++; e->views = (int32_t)*n++; e->requests = (int32_t)*n++; e->timed = (int32_t)*n++;
    e->urgent = (int32_t)*n++; e->reconnects = (int32_t)*n++; e->together = (int32_t)*n++; e->wired = (int32_t)*n++;
    e->with_parents = (uint32_t)*n++; e->workers = (int32_t)*n++; e->grain = (uint64_t)*n++; e->sample = (uint64_t)*n++;
    e->observed = (int32_t)*n++; e->faultless = (int32_t)*n++; e->always = (int32_t)*n++; e->tick_symbol = (int32_t)*n++;
    e->turns = (int32_t)*n++;
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
    e->view = calloc((size_t)(e->views + e->observed) + 1, sizeof(view));
    if (!e->attack || !e->view || !map_clear(&e->rows) || !map_clear(&e->asks) || !map_clear(&e->letters) || !map_clear(&e->follows))
        return NULL;
    for (int k = 0; k < e->attacks; k++) {
        attack *a = e->attack + k;
        a->fault = (int32_t)*n++; a->link = (int32_t)*n++; a->queue = (int32_t)*n++; a->code = (int32_t)*n++;
        a->symbol = (int32_t)*n++;
    }
    for (int p = 0; p < e->parties; p++)
        for (int other = 0; other < e->parties; other++)
            e->slots[p][other] = (int32_t)*n++;
    for (int v = 0; v < e->views + e->observed; v++) {
        view *w = e->view + v;
        w->when = (int32_t)*n++; w->wires = (int32_t)*n++; w->bits = (int32_t)*n++; w->parties = (int32_t)*n++;
        for (int k = 0; k < w->parties; k++)
            w->party[k] = (int32_t)*n++;
    }
    e->turn = calloc((size_t)e->turns + 1, sizeof(turn));
    if (!e->turn)
        return NULL;
    for (turn *t = e->turn; t < e->turn + e->turns; t++) {
        for (int p = 0; p < e->parties; p++)
            t->party[p] = (int32_t)*n++;
        for (int l = 0; l < e->links; l++)
            t->link[l] = (int32_t)*n++;
        for (int q = 0; q < e->queues; q++)
            if (!roomier((void **)&t->code[q], &t->codes[q], 1, sizeof(uint32_t), 1))
                return NULL;
    }
    for (int q = 0; q < e->queues; q++)
        if (!roomier((void **)&e->fits[q], &e->codes[q], 1, sizeof(uint32_t), 1))
            return NULL;
    for (int k = 0; k < e->workers; k++) {
        e->worker[k].engine = e;
        e->worker[k].number = k;
    }
    return e;
}

/* -- rows in the present layout */

static int party_of(const engine *e, uint64_t kind, uint64_t which)
{
    return kind == BY_ITSELF || kind == RESTARTS ? (int)which : e->ends[which / 2][which % 2];
}

static int makes_progress(const engine *e, uint64_t kind)
{
    return kind == TAKES || kind == NOTICES || kind == ACCEPTS || (kind == OPENS && e->reconnects);
}

/* The next of a row's reactions, from its text on. */
static void ready(engine *e, int party, uint64_t kind, uint64_t state, const int32_t *text)
{
    const field *f = e->party + party;
    const int32_t *sends = text + HEAD + text[3];
    reaction *r = e->reaction + e->reactions;
    *r = (reaction){.word = (uint8_t)f->word, .text = (uint32_t)(text - e->text), .party = (uint8_t)party,
                    .place = e->place[2 * MOST_LINKS]};
    r->number = (uint32_t)e->reactions++;
    r->kind = text[0] < 0 ? REFUSED : text[2] || text[3] || text[4] > 1 ? MANIFOLD : PLAIN;
    r->tag = (uint32_t)text[5];
    r->symbol = (uint32_t)text[6];
    r->progress = (uint8_t)text[1] | (makes_progress(e, kind) ? PROGRESS : 0);
    if (r->kind != REFUSED)
        r->delta = ((uint64_t)text[0] - state) << f->shift;
    if (r->kind == PLAIN && text[4]) {
        const field *to = e->queue + sends[0];
        r->queue = (uint8_t)sends[0];
        r->link = r->queue / 2;
        r->to_word = (uint8_t)to->word;
        r->shift = (uint8_t)to->shift;
        r->mask = to->mask;
        r->place = e->place[sends[0]];
        r->code = (uint64_t)sends[1] << to->shift;
        r->last = (to->mask >> (to->bits - e->code_bits[sends[0]]) << (to->bits - e->code_bits[sends[0]])) << to->shift;
    }
}

/* Its text: [how many reactions, then those of each].  A row that asks of nobody's memory, of few states, is laid at
   hand. */
static int lay(engine *e, const asked *known)
{
    const int32_t *text = e->text + known->text;
    uint64_t kind = known->a >> 60, which = known->a >> 48 & 0xFFF, code = known->a >> 32 & 0xFFFF;
    uint64_t state = (uint32_t)known->a, many = (uint64_t)*text++;
    int party = party_of(e, kind, which);
    if (!roomier((void **)&e->reaction, &e->reaction_room, e->reactions + many, sizeof(reaction), 0)
        || !roomier((void **)&e->row, &e->row_room, e->asked_count + 1, sizeof(row), 0))
        return 0;
    row laid = {(uint32_t)e->reactions, (uint32_t)many + 1, known->asks};
    e->widest = many > e->widest ? many : e->widest;
    e->row[known - e->asked] = laid;
    for (; many; many--, text += HEAD + text[3] + 2 * text[4])
        ready(e, party, kind, state, text);
    for (int k = 0; k < e->workers; k++) {
        worker *w = e->worker + k;
        uint64_t jobs = (uint64_t)(e->parties + e->queues) * e->widest + 2;
        if (!roomier((void **)&w->marks, &w->marks_room, e->reactions, 1, 1)
            || !roomier((void **)&w->jobs, &w->job_room, jobs, sizeof(job), 0))
            return 0;
    }
    uint64_t place = kind == TAKES ? state << e->code_bits[which] | code : state;
    shelf *near = kind == TAKES ? &e->port[which].near : e->by_itself + which;
    if (kind > TAKES || known->b || place >= MOST_AT_HAND)
        return 1;
    if (!roomier((void **)&near->rows, &near->room, place + 1, sizeof(row), 1))
        return 0;
    near->rows[place] = laid;
    return 1;
}

/* No message is taken by nobody's doing anything. */
static int lay_nothing(engine *e, int party, uint64_t state)
{
    for (int q = 0; q < e->queues; q++) {
        uint64_t place = state << e->code_bits[q];
        if (e->ends[q / 2][q % 2] != party || place >= MOST_AT_HAND)
            continue;
        shelf *near = &e->port[q].near;
        if (!roomier((void **)&near->rows, &near->room, place + 1, sizeof(row), 1))
            return 0;
        near->rows[place].known = 1;
    }
    return 1;
}

static int lay_all(engine *e)
{
    e->reactions = 0;
    for (int p = 0; p < e->parties; p++)
        memset(e->by_itself[p].rows, 0, e->by_itself[p].room * sizeof(row));
    for (int q = 0; q < e->queues; q++)
        memset(e->port[q].near.rows, 0, e->port[q].near.room * sizeof(row));
    for (int p = 0; p < e->parties; p++)
        for (uint64_t state = 0; state < e->states[p]; state++)
            if (!lay_nothing(e, p, state))
                return 0;
    for (uint64_t k = 0; k < e->asked_count; k++)
        if (!lay(e, e->asked + k))
            return 0;
    return 1;
}

/* -- from the start anew */

static int begun(worker *w)
{
    if (!w->recent)
        w->recent = malloc(RECENT * WORDS * sizeof(uint64_t));
    if (!w->recent || !map_clear(&w->shown))
        return 0;
    memset(w->recent, 0, RECENT * WORDS * sizeof(uint64_t));
    memset(w->blocked, 0, sizeof w->blocked);
    if (w->marks)
        memset(w->marks, 0, w->marks_room);
    w->failed = w->full_cycle = 0;
    w->notables = 0;
    w->wrong = UINT64_MAX;
    return 1;
}

static void fields(engine *e, const int64_t *n)
{
    field *groups[] = {e->party, e->wire, e->queue, e->left, &e->run};
    int sizes[] = {e->parties, e->links, e->queues, e->faults, e->observed};
    for (int g = 0; g < 5; g++)
        for (int k = 0; k < sizes[g]; k++) {
            field *f = groups[g] + k;
            f->word = (uint32_t)*n++; f->shift = (uint32_t)*n++; f->bits = (uint32_t)*n++;
            f->mask = f->bits ? ~(uint64_t)0 >> (64 - f->bits) : 0;
            if (g == 2)
                e->code_bits[k] = (uint32_t)*n++;
        }
    memset(e->nameless, 0, sizeof e->nameless);
    e->nameless[0] = 1;
    for (const field *f = e->left; f < e->left + e->faults; f++)
        e->nameless[f->word] |= f->mask << f->shift;
    if (e->observed)
        e->nameless[e->run.word] |= e->run.mask << e->run.shift;
    for (int q = 0; q < e->queues; q++) {
        const field *f = e->queue + q;
        port *p = e->port + q;
        p->mask = f->mask; p->word = f->word; p->shift = f->shift; p->bits = e->code_bits[q];
        p->code_mask = ((uint64_t)1 << p->bits) - 1;
        p->party = (uint32_t)e->ends[q / 2][q % 2];
        for (uint32_t taken = 0; taken <= 64; taken++)
            e->place[q][taken] = (uint8_t)((taken + p->bits - 1) / p->bits * p->bits);
    }
}

/* -- told */

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
    return lay_nothing(e, party, state);
}

EXPORT int set_class(engine *e, int v, int place, uint64_t state, uint32_t number)
{
    return stored(&e->view[v].classes[place], &e->view[v].room[place], state, number);
}

EXPORT int add_code(engine *e, int queue, uint64_t code, uint32_t fits)
{
    return stored(&e->fits[queue], &e->codes[queue], code, fits);
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

/* A row: what follows from an event in a state, with what others remember; `asks`: a bit for each
   byte of that which matters. */
EXPORT int add_row(engine *e, uint64_t a, uint64_t b, const int32_t *text, uint64_t size, int asks)
{
    if (!roomier((void **)&e->text, &e->text_room, e->text_size + size, sizeof(int32_t), 0)
        || !roomier((void **)&e->asked, &e->asked_room, e->asked_count + 1, sizeof(asked), 0))
        return 0;
    asked *known = e->asked + e->asked_count;
    *known = (asked){a, b, (uint32_t)e->text_size, (uint32_t)asks};
    memcpy(e->text + e->text_size, text, size * sizeof(int32_t));
    e->text_size += size;
    return lay(e, known) && (!asks || map_put(&e->asks, a, 0, (uint32_t)asks))
           && map_put(&e->rows, a, b, (uint32_t)e->asked_count++);
}

EXPORT int add_older(engine *e, uint64_t a, uint32_t state)
{
    return map_put(&e->rows, a, 0, state);
}

/* What counts of configurations that a view sees so. */
EXPORT int add_letter(engine *e, uint64_t key, uint32_t letter)
{
    return map_put(&e->letters, 0, key, letter);
}

/* The memories that come of a memory, a symbol and two letters. */
EXPORT int add_follows(engine *e, uint64_t key, const uint32_t *memories, uint32_t many)
{
    if (!roomier((void **)&e->follow, &e->follow_room, e->follow_size + many + 1, sizeof(uint32_t), 0)
        || !map_put(&e->follows, key, 0, (uint32_t)e->follow_size))
        return 0;
    e->follow[e->follow_size++] = many;
    memcpy(e->follow + e->follow_size, memories, many * sizeof(uint32_t));
    e->follow_size += many;
    return 1;
}

static uint64_t bytes_used(const engine *e)
{
    uint64_t each = (e->with_parents ? sizeof(uint32_t) : 0) + (e->sample ? sizeof(uint16_t) : 0);
    return (e->count - e->base) * WORDS * sizeof(uint64_t) + e->count * each + e->table_size * sizeof(uint64_t);
}

EXPORT void told(const engine *e, uint64_t *n)
{
    uint64_t found[] = {e->count, e->steps, e->depth, e->quiescent, e->full_cycles, e->broken_off, e->next, e->notables,
                        e->wanted_a, e->wanted_b, e->wanted_c, e->wrong, bytes_used(e)};
    memcpy(n, found, sizeof found);
}

/* The rows that the search waits for: two words each, with which they are asked for. */
EXPORT uint32_t rows_wanted(const engine *e, uint64_t *rows)
{
    memcpy(rows, e->rows_wanted, 2 * e->rows_wanted_many * sizeof *rows);
    return e->rows_wanted_many;
}

EXPORT const uint64_t *configurations(const engine *e) { return e->order; }
EXPORT const uint32_t *origins(const engine *e) { return e->parents; }
EXPORT const uint16_t *steps_taken(const engine *e) { return e->taken; }
EXPORT const uint64_t *kept(const engine *e) { return e->kept; }
EXPORT const uint32_t *notables(const engine *e) { return e->notable; }

static void dropped_worker(worker *w)
{
    free(w->recent); free(w->marks); free(w->shown.entries); free(w->notable); free(w->fresh.at); free(w->jobs);
}

/* No thread of ours is left. */
EXPORT void rest(engine *e) { dismiss(e); }

EXPORT void dropped(engine *e)
{
    dismiss(e);
    for (int p = 0; p < e->parties; p++) {
        free(e->by_itself[p].rows);
        free(e->seen[p]);
        free(e->memory[p]);
    }
    for (int q = 0; q < e->queues; q++) {
        free(e->fits[q]);
        free(e->port[q].near.rows);
    }
    for (uint64_t k = 0; k < e->endings; k++)
        free(e->renamed[k]);
    for (int v = 0; v < e->views + e->observed; v++)
        for (int k = 0; k < e->view[v].parties; k++)
            free(e->view[v].classes[k]);
    for (int k = 0; k < e->workers; k++)
        dropped_worker(e->worker + k);
    dropped_turns(e);
    for (int b = 0; b < BLOCKS; b++)
        free(e->blocks[b].led.at);
    free(e->letters.entries); free(e->follows.entries); free(e->follow);
    free(e->renamed); free(e->attack); free(e->view); free(e->rows.entries); free(e->asks.entries); free(e->text); free(e->asked);
    free(e->row); free(e->reaction); free(e->order); uncleared(e->table, e->table_size); free(e->parents);
    free(e->notable); free(e->kept); free(e->taken); free(e);
}
