/* Kinds of lines, marks of Markdown, addresses and words. Its twins are formats/text.py and view.py. */
#ifndef SCRUBBER_LINES_H
#define SCRUBBER_LINES_H

#include "text.h"

enum { PARAGRAPH, HEADING, ITEM, QUOTE, TABLE, CODE, MATTER, OBJECT }; /* the values of model.BlockKind */

typedef struct {
    int kind;
    const void *data;
    Py_ssize_t size, first, last; /* first and last: of the characters that are no white space; last < 0 if there are none */
} Line;

INLINE Py_UCS4 at(const Line *line, Py_ssize_t i) { return i < line->size ? PyUnicode_READ(line->kind, line->data, i) : 0; }

static int read_line(PyObject *item, Line *line) {
    if (!PyUnicode_Check(item)) {
        PyErr_SetString(PyExc_TypeError, "a line is a str");
        return -1;
    }
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
        if (c == '|')
            found |= BAR;
        else if (c == '=')
            found |= EQUALS;
        else if (c == ':' && last == '"')
            found |= COLON;
        else if ((c == '`' || c == '~') && c == last && c == one_before)
            found |= FENCE;
        one_before = last;
        last = c;
    }
    return found;
}

static int marks(const Line *line) { return BY_KIND(line->kind, marks_of, line->data, line->size); }

static int is_heading(const Line *line) {
    Py_ssize_t i = line->first;
    while (at(line, i) == '#') i++;
    return line->first <= 3 && i - line->first <= 6 && (i == line->size || space(at(line, i)));
}

static int is_item(const Line *line) {
    Py_ssize_t i = line->first;
    Py_UCS4 c = at(line, i);
    switch (c) {
    case '-':
    case '*':
    case '+':
    case 0x2022:
    case 0xB7:
    case 0x25AA:
    case 0x25CF:
    case 0x25E6:
    case 0x2023: i++; break;
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
    if (!PyArg_ParseTuple(args, "O!npO!OO", &PyList_Type, &lines, &from, &markdown, &PyTuple_Type, &names, &is_assignment,
                          &is_row))
        return NULL;
    if (PyTuple_GET_SIZE(names) <= OBJECT) return PyErr_Format(PyExc_ValueError, "a name for every kind");
    Py_ssize_t count = PyList_GET_SIZE(lines);
    uint8_t *out = PyMem_Calloc((size_t)count + 1, 1), *blank = out ? PyMem_Calloc((size_t)count + 1, 1) : NULL;
    if (!blank) {
        PyMem_Free(out);
        return PyErr_NoMemory();
    }
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
        if ((blank[i] = line.last < 0)) {
            blank_before = 1;
            continue;
        }
        int found = marks(&line);
        if ((fenced = found & FENCE)) break;
        if (found & (EQUALS | COLON)) {
            int code = asked(is_assignment, item);
            if ((wrong = code < 0)) break;
            if (code) {
                out[i] = CODE;
                blank_before = 0;
                continue;
            }
        }
        if (!line.first && Py_UNICODE_ISALPHA(at(&line, 0)) && !(found & BAR)) {
            blank_before = in_list = 0;
            continue;
        }
        int kind = kind_of(&line, item, found, is_row);
        if ((wrong = kind < 0)) break;
        if (kind == ITEM)
            in_list = 1;
        else if (!line.first)
            in_list = 0;
        int indented = at(&line, 0) == '\t';
        if (!indented && line.size >= 4)
            indented = at(&line, 0) == ' ' && at(&line, 1) == ' ' && at(&line, 2) == ' ' && at(&line, 3) == ' ';
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
        if (c == '#')
            likely = next == '#' || next == ' ';
        else if (c == '`')
            likely = next == '`';
        else if (c == '-' || c == '*' || c == '+')
            likely = next == ' ' && from + 2 < end && PyUnicode_READ(kind, data, from + 2) == '[';
        else if (c == '[' || c == '|' || c == ' ' || c == '\t')
            for (Py_ssize_t i = from; i < end && !likely; i++) {
                Py_UCS4 here = PyUnicode_READ(kind, data, i);
                if (c == '[')
                    likely = here == ']' && i + 1 < end && PyUnicode_READ(kind, data, i + 1) == ':';
                else if ((likely = here == '|') || (here != ' ' && here != '\t'))
                    break;
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
        } else if (c == '.' && i >= 3 && PyUnicode_READ(kind, data, i - 1) == 'w' &&
                   PyUnicode_READ(kind, data, i - 2) == 'w')
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
        if (read_line(PyList_GET_ITEM(lines, i), &line) < 0)
            Py_CLEAR(out);
        else
            PyList_SET_ITEM(out, i, Py_NewRef(line.last < 0 ? Py_True : Py_False));
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
        if (space(c))
            word = 0;
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

#endif
