/* One part of a search that many share: those configurations that a hash of their words gives it.

   It takes the steps from those of its level, and puts where they lead into boxes, one for the owner of each; it adopts
   what others found for it.  Words mean the same everywhere: whoever fills the tables tells all of them the same.

   A row that isn't known yet stops nobody: its configuration waits, with all that want one, and the rest goes on. */

#include "engine.c"

enum { SENT = 1 << 22 }; /* configurations that a part remembers to have put into boxes: it does so only once, mostly */

enum { EACH = WORDS * sizeof(uint64_t) + sizeof(uint32_t) }; /* bytes in a box: words, and where they come from */

typedef struct { uint8_t *at; uint64_t many, room; } box;

typedef struct {
    engine *engine;
    uint64_t number, parts, level, waits, waiting_room;
    box *boxes;
    uint64_t *sent;
    uint32_t *waiting;
    map wanted;
    int failed;
} partition;

EXPORT partition *parted(const int64_t *described, uint64_t number, uint64_t parts)
{
    partition *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->number = number;
    p->parts = parts;
    p->engine = made(described);
    p->boxes = calloc(parts, sizeof(box));
    return p->engine && p->boxes ? p : NULL;
}

EXPORT engine *engine_of(const partition *p) { return p->engine; }

EXPORT int begin_part(partition *p, const int64_t *layout)
{
    if (!emptied(p->engine, layout) || !map_clear(&p->wanted))
        return 0;
    for (uint64_t k = 0; k < p->parts; k++)
        p->boxes[k].many = 0;
    p->level = p->waits = 0;
    if (p->sent)
        uncleared(p->sent, (uint64_t)SENT * WORDS);
    p->sent = cleared((uint64_t)SENT * WORDS);
    return p->sent != NULL;
}

/* By other bits than those that say where it is in the owner's table. */
static inline uint64_t owner_of(const partition *p, uint64_t hash)
{
    return slot_of(hash * 0xD6E8FEB86659FD93u, p->parts);
}

EXPORT uint64_t owner(const partition *p, const uint64_t *words) { return owner_of(p, hashed(words)); }

/* -- steps */

static void put_into_boxes(partition *p, const candidate *c, int many)
{
    uint64_t hash[AHEAD];
    for (int k = 0; k < many; k++) {
        hash[k] = hashed(c[k].words);
        __builtin_prefetch(p->sent + (hash[k] & (SENT - 1)) * WORDS, 1);
    }
    for (int k = 0; k < many; k++) {
        uint64_t *sent = p->sent + (hash[k] & (SENT - 1)) * WORDS;
        if (!memcmp(sent, c[k].words, sizeof c->words))
            continue;
        memcpy(sent, c[k].words, sizeof c->words);
        box *b = p->boxes + owner_of(p, hash[k]);
        if (b->many == b->room && !roomier((void **)&b->at, &b->room, b->many + 1, EACH, 0)) {
            p->failed = 1;
            return;
        }
        uint32_t origin = (uint32_t)(c[k].key >> 32);
        uint8_t *at = b->at + b->many++ * EACH;
        memcpy(at, c[k].words, sizeof c->words);
        memcpy(at + sizeof c->words, &origin, sizeof origin);
    }
}

static void waits(partition *p, uint64_t number)
{
    engine *e = p->engine;
    const block *b = e->blocks;
    memset(e->worker->recent, 0, RECENT * WORDS * sizeof(uint64_t)); /* where it led doesn't count */
    p->failed |= !map_put(&p->wanted, b->wanted_a, b->wanted_b, 1)
                 || !roomier((void **)&p->waiting, &p->waiting_room, p->waits + 1, sizeof(uint32_t), 0);
    if (!p->failed)
        p->waiting[p->waits++] = (uint32_t)number;
}

