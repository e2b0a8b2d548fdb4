#include <inttypes.h>
#include <stdlib.h>

#include "data/images.h"
#include "report/sheet.h"

enum { CLASSES_SHOWN = 100, DIGEST_SHOWN = 12 };

/* Images of each class in both parts. */
typedef struct counts {
    int64_t *of[2]; /* (classes) */
} counts;

static status count_classes(const images *m, counts *c)
{
    status result = OK;
    *c = (counts){ { NULL } };
    for (int p = 0; p < 2; p++) {
        c->of[p] = calloc((size_t)m->classes, sizeof *c->of[p]);
        CHECK(c->of[p] != NULL, NO_MEMORY, "no memory to count images");
        for (int64_t i = 0; i < m->part[p].count; i++) c->of[p][m->part[p].label[i]]++;
    }
done:
    return result;
}

static status print_classes(const images *m, const counts *c, FILE *to)
{
    status result = OK;
    sheet *classes = NULL;
    const int shown = m->classes > CLASSES_SHOWN ? CLASSES_SHOWN : m->classes;
    TRY(sheet_make(&classes));
    sheet_column(classes, SHEET_LEFT, "class");
    sheet_column(classes, SHEET_RIGHT, "training");
    sheet_column(classes, SHEET_RIGHT, "test");
    for (int k = 0; k < shown; k++) {
        if (m->class_name)
            sheet_put(classes, "%s", m->class_name[k]);
        else
            sheet_put(classes, "%d", k);
        for (int p = 0; p < 2; p++) sheet_put(classes, "%" PRId64, c->of[p][k]);
    }
    sheet_put(classes, "all");
    for (int p = 0; p < 2; p++) sheet_put(classes, "%" PRId64, m->part[p].count);
    TRY(sheet_print(classes, 1, to));
    if (shown < m->classes) fprintf(to, "  … with %d further classes\n", m->classes - shown);
done:
    sheet_free(classes);
    return result;
}

static void print_warnings(const images *m, const counts *c, FILE *to)
{
    int empty = 0;
    for (int k = 0; k < m->classes; k++) empty += c->of[DATA_TRAIN][k] == 0;
    if (empty > 0)
        fprintf(to, "  note: %d %s no training images\n", empty, empty == 1 ? "class has" : "classes have");
    if (m->part[DATA_TEST].count == 0)
        fprintf(to, "  note: there is no test part; a sweep takes one from the training images\n");
}

status images_print(const images *m, const char *path, FILE *to)
{
    status result = OK;
    counts c;
    char size[SIZE_TEXT];
    TRY(count_classes(m, &c));
    fprintf(to, "%s: %s\n", path, m->title && m->title[0] ? m->title : "images without a title");
    fprintf(to, "\n%" PRId64 " images of %s, %d classes, %.4g MB\n",
            m->part[DATA_TRAIN].count + m->part[DATA_TEST].count, image_size_text(m->size, size), m->classes,
            (double)(m->part[DATA_TRAIN].count + m->part[DATA_TEST].count) * (double)image_bytes(m->size) /
                1e6);
    TRY(print_classes(m, &c, to));
    print_warnings(m, &c, to);
    if (m->source)
        fprintf(to, "\nSource\n  %s%s%s%s%.*s%s\n", m->imported ? m->imported : "", m->imported ? ": " : "",
                m->source, m->sha256 ? ", sha256 " : "", DIGEST_SHOWN, m->sha256 ? m->sha256 : "",
                m->sha256 ? "…" : "");
done:
    for (int p = 0; p < 2; p++) free(c.of[p]);
    return result;
}
