/* The loops over every character of a text, compiled: folding lines to keys and looking them up; and those over the trees
 * of a model.
 *
 * Everything here has a twin in Python (fold.py, matchers/scan.py, structure/forest.py), which runs where this was not built and says what is
 * right; the tests hold the two to the same answers. Facts (which characters fold to what) come from there by `configure`.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

#define LONGEST_KEY 1024 /* no caller's limit of a key may be above it */
#define BMP 0x10000
#define INLINE static inline __attribute__((always_inline))

/* A call of `function`, compiled once for each width of characters. */
#define BY_KIND(kind, function, ...)                                                \
    ((kind) == PyUnicode_1BYTE_KIND   ? function(PyUnicode_1BYTE_KIND, __VA_ARGS__) \
     : (kind) == PyUnicode_2BYTE_KIND ? function(PyUnicode_2BYTE_KIND, __VA_ARGS__) \
                                      : function(PyUnicode_4BYTE_KIND, __VA_ARGS__))

/* ---- what folding does to a character ---------------------------------------------------------------------------- */

static uint8_t edge_bits[BMP / 8];   /* characters stripped off both ends of a key */
static uint16_t folded_as[BMP];      /* its lower case, folded; one of the marks below where that is not one character */
static int folding_ready = 0;
static PyObject *characters = NULL;  /* dict of a character to the text it folds to */
static Py_ssize_t longest = 0, longest_numeric = 0;

enum { GONE = 0xFFFF, DOTS = 0xFFFE, UNSURE = 0xFFFD }; /* non-characters and a mark; all three are looked at apart */

INLINE int is_edge(Py_UCS4 c) { return c < BMP && (edge_bits[c >> 3] >> (c & 7) & 1); }

static PyObject *configure(PyObject *self, PyObject *args) {
    PyObject *edge, *map;
    if (!PyArg_ParseTuple(args, "UO!nn", &edge, &PyDict_Type, &map, &longest, &longest_numeric)) return NULL;
    if (longest > LONGEST_KEY) return PyErr_Format(PyExc_ValueError, "no key may be longer than %d", LONGEST_KEY);
    memset(edge_bits, 0, sizeof edge_bits);
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(edge); i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(edge, i);
        if (c < BMP) edge_bits[c >> 3] |= (uint8_t)(1 << (c & 7));
    }
    Py_XSETREF(characters, Py_NewRef(map));
    folding_ready = 0;
    Py_RETURN_NONE;
}

/* Fill the table; 0, or -1 with an exception set. */
static int prepare_folding(void) {
    for (Py_UCS4 c = 0; c < BMP; c++) {
        Py_UCS4 low = Py_UNICODE_TOLOWER(c);
        folded_as[c] = low < UNSURE ? (uint16_t)low : UNSURE;
        if (c >= UNSURE) folded_as[c] = UNSURE;
        if (c >= 128 && low < 128) folded_as[c] = UNSURE; /* a text may turn into ASCII, which folds less */
    }
    folded_as[0x130] = folded_as[0x3A3] = UNSURE; /* two characters; depends on what follows */
    PyObject *key, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(characters, &at, &key, &value)) {
        if (!PyUnicode_Check(key) || !PyUnicode_Check(value) || PyUnicode_GET_LENGTH(key) != 1) goto wrong;
        Py_UCS4 c = PyUnicode_READ_CHAR(key, 0);
        Py_ssize_t n = PyUnicode_GET_LENGTH(value);
        if (c >= BMP) goto wrong;
        if (n == 0) folded_as[c] = GONE;
        else if (n == 1 && PyUnicode_READ_CHAR(value, 0) < UNSURE) folded_as[c] = (uint16_t)PyUnicode_READ_CHAR(value, 0);
        else if (n == 3 && PyUnicode_CompareWithASCIIString(value, "...") == 0) folded_as[c] = DOTS;
        else goto wrong;
    }
    folding_ready = 1;
    return 0;
wrong:
    PyErr_SetString(PyExc_ValueError, "a character folds to none, one or three dots");
    return -1;
}

/* Fold `n` characters into `out`; how many came out, or -1 where Python must say. */
INLINE Py_ssize_t fold_into(int kind, const void *data, Py_ssize_t n, Py_UCS2 *out) {
    Py_ssize_t at = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (kind == PyUnicode_4BYTE_KIND && c >= BMP) return -1;
        uint16_t f = folded_as[c];
        if (c == ']' && i + 1 < n && PyUnicode_READ(kind, data, i + 1) == '(') return -1; /* a link, of which the words stay */
        if (f < UNSURE) out[at++] = f;
        else if (f == DOTS) { out[at] = out[at + 1] = out[at + 2] = '.'; at += 3; }
        else if (f == UNSURE) return -1;
    }
    return at;
}

static PyObject *fold_text(PyObject *self, PyObject *text) {
    if (!PyUnicode_Check(text)) return PyErr_Format(PyExc_TypeError, "a text is a str");
    if (PyUnicode_READY(text) < 0) return NULL;
    Py_ssize_t n = PyUnicode_GET_LENGTH(text);
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    if (PyUnicode_IS_ASCII(text)) {
        const uint8_t *from = data;
        for (const uint8_t *end = from + n, *at = from; (at = memchr(at, ']', (size_t)(end - at))) && at + 1 < end; at++)
            if (at[1] == '(') Py_RETURN_NONE;
        PyObject *out = PyUnicode_New(n, 127);
        if (!out) return NULL;
        uint8_t *to = PyUnicode_DATA(out);
        for (Py_ssize_t i = 0; i < n; i++) to[i] = from[i] + ((uint8_t)(from[i] - 'A') < 26 ? 32 : 0);
        return out;
    }
    if (!folding_ready && prepare_folding() < 0) return NULL;
    Py_UCS2 *buffer = PyMem_Malloc((size_t)(3 * n + 3) * sizeof(Py_UCS2));
    if (!buffer) return PyErr_NoMemory();
    Py_ssize_t size = BY_KIND(kind, fold_into, data, n, buffer);
    PyObject *out = size < 0 ? Py_NewRef(Py_None) : PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, buffer, size);
    PyMem_Free(buffer);
    return out;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

