/* Breadth first through packed configurations.  What parties do comes from outside, as rows of a table; only what is
   between them (queues, wires, budgets of faults) is known here, and the order in which the steps are taken, which is
   that of `semantics/space.py`: configurations get the same numbers.

   A configuration is WORDS words of bit fields.  Bit 0 of the first word is always 1, so that no configuration is 0.
   A queue is a shift register: the head in its lowest bits, code 0 for nobody there.

   A row that isn't known yet stops the run, before anything of the configuration at hand has been counted: whoever runs
   us adds it and runs us again. */

#include "tables.h"

/* -- one configuration */

static uint64_t busy_for(const engine *e, const uint64_t *words, int party)
{
    uint64_t found = 0;
    for (int other = 0; e->requests && other < e->parties; other++)
        if (e->slots[party][other] >= 0) {
            uint64_t state = get(words, e->party + other);
            found |= (uint64_t)e->memory[other][state * e->parties + party] << 8 * e->slots[party][other];
        }
    return found;
}

static inline int row_of(engine *e, int kind, uint64_t which, uint64_t code, uint64_t state, uint64_t busy,
                         uint32_t *row)
{
    uint64_t a = (uint64_t)kind << 60 | which << 48 | code << 32 | state;
    const entry *found = map_at(&e->rows, a, busy);
    *row = found->value;
    if (!found->used) {
        e->wanted_a = a;
        e->wanted_b = busy;
    }
    return found->used;
}

static inline job *another(engine *e, const uint64_t *words, int party, int counts)
{
    if (e->job_count == e->job_room && !roomier((void **)&e->jobs, &e->job_room, e->job_count + 1, sizeof(job), 0)) {
        e->failed = 1;
        return e->jobs;
    }
    job *j = e->jobs + e->job_count++;
    memcpy(j->words, words, sizeof j->words);
    j->party = (uint32_t)party;
    j->row = NONE;
    j->counts = (uint32_t)counts;
    return j;
}

static inline int reacts(engine *e, const uint64_t *words, int party, int kind, uint64_t which, uint64_t code, int counts)
{
    uint32_t row = 0;
    uint64_t state = get(words, e->party + party), at = code << NEAR | state;
    if (kind <= TAKES && !e->requests && is_near(code, state)) {
        const uint32_t *rows = kind == TAKES ? e->takes[which] : e->by_itself[which];
        if (at < (kind == TAKES ? e->takes_room[which] : e->by_itself_room[which]))
            row = rows[at];
    }
    if (row)
        row--;
    else if (!row_of(e, kind, which, code, state, busy_for(e, words, party), &row))
        return 0;
    if (e->text[row])
        another(e, words, party, counts)->row = row;
    return 1;
}

