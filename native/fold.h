/* Folding: lower case, one sign for all that look alike, and the key of a line. Its twin is fold.py. */
#ifndef SCRUBBER_FOLD_H
#define SCRUBBER_FOLD_H

#include "text.h"

static uint8_t edge_bits[BMP / 8]; /* characters stripped off both ends of a key */
static uint16_t folded_as[BMP];    /* its lower case, folded; one of the marks below where that is not one character */
static int folding_ready = 0;
static PyObject *characters = NULL; /* dict of a character to the text it folds to */
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
        if (n == 0)
            folded_as[c] = GONE;
        else if (n == 1 && PyUnicode_READ_CHAR(value, 0) < UNSURE)
            folded_as[c] = (uint16_t)PyUnicode_READ_CHAR(value, 0);
        else if (n == 3 && PyUnicode_CompareWithASCIIString(value, "...") == 0)
            folded_as[c] = DOTS;
        else
            goto wrong;
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
        if (c == ']' && i + 1 < n && PyUnicode_READ(kind, data, i + 1) == '(')
            return -1; /* a link, of which the words stay */
        if (f < UNSURE)
            out[at++] = f;
        else if (f == DOTS) {
            out[at] = out[at + 1] = out[at + 2] = '.';
            at += 3;
        } else if (f == UNSURE)
            return -1;
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
        if (key[i] == mark && i + 1 < n && key[i + 1] == mark)
            i++;
        else
            key[at++] = key[i];
    }
    return at;
}

static Py_ssize_t single_spaces(Py_UCS4 *key, Py_ssize_t n) {
    Py_ssize_t at = 0;
    int word = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (Py_UNICODE_ISSPACE(key[i])) {
            word = 0;
            continue;
        }
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

#endif
