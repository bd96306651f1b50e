/* The engine with hashes that tell little apart: what else is looked at has to. */

#include "words.h"

#define hashed(words) (hashed(words) >> 62 << 62)

#include "engine.c"
