/* Words, fields in them, tables that grow, and all that a search knows. */

#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#ifndef WORDS
#define WORDS 1
#endif

#define EXPORT __attribute__((visibility("default")))
#define MOST_PARTIES 64
#define MOST_LINKS 64
#define MOST_FAULTS 32
#define BATCH 192
#define NONE UINT32_MAX

enum { DONE, SLICE, ROW_WANTED, TOO_MANY, TOO_BIG, NO_MEMORY };
enum { UP, CUT, DOWN, BROKEN };
enum { BY_ITSELF, TAKES, NOTICES, OPENS, ACCEPTS, RESTARTS, GROWS_OLDER };
enum { LOST, LOSS, DUPLICATION, SWAP, ATTACK, RESTART };
enum { PROGRESS = 1 };
enum { ALWAYS, QUIESCENT };

typedef struct { uint32_t word, shift, bits; uint64_t mask; } field;
typedef struct { uint64_t a, b; uint32_t value, used; } entry;
typedef struct { entry *entries; uint64_t size, count; } map;
typedef struct { uint64_t words[WORDS]; uint32_t row, party, counts; } job;
typedef struct { uint64_t words[WORDS], hash; uint32_t from; } candidate;
typedef struct { int32_t kind, party, limited; } fault;
typedef struct { int32_t fault, link, queue, code; } attack;
typedef struct { int32_t when, parties, bits, wires; int32_t party[MOST_PARTIES]; uint32_t *classes[MOST_PARTIES];
                 uint64_t room[MOST_PARTIES]; } view;

typedef struct {
    int32_t parties, links, queues, room, faults, attacks, views;
    int32_t requests, timed, urgent, reconnects, together, wired;
    int32_t ends[MOST_LINKS][2], datagram[MOST_LINKS], slots[MOST_PARTIES][MOST_PARTIES];
    field party[MOST_PARTIES], wire[MOST_LINKS], queue[2 * MOST_LINKS], left[MOST_FAULTS];
    uint32_t code_bits[2 * MOST_LINKS];
    fault fault[MOST_FAULTS];
    attack *attack;
    view *view;
    uint64_t *seen[MOST_PARTIES], states[MOST_PARTIES];
    uint8_t *memory[MOST_PARTIES];
    uint32_t *fits[2 * MOST_LINKS];
    uint64_t codes[2 * MOST_LINKS];
    uint16_t **renamed;
    uint64_t endings;

    map rows, shown;
    uint32_t *by_itself[MOST_PARTIES], *takes[2 * MOST_LINKS]; /* the rows of few states and codes, at hand: plus 1 */
    uint64_t by_itself_room[MOST_PARTIES], takes_room[2 * MOST_LINKS];
    int32_t *text;
    uint64_t text_size, text_room, reactions;
    uint8_t *marks; /* by reaction: 1 it was met, 2 it happened */
    uint64_t marks_room;

    uint64_t *order, *table;
    uint32_t *parents, *notable;
    uint64_t count, room_for, table_size, notables, notable_room;
    uint64_t next, level_end, depth, steps, quiescent, full_cycles, broken_off;
    uint8_t blocked[2 * MOST_LINKS], stopped;
    uint64_t wanted_a, wanted_b;
    uint32_t with_parents, failed;
    candidate batch[BATCH];
    uint32_t batched;
    job *jobs;
    uint64_t job_count, job_room;
} engine;

/* -- words */

static inline uint64_t get(const uint64_t *words, const field *f)
{
    return words[WORDS == 1 ? 0 : f->word] >> f->shift & f->mask;
}

static inline void put(uint64_t *words, const field *f, uint64_t value)
{
    uint64_t *word = words + (WORDS == 1 ? 0 : f->word);
    *word = (*word & ~(f->mask << f->shift)) | value << f->shift;
}

static inline uint64_t hashed(const uint64_t *words)
{
    uint64_t x = words[0] * 0x9E3779B97F4A7C15u;
    for (int k = 1; k < WORDS; k++)
        x = ((x ^ x >> 29) + words[k]) * 0xBF58476D1CE4E5B9u;
    x ^= x >> 32;
    x *= 0x94D049BB133111EBu;
    return x ^ x >> 29;
}

static inline uint64_t slot_of(uint64_t hash, uint64_t size)
{
    return (uint64_t)((unsigned __int128)hash * size >> 64);
}

/* -- maps of two words */

static inline uint64_t map_hash(uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ b * 0xD6E8FEB86659FD93u) * 0x9E3779B97F4A7C15u;
    return x ^ x >> 32;
}

static inline entry *map_at(const map *m, uint64_t a, uint64_t b)
{
    uint64_t at = map_hash(a, b) & (m->size - 1);
    while (m->entries[at].used && (m->entries[at].a != a || m->entries[at].b != b))
        at = (at + 1) & (m->size - 1);
    return m->entries + at;
}

static int map_clear(map *m)
{
    free(m->entries);
    m->size = 1024;
    m->count = 0;
    m->entries = calloc(m->size, sizeof(entry));
    return m->entries != NULL;
}

static int map_put(map *m, uint64_t a, uint64_t b, uint32_t value)
{
    if (m->count * 2 >= m->size) {
        map larger = {calloc(m->size * 2, sizeof(entry)), m->size * 2, m->count};
        if (!larger.entries)
            return 0;
        for (uint64_t at = 0; at < m->size; at++)
            if (m->entries[at].used)
                *map_at(&larger, m->entries[at].a, m->entries[at].b) = m->entries[at];
        free(m->entries);
        *m = larger;
    }
    entry *found = map_at(m, a, b);
    m->count += !found->used;
    *found = (entry){a, b, value, 1};
    return 1;
}

static int roomier(void **array, uint64_t *room, uint64_t wanted, size_t each, int clean)
{
    if (wanted <= *room)
        return 1;
    uint64_t larger = *room ? *room : 64;
    while (larger < wanted)
        larger *= 2;
    void *moved = realloc(*array, larger * each);
    if (!moved)
        return 0;
    if (clean)
        memset((char *)moved + *room * each, 0, (larger - *room) * each);
    *array = moved;
    *room = larger;
    return 1;
}

/* All zero, and in large pages where there are: a probe at random would else look for its page first. */
static uint64_t *cleared(uint64_t size)
{
#ifdef MADV_HUGEPAGE
    enum { PAGE = 1 << 21 };
    uint64_t bytes = size * sizeof(uint64_t);
    char *found = mmap(NULL, bytes + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (found == MAP_FAILED)
        return NULL;
    uint64_t ahead = (PAGE - (uintptr_t)found % PAGE) % PAGE;
    if (ahead)
        munmap(found, ahead);
    if (PAGE - ahead)
        munmap(found + ahead + bytes, PAGE - ahead);
    madvise(found + ahead, bytes, MADV_HUGEPAGE);
    return (uint64_t *)(found + ahead);
#else
    return calloc(size, sizeof(uint64_t));
#endif
}

static void uncleared(uint64_t *table, uint64_t size)
{
#ifdef MADV_HUGEPAGE
    if (table)
        munmap(table, size * sizeof(uint64_t));
#else
    free(table);
#endif
}

enum { NEAR = 10 };

static inline int is_near(uint64_t code, uint64_t state)
{
    return code < 256 && state < 1u << NEAR;
}
