/* All that a search knows: what is between the parties, what they do, what was found, and who is looking. */

#pragma once

#include "words.h"

#define MOST_PARTIES 64
#define MOST_LINKS 64
#define MOST_FAULTS 32
#define MOST_WORKERS 16
#define BLOCK 128   /* configurations that a worker takes at once */
#define BLOCKS 64   /* the most that are looked at before what they lead to gets numbers */
#define RECENT 4096 /* steps back that a worker remembers where they led */
#define NONE UINT32_MAX
#define APART 16    /* words between what two workers write: a line of a processor's cache is one's own, or it is waited for */

enum { DONE, SLICE, ROW_WANTED, TOO_MANY, TOO_BIG, NO_MEMORY, WRONG_RUN };
enum { UP, CUT, DOWN, BROKEN };
enum { BY_ITSELF, TAKES, NOTICES, OPENS, ACCEPTS, RESTARTS, GROWS_OLDER, LETTER, FOLLOWS };
enum { LOST, LOSS, DUPLICATION, SWAP, ATTACK, RESTART };
enum { PROGRESS = 1 };
enum { ALWAYS, QUIESCENT, OBSERVED };
enum { PLAIN, MANIFOLD, REFUSED };
enum { MET = 1, HAPPENED = 2 };
enum { MOST_AT_HAND = 1 << 20 };
enum { IS_QUIESCENT = 1, IS_FULL_CYCLE = 2, IS_BROKEN_OFF = 4 };

/* What a step is to fairness, besides its class: as in `search/classes.py`; or it didn't happen.  A text is the head of a
   reaction (next state or -1, progress, ending + 1, closings, sends, tag, symbol), then links.., (queue, code).. */
enum { IS_FAULT = 1, IS_OUTSIDE = 2, IS_RECURRING = 4, IS_UNDONE = 8, CLASS_AT = 8, TICK = 1, HEAD = 7 };

typedef struct { int32_t kind, party, limited; } fault;
typedef struct { int32_t fault, link, queue, code, symbol; } attack;
typedef struct { int32_t when, parties, bits, wires; int32_t party[MOST_PARTIES]; uint32_t *classes[MOST_PARTIES];
                 uint64_t room[MOST_PARTIES]; } view;

/* A reaction in the present layout: what is added to the word of the party, and the message that goes somewhere, if it is
   one; if it is none, 0 goes nowhere.  `last`: the bits of the last place of the queue; `place`: where the next code goes,
   by how many bits are taken. */
typedef struct {
    uint64_t delta, code, mask, last;
    const uint8_t *place;
    uint32_t number, text, tag, symbol;
    uint8_t word, to_word, shift, kind, progress, party, queue, link;
} reaction;
typedef struct { uint32_t first, known, asks; } row; /* `known`: how many reactions, plus 1; `asks`: of which others' memories */
#if WORDS == 1
typedef struct { uint64_t before[1]; const reaction *reaction; } job;
#else
typedef struct { const uint64_t *before; const reaction *reaction; } job;
#endif
typedef struct { row *rows; uint64_t room; } shelf;
typedef struct { uint64_t mask, code_mask; shelf near; uint32_t word, shift, bits, party; } port; /* where messages come in */
typedef struct { uint64_t a, b; uint32_t text, asks; } asked;

/* Where a step leads; `key`: from which configuration << 32 | which of the steps from there << 4 | the region of it; or, if
   every step is wanted, its tag. */
typedef struct {
    uint64_t words[WORDS], key;
#if WORDS > 1
    uint64_t slot;
#endif
} candidate;
typedef struct { candidate *at; uint64_t many, room; } candidates;

/* Some configurations in a row, and where their steps lead. */
typedef struct {
    uint64_t first, many, done;
    candidates led;
    uint32_t steps[BLOCK];
    uint8_t flags[BLOCK];
    uint64_t wanted_a, wanted_b, wanted_c, wants; /* `wants`: whether a row was that it came to */
    uint64_t apart[APART];
} block;

/* A message at the head of a queue, and what is left when it is taken. */
typedef struct { uint64_t taken[WORDS]; uint32_t queue, code; } head;

struct engine;

