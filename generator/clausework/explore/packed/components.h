/* Strongly connected parts of the kept steps (Tarjan, SIAM Journal on Computing 1, 1972; with one number for each
   configuration: Pearce, Information Processing Letters 116, 2016), a part after all that it leads to.

   `rank`: 0 as long as a configuration wasn't come to, then the least place on the way here that is known to be reached
   from it, at last LEFT and what its part is. */

#pragma once

#include "graph.h"

static const uint32_t LEFT = 1u << 31, INSIDE = UINT32_MAX - 1, AGAIN = UINT32_MAX;

/* A configuration on the way here; `edge`: the next of its steps, and whether an earlier place is reached from it. */
typedef struct { uint32_t node, edge; uint64_t mask; } frame;

typedef struct components {
    uint32_t *rank, *stack;
    frame *way;
    uint64_t depth, deepest, stacked, highest, root, placed, frame_room;
    int by_itself, failed;                               /* only steps that nobody outside takes, and that needn't recur */
    void (*judge)(engine *, struct components *, uint32_t *part, uint64_t many, uint64_t mask);
    uint64_t (*changes)(const engine *, uint64_t from, uint64_t to); /* what a step changes, in bits; or NULL */
    uint64_t all;                                        /* all bits */
    uint64_t *masks, mask_count, mask_room;              /* what parts reach, each once; LEFT + its place is a rank */
} components;

static int components_begun(engine *e, components *c, int by_itself)
{
    c->by_itself = by_itself;
    c->rank = calloc(e->count + 1, sizeof *c->rank);
    c->stack = malloc((e->next + 1) * sizeof *c->stack);
    return c->rank && c->stack;
}

static void components_dropped(components *c)
{
    free(c->rank); free(c->stack); free(c->way); free(c->masks);
    memset(c, 0, sizeof *c);
}

static uint64_t components_bytes(const engine *e, const components *c)
{
    return e->count * sizeof *c->rank + c->highest * sizeof *c->stack + c->deepest * sizeof *c->way;
}

/* -- what is reached, in bits */

static uint32_t rank_of(components *c, uint64_t mask)
{
    for (uint64_t k = 0; k < c->mask_count; k++)
        if (c->masks[k] == mask)
            return LEFT + (uint32_t)k;
    if (!roomier((void **)&c->masks, &c->mask_room, c->mask_count + 1, sizeof *c->masks, 0)) {
        c->failed = 1;
        return LEFT;
    }
    c->masks[c->mask_count] = mask;
    return LEFT + (uint32_t)c->mask_count++;
}

static inline void reaches(const engine *e, const components *c, frame *f, uint32_t target, uint64_t beyond)
{
    if (!c->changes)
        return;
    f->mask |= beyond;
    if (f->mask != c->all)
        f->mask |= c->changes(e, f->node, target);
}

/* -- the way */

static void enter_node(const engine *e, components *c, uint32_t node)
{
    if (!roomier((void **)&c->way, &c->frame_room, c->depth + 1, sizeof *c->way, 0)) {
        c->failed = 1;
        return;
    }
    c->rank[node] = (uint32_t)++c->placed;
    c->way[c->depth++] = (frame){node, 0, c->changes && e->graph->at[node] & BEYOND ? c->all : 0};
    c->deepest = c->depth > c->deepest ? c->depth : c->deepest;
}

/* The last of the way is done with: the root of a part, or of that of one before. */
static void leave_node(engine *e, components *c)
{
    frame f = c->way[--c->depth];
    uint32_t *rank = c->rank;
    uint64_t first = c->stacked;
    c->stack[c->stacked++] = f.node;
    c->highest = c->stacked > c->highest ? c->stacked : c->highest;
    if (!(f.edge & NOT_BY_ITSELF)) {
        while (first && rank[c->stack[first - 1]] >= rank[f.node])
            first--;
        c->judge(e, c, c->stack + first, c->stacked - first, f.mask);
        c->stacked = first;
    }
    if (!c->depth)
        return;
    frame *before = c->way + c->depth - 1;
    if (rank[f.node] < rank[before->node]) {
        rank[before->node] = rank[f.node];
        before->edge |= NOT_BY_ITSELF;
    }
    reaches(e, c, before, f.node, f.mask);
}

/* A step further on the way, or back. */
static void walk(engine *e, components *c)
{
    const graph *g = e->graph;
    frame *f = c->way + c->depth - 1;
    uint64_t place = begin_of(g, f->node) + (f->edge & ~NOT_BY_ITSELF);
    if (place == begin_of(g, f->node + 1)) {
        leave_node(e, c);
        return;
    }
    f->edge++;
    uint32_t target = g->targets[place] & ~NOT_BY_ITSELF, rank = c->rank[target];
    if (c->by_itself && g->targets[place] & NOT_BY_ITSELF)
        return;
    if (!rank)
        enter_node(e, c, target);
    else if (rank >= LEFT)
        reaches(e, c, f, target, c->changes ? c->masks[rank - LEFT] : 0);
    else {
        if (rank < c->rank[f->node]) {
            c->rank[f->node] = rank;
            f->edge |= NOT_BY_ITSELF;
        }
        reaches(e, c, f, target, 0);
    }
}

/* Some steps of the way through all that wasn't come to. */
static int components_run(engine *e, components *c, uint64_t slice)
{
    for (uint64_t k = 0; k < slice && !c->failed; k++) {
        while (!c->depth && c->root < e->next && c->rank[c->root])
            c->root++;
        if (!c->depth && c->root == e->next)
            return DONE;
        if (!c->depth)
            enter_node(e, c, (uint32_t)c->root);
        else
            walk(e, c);
    }
    return c->failed ? NO_MEMORY : SLICE;
}
