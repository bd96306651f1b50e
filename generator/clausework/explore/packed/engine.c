/* Breadth first through packed configurations.  What parties do comes from outside, as rows of a table; only what is
   between them (queues, wires, budgets of faults) is known here, and the order in which the steps are taken, which is
   that of `semantics/space.py`: configurations get the same numbers.

   A configuration is WORDS words of bit fields.  Bit 0 of the first word is always 1, so that no configuration is 0.
   A queue is a shift register: the head in its lowest bits, code 0 for nobody there.

   Some blocks of configurations at a time: workers take the steps from them, a block each and the next one; then each
   worker puts what came of all blocks into its part of the table; then what is new gets numbers, in order.  So it
   doesn't matter how many workers there are.  No block reaches beyond a level: all that the level before leads to has
   numbers.

   A row that isn't known yet stops the run, before anything of the configuration at hand has been counted: whoever runs
   us adds it and runs us again. */

#include "tables.h"
#include "fair.h"

/* -- what is found */

static int grown(engine *e)
{
    enum { SMALL = 1 << 22 };
    uint64_t size = e->part_size, before = e->table_size, pages = 1 << 18; /* so that it stays whole pages, large ones too */
    int twice = WORDS == 1 && before <= SMALL;
    size = before < 1u << 20 ? size * 8 : before < 1u << 23 ? size * 2 : (size + size / 2) / pages * pages;
    if (twice) {
        e->outgrown = e->table;
        e->outgrown_size = e->part_size;
    } else
        uncleared(e->table, before);
    e->part_size = size;
    e->table_size = size * (uint64_t)e->workers;
    e->table = cleared(e->table_size);
    if (e->table)
        together(e, twice ? move : refill, e->workers);
    if (twice)
        uncleared(e->outgrown, before);
    return e->table != NULL;
}

static int roomy(engine *e, uint64_t most)
{
    uint64_t room = e->room_for;
    if (!roomier((void **)&e->order, &room, most - e->base, WORDS * sizeof(uint64_t), 0)
        || (e->with_parents && !roomier((void **)&e->parents, &e->parent_room, most, sizeof(uint32_t), 0))
        || (e->sample && !roomier((void **)&e->taken, &e->taken_room, most, sizeof(uint16_t), 0)))
        return 0;
    e->room_for = room;
    return 1;
}

/* Of a sample, the configurations that a worker noted, before they are gone. */
static int keep(engine *e, const worker *w)
{
    uint64_t at = e->notables;
    if (!roomier((void **)&e->kept, &e->kept_room, at + w->notables, WORDS * sizeof(uint64_t), 0))
        return 0;
    for (uint64_t k = 0; k < w->notables; k++, at++)
        memcpy(e->kept + at * WORDS, e->order + (w->notable[k] - e->base) * WORDS, WORDS * sizeof(uint64_t));
    return 1;
}

/* What the workers noted, one after the other; false if any had no memory left. */
static int noted(engine *e)
{
    int failed = 0;
    for (int k = 0; k < e->workers; k++) {
        worker *w = e->worker + k;
        failed |= (int)w->failed;
        if (!w->notables)
            continue;
        if (!roomier((void **)&e->notable, &e->notable_room, e->notables + w->notables, sizeof(uint32_t), 0))
            return 0;
        memcpy(e->notable + e->notables, w->notable, w->notables * sizeof(uint32_t));
        if (e->sample && !keep(e, w))
            return 0;
        e->notables += w->notables;
        w->notables = 0;
    }
    return !failed;
}

/* -- the blocks */

static void plan(engine *e, uint64_t many)
{
    uint64_t first = e->next, size = (many + BLOCKS - 1) / BLOCKS;
    if (size < e->grain)
        size = e->grain;
    for (e->blocks_used = 0; many; e->blocks_used++) {
        block *b = e->blocks + e->blocks_used;
        b->first = first;
        b->many = many < size ? many : size;
        b->done = b->wants = 0;
        b->led.many = 0;
        first += b->many;
        many -= b->many;
    }
    e->last_block = e->blocks_used;
}

static void cut_off(block *b, uint64_t done)
{
    b->done = done;
    while (b->led.many && b->led.at[b->led.many - 1].key >= (b->first + done) << 32)
        b->led.many--;
}