static int links_change(engine *e, const uint64_t *words, int hurried)
{
    uint64_t after[WORDS];
    for (int l = 0; l < e->links; l++)
        for (int end = 0; end < 2; end++) {
            uint64_t wire = wire_of(e, words, l);
            int seen = sees(e, words, l, end), kind = -1;
            memcpy(after, words, sizeof after);
            if (wire == BROKEN || (wire == CUT && !hurried)) {
                if (seen) {
                    left_by(e, after, l, end, sees(e, words, l, 1 - end), 0);
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
                && !reacts(e, after, e->ends[l][end], kind, (uint64_t)(2 * l + end), 0,
                           kind != OPENS || e->reconnects ? PROGRESS : 0))
                return 0;
        }
    return 1;
}

static int ticks(engine *e, const uint64_t *words)
{
    uint64_t after[WORDS];
    int late = 0, changed = 0;
    memcpy(after, words, sizeof after);
    for (int p = 0; p < e->parties; p++) {
        uint32_t older;
        uint64_t state = get(words, e->party + p);
        if (!row_of(e, GROWS_OLDER, (uint64_t)p, 0, state, 0, &older))
            return 0;
        late |= older == NONE;
        changed |= older != state;
        if (older != NONE)
            put(after, e->party + p, older);
    }
    for (int q = 0; e->urgent && q < e->queues; q++)
        late |= get(words, e->queue + q) && sees(e, words, q / 2, q % 2);
    if (!late && changed)
        another(e, after, 0, PROGRESS);
    return 1;
}

static void datagrams(engine *e, const uint64_t *spent, int number)
{
    for (int q = 0; q < e->queues; q++) {
        uint64_t content = get(spent, e->queue + q), after = 0;
        uint32_t bits = e->code_bits[q];
        uint64_t one = (1u << bits) - 1, head = content & one, next = content >> bits & one;
        if (!content || !(e->fits[q][head] >> number & 1))
            continue;
        switch (e->fault[number].kind) {
        case LOSS:
            after = content >> bits;
            break;
        case DUPLICATION:
            if (length(content, bits) >= (uint64_t)e->room)
                continue;
            after = content << bits | head;
            break;
        default:
            if (!next || next == head)
                continue;
            after = content >> 2 * bits << 2 * bits | head << bits | next;
        }
        put(another(e, spent, 0, 0)->words, e->queue + q, after);
    }
}

static int faults(engine *e, const uint64_t *words, int restarts)
{
    for (int f = 0; f < e->faults; f++) {
        const fault *t = e->fault + f;
        uint64_t spent[WORDS], left = t->limited ? get(words, e->left + f) : 1;
        if (!left || (t->kind == RESTART) != restarts)
            continue;
        memcpy(spent, words, sizeof spent);
        if (t->limited)
            put(spent, e->left + f, left - 1);
        if (t->kind == RESTART) {
            for (int l = 0; l < e->links; l++)
                for (int end = 0; end < 2; end++)
                    if (e->ends[l][end] != t->party)
                        continue;
                    else if (e->datagram[l])
                        put(spent, e->queue + 2 * l + end, 0);
                    else if (wire_of(e, spent, l) == UP || sees(e, spent, l, end))
                        left_by(e, spent, l, end, sees(e, spent, l, 1 - end), e->together);
            if (!reacts(e, spent, t->party, RESTARTS, (uint64_t)t->party, 0, 0))
                return 0;
        } else if (t->kind == LOST) {
            for (int l = 0; l < e->links; l++)
                if (!e->datagram[l] && wire_of(e, spent, l) == UP
                    && (t->party < 0 || e->ends[l][0] == t->party || e->ends[l][1] == t->party))
                    cut(e, another(e, spent, 0, 0)->words, l);
        } else if (t->kind == ATTACK) {
            for (int k = 0; k < e->attacks; k++) {
                const attack *a = e->attack + k;
                if (a->fault == f && wire_of(e, spent, a->link) == UP && !get(spent, e->queue + a->queue))
                    put(another(e, spent, 0, 0)->words, e->queue + a->queue, (uint64_t)a->code);
            }
        } else
            datagrams(e, spent, f);
    }
    return 1;
}

static int jobs_of(engine *e, const uint64_t *words)
{
    int hurried = 0, calm = 1;
    for (int l = 0; e->wired && l < e->links; l++) {
        uint64_t wire = get(words, e->wire + l);
        hurried |= wire == BROKEN;
        calm &= wire == UP && sees(e, words, l, 0) && sees(e, words, l, 1);
    }
    e->job_count = 0;
    if (hurried)
        return links_change(e, words, 1);
    for (int p = 0; p < e->parties; p++)
        if (!reacts(e, words, p, BY_ITSELF, (uint64_t)p, 0, 0))
            return 0;
    for (int q = 0; q < e->queues; q++) {
        uint64_t content = get(words, e->queue + q);
        if (!content || (e->wired && !sees(e, words, q / 2, q % 2)))
            continue;
        uint64_t popped[WORDS];
        memcpy(popped, words, sizeof popped);
        put(popped, e->queue + q, content >> e->code_bits[q]);
        if (!reacts(e, popped, e->ends[q / 2][q % 2], TAKES, (uint64_t)q,
                    content & ((1u << e->code_bits[q]) - 1), PROGRESS))
            return 0;
    }
    if (!calm && !links_change(e, words, 0))
        return 0;
    if (e->timed && !ticks(e, words))
        return 0;
    return !e->faults || (faults(e, words, 0) && faults(e, words, 1));
}

/* The first queue that has no room, or -1 with all that is sent in its queues. */
static inline int pushed(const engine *e, uint64_t *words, const int32_t *send, int many)
{
    for (int k = 0; k < many; k++, send += 2) {
        int q = send[0];
        const field *f = e->queue + q;
        if (e->wired && get(words, e->wire + q / 2) != UP)
            continue;
        uint64_t content = get(words, f);
        uint32_t at = 0, bits = e->code_bits[q];
        for (; content >> at; at += bits)
            if (at + bits >= f->bits)
                return q;
        words[WORDS == 1 ? 0 : f->word] |= (uint64_t)send[1] << (f->shift + at);
    }
    return -1;
}

/* [how many, number of the first], then each: next state or -1, progress, ending + 1, closings, sends, links.., (queue, code).. */
static void take(engine *e, const job *j, int *progress, uint32_t *many, uint32_t *blocked)
{
    const int32_t *text = e->text + j->row;
    uint32_t number = (uint32_t)text[1], reactions = (uint32_t)text[0];
    text += 2;
    for (uint32_t r = 0; r < reactions; r++, number++) {
        const int32_t *closed = text + 5, *sends = closed + text[3];
        int32_t state = text[0], closings = text[3], sending = text[4], ending = text[2];
        *progress |= text[1] | (int)j->counts;
        text = sends + 2 * sending;
        ++*many;
        uint8_t mark = 1;
        if (state >= 0) {
            uint64_t words[WORDS];
            memcpy(words, j->words, sizeof words);
            put(words, e->party + j->party, (uint64_t)state);
            if (ending)
                rename_in(e, words, ending - 1);
            int full = sending ? pushed(e, words, sends, sending) : -1;
            if (full >= 0) {
                ++*blocked;
                if (!e->blocked[full]) {
                    e->blocked[full] = 1;
                    note(e, e->next);
                }
            } else {
                for (int k = 0; k < closings; k++) {
                    int end = e->ends[closed[k]][1] == (int)j->party;
                    left_by(e, words, closed[k], end, sees(e, words, closed[k], 1 - end), 0);
                }
                mark = 3;
                emit(e, words);
            }
        }
        if ((e->marks[number] & mark) != mark) {
            e->marks[number] |= mark;
            note(e, e->next);
        }
    }
}

static void expand(engine *e, const uint64_t *words)
{
    int progress = 0;
    uint32_t many = 0, blocked = 0;
    uint64_t before = e->steps;
    for (uint64_t k = 0; k < e->job_count; k++) {
        const job *j = e->jobs + k;
        if (j->row != NONE)
            take(e, j, &progress, &many, &blocked);
        else {
            many++;
            progress |= (int)j->counts;
            emit(e, j->words);
        }
    }
    e->broken_off += e->steps - before != many;
    if (!progress) {
        e->quiescent++;
        look(e, words, QUIESCENT, e->next, e->next);
    } else if (many && blocked == many && !e->full_cycles++)
        note(e, e->next);
}

/* -- what is called from outside */

EXPORT int run(engine *e, uint64_t slice, uint64_t most, uint64_t bytes)
{
    for (uint64_t done = 0; done < slice; done++) {
        if (e->next == e->count) {
            if (!drained(e))
                return NO_MEMORY;
            if (e->next == e->count)
                return DONE;
        }
        if (e->next == e->level_end) { /* all that the level before leads to must have numbers */
            if (!drained(e))
                return NO_MEMORY;
            e->depth++;
            e->level_end = e->count;
        }
        uint64_t words[WORDS]; /* a copy: the array moves as it grows */
        memcpy(words, e->order + e->next * WORDS, sizeof words);
        if (!jobs_of(e, words))
            return ROW_WANTED;
        expand(e, words);
        e->next++;
        if (e->count + e->batched > most && !drained(e))
            return NO_MEMORY;
        if (e->failed)
            return NO_MEMORY;
        if (e->count > most)
            return TOO_MANY;
    }
    uint64_t each = WORDS * sizeof(uint64_t) + (e->with_parents ? sizeof(uint32_t) : 0);
    if (bytes && e->count * each + e->table_size * sizeof(uint64_t) > bytes)
        return TOO_BIG;
    return SLICE;
}