INLINE Py_ssize_t strip(Py_UCS4 *key, Py_ssize_t n) {
    Py_ssize_t first = 0;
    while (n > 0 && is_edge(key[n - 1])) n--;
    while (first < n && is_edge(key[first])) first++;
    if (first) memmove(key, key + first, (size_t)(n - first) * sizeof *key);
    return n - first;
}

/* Drop every pair of `mark`, from left to right. */
static Py_ssize_t without_pairs(Py_UCS4 *key, Py_ssize_t n, Py_UCS4 mark) {
    Py_ssize_t at = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (key[i] == mark && i + 1 < n && key[i + 1] == mark) i++;
        else key[at++] = key[i];
    }
    return at;
}

static Py_ssize_t single_spaces(Py_UCS4 *key, Py_ssize_t n) {
    Py_ssize_t at = 0;
    int word = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (Py_UNICODE_ISSPACE(key[i])) { word = 0; continue; }
        if (!word && at) key[at++] = ' ';
        word = 1;
        key[at++] = key[i];
    }
    return at;
}

static Py_ssize_t without_opened(Py_UCS4 *key, Py_ssize_t n) {
    Py_ssize_t opened = 0, closed = 0, at = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        opened += key[i] == '[';
        closed += key[i] == ']';
        if (key[i] == '!' && i + 1 < n && key[i + 1] == '[') return n; /* an image */
    }
    if (opened <= closed) return n;
    for (Py_ssize_t i = 0; i < n; i++)
        if (key[i] != '[') key[at++] = key[i];
    return at;
}

/* Return where a list mark such as "12. " ends, or 0. */
static Py_ssize_t list_mark(const Py_UCS4 *key, Py_ssize_t n) {
    Py_ssize_t i = 0;
    while (i < n && i < 3 && Py_UNICODE_ISDECIMAL(key[i])) i++;
    if (!i || i >= n || (key[i] != '.' && key[i] != ')')) return 0;
    Py_ssize_t end = ++i;
    while (end < n && Py_UNICODE_ISSPACE(key[end])) end++;
    return end > i ? end : 0;
}

/* Write the key of the folded line data[from:to], which is no longer than `longest`, and return its length. */
INLINE Py_ssize_t fold_line_into(int kind, const void *data, Py_ssize_t from, Py_ssize_t to, Py_UCS4 *key) {
    while (to > from && is_edge(PyUnicode_READ(kind, data, to - 1))) to--;
    while (from < to && is_edge(PyUnicode_READ(kind, data, from))) from++;
    Py_ssize_t n = to - from;
    int tabs = 0, opened = 0, stars = 0, lows = 0;
    Py_UCS4 last = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = key[i] = PyUnicode_READ(kind, data, from + i);
        tabs |= (c == '\t') | ((c == ' ') & (last == ' '));
        opened |= c == '[';
        stars |= (c == '*') & (last == '*');
        lows |= (c == '_') & (last == '_');
        last = c;
    }
    if (tabs) n = single_spaces(key, n);
    if (opened) {
        n = without_opened(key, n);
        stars = 1; /* what stood apart may be a pair now */
    }
    if (stars | lows) {
        n = without_pairs(key, n, '*');
        n = without_pairs(key, n, '_');
    }
    if (n && Py_UNICODE_ISDIGIT(key[0])) {
        Py_ssize_t end = list_mark(key, n);
        if (end) {
            memmove(key, key + end, (size_t)(n - end) * sizeof *key);
            n = strip(key, n - end);
        }
    }
    return n;
}

INLINE Py_ssize_t line_end(int kind, const void *data, Py_ssize_t at, Py_ssize_t n) {
    if (kind == PyUnicode_1BYTE_KIND) {
        const char *found = memchr((const char *)data + at, '\n', (size_t)(n - at));
        return found ? found - (const char *)data : n;
    }
    while (at < n && PyUnicode_READ(kind, data, at) != '\n') at++;
    return at;
}

/* A str of what is nearly always ASCII. */
static PyObject *as_text(const Py_UCS4 *key, Py_ssize_t n) {
    Py_UCS4 all = 0;
    for (Py_ssize_t i = 0; i < n; i++) all |= key[i];
    if (all >= 128) return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, key, n);
    PyObject *out = PyUnicode_New(n, 127);
    if (!out) return NULL;
    uint8_t *to = PyUnicode_DATA(out);
    for (Py_ssize_t i = 0; i < n; i++) to[i] = (uint8_t)key[i];
    return out;
}

static int append(PyObject *list, PyObject *item) { /* takes over the reference to `item` */
    if (!item) return -1;
    int wrong = PyList_Append(list, item);
    Py_DECREF(item);
    return wrong;
}

INLINE int keys_into(int kind, const void *data, Py_ssize_t n, PyObject *out) {
    Py_UCS4 key[LONGEST_KEY];
    for (Py_ssize_t at = 0; at <= n;) {
        Py_ssize_t end = line_end(kind, data, at, n);
        Py_ssize_t size = end - at <= longest ? fold_line_into(kind, data, at, end, key) : 0;
        if (append(out, as_text(key, size)) < 0) return -1;
        at = end + 1;
    }
    return 0;
}

static PyObject *fold_lines(PyObject *self, PyObject *folded) {
    if (!PyUnicode_Check(folded)) return PyErr_Format(PyExc_TypeError, "a text is a str");
    PyObject *out = PyList_New(0);
    if (!out) return NULL;
    Py_ssize_t n = PyUnicode_GET_LENGTH(folded);
    const void *data = PyUnicode_DATA(folded);
    int kind = PyUnicode_KIND(folded);
    int wrong = BY_KIND(kind, keys_into, data, n, out);
    if (wrong) Py_CLEAR(out);
    return out;
}

/* ---- sets of hashes ---------------------------------------------------------------------------------------------- */

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
    case ' ': case '.': case ',': case '{': case '}': case 'n': case 'k': case 'm': case 'b': case 'i': case 'l': case 'o':
    case 0x442: case 0x44b: case 0x441: case 0x43c: case 0x43b: case 0x43d: /* тыс млн */
    case 0x4e07: case 0x5343: case 0x5104: case 0x4ebf:                   /* 万 千 億 亿 */
        return 1;
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

/* ---- literals: found by four of their characters, or all if they have fewer --------------------------------------- */

typedef struct {
    const Py_UCS4 *text;
    Py_ssize_t size, most; /* most: how long a line may be for it to count */
    Py_ssize_t place;      /* where in it the gram ends, last character included */
    uint32_t gram;
    int32_t next;          /* another literal with a gram of this slot, or -1 */
    int32_t number;
} Literal;