/* Who looks at blocks, and keeps one part of the table.  What is first seen is noted by each for itself: of all that is
   noted, the first is the first. */
typedef struct {
    struct engine *engine;
    int number;
    uint32_t failed, full_cycle;
    uint64_t *recent, wrong; /* `wrong`: the first that he gave a number to */
    uint8_t *marks, blocked[2 * MOST_LINKS]; /* marks: by reaction */
    uint64_t marks_room;
    map shown;
    uint32_t *notable;
    uint64_t notables, notable_room;
    candidates fresh;
    job *jobs;
    head heads[2 * MOST_LINKS + 1];
    uint64_t job_room;
    uint64_t apart[APART];
} worker;

/* A permutation of the parties: where each goes, and each link with it; what states and codes are called there. */
typedef struct {
    int32_t party[MOST_PARTIES], link[MOST_LINKS];
    uint32_t *state[MOST_PARTIES], *code[2 * MOST_LINKS];
    uint64_t states[MOST_PARTIES], codes[2 * MOST_LINKS];
} turn;

typedef struct engine {
    int32_t parties, links, queues, room, faults, attacks, views, workers;
    int32_t requests, timed, urgent, reconnects, together, wired;
    int32_t ends[MOST_LINKS][2], datagram[MOST_LINKS], slots[MOST_PARTIES][MOST_PARTIES];
    field party[MOST_PARTIES], wire[MOST_LINKS], queue[2 * MOST_LINKS], left[MOST_FAULTS];
    uint32_t code_bits[2 * MOST_LINKS];
    uint8_t place[2 * MOST_LINKS + 1][65];
    fault fault[MOST_FAULTS];
    attack *attack;
    view *view;
    uint64_t *seen[MOST_PARTIES], states[MOST_PARTIES];
    uint8_t *memory[MOST_PARTIES];
    uint32_t *fits[2 * MOST_LINKS];
    uint64_t codes[2 * MOST_LINKS];
    uint16_t **renamed;
    uint64_t endings;

    map rows, asks; /* number of a row, or the older state; which bytes of others' memories a row asks of */
    asked *asked;
    uint64_t asked_count, asked_room;
    row *row;
    uint64_t row_room;
    reaction *reaction;
    uint64_t reactions, reaction_room;
    shelf by_itself[MOST_PARTIES]; /* the rows that ask of nobody's memory, at hand */
    port port[2 * MOST_LINKS];
    uint64_t widest; /* the most reactions of a row */
    int32_t *text;
    uint64_t text_size, text_room;

    uint64_t *order, *table, *outgrown;
    uint64_t *kept; /* of a sample, the configurations that are notable */
    uint32_t *parents, *notable;
    uint16_t *taken; /* of a sample, which of the steps from its parent led to each */
    uint64_t count, room_for, table_size, part_size, outgrown_size, notables, notable_room, kept_room, parent_room, taken_room;
    uint64_t base; /* the number of the first in `order`: of a sample, only what is still to be looked at is there */
    uint64_t next, level_end, depth, steps, quiescent, full_cycles, broken_off;
    uint64_t wanted_a, wanted_b, wanted_c, chunk, grain; /* `grain`: a smaller block isn't worth a worker */
    uint64_t sample; /* the words of bits that stand for all configurations; 0: each is kept */
    uint32_t with_parents;
    int32_t observed, faultless, always, tick_symbol; /* `always`: time passes also where nobody counts it */
    field run; /* what is remembered of it */
    turn *turn;
    uint64_t nothing[WORDS]; /* as no configuration is */
    uint64_t nameless[WORDS]; /* the bits that stay as they are under other names */
    int32_t turns;
    map letters, follows;
    uint32_t *follow; /* how many memories, then these */
    uint64_t follow_size, follow_room, wrong;
    block blocks[BLOCKS];
    int32_t blocks_used, last_block;
    uint64_t rows_wanted[2 * BLOCKS]; /* all that blocks came to: the first of them, and what further ones will need */
    uint32_t rows_wanted_many;
    worker worker[MOST_WORKERS];
    struct crew *crew;
    struct graph *graph;
    struct leaving *leaving;
    struct fairness *fairness;
} engine;
