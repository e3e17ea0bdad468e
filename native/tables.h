/* Sets of hashes, and literals found by four of their characters, or all if they have fewer. */
#ifndef SCRUBBER_TABLES_H
#define SCRUBBER_TABLES_H

#include "text.h"

typedef struct {
    uint32_t *slots; /* 0 is empty */
    size_t mask;
} HashSet;

#define SEED 0xcbf29ce484222325u
INLINE uint64_t step(uint64_t h, Py_UCS4 c) { return (h ^ c) * 0x9E3779B97F4A7C15u; }
INLINE uint64_t closed(uint64_t h) { return (h ^ h >> 32) | 1; }

static int set_room(HashSet *set, size_t count) {
    size_t size = 64;
    while (2 * size < 3 * count) size *= 2;
    set->slots = PyMem_Calloc(size, sizeof *set->slots);
    set->mask = size - 1;
    return set->slots ? 0 : (PyErr_NoMemory(), -1);
}

static void set_add(HashSet *set, uint64_t h) {
    size_t at = h >> 40 & set->mask;
    while (set->slots[at] && set->slots[at] != (uint32_t)h) at = (at + 1) & set->mask;
    set->slots[at] = (uint32_t)h;
}

INLINE int set_has(const HashSet *set, uint64_t h) {
    for (size_t at = h >> 40 & set->mask; set->slots[at]; at = (at + 1) & set->mask)
        if (set->slots[at] == (uint32_t)h) return 1;
    return 0;
}

/* A hash of the key without all that writing a number may bring along: keys that differ in numbers only share it. */
INLINE int of_number(Py_UCS4 c) {
    switch (c) {
    case ' ':
    case '.':
    case ',':
    case '{':
    case '}':
    case 'n':
    case 'k':
    case 'm':
    case 'b':
    case 'i':
    case 'l':
    case 'o':
    case 0x442:
    case 0x44b:
    case 0x441:
    case 0x43c:
    case 0x43b:
    case 0x43d: /* тыс млн */
    case 0x4e07:
    case 0x5343:
    case 0x5104:
    case 0x4ebf: /* 万 千 億 亿 */ return 1;
    }
    return Py_UNICODE_ISDECIMAL(c);
}

static uint64_t hash_without_numbers(const Py_UCS4 *key, Py_ssize_t n) {
    uint64_t h = SEED;
    for (Py_ssize_t i = 0; i < n; i++)
        if (!of_number(key[i])) h = step(h, key[i]);
    return closed(h);
}

INLINE uint64_t hash_of(const Py_UCS4 *key, Py_ssize_t n) {
    uint64_t h = SEED;
    for (Py_ssize_t i = 0; i < n; i++) h = step(h, key[i]);
    return closed(h);
}

/* A hash of a whole key that looks at no more than its ends: whoever wants to be sure looks the key up. */
INLINE uint64_t hash_of_key(const Py_UCS4 *key, Py_ssize_t n) {
    if (n <= 24) return hash_of(key, n);
    uint64_t head = SEED + (uint64_t)n, tail = SEED;
    for (Py_ssize_t i = 0; i < 12; i++) {
        head = step(head, key[i]);
        tail = step(tail, key[n - 12 + i]);
    }
    return closed(head ^ tail << 1);
}

typedef struct {
    const Py_UCS4 *text;
    Py_ssize_t size, most; /* most: how long a line may be for it to count */
    Py_ssize_t place;      /* where in it the gram ends, last character included */
    uint32_t gram;
    int32_t next; /* another literal with a gram of this slot, or -1 */
    int32_t number;
} Literal;

enum { SLOTS = 4096, BITS = 16 };

typedef struct { /* the literals of one size of gram */
    uint8_t bits[(1 << BITS) / 8];
    int32_t first[SLOTS];
} Grams;

typedef struct {
    Grams by[4];                  /* grams of one character, of two, three and four */
    uint8_t pairs[(1 << 16) / 8]; /* which two characters end a gram of two or of one */
    Py_ssize_t short_most;        /* the longest line any with fewer than four characters counts for */
    Literal *rows;
    Py_ssize_t count;
} Literals;

enum { FOUR = 3 }; /* where the grams of four are */

INLINE uint32_t reduced(Py_UCS4 c) { return (c ^ c >> 8) & 0xFF; }
INLINE uint32_t mixed(uint32_t gram) { return (gram * 0x9E3779B1u) >> (32 - BITS); }

/* How common a character is in text, roughly: the rarer, the better a gram tells. */
static int commonness(Py_UCS4 c) {
    static const char order[] = " etaoinsrhldcumfpgwybv";
    const char *found = c && c < 128 ? strchr(order, (int)c) : NULL;
    return found ? (int)(sizeof order - (size_t)(found - order)) : 1;
}