enum { SLOTS = 4096, BITS = 16 };

typedef struct { /* the literals of one size of gram */
    uint8_t bits[(1 << BITS) / 8];
    int32_t first[SLOTS];
} Grams;

typedef struct {
    Grams by[4];       /* grams of one character, of two, three and four */
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

/* ---- the sieve --------------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    HashSet exact, heads, tails, numbered;
    Literals narrow, wide; /* all literals, for lines that may be phrases; those that longer lines count for as well */
    Py_UCS4 *texts;
} Sieve;

static int copy(PyObject *item, Py_UCS4 *out, Py_ssize_t room, Py_ssize_t *size) {
    if (!PyUnicode_Check(item)) { PyErr_SetString(PyExc_TypeError, "a key is a str"); return -1; }
    *size = PyUnicode_GET_LENGTH(item);
    if (*size > room) { PyErr_SetString(PyExc_ValueError, "a key is too long"); return -1; }
    return PyUnicode_AsUCS4(item, out, room, 0) ? 0 : -1;
}

static int fill(HashSet *set, PyObject *keys, int whole, HashSet *numbered) {
    Py_UCS4 key[LONGEST_KEY];
    Py_ssize_t count = PySequence_Fast_GET_SIZE(keys), size;
    if (set_room(set, (size_t)count) < 0 || (numbered && set_room(numbered, (size_t)count) < 0)) return -1;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *item = PySequence_Fast_GET_ITEM(keys, i);
        if (PyUnicode_Check(item) && PyUnicode_GET_LENGTH(item) > LONGEST_KEY) continue; /* no line is as long */
        if (copy(item, key, LONGEST_KEY, &size) < 0) return -1;
        set_add(set, whole ? hash_of_key(key, size) : hash_of(key, size));
        int hole = 0;
        for (Py_ssize_t k = 0; numbered && k + 2 < size; k++) hole |= key[k] == '{' && key[k + 1] == 'n' && key[k + 2] == '}';
        if (hole) set_add(numbered, hash_without_numbers(key, size));
    }
    return 0;
}

static int take_literals(Sieve *self, PyObject *literals, PyObject *widths) {
    Py_ssize_t count = PySequence_Fast_GET_SIZE(literals), total = 1, size;
    if (PySequence_Fast_GET_SIZE(widths) != count) { PyErr_SetString(PyExc_ValueError, "one width a literal"); return -1; }
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *item = PySequence_Fast_GET_ITEM(literals, i);
        if (!PyUnicode_Check(item) || !PyUnicode_GET_LENGTH(item)) { PyErr_SetString(PyExc_ValueError, "an empty literal"); return -1; }
        total += PyUnicode_GET_LENGTH(item) + 1;
    }
    self->texts = PyMem_Calloc((size_t)total, sizeof *self->texts);
    if (!self->texts) { PyErr_NoMemory(); return -1; }
    if (literals_room(&self->narrow, count) < 0 || literals_room(&self->wide, count) < 0) return -1;
    Py_UCS4 *at = self->texts;
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_ssize_t most = PyLong_AsSsize_t(PySequence_Fast_GET_ITEM(widths, i));
        if (most == -1 && PyErr_Occurred()) return -1;
        if (copy(PySequence_Fast_GET_ITEM(literals, i), at, total - (at - self->texts), &size) < 0) return -1;
        literals_add(&self->narrow, at, size, most, i);
        if (most > longest) literals_add(&self->wide, at, size, most, i);
        at += size;
    }
    return 0;
}

static void sieve_dealloc(Sieve *self) {
    HashSet *sets[] = {&self->exact, &self->heads, &self->tails, &self->numbered};
    for (int i = 0; i < 4; i++) PyMem_Free(sets[i]->slots);
    PyMem_Free(self->narrow.rows);
    PyMem_Free(self->wide.rows);
    PyMem_Free(self->texts);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *sieve_new(PyTypeObject *type, PyObject *args, PyObject *named) {
    PyObject *given[5], *rows[5] = {NULL};
    static char *names[] = {"exact", "heads", "tails", "literals", "widths", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, named, "OOOOO", names, &given[0], &given[1], &given[2], &given[3], &given[4]))
        return NULL;
    Sieve *self = (Sieve *)type->tp_alloc(type, 0);
    int wrong = self == NULL;
    for (int i = 0; i < 5 && !wrong; i++) wrong = (rows[i] = PySequence_Fast(given[i], "lists of str are needed")) == NULL;
    wrong = wrong || fill(&self->exact, rows[0], 1, &self->numbered) < 0 || fill(&self->heads, rows[1], 0, NULL) < 0 ||
            fill(&self->tails, rows[2], 0, NULL) < 0 || take_literals(self, rows[3], rows[4]) < 0;
    for (int i = 0; i < 5; i++) Py_XDECREF(rows[i]);
    if (wrong) Py_CLEAR(self);
    return (PyObject *)self;
}

/* Sizes of the starts and ends that phrases with holes are filed under: the longest of these that fits. */
static const Py_ssize_t sizes[] = {2, 3, 4, 6, 8, 12, 16, 0};

/* Whether a rule may know the key: it is a phrase, or starts or ends as one with holes does. */
INLINE int likely(const Sieve *self, const Py_UCS4 *key, Py_ssize_t n) {
    uint64_t h = SEED;
    Py_ssize_t i = 0;
    for (const Py_ssize_t *size = sizes; *size && *size <= n; size++) {
        for (; i < *size; i++) h = step(h, key[i]);
        if (set_has(&self->heads, closed(h))) return 1;
    }
    h = SEED;
    i = 0;
    for (const Py_ssize_t *size = sizes; *size && *size <= n; size++) { /* ends are filed back to front */
        for (; i < *size; i++) h = step(h, key[n - 1 - i]);
        if (set_has(&self->tails, closed(h))) return 1;
    }
    return set_has(&self->exact, hash_of_key(key, n));
}

static int add_key(PyObject *list, Py_ssize_t line, const Py_UCS4 *key, Py_ssize_t n) {
    return append(list, Py_BuildValue("nN", line, as_text(key, n)));
}