static void take_steps(partition *p, uint64_t first, uint64_t many)
{
    engine *e = p->engine;
    block *b = e->blocks;
    b->first = first;
    b->many = many;
    b->led.many = 0;
    for (uint64_t n = 0; n < many; n++) {
        if (!expand(e->worker, b, first + n)) {
            waits(p, first + n);
            continue;
        }
        e->steps += b->steps[n];
        e->quiescent += (b->flags[n] & IS_QUIESCENT) != 0;
        e->full_cycles += (b->flags[n] & IS_FULL_CYCLE) != 0;
        e->broken_off += (b->flags[n] & IS_BROKEN_OFF) != 0;
    }
    for (uint64_t k = 0; k < b->led.many && !p->failed; k += AHEAD)
        put_into_boxes(p, b->led.at + k, b->led.many - k < AHEAD ? (int)(b->led.many - k) : AHEAD);
}

/* What was found until now is a level. */
EXPORT void deeper(partition *p) { p->level = p->engine->count; }

/* First those that waited, then up to `most` of the level.  How many of it are left; UINT64_MAX: no memory is. */
EXPORT uint64_t take(partition *p, uint64_t most)
{
    engine *e = p->engine;
    uint64_t waited = p->waits, end = p->level - e->next < most ? p->level : e->next + most;
    p->waits = 0;
    if (!map_clear(&p->wanted))
        return UINT64_MAX;
    for (uint64_t k = 0; k < waited && !p->failed; k++)
        take_steps(p, p->waiting[k], 1);
    for (uint64_t many; e->next < end && !p->failed; e->next += many) {
        many = end - e->next < BLOCK ? end - e->next : BLOCK;
        take_steps(p, e->next, many);
    }
    return p->failed || !noted(e) ? UINT64_MAX : p->level - e->next;
}

EXPORT uint64_t wanted_rows(const partition *p) { return p->wanted.count; }

EXPORT void wanted(const partition *p, uint64_t *into)
{
    for (uint64_t at = 0; at < p->wanted.size; at++)
        if (p->wanted.entries[at].used) {
            *into++ = p->wanted.entries[at].a;
            *into++ = p->wanted.entries[at].b;
        }
}

/* -- boxes */

EXPORT uint64_t boxed(const partition *p, uint64_t owner) { return p->boxes[owner].many * EACH; }
EXPORT const uint8_t *box_at(const partition *p, uint64_t owner) { return p->boxes[owner].at; }
EXPORT void fetched(partition *p, uint64_t owner) { p->boxes[owner].many = 0; }

static int look_over(partition *p, uint64_t from)
{
    engine *e = p->engine;
    for (uint64_t n = from; n < e->count; n++)
        look(e->worker, e->order + n * WORDS, ALWAYS, n, n);
    return noted(e);
}

/* A box of what one part found for this one, in order; where they come from are numbers of that part. */
EXPORT int adopt(partition *p, const uint8_t *box, uint64_t bytes)
{
    enum { SOME = 1 << 16 };
    engine *e = p->engine;
    candidates *led = &e->blocks->led;
    uint64_t before = e->count, many = bytes / EACH;
    int views = e->views, enough = 1;
    e->blocks_used = 1;
    e->blocks->done = 0;
    e->views = 0; /* they are looked at below: where it came from isn't one of ours */
    for (uint64_t done = 0; enough && done < many; done += led->many) {
        led->many = many - done < SOME ? many - done : SOME;
        enough = roomier((void **)&led->at, &led->room, led->many, sizeof(candidate), 0);
        for (uint64_t k = 0; enough && k < led->many; k++) {
            candidate *c = led->at + k;
            uint32_t origin;
            memcpy(c->words, box + (done + k) * EACH, sizeof c->words);
            memcpy(&origin, box + (done + k) * EACH + sizeof c->words, sizeof origin);
            c->key = (uint64_t)origin << 32 | region_of(mixed(c->words));
        }
        enough = enough && numbered(e);
    }
    e->views = views;
    return enough && look_over(p, before);
}

EXPORT void parted_no_more(partition *p)
{
    for (uint64_t k = 0; k < p->parts; k++)
        free(p->boxes[k].at);
    dropped(p->engine);
    if (p->sent)
        uncleared(p->sent, (uint64_t)SENT * WORDS);
    free(p->boxes); free(p->waiting); free(p->wanted.entries); free(p);
}
