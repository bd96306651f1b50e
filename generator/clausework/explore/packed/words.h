/* Words, fields in them, tables that grow. */

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

typedef struct { uint32_t word, shift, bits; uint64_t mask; } field;
typedef struct { uint64_t a, b; uint32_t value, used; } entry;
typedef struct { entry *entries; uint64_t size, count; } map;

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

/* How many bits a number of less than 64 takes. */
static inline int bits_of(uint64_t number)
{
    return 63 - __builtin_clzll(number << 1 | 1);
}

/* Which configuration it is, for what needs no more than a guess.  A sum, as its parts don't wait for each other; by powers
   of a random number, so that what changes in one word isn't made up for by what changes in another. */
static inline uint64_t mixed(const uint64_t *words)
{
    const uint64_t random = 0x9E3779B97F4A7C15u;
    if (WORDS == 1)
        return words[0] * random;
    uint64_t sum = 0, factor = random;
#pragma GCC unroll 8
    for (int k = 0; k < WORDS; k++, factor *= random)
        sum += (words[k] ^ words[k] >> 32) * factor;
    return sum;
}

static inline uint64_t hashed(const uint64_t *words)
{
    uint64_t x = mixed(words);
    x = (x ^ x >> 32) * 0x94D049BB133111EBu;
    return x ^ x >> 29;
}

/* -- maps of two words */

static inline uint64_t map_hash(uint64_t a, uint64_t b)
{
    uint64_t x = b * 0xD6E8FEB86659FD93u;
    x = a ^ x ^ x >> 32;
    x = (x ^ x >> 32) * 0x9E3779B97F4A7C15u; /* what differs in high bits only shall be told apart by low ones, too */
    return x ^ x >> 29;
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

/* At its place in an array that grows. */
static inline int stored(uint32_t **array, uint64_t *room, uint64_t place, uint32_t what)
{
    if (!roomier((void **)array, room, place + 1, sizeof(uint32_t), 1))
        return 0;
    (*array)[place] = what;
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