static void look_at_block(worker *self, int number)
{
    engine *e = self->engine;
    block *b = e->blocks + number;
    if (number > __atomic_load_n(&e->last_block, __ATOMIC_RELAXED))
        return;
    while (b->done < b->many && expand(self, b, b->first + b->done))
        b->done++;
    if (e->turns)
        turn_block(e, b);
    if (b->done == b->many)
        return;
    enum { FURTHER = 15 }; /* blocks that are looked at all the same: they may come to other rows, which are wanted then, too */
    b->wants = 1;
    number += FURTHER;
    int last = __atomic_load_n(&e->last_block, __ATOMIC_RELAXED); /* what comes after it is looked at later */
    while (number < last
           && !__atomic_compare_exchange_n(&e->last_block, &last, number, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        continue;
}

/* A row isn't asked for twice; what is asked of runs is asked alone. */
static void want_row(engine *e, uint64_t a, uint64_t b)
{
    uint64_t *wanted = e->rows_wanted;
    for (uint32_t k = 0; k < e->rows_wanted_many; k++)
        if (wanted[2 * k] == a && wanted[2 * k + 1] == b)
            return;
    if (e->rows_wanted_many && a >> 60 >= LETTER)
        return;
    wanted[2 * e->rows_wanted_many] = a;
    wanted[2 * e->rows_wanted_many++ + 1] = b;
}

/* How many of a block's configurations lead to no more than `room` others. */
static uint64_t fitting(const block *b, uint64_t room)
{
    uint64_t fits = 0, steps = 0;
    while (fits < b->done && (steps += b->steps[fits]) <= room)
        fits++;
    return fits;
}

/* Only what stands before the first unknown row counts, and only so much that no more than `most` can be found by it, or
   a single configuration.  True if a row is wanted. */
static int settle(engine *e, uint64_t most)
{
    enum { SHORT = 512 }; /* configurations at a time, where rows are wanted again and again */
    uint64_t room = most > e->count ? most - e->count : 0, kept = 0;
    int wanted = 0, cut = 0;
    e->rows_wanted_many = 0;
    for (int k = 0; k < e->blocks_used; k++) {
        block *b = e->blocks + k;
        uint64_t fits = cut ? 0 : fitting(b, room);
        if (!cut && !kept && !fits && b->done)
            fits = 1;
        if (!cut && fits == b->done && b->done < b->many) {
            wanted = 1;
            e->wanted_a = b->wanted_a;
            e->wanted_b = b->wanted_b;
            e->wanted_c = b->wanted_c;
        }
        if (wanted && b->wants)
            want_row(e, b->wanted_a, b->wanted_b);
        cut |= fits < b->many;
        if (cut)
            cut_off(b, fits);
        kept += fits;
        for (uint64_t n = 0; n < fits; n++)
            room -= b->steps[n] < room ? b->steps[n] : room;
    }
    for (int k = 0; cut && k < e->workers; k++) /* where they remember to have been led may have been cut off */
        memset(e->worker[k].recent, 0, RECENT * WORDS * sizeof(uint64_t));
    if (!wanted)
        e->chunk = e->chunk * 2 < BLOCK * BLOCKS ? e->chunk * 2 : BLOCK * BLOCKS;
    else if (e->chunk > SHORT)
        e->chunk = e->chunk / 4 > SHORT ? e->chunk / 4 : SHORT;
    return wanted;
}

static void count(engine *e, const block *b)
{
    uint64_t flagged[8] = {0};
    for (uint64_t n = 0; n < b->done; n++) {
        e->steps += b->steps[n];
        flagged[b->flags[n]]++;
    }
    for (int flags = 0; flags < 8; flags++) {
        e->quiescent += flags & IS_QUIESCENT ? flagged[flags] : 0;
        e->full_cycles += flags & IS_FULL_CYCLE ? flagged[flags] : 0;
        e->broken_off += flags & IS_BROKEN_OFF ? flagged[flags] : 0;
    }
    e->next += b->done;
}

/* What the blocks lead to gets into the table, and what is new of it numbers. */
static int numbered(engine *e)
{
    uint64_t led = 0, fresh = 0;
    for (int b = 0; b < e->blocks_used; b++)
        led += e->blocks[b].led.many;
    if (!e->sample && (e->count + led) * 4 > e->table_size * 3 && !grown(e))
        return 0;
    together(e, e->sample ? mark_bits : insert, e->workers);
    for (int k = 0; k < e->workers; k++) {
        if (e->worker[k].failed)
            return 0;
        fresh += e->worker[k].fresh.many;
    }
    if (!roomy(e, e->count + fresh))
        return 0;
    together(e, give_numbers, e->workers);
    e->count += fresh;
    for (int k = 0; k < e->blocks_used; k++)
        count(e, e->blocks + k);
    for (int k = 0; k < e->workers; k++)
        e->wrong = e->worker[k].wrong < e->wrong ? e->worker[k].wrong : e->wrong;
    return noted(e);
}

static int starts(engine *e, const uint64_t *words, uint64_t many)
{
    candidates *led = &e->blocks[0].led;
    plan(e, 1);
    e->blocks[0].many = 0;
    if (!roomier((void **)&led->at, &led->room, many, sizeof(candidate), 0))
        return 0;
    for (uint64_t k = 0; k < many; k++, words += WORDS) {
        memcpy(led->at[k].words, words, sizeof led->at->words);
        led->at[k].key = k * MOST_WORKERS | region_of(mixed(words));
    }
    led->many = many;
    note(e->worker, 0);
    return numbered(e);
}

/* -- what is called from outside */

/* Word, shift and bits of each party, wire, queue (and the bits of a code in it), budget and memory. */
static int emptied(engine *e, const int64_t *n)
{
    fields(e, n);
    free(e->order); free(e->parents); uncleared(e->table, e->table_size);
    e->order = NULL; e->parents = NULL;
    e->base = e->parent_room = 0;
    e->part_size = e->sample ? e->sample / MOST_WORKERS + 1 : (1 << 16) / (uint64_t)e->workers / 8 * 8;
    e->table_size = e->part_size * (uint64_t)(e->sample ? MOST_WORKERS : e->workers);
    e->table = cleared(e->table_size);
    e->count = e->room_for = e->next = e->level_end = e->depth = 0;
    e->steps = e->quiescent = e->full_cycles = e->broken_off = e->notables = 0;
    e->chunk = 1;
    e->wrong = UINT64_MAX;
    for (int k = 0; k < e->workers; k++)
        if (!begun(e->worker + k))
            return 0;
    return e->table && lay_all(e);
}

/* From so many starts. */
EXPORT int begin(engine *e, const int64_t *n, const uint64_t *start, uint64_t many)
{
    return emptied(e, n) && starts(e, start, many);
}

/* Of a sample, what was looked at. */
static void forget(engine *e)
{
    memmove(e->order, e->order + (e->next - e->base) * WORDS, (e->count - e->next) * WORDS * sizeof(uint64_t));
    e->base = e->next;
}

static int status_after(engine *e, uint64_t slice, uint64_t most)
{
    for (uint64_t done = 0, many; done < slice; done += many) {
        if (e->next == e->count)
            return DONE;
        if (e->next == e->level_end) {
            e->depth++;
            e->level_end = e->count;
            if (e->sample)
                forget(e);
        }
        many = e->level_end - e->next < e->chunk ? e->level_end - e->next : e->chunk;
        uint64_t near = most > e->count ? (most - e->count) / 16 + 1 : 1;
        many = many < near ? many : near;
        if (!e->crew && e->workers > 1 && many >= 8 * e->grain)
            hire(e);
        plan(e, many);
        together(e, look_at_block, e->blocks_used);
        int wanted = settle(e, most);
        if (!numbered(e))
            return NO_MEMORY;
        if (e->wrong != UINT64_MAX)
            return WRONG_RUN;
        if (e->count > most)
            return TOO_MANY;
        if (wanted)
            return ROW_WANTED;
    }
    return SLICE;
}

EXPORT int run(engine *e, uint64_t slice, uint64_t most, uint64_t bytes)
{
    int status = status_after(e, slice, most);
    if (status == SLICE && bytes && bytes_used(e) > bytes)
        return TOO_BIG;
    return status;
}

/* What was made of the search since it ended. */
EXPORT void runs_dropped(engine *e)
{
    fairness_dropped(e);
    leaving_dropped(e);
    graph_dropped(e);
}

EXPORT uint64_t runs_bytes(const engine *e)
{
    return bytes_used(e) + (e->graph ? graph_bytes(e) : 0) + (e->leaving ? components_bytes(e, &e->leaving->parts) : 0)
           + (e->fairness ? components_bytes(e, &e->fairness->parts) + e->fairness->many * sizeof(uint32_t) : 0);
}