static void literal_gram(Literal *row, int which) {
    int size = which + 1, least = 0;
    for (Py_ssize_t end = size - 1; end < row->size; end++) {
        int sum = 0;
        uint32_t gram = 0;
        for (int k = size - 1; k >= 0; k--) {
            sum += commonness(row->text[end - k]);
            gram = gram << 8 | reduced(row->text[end - k]);
        }
        if (end == size - 1 || sum < least) {
            least = sum;
            row->place = end;
            row->gram = gram;
        }
    }
}

static void literals_add(Literals *set, const Py_UCS4 *text, Py_ssize_t size, Py_ssize_t most, Py_ssize_t number) {
    Literal *row = &set->rows[set->count];
    int which = size > FOUR ? FOUR : (int)size - 1;
    Grams *grams = &set->by[which];
    *row = (Literal){.text = text, .size = size, .most = most, .number = (int32_t)number};
    literal_gram(row, which);
    uint32_t h = mixed(row->gram);
    grams->bits[h >> 3] |= (uint8_t)(1 << (h & 7));
    if (which < FOUR && most > set->short_most) set->short_most = most;
    if (which == 1) set->pairs[row->gram >> 3] |= (uint8_t)(1 << (row->gram & 7));
    for (uint32_t before = 0; which == 0 && before < 256; before++) {
        uint32_t pair = before << 8 | row->gram;
        set->pairs[pair >> 3] |= (uint8_t)(1 << (pair & 7));
    }
    row->next = grams->first[h & (SLOTS - 1)];
    grams->first[h & (SLOTS - 1)] = (int32_t)set->count++;
}

static int literals_room(Literals *set, Py_ssize_t count) {
    for (int k = 0; k <= FOUR; k++)
        for (int i = 0; i < SLOTS; i++) set->by[k].first[i] = -1;
    set->rows = PyMem_Calloc((size_t)count + 1, sizeof *set->rows);
    return set->rows ? 0 : (PyErr_NoMemory(), -1);
}

/* Report those literals of a slot that end a gram at `at` and lie within data[from:to], which counts `width` long. */
INLINE int literals_at(const Literals *set, int which, uint32_t gram, int kind, const void *data, Py_ssize_t from,
                       Py_ssize_t to, Py_ssize_t at, Py_ssize_t width, Py_ssize_t line, PyObject *hits) {
    for (int32_t i = set->by[which].first[mixed(gram) & (SLOTS - 1)]; i >= 0; i = set->rows[i].next) {
        const Literal *row = &set->rows[i];
        Py_ssize_t start = at - row->place;
        if (row->gram != gram || width > row->most || start < from || start + row->size > to) continue;
        Py_ssize_t k = 0;
        while (k < row->size && PyUnicode_READ(kind, data, start + k) == row->text[k]) k++;
        if (k == row->size && append(hits, Py_BuildValue("ni", line, (int)row->number)) < 0) return -1;
    }
    return 0;
}

INLINE int bit(const uint8_t *bits, uint32_t at) { return bits[at >> 3] >> (at & 7) & 1; }

static int literals_found(const Literals *set, uint32_t gram, int kind, const void *data, Py_ssize_t from, Py_ssize_t to,
                          Py_ssize_t at, Py_ssize_t width, Py_ssize_t line, PyObject *hits) {
    for (int which = 0; which <= FOUR; which++) {
        uint32_t part = gram & (0xFFFFFFFFu >> 8 * (FOUR - which));
        if (bit(set->by[which].bits, mixed(part)))
            if (literals_at(set, which, part, kind, data, from, to, at, width, line, hits) < 0) return -1;
    }
    return 0;
}

INLINE int literals_in(const Literals *set, int kind, const void *data, Py_ssize_t from, Py_ssize_t to, Py_ssize_t width,
                       Py_ssize_t line, PyObject *hits) {
    const uint8_t *four = set->by[FOUR].bits, *three = set->by[2].bits, *two = set->pairs;
    const int short_ones = width <= set->short_most;
    uint32_t gram = 0;
    for (Py_ssize_t i = from; i < to; i++) {
        gram = gram << 8 | reduced(PyUnicode_READ(kind, data, i));
        int hit = bit(four, mixed(gram));
        if (short_ones) hit |= bit(three, mixed(gram & 0xFFFFFF)) | bit(two, gram & 0xFFFF);
        if (hit && literals_found(set, gram, kind, data, from, to, i, width, line, hits) < 0) return -1;
    }
    return 0;
}

#endif
