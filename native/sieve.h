/* What of a folded text rules may know, and which words of it are known. Its twins are matchers/sieve.py and language.py. */
#ifndef SCRUBBER_SIEVE_H
#define SCRUBBER_SIEVE_H

#include "fold.h"
#include "tables.h"

typedef struct {
    PyObject_HEAD HashSet exact, heads, tails, numbered;
    Literals narrow, wide; /* all literals, for lines that may be phrases; those that longer lines count for as well */
    Py_UCS4 *texts;
} Sieve;

static int copy(PyObject *item, Py_UCS4 *out, Py_ssize_t room, Py_ssize_t *size) {
    if (!PyUnicode_Check(item)) {
        PyErr_SetString(PyExc_TypeError, "a key is a str");
        return -1;
    }
    *size = PyUnicode_GET_LENGTH(item);
    if (*size > room) {
        PyErr_SetString(PyExc_ValueError, "a key is too long");
        return -1;
    }
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
        for (Py_ssize_t k = 0; numbered && k + 2 < size; k++)
            hole |= key[k] == '{' && key[k + 1] == 'n' && key[k + 2] == '}';
        if (hole) set_add(numbered, hash_without_numbers(key, size));
    }
    return 0;
}

static int take_literals(Sieve *self, PyObject *literals, PyObject *widths) {
    Py_ssize_t count = PySequence_Fast_GET_SIZE(literals), total = 1, size;
    if (PySequence_Fast_GET_SIZE(widths) != count) {
        PyErr_SetString(PyExc_ValueError, "one width a literal");
        return -1;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *item = PySequence_Fast_GET_ITEM(literals, i);
        if (!PyUnicode_Check(item) || !PyUnicode_GET_LENGTH(item)) {
            PyErr_SetString(PyExc_ValueError, "an empty literal");
            return -1;
        }
        total += PyUnicode_GET_LENGTH(item) + 1;
    }
    self->texts = PyMem_Calloc((size_t)total, sizeof *self->texts);
    if (!self->texts) {
        PyErr_NoMemory();
        return -1;
    }
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

typedef struct {
    PyObject_HEAD HashSet known;
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
        if (size && size < LONGEST_KEY && set_has(&self->known, hash_of_key(word, size)) &&
            append(out, as_text(word, size)) < 0)
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

#endif
