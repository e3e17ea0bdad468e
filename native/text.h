/* What all loops share: widths of characters, white space, ends of lines, lists of results. */
#ifndef SCRUBBER_TEXT_H
#define SCRUBBER_TEXT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

#define LONGEST_KEY 1024 /* no caller's limit of a key may be above it */
#define BMP 0x10000
#define INLINE static inline __attribute__((always_inline))

/* A call of `function`, compiled once for each width of characters. */
#define BY_KIND(kind, function, ...)                                                                                        \
    ((kind) == PyUnicode_1BYTE_KIND   ? function(PyUnicode_1BYTE_KIND, __VA_ARGS__)                                         \
     : (kind) == PyUnicode_2BYTE_KIND ? function(PyUnicode_2BYTE_KIND, __VA_ARGS__)                                         \
                                      : function(PyUnicode_4BYTE_KIND, __VA_ARGS__))

/* White space as str.isspace and str.split have it. */
INLINE int space(Py_UCS4 c) { return c < 128 ? c == ' ' || c - 9 < 5 || c - 28 < 4 : Py_UNICODE_ISSPACE(c); }

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

#endif
