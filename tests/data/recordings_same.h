/* Are two recordings the same in every field? Texts that were never set are as good as "". */
#ifndef RECORDINGS_SAME_H
#define RECORDINGS_SAME_H

#include "check.h"
#include "data/recordings.h"

static inline bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static inline bool same_numbers(const double *a, const double *b, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (!(isnan(a[i]) ? isnan(b[i]) : memcmp(&a[i], &b[i], sizeof *a) == 0)) return false;
    return true;
}

static inline void expect_same_columns(const column *a, const column *b, int count, int64_t rows)
{
    for (int c = 0; c < count; c++) {
        CU_ASSERT_STRING_EQUAL(a[c].name, b[c].name);
        CU_ASSERT_STRING_EQUAL(a[c].unit, b[c].unit);
        CU_ASSERT_EQUAL_FATAL(a[c].dimensions, b[c].dimensions);
        CU_ASSERT_EQUAL_FATAL(a[c].text == NULL, b[c].text == NULL);
        CU_ASSERT_EQUAL_FATAL(a[c].number == NULL, b[c].number == NULL);
        if (a[c].number) CU_ASSERT(same_numbers(a[c].number, b[c].number, rows * a[c].dimensions));
        for (int64_t t = 0; a[c].text && t < rows; t++) CU_ASSERT(same_text(a[c].text[t], b[c].text[t]));
    }
}

static inline void expect_same_area(const area *a, const area *b, int64_t trials)
{
    CU_ASSERT_STRING_EQUAL(a->name, b->name);
    CU_ASSERT_STRING_EQUAL(a->aligned_to, b->aligned_to);
    CU_ASSERT_EQUAL_FATAL(a->units, b->units);
    CU_ASSERT_EQUAL_FATAL(a->bins, b->bins);
    CU_ASSERT(a->bin_ms == b->bin_ms && a->start_ms == b->start_ms);
    size_t values = (size_t)(trials * a->units * a->bins);
    CU_ASSERT_EQUAL_FATAL(a->count == NULL, b->count == NULL);
    if (a->count) CU_ASSERT_EQUAL(memcmp(a->count, b->count, values), 0);
    CU_ASSERT_EQUAL_FATAL(a->feature == NULL, b->feature == NULL);
    if (a->feature) CU_ASSERT_EQUAL(memcmp(a->feature, b->feature, values * sizeof(float)), 0);
    CU_ASSERT_EQUAL_FATAL(a->columns, b->columns);
    expect_same_columns(a->column, b->column, a->columns, a->units);
}

static inline void expect_same_attributes(const attribute *a, const attribute *b, int count)
{
    for (int i = 0; i < count; i++) {
        CU_ASSERT_STRING_EQUAL(a[i].name, b[i].name);
        CU_ASSERT_STRING_EQUAL(a[i].value, b[i].value);
    }
}

static inline void expect_same_session(const recorded_session *a, const recorded_session *b)
{
    CU_ASSERT_STRING_EQUAL(a->name, b->name);
    CU_ASSERT_STRING_EQUAL(a->animal, b->animal);
    CU_ASSERT_STRING_EQUAL(a->source, b->source);
    CU_ASSERT_STRING_EQUAL(a->sha256, b->sha256);
    CU_ASSERT_EQUAL_FATAL(a->trials, b->trials);
    CU_ASSERT_EQUAL_FATAL(a->columns, b->columns);
    expect_same_columns(a->column, b->column, a->columns, a->trials);
    CU_ASSERT_EQUAL_FATAL(a->valid_from == NULL, b->valid_from == NULL);
    if (a->valid_from) {
        CU_ASSERT(same_numbers(a->valid_from, b->valid_from, a->trials));
        CU_ASSERT(same_numbers(a->valid_to, b->valid_to, a->trials));
    }
    CU_ASSERT_EQUAL_FATAL(a->areas, b->areas);
    for (int i = 0; i < a->areas; i++) expect_same_area(&a->area[i], &b->area[i], a->trials);
    CU_ASSERT_EQUAL_FATAL(a->attributes, b->attributes);
    expect_same_attributes(a->attribute, b->attribute, a->attributes);
}

static inline void expect_same_recordings(const recordings *a, const recordings *b)
{
    CU_ASSERT_STRING_EQUAL(a->title, b->title);
    CU_ASSERT_STRING_EQUAL(a->target, b->target);
    CU_ASSERT_STRING_EQUAL(a->mapping, b->mapping);
    CU_ASSERT_EQUAL_FATAL(a->attributes, b->attributes);
    expect_same_attributes(a->attribute, b->attribute, a->attributes);
    CU_ASSERT_EQUAL_FATAL(a->sessions, b->sessions);
    for (int s = 0; s < a->sessions; s++) expect_same_session(&a->session[s], &b->session[s]);
}

#endif
