/* Rare characters, space at line ends, and edits made. Its twins are normalise/ and edits.py. */
#ifndef SCRUBBER_EDITS_H
#define SCRUBBER_EDITS_H

#include "text.h"

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
        if (count == room) {
            count = -1 - count;
            break;
        }
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

static PyObject *apply(PyObject *self, PyObject *args) {
    PyObject *text, *edits, *parts = NULL, *out = NULL, *nothing = NULL;
    if (!PyArg_ParseTuple(args, "UO:apply", &text, &edits)) return NULL;
    PyObject *rows = PySequence_Fast(edits, "a list of edits is needed");
    if (!rows || !(parts = PyList_New(0)) || !(nothing = PyUnicode_New(0, 0))) goto done;
    Py_ssize_t done = 0, count = PySequence_Fast_GET_SIZE(rows);
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *edit = PySequence_Fast_GET_ITEM(rows, i);
        if (!PyTuple_Check(edit) || PyTuple_GET_SIZE(edit) < 3) {
            PyErr_SetString(PyExc_TypeError, "an edit is a tuple");
            goto done;
        }
        Py_ssize_t start = PyLong_AsSsize_t(PyTuple_GET_ITEM(edit, 0)), end = PyLong_AsSsize_t(PyTuple_GET_ITEM(edit, 1));
        PyObject *new = PyTuple_GET_ITEM(edit, 2);
        if (PyErr_Occurred()) goto done;
        if (!PyUnicode_Check(new)) {
            PyErr_SetString(PyExc_TypeError, "a new text is a str");
            goto done;
        }
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
INLINE int replaced(int kind, const void *data, Py_ssize_t n, PyObject *from, PyObject *to, PyTypeObject *type,
                    PyObject *cause, PyObject *out) {
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
    if (!PyArg_ParseTuple(args, "UUO!OO!:replacements", &text, &from, &PyTuple_Type, &to, &cause, &PyType_Type, &type))
        return NULL;
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

#endif