INLINE int digits_in(const Py_UCS4 *key, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++)
        if (key[i] < 128 ? (uint32_t)(key[i] - '0') < 10 : Py_UNICODE_ISDECIMAL(key[i])) return 1;
    return 0;
}

INLINE int sift_into(int kind, const Sieve *self, const void *data, Py_ssize_t n, PyObject **out) {
    Py_UCS4 key[LONGEST_KEY];
    Py_ssize_t line = 0;
    for (Py_ssize_t at = 0; at <= n; line++) {
        Py_ssize_t end = line_end(kind, data, at, n), width = end - at;
        if (width <= longest) {
            Py_ssize_t size = fold_line_into(kind, data, at, end, key);
            if (size) {
                if (likely(self, key, size) && add_key(out[0], line, key, size) < 0) return -1;
                if (size <= longest_numeric && digits_in(key, size)) {
                    if (add_key(out[1], line, key, size) < 0) return -1;
                    if (set_has(&self->numbered, hash_without_numbers(key, size)) &&
                        append(out[2], PyLong_FromSsize_t(line)) < 0)
                        return -1;
                }
            }
            if (self->narrow.count && width &&
                literals_in(&self->narrow, kind, data, at, end, size ? size : width, line, out[3]) < 0)
                return -1;
        } else if (self->wide.count && literals_in(&self->wide, kind, data, at, end, width, line, out[3]) < 0)
            return -1;
        at = end + 1;
    }
    return 0;
}

static PyObject *sieve_sift(Sieve *self, PyObject *folded) {
    if (!PyUnicode_Check(folded)) return PyErr_Format(PyExc_TypeError, "a text is a str");
    PyObject *out[4] = {PyList_New(0), PyList_New(0), PyList_New(0), PyList_New(0)};
    PyObject *result = NULL;
    if (out[0] && out[1] && out[2] && out[3]) {
        Py_ssize_t n = PyUnicode_GET_LENGTH(folded);
        const void *data = PyUnicode_DATA(folded);
        int kind = PyUnicode_KIND(folded);
        int wrong = BY_KIND(kind, sift_into, self, data, n, out);
        if (!wrong) result = PyTuple_Pack(4, out[0], out[1], out[2], out[3]);
    }
    for (int i = 0; i < 4; i++) Py_XDECREF(out[i]);
    return result;
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

/* White space as str.isspace and str.split have it. */
INLINE int space(Py_UCS4 c) { return c < 128 ? c == ' ' || c - 9 < 5 || c - 28 < 4 : Py_UNICODE_ISSPACE(c); }

enum { PARAGRAPH, HEADING, ITEM, QUOTE, TABLE, CODE, MATTER, OBJECT }; /* the values of model.BlockKind */

typedef struct {
    int kind;
    const void *data;
    Py_ssize_t size, first, last; /* first and last: of the characters that are no white space; last < 0 if there are none */
} Line;

INLINE Py_UCS4 at(const Line *line, Py_ssize_t i) { return i < line->size ? PyUnicode_READ(line->kind, line->data, i) : 0; }

static int read_line(PyObject *item, Line *line) {
    if (!PyUnicode_Check(item)) { PyErr_SetString(PyExc_TypeError, "a line is a str"); return -1; }
    line->kind = PyUnicode_KIND(item);
    line->data = PyUnicode_DATA(item);
    line->size = PyUnicode_GET_LENGTH(item);
    line->first = 0;
    line->last = line->size - 1;
    while (line->first < line->size && space(at(line, line->first))) line->first++;
    while (line->last >= line->first && space(at(line, line->last))) line->last--;
    if (line->last < line->first) line->last = -1;
    return 0;
}

enum { BAR = 1, EQUALS = 2, COLON = 4, FENCE = 8 }; /* what a line holds: | = ": ``` or ~~~ */

INLINE int marks_of(int kind, const void *data, Py_ssize_t size) {
    int found = 0;
    Py_UCS4 last = 0, one_before = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c == '|') found |= BAR;
        else if (c == '=') found |= EQUALS;
        else if (c == ':' && last == '"') found |= COLON;
        else if ((c == '`' || c == '~') && c == last && c == one_before) found |= FENCE;
        one_before = last;
        last = c;
    }
    return found;
}

static int marks(const Line *line) {
    return BY_KIND(line->kind, marks_of, line->data, line->size);
}

static int is_heading(const Line *line) {
    Py_ssize_t i = line->first;
    while (at(line, i) == '#') i++;
    return line->first <= 3 && i - line->first <= 6 && (i == line->size || space(at(line, i)));
}

static int is_item(const Line *line) {
    Py_ssize_t i = line->first;
    Py_UCS4 c = at(line, i);
    switch (c) {
    case '-': case '*': case '+': case 0x2022: case 0xB7: case 0x25AA: case 0x25CF: case 0x25E6: case 0x2023: i++; break;
    default:
        while (i < line->first + 3 && Py_UNICODE_ISDECIMAL(at(line, i))) i++;
        if (i == line->first || (at(line, i) != '.' && at(line, i) != ')')) return 0;
        i++;
    }
    return i < line->size && space(at(line, i));
}

/* Whether a line underlines the one before: === or --. */
static int is_underline(const Line *line) {
    Py_UCS4 c = at(line, line->first);
    if ((c != '=' && c != '-') || line->first > 3 || (c == '-' && line->last == line->first)) return 0;
    for (Py_ssize_t i = line->first; i <= line->last; i++)
        if (at(line, i) != c) return 0;
    return 1;
}

static int is_object(const Line *line) {
    Py_ssize_t i = line->first + (at(line, line->first) == '[');
    return at(line, i) == '!' && i < line->last && at(line, i + 1) == '[' && at(line, line->last) == ')';
}

static int asked(PyObject *question, PyObject *line) {
    PyObject *answer = PyObject_CallOneArg(question, line);
    int yes = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    return yes;
}

/* What kind of block a line is that is not blank, or -1 with an exception. */
static int kind_of(const Line *line, PyObject *item, int found, PyObject *is_row) {
    Py_UCS4 c = at(line, line->first);
    if (c == '#' && is_heading(line)) return HEADING;
    if (c == '>' && line->first <= 3) return QUOTE;
    if (found & BAR) {
        int row = asked(is_row, item);
        if (row) return row < 0 ? -1 : TABLE;
    }
    if (!Py_UNICODE_ISALPHA(c) && is_item(line)) return ITEM;
    return is_object(line) ? OBJECT : PARAGRAPH;
}

