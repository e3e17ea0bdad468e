/* The loops over every character of a text, and over the trees of a model, compiled.
 *
 * Everything here has a twin in Python, which runs where this was not built and says what is right; the tests hold the two
 * to the same answers. Facts (which characters fold to what, which phrases there are) come from there.
 */
#include "edits.h"
#include "fold.h"
#include "lines.h"
#include "sieve.h"
#include "trees.h"

static PyMethodDef functions[] = {
    {"configure", configure, METH_VARARGS, "configure(edge, characters, longest, longest_numeric): the facts of fold.py."},
    {"fold_text", fold_text, METH_O,
     "fold_text(text) -> str, or None where there are links, or context decides, and Python must say."},
    {"fold_lines", fold_lines, METH_O, "fold_lines(folded) -> the key of every line; '' for longer ones."},
    {"kinds", kinds, METH_VARARGS,
     "kinds(lines, first, markdown, names, is_assignment, is_row) -> the kind of every line, or None where there is a "
     "fence."},
    {"apply", apply, METH_VARARGS, "apply(text, edits) -> the text with all of them made; they are sorted and disjoint."},
    {"replacements", replacements, METH_VARARGS,
     "replacements(text, characters, texts, cause, type) -> an edit for every character that stands for a text."},
    {"count_words", count_words, METH_VARARGS,
     "count_words(text, most) -> how many words, one more than most if there are more; and half of those without spaces."},
    {"holds_address", holds_address, METH_O,
     "holds_address(text) -> whether it may hold a URL; a little too often is no harm."},
    {"blanks", blanks, METH_O, "blanks(lines) -> whether each line holds white space only."},
    {"count_marked", count_marked, METH_O,
     "count_marked(text) -> how many lines may start with a mark of Markdown, or more."},
    {"count_solid", count_solid, METH_O, "count_solid(text) -> how many characters are not white space."},
    {"rare_characters", rare_characters, METH_O,
     "rare_characters(text) -> those that are not ASCII, or None if they are many."},
    {"trailing_spaces", trailing_spaces, METH_O, "trailing_spaces(text) -> (start, end) of spaces and tabs at line ends."},
    {"tree_sums", tree_sums, METH_VARARGS,
     "tree_sums(matrix, width, feature, threshold, leaf, inner, out): the sums of the leaves that rows fall into. float32 "
     "rows\n"
     "of `width`, complete trees of `inner` nodes (int16, float32) with float32 leaves, float64 sums; all are C arrays."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "scrubber._native", NULL, -1, functions};

PyMODINIT_FUNC PyInit__native(void) {
    if (PyType_Ready(&SieveType) < 0 || PyType_Ready(&WordsType) < 0) return NULL;
    PyObject *made = PyModule_Create(&module);
    PyObject *cut = made ? PyTuple_New(sizeof sizes / sizeof *sizes - 1) : NULL;
    for (Py_ssize_t i = 0; cut && sizes[i]; i++) PyTuple_SET_ITEM(cut, i, PyLong_FromSsize_t(sizes[i]));
    if (made && (!cut || PyModule_AddObjectRef(made, "SIZES", cut) < 0 ||
                 PyModule_AddObjectRef(made, "Sieve", (PyObject *)&SieveType) < 0 ||
                 PyModule_AddObjectRef(made, "Words", (PyObject *)&WordsType) < 0))
        Py_CLEAR(made);
    Py_XDECREF(cut);
    return made;
}
