/* What a model's trees say of rows. Its twin is structure/forest.py. */
#ifndef SCRUBBER_TREES_H
#define SCRUBBER_TREES_H

#include "text.h"

#define TOGETHER 32 /* rows that are asked tree by tree: what fits the nearest cache */
#define ABREAST 8   /* rows that go down a tree level by level: none waits for another */

/* Add what a tree says of `n` rows to `out`. A tree is complete: node i is followed by 2i + 1 and 2i + 2. */
INLINE void down(const float *row, Py_ssize_t n, Py_ssize_t width, const int16_t *f, const float *at, const float *end,
                 Py_ssize_t inner, double *out) {
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
        Py_BEGIN_ALLOW_THREADS ask_trees(matrix.buf, rows, width, feature.buf, threshold.buf, leaf.buf, trees, inner,
                                         out.buf);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&matrix);
    PyBuffer_Release(&feature);
    PyBuffer_Release(&threshold);
    PyBuffer_Release(&leaf);
    PyBuffer_Release(&out);
    if (!right) return PyErr_Format(PyExc_ValueError, "the arrays do not fit each other");
    Py_RETURN_NONE;
}

#endif