static PyObject *kinds(PyObject *self, PyObject *args) {
    PyObject *lines, *names, *is_assignment, *is_row;
    Py_ssize_t from;
    int markdown;
    if (!PyArg_ParseTuple(args, "O!npO!OO", &PyList_Type, &lines, &from, &markdown, &PyTuple_Type, &names, &is_assignment, &is_row))
        return NULL;
    if (PyTuple_GET_SIZE(names) <= OBJECT) return PyErr_Format(PyExc_ValueError, "a name for every kind");
    Py_ssize_t count = PyList_GET_SIZE(lines);
    uint8_t *out = PyMem_Calloc((size_t)count + 1, 1), *blank = out ? PyMem_Calloc((size_t)count + 1, 1) : NULL;
    if (!blank) { PyMem_Free(out); return PyErr_NoMemory(); }
    int blank_before = 1, in_list = 0, wrong = 0, fenced = 0;
    for (Py_ssize_t i = 0; i < from && i < count; i++) {
        Line line;
        wrong |= read_line(PyList_GET_ITEM(lines, i), &line) < 0;
        out[i] = MATTER;
        blank[i] = line.last < 0;
    }
    for (Py_ssize_t i = from; i < count && !wrong && !fenced; i++) {
        PyObject *item = PyList_GET_ITEM(lines, i);
        Line line;
        if ((wrong = read_line(item, &line) < 0)) break;
        if ((blank[i] = line.last < 0)) { blank_before = 1; continue; }
        int found = marks(&line);
        if ((fenced = found & FENCE)) break;
        if (found & (EQUALS | COLON)) {
            int code = asked(is_assignment, item);
            if ((wrong = code < 0)) break;
            if (code) { out[i] = CODE; blank_before = 0; continue; }
        }
        if (!line.first && Py_UNICODE_ISALPHA(at(&line, 0)) && !(found & BAR)) { blank_before = in_list = 0; continue; }
        int kind = kind_of(&line, item, found, is_row);
        if ((wrong = kind < 0)) break;
        if (kind == ITEM) in_list = 1;
        else if (!line.first) in_list = 0;
        int indented = at(&line, 0) == '\t';
        if (!indented && line.size >= 4) indented = at(&line, 0) == ' ' && at(&line, 1) == ' ' && at(&line, 2) == ' ' && at(&line, 3) == ' ';
        if (markdown && indented && !in_list && kind != QUOTE && (blank_before || out[i - 1] == CODE)) kind = CODE;
        if (i && is_underline(&line) && !blank[i - 1] && out[i - 1] == PARAGRAPH) out[i - 1] = (uint8_t)(kind = HEADING);
        out[i] = (uint8_t)kind;
        blank_before = 0;
    }
    PyObject *result = wrong ? NULL : fenced ? Py_NewRef(Py_None) : PyList_New(count);
    for (Py_ssize_t i = 0; result && !fenced && i < count; i++)
        PyList_SET_ITEM(result, i, Py_NewRef(PyTuple_GET_ITEM(names, out[i])));
    PyMem_Free(out);
    PyMem_Free(blank);
    return result;
}

/* Whether a character is of a script that has no spaces between words: Thai, kana, Chinese (view.py's _WIDE). */
INLINE int is_wide(Py_UCS4 c) {
    return (c >= 0xE00 && c <= 0xE7F) || (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0x4E00 && c <= 0x9FFF);
}

/* How many lines of a text may start with a mark of Markdown: a heading, a fence, a reference, a task, a row of a table. */
INLINE Py_ssize_t marked_of(int kind, const void *data, Py_ssize_t n) {
    Py_ssize_t count = 0;
    for (Py_ssize_t from = 0; from < n;) {
        Py_ssize_t end = line_end(kind, data, from, n);
        Py_UCS4 c = PyUnicode_READ(kind, data, from), next = from + 1 < end ? PyUnicode_READ(kind, data, from + 1) : 0;
        int likely = 0;
        if (c == '#') likely = next == '#' || next == ' ';
        else if (c == '`') likely = next == '`';
        else if (c == '-' || c == '*' || c == '+') likely = next == ' ' && from + 2 < end && PyUnicode_READ(kind, data, from + 2) == '[';
        else if (c == '[' || c == '|' || c == ' ' || c == '\t')
            for (Py_ssize_t i = from; i < end && !likely; i++) {
                Py_UCS4 here = PyUnicode_READ(kind, data, i);
                if (c == '[') likely = here == ']' && i + 1 < end && PyUnicode_READ(kind, data, i + 1) == ':';
                else if ((likely = here == '|') || (here != ' ' && here != '\t')) break;
            }
        count += likely;
        from = end + 1;
    }
    return count;
}

/* Whether a text may hold an address: "://", "www." or "mailto:". */
INLINE int address_in(int kind, const void *data, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c == ':') {
            if (i + 2 < n && PyUnicode_READ(kind, data, i + 1) == '/' && PyUnicode_READ(kind, data, i + 2) == '/') return 1;
            if (i >= 6 && PyUnicode_READ(kind, data, i - 1) == 'o' && PyUnicode_READ(kind, data, i - 2) == 't') return 1;
        } else if (c == '.' && i >= 3 && PyUnicode_READ(kind, data, i - 1) == 'w' && PyUnicode_READ(kind, data, i - 2) == 'w')
            return 1;
    }
    return 0;
}

static PyObject *holds_address(PyObject *self, PyObject *text) {
    if (!PyUnicode_Check(text)) return PyErr_Format(PyExc_TypeError, "a text is a str");
    Py_ssize_t n = PyUnicode_GET_LENGTH(text);
    const void *data = PyUnicode_DATA(text);
    int kind = PyUnicode_KIND(text);
    return PyBool_FromLong(BY_KIND(kind, address_in, data, n));
}

static PyObject *blanks(PyObject *self, PyObject *lines) {
    if (!PyList_Check(lines)) return PyErr_Format(PyExc_TypeError, "lines are a list of str");
    Py_ssize_t count = PyList_GET_SIZE(lines);
    PyObject *out = PyList_New(count);
    for (Py_ssize_t i = 0; out && i < count; i++) {
        Line line;
        if (read_line(PyList_GET_ITEM(lines, i), &line) < 0) Py_CLEAR(out);
        else PyList_SET_ITEM(out, i, Py_NewRef(line.last < 0 ? Py_True : Py_False));
    }
    return out;
}

static PyObject *count_marked(PyObject *self, PyObject *text) {
    if (!PyUnicode_Check(text)) return PyErr_Format(PyExc_TypeError, "a text is a str");
    Py_ssize_t n = PyUnicode_GET_LENGTH(text);
    const void *data = PyUnicode_DATA(text);
    int kind = PyUnicode_KIND(text);
    return PyLong_FromSsize_t(BY_KIND(kind, marked_of, data, n));
}

INLINE Py_ssize_t words_of(int kind, const void *data, Py_ssize_t n, Py_ssize_t most) {
    Py_ssize_t count = 0, wide = 0, i = 0;
    int word = 0;
    for (; i < n; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (space(c)) word = 0;
        else {
            if (!word && ++count > most) break;
            word = 1;
            if (kind != PyUnicode_1BYTE_KIND) wide += is_wide(c);
        }
    }
    if (kind != PyUnicode_1BYTE_KIND)
        for (; i < n; i++) wide += is_wide(PyUnicode_READ(kind, data, i));
    return count + wide / 2;
}

static PyObject *count_words(PyObject *self, PyObject *args) {
    PyObject *text;
    Py_ssize_t most;
    if (!PyArg_ParseTuple(args, "Un:count_words", &text, &most)) return NULL;
    Py_ssize_t n = PyUnicode_GET_LENGTH(text);
    const void *data = PyUnicode_DATA(text);
    int kind = PyUnicode_KIND(text);
    return PyLong_FromSsize_t(BY_KIND(kind, words_of, data, n, most));
}

INLINE Py_ssize_t solid_of(int kind, const void *data, Py_ssize_t n) {
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < n; i++) count += !space(PyUnicode_READ(kind, data, i));
    return count;
}

static PyObject *count_solid(PyObject *self, PyObject *text) {
    if (!PyUnicode_Check(text)) return PyErr_Format(PyExc_TypeError, "a text is a str");
    Py_ssize_t n = PyUnicode_GET_LENGTH(text);
    const void *data = PyUnicode_DATA(text);
    int kind = PyUnicode_KIND(text);
    return PyLong_FromSsize_t(BY_KIND(kind, solid_of, data, n));
}

/* ---- rare characters and space at line ends ----------------------------------------------------------------------- */

INLINE Py_ssize_t rare_of(int kind, const void *data, Py_ssize_t n, Py_UCS4 *out, Py_ssize_t room) {
    static uint8_t seen[BMP / 8];
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < n && count >= 0; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c < 128) continue;
        if (c < BMP) {
            if (seen[c >> 3] >> (c & 7) & 1) continue;
            seen[c >> 3] |= (uint8_t)(1 << (c & 7));
        } else {
            Py_ssize_t k = 0;
            while (k < count && out[k] != c) k++;
            if (k < count) continue;
        }
        if (count == room) { count = -1 - count; break; }
        out[count++] = c;
    }
    for (Py_ssize_t k = 0; k < (count < 0 ? -1 - count : count); k++)
        if (out[k] < BMP) seen[out[k] >> 3] = 0;
    return count;
}

static PyObject *rare_characters(PyObject *self, PyObject *text) {
    if (!PyUnicode_Check(text)) return PyErr_Format(PyExc_TypeError, "a text is a str");
    Py_UCS4 out[512];
    Py_ssize_t n = PyUnicode_GET_LENGTH(text), room = sizeof out / sizeof *out;
    const void *data = PyUnicode_DATA(text);
    int kind = PyUnicode_KIND(text);
    if (PyUnicode_IS_ASCII(text)) return PyUnicode_New(0, 0);
    Py_ssize_t count = BY_KIND(kind, rare_of, data, n, out, room);
    if (count < 0) Py_RETURN_NONE; /* Chinese and the like, whose characters are many */
    return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, out, count);
}

/* Add the spaces and tabs that end at `end` to `out`; `from` is where the line starts. */
INLINE int space_before(int kind, const void *data, Py_ssize_t from, Py_ssize_t end, PyObject *out) {
    Py_ssize_t start = end;
    while (start > from && (PyUnicode_READ(kind, data, start - 1) == ' ' || PyUnicode_READ(kind, data, start - 1) == '\t'))
        start--;
    return start < end ? append(out, Py_BuildValue("nn", start, end)) : 0;
}

INLINE int spaces_into(int kind, const void *data, Py_ssize_t n, int returns, PyObject *out) {
    for (Py_ssize_t from = 0; from <= n;) {
        Py_ssize_t end = line_end(kind, data, from, n);
        for (Py_ssize_t i = from; returns && i < end; i++)
            if (PyUnicode_READ(kind, data, i) == '\r') {
                if (space_before(kind, data, from, i, out) < 0) return -1;
                from = i + 1;
            }
        if (space_before(kind, data, from, end, out) < 0) return -1;
        from = end + 1;
    }
    return 0;
}

static PyObject *trailing_spaces(PyObject *self, PyObject *text) {
    if (!PyUnicode_Check(text)) return PyErr_Format(PyExc_TypeError, "a text is a str");
    Py_ssize_t n = PyUnicode_GET_LENGTH(text), returns = PyUnicode_FindChar(text, '\r', 0, n, 1);
    PyObject *out = returns == -2 ? NULL : PyList_New(0);
    const void *data = PyUnicode_DATA(text);
    int kind = PyUnicode_KIND(text), cr = returns >= 0;
    int wrong = !out || BY_KIND(kind, spaces_into, data, n, cr, out) < 0;
    if (wrong) Py_CLEAR(out);
    return out;
}

/* ---- edits ------------------------------------------------------------------------------------------------------- */

static PyObject *apply(PyObject *self, PyObject *args) {
    PyObject *text, *edits, *parts = NULL, *out = NULL, *nothing = NULL;
    if (!PyArg_ParseTuple(args, "UO:apply", &text, &edits)) return NULL;
    PyObject *rows = PySequence_Fast(edits, "a list of edits is needed");
    if (!rows || !(parts = PyList_New(0)) || !(nothing = PyUnicode_New(0, 0))) goto done;
    Py_ssize_t done = 0, count = PySequence_Fast_GET_SIZE(rows);
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *edit = PySequence_Fast_GET_ITEM(rows, i);
        if (!PyTuple_Check(edit) || PyTuple_GET_SIZE(edit) < 3) { PyErr_SetString(PyExc_TypeError, "an edit is a tuple"); goto done; }
        Py_ssize_t start = PyLong_AsSsize_t(PyTuple_GET_ITEM(edit, 0)), end = PyLong_AsSsize_t(PyTuple_GET_ITEM(edit, 1));
        PyObject *new = PyTuple_GET_ITEM(edit, 2);
        if (PyErr_Occurred()) goto done;
        if (!PyUnicode_Check(new)) { PyErr_SetString(PyExc_TypeError, "a new text is a str"); goto done; }
        if (start > done && append(parts, PyUnicode_Substring(text, done, start)) < 0) goto done;
        if (PyUnicode_GET_LENGTH(new) && PyList_Append(parts, new) < 0) goto done;
        done = end;
    }
    if (append(parts, PyUnicode_Substring(text, done, PyUnicode_GET_LENGTH(text))) < 0) goto done;
    out = PyUnicode_Join(nothing, parts);
done:
    Py_XDECREF(rows);
    Py_XDECREF(parts);
    Py_XDECREF(nothing);
    return out;
}

/* The edits that put one character in place of another: rows of the type given, (start, end, new, cause). */
INLINE int replaced(int kind, const void *data, Py_ssize_t n, PyObject *from, PyObject *to, PyTypeObject *type, PyObject *cause,
                    PyObject *out) {
    Py_ssize_t count = PyUnicode_GET_LENGTH(from);
    Py_UCS4 low = 0x10FFFF, high = 0, old[64];
    for (Py_ssize_t k = 0; k < count; k++) {
        old[k] = PyUnicode_READ_CHAR(from, k);
        low = old[k] < low ? old[k] : low;
        high = old[k] > high ? old[k] : high;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c < low || c > high) continue;
        for (Py_ssize_t k = 0; k < count; k++) {
            if (c != old[k]) continue;
            PyObject *row = Py_BuildValue("((nnOO))", i, i + 1, PyTuple_GET_ITEM(to, k), cause);
            PyObject *edit = row ? PyTuple_Type.tp_new(type, row, NULL) : NULL;
            Py_XDECREF(row);
            if (append(out, edit) < 0) return -1;
            break;
        }
    }
    return 0;
}

static PyObject *replacements(PyObject *self, PyObject *args) {
    PyObject *text, *from, *to, *cause, *type;
    if (!PyArg_ParseTuple(args, "UUO!OO!:replacements", &text, &from, &PyTuple_Type, &to, &cause, &PyType_Type, &type)) return NULL;
    if (PyUnicode_GET_LENGTH(from) > 64 || PyTuple_GET_SIZE(to) != PyUnicode_GET_LENGTH(from) ||
        !PyType_IsSubtype((PyTypeObject *)type, &PyTuple_Type))
        return PyErr_Format(PyExc_ValueError, "one new text for each of up to 64 characters, and a type of tuple");
    PyObject *out = PyList_New(0);
    Py_ssize_t n = PyUnicode_GET_LENGTH(text);
    const void *data = PyUnicode_DATA(text);
    int kind = PyUnicode_KIND(text);
    PyTypeObject *row = (PyTypeObject *)type;
    int wrong = !out || BY_KIND(kind, replaced, data, n, from, to, row, cause, out) < 0;
    if (wrong) Py_CLEAR(out);
    return out;
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    HashSet known;
} Words;

static void words_dealloc(Words *self) {
    PyMem_Free(self->known.slots);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *words_new(PyTypeObject *type, PyObject *args, PyObject *named) {
    PyObject *given;
    static char *names[] = {"words", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, named, "O", names, &given)) return NULL;
    PyObject *rows = PySequence_Fast(given, "a list of str is needed");
    if (!rows) return NULL;
    Words *self = (Words *)type->tp_alloc(type, 0);
    if (self && fill(&self->known, rows, 1, NULL) < 0) Py_CLEAR(self);
    Py_DECREF(rows);
    return (PyObject *)self;
}

INLINE int words_into(int kind, const Words *self, const void *data, Py_ssize_t n, PyObject *out) {
    Py_UCS4 word[LONGEST_KEY];
    for (Py_ssize_t i = 0; i < n;) {
        Py_ssize_t size = 0;
        for (; i < n; i++) {
            Py_UCS4 c = PyUnicode_READ(kind, data, i);
            if (space(c)) break;
            if (size < LONGEST_KEY) word[size++] = c;
        }
        if (size && size < LONGEST_KEY && set_has(&self->known, hash_of_key(word, size)) && append(out, as_text(word, size)) < 0)
            return -1;
        i++;
    }
    return 0;
}

static PyObject *words_find(Words *self, PyObject *text) {
    if (!PyUnicode_Check(text)) return PyErr_Format(PyExc_TypeError, "a text is a str");
    PyObject *out = PyList_New(0);
    if (!out) return NULL;
    Py_ssize_t n = PyUnicode_GET_LENGTH(text);
    const void *data = PyUnicode_DATA(text);
    int kind = PyUnicode_KIND(text);
    int wrong = BY_KIND(kind, words_into, self, data, n, out);
    if (wrong) Py_CLEAR(out);
    return out;
}

static PyMethodDef words_methods[] = {
    {"find", (PyCFunction)words_find, METH_O, "find(text) -> the words that are likely known, in order."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject WordsType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "scrubber._native.Words",
    .tp_doc = "Words(words): finds words in a text that white space parts.",
    .tp_basicsize = sizeof(Words),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = words_new,
    .tp_dealloc = (destructor)words_dealloc,
    .tp_methods = words_methods,
};

static PyMethodDef sieve_methods[] = {
    {"sift", (PyCFunction)sieve_sift, METH_O,
     "sift(folded) -> (likely, numeric, numbered, hits): lines a rule may know, as (line, key), short ones with a number,\n"
     "numbers of those that are a phrase but for their numbers, and (line, literal) of every literal that counts."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject SieveType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "scrubber._native.Sieve",
    .tp_doc = "Sieve(exact, heads, tails, literals, widths): finds the lines of a folded text that rules may know.",
    .tp_basicsize = sizeof(Sieve),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = sieve_new,
    .tp_dealloc = (destructor)sieve_dealloc,
    .tp_methods = sieve_methods,
};

/* ---- trees ------------------------------------------------------------------------------------------------------- */

#define TOGETHER 32 /* rows that are asked tree by tree: what fits the nearest cache */
#define ABREAST 8   /* rows that go down a tree level by level: none waits for another */

/* Add what a tree says of `n` rows to `out`. A tree is complete: node i is followed by 2i + 1 and 2i + 2. */
INLINE void down(const float *row, Py_ssize_t n, Py_ssize_t width, const int16_t *f, const float *at, const float *end, Py_ssize_t inner,
                 double *out) {
    Py_ssize_t node[ABREAST] = {0};
    for (Py_ssize_t level = 1; level <= inner; level *= 2)
        for (Py_ssize_t k = 0; k < n; k++) node[k] = 2 * node[k] + 1 + (row[k * width + f[node[k]]] > at[node[k]]);
    for (Py_ssize_t k = 0; k < n; k++) out[k] += end[node[k] - inner];
}

static void ask_trees(const float *matrix, Py_ssize_t rows, Py_ssize_t width, const int16_t *feature, const float *threshold,
                      const float *leaf, Py_ssize_t trees, Py_ssize_t inner, double *out) {
    for (Py_ssize_t first = 0; first < rows; first += TOGETHER) {
        Py_ssize_t last = first + TOGETHER < rows ? first + TOGETHER : rows;
        for (Py_ssize_t t = 0; t < trees; t++) {
            const int16_t *f = feature + t * inner;
            const float *at = threshold + t * inner, *end = leaf + t * (inner + 1);
            Py_ssize_t r = first;
            for (; r + ABREAST <= last; r += ABREAST) down(matrix + r * width, ABREAST, width, f, at, end, inner, out + r);
            down(matrix + r * width, last - r, width, f, at, end, inner, out + r);
        }
    }
}

static PyObject *tree_sums(PyObject *self, PyObject *args) {
    Py_buffer matrix, feature, threshold, leaf, out;
    Py_ssize_t width, inner;
    if (!PyArg_ParseTuple(args, "y*ny*y*y*nw*", &matrix, &width, &feature, &threshold, &leaf, &inner, &out)) return NULL;
    Py_ssize_t rows = out.len / (Py_ssize_t)sizeof(double), nodes = feature.len / (Py_ssize_t)sizeof(int16_t);
    Py_ssize_t trees = inner > 0 ? nodes / inner : 0;
    int right = width > 0 && inner > 0 && nodes == trees * inner && matrix.len == rows * width * (Py_ssize_t)sizeof(float) &&
                threshold.len == nodes * (Py_ssize_t)sizeof(float) && (inner & (inner + 1)) == 0 &&
                leaf.len == trees * (inner + 1) * (Py_ssize_t)sizeof(float);
    for (Py_ssize_t i = 0; right && i < nodes; i++) {
        int16_t f = ((const int16_t *)feature.buf)[i];
        right = f >= 0 && f < width;
    }
    if (right) {
        memset(out.buf, 0, (size_t)out.len);
        Py_BEGIN_ALLOW_THREADS
        ask_trees(matrix.buf, rows, width, feature.buf, threshold.buf, leaf.buf, trees, inner, out.buf);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&matrix); PyBuffer_Release(&feature); PyBuffer_Release(&threshold); PyBuffer_Release(&leaf); PyBuffer_Release(&out);
    if (!right) return PyErr_Format(PyExc_ValueError, "the arrays do not fit each other");
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"configure", configure, METH_VARARGS, "configure(edge, characters, longest, longest_numeric): the facts of fold.py."},
    {"fold_text", fold_text, METH_O, "fold_text(text) -> str, or None where there are links, or context decides, and Python must say."},
    {"fold_lines", fold_lines, METH_O, "fold_lines(folded) -> the key of every line; '' for longer ones."},
    {"kinds", kinds, METH_VARARGS,
     "kinds(lines, first, markdown, names, is_assignment, is_row) -> the kind of every line, or None where there is a fence."},
    {"apply", apply, METH_VARARGS, "apply(text, edits) -> the text with all of them made; they are sorted and disjoint."},
    {"replacements", replacements, METH_VARARGS,
     "replacements(text, characters, texts, cause, type) -> an edit for every character that stands for a text."},
    {"count_words", count_words, METH_VARARGS, "count_words(text, most) -> how many words, one more than most if there are more; and half of those without spaces."},
    {"holds_address", holds_address, METH_O, "holds_address(text) -> whether it may hold a URL; a little too often is no harm."},
    {"blanks", blanks, METH_O, "blanks(lines) -> whether each line holds white space only."},
    {"count_marked", count_marked, METH_O, "count_marked(text) -> how many lines may start with a mark of Markdown, or more."},
    {"count_solid", count_solid, METH_O, "count_solid(text) -> how many characters are not white space."},
    {"rare_characters", rare_characters, METH_O, "rare_characters(text) -> those that are not ASCII, or None if they are many."},
    {"trailing_spaces", trailing_spaces, METH_O, "trailing_spaces(text) -> (start, end) of spaces and tabs at line ends."},
    {"tree_sums", tree_sums, METH_VARARGS,
     "tree_sums(matrix, width, feature, threshold, leaf, inner, out): the sums of the leaves that rows fall into. float32 rows\n"
     "of `width`, complete trees of `inner` nodes (int16, float32) with float32 leaves, float64 sums; all are C arrays."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "scrubber._native", NULL, -1, functions};

PyMODINIT_FUNC PyInit__native(void) {
    if (PyType_Ready(&SieveType) < 0 || PyType_Ready(&WordsType) < 0) return NULL;
    PyObject *made = PyModule_Create(&module);
    PyObject *cut = made ? PyTuple_New(sizeof sizes / sizeof *sizes - 1) : NULL;
    for (Py_ssize_t i = 0; cut && sizes[i]; i++) PyTuple_SET_ITEM(cut, i, PyLong_FromSsize_t(sizes[i]));
    if (made && (!cut || PyModule_AddObjectRef(made, "SIZES", cut) < 0 || PyModule_AddObjectRef(made, "Sieve", (PyObject *)&SieveType) < 0 ||
                 PyModule_AddObjectRef(made, "Words", (PyObject *)&WordsType) < 0))
        Py_CLEAR(made);
    Py_XDECREF(cut);
    return made;
}
