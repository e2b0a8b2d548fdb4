#include "data/recording.h"

#include <stdlib.h>

void recording_free(recording *r)
{
    if (r == NULL) return;
    free(r->train.first);
    free(r->train.time);
    free(r->test.first);
    free(r->test.time);
    free(r);
}

void recording_count(const recording *r, const trial_set *set, int64_t trial, int start, int width,
                     float *counts)
{
    for (int u = 0; u < r->units; u++) {
        const int64_t *spikes = &set->first[trial * r->units + u];
        int in_window = 0;
        for (int64_t k = spikes[0]; k < spikes[1]; k++)
            in_window += set->time[k] >= start && set->time[k] < start + width;
        counts[u] = (float)in_window;
    }
}

#ifndef HAVE_MATIO

status recording_read(const char *path, recording **out)
{
    *out = NULL;
    return failure(BAD_INPUT, "%s: this build reads no MATLAB files (made without matio)", path);
}

#else

#include <math.h>
#include <matio.h>
#include <stdbool.h>

#include "data/matlab.h"

/* A raster holds 0 and 1; a bin that holds more than this is something else. The others are what memory bears. */
enum { SPIKES_PER_BIN_MAX = 255, BINS_MAX = 1 << 26, TRIALS_MAX = 1 << 24 };

static const char set_field[] = "spikes";

/* One of the two struct arrays while it is read. */
typedef struct array_reader {
    const char *path, *name; /* of the file, of the variable */
    mat_t *mat;
    matvar_t *array; /* the headers of all its elements; their data stays in the file */
    void *raster;    /* (milliseconds, units) numbers of the file's class: one trial */
    trial_set *set;
    int64_t spikes, room; /* kept so far; that fit into set->time */
} array_reader;

/* matio would print what it stumbles over; what a person should know is said here. */
static void say_nothing(int level, char *message)
{
    (void)level, (void)message;
}

static double number_at(const void *numbers, enum matio_classes kind, int64_t i)
{
    switch (kind) {
    case MAT_C_DOUBLE:
        return ((const double *)numbers)[i];
    case MAT_C_SINGLE:
        return (double)((const float *)numbers)[i];
    case MAT_C_INT8:
        return ((const int8_t *)numbers)[i];
    case MAT_C_UINT8:
        return ((const uint8_t *)numbers)[i];
    case MAT_C_INT16:
        return ((const int16_t *)numbers)[i];
    case MAT_C_UINT16:
        return ((const uint16_t *)numbers)[i];
    case MAT_C_INT32:
        return ((const int32_t *)numbers)[i];
    case MAT_C_UINT32:
        return ((const uint32_t *)numbers)[i];
    default:
        return NAN;
    }
}

/* The header of a trial's raster, which belongs to the array. */
static status find_raster(const array_reader *a, int64_t trial, matvar_t **out)
{
    status result = OK;
    matvar_t *raster = Mat_VarGetStructFieldByName(a->array, set_field, (size_t)trial);
    CHECK(raster != NULL, BAD_INPUT, "%s: %s has no field %s", a->path, a->name, set_field);
    bool numbers = raster->class_type >= MAT_C_DOUBLE && raster->class_type <= MAT_C_UINT32;
    CHECK(numbers && !raster->isComplex && raster->rank == 2 && raster->dims != NULL, BAD_INPUT,
          "%s: %s(%lld).%s is no matrix of real numbers (units, ms)", a->path, a->name, (long long)trial + 1,
          set_field);
    *out = raster;
done:
    return result;
}

static status add_spikes(array_reader *a, int32_t time, int count)
{
    status result = OK;
    if (a->spikes + count > a->room) {
        int64_t room = 2 * (a->spikes + count);
        int32_t *larger = realloc(a->set->time, (size_t)room * sizeof *larger);
        CHECK(larger != NULL, NO_MEMORY, "no memory for the spikes of %s", a->path);
        a->set->time = larger;
        a->room = room;
    }
    for (int k = 0; k < count; k++) a->set->time[a->spikes++] = time;
done:
    return result;
}

static status read_trial(array_reader *a, const recording *r, int64_t trial)
{
    status result = OK;
    matvar_t *header;
    TRY(find_raster(a, trial, &header));
    CHECK(header->dims[0] == (size_t)r->units && header->dims[1] == (size_t)r->milliseconds, BAD_INPUT,
          "%s: %s(%lld).%s is %zu × %zu; right would be %d units × %d ms as in the first trial", a->path,
          a->name, (long long)trial + 1, set_field, header->dims[0], header->dims[1], r->units,
          r->milliseconds);
    int bins = r->units * r->milliseconds;
    CHECK(Mat_VarReadDataLinear(a->mat, header, a->raster, 0, 1, bins) == 0, BAD_INPUT,
          "%s: damaged: %s(%lld).%s cannot be read", a->path, a->name, (long long)trial + 1, set_field);

    for (int u = 0; u < r->units; u++) {
        a->set->first[trial * r->units + u] = a->spikes;
        for (int t = 0; t < r->milliseconds; t++) {
            double count = number_at(a->raster, header->class_type, (int64_t)t * r->units + u);
            CHECK(count >= 0 && count <= SPIKES_PER_BIN_MAX && count == floor(count), BAD_INPUT,
                  "%s: %s(%lld).%s(%d, %d) is %g; right would be a count of spikes", a->path, a->name,
                  (long long)trial + 1, set_field, u + 1, t + 1, count);
            if (count > 0) TRY(add_spikes(a, t, (int)count));
        }
    }
    a->set->first[(trial + 1) * r->units] = a->spikes;
done:
    return result;
}

/* The array's shape, against that of the recording; the first array gives the recording its own. */
static status take_shape(array_reader *a, recording *r)
{
    status result = OK;
    const matvar_t *array = a->array;
    bool named = array->class_type == MAT_C_STRUCT && array->rank == 2 && array->dims != NULL;
    CHECK(named && array->dims[0] > 0 && array->dims[1] > 0, BAD_INPUT,
          "%s: %s is no struct array of trials × targets", a->path, a->name);
    CHECK(array->dims[0] <= TRIALS_MAX && array->dims[1] <= TRIALS_MAX / array->dims[0], BAD_INPUT,
          "%s: %s has %zu × %zu trials, which is too many", a->path, a->name, array->dims[0], array->dims[1]);
    a->set->per_class = (int64_t)array->dims[0];
    a->set->trials = a->set->per_class * (int64_t)array->dims[1];
    if (r->classes == 0) {
        matvar_t *raster;
        TRY(find_raster(a, 0, &raster));
        CHECK(raster->dims[0] > 0 && raster->dims[1] > 0 && raster->dims[0] <= BINS_MAX / raster->dims[1],
              BAD_INPUT, "%s: %s(1).%s is %zu × %zu; right would be units × ms", a->path, a->name, set_field,
              raster->dims[0], raster->dims[1]);
        r->classes = (int)array->dims[1];
        r->units = (int)raster->dims[0];
        r->milliseconds = (int)raster->dims[1];
    }
    CHECK((size_t)r->classes == array->dims[1], BAD_INPUT,
          "%s: %s has %zu targets and the training trials %d", a->path, a->name, array->dims[1], r->classes);
done:
    return result;
}

static status read_array(const char *path, mat_t *mat, const char *name, recording *r, trial_set *set)
{
    status result = OK;
    array_reader a = { .path = path, .name = name, .mat = mat, .set = set };
    a.array = Mat_VarReadInfo(mat, name);
    CHECK(a.array != NULL, BAD_INPUT, "%s: there is no variable %s", path, name);
    TRY(take_shape(&a, r));
    a.raster = malloc((size_t)r->units * (size_t)r->milliseconds * sizeof(double));
    set->first = calloc((size_t)set->trials * (size_t)r->units + 1, sizeof *set->first);
    CHECK(a.raster != NULL && set->first != NULL, NO_MEMORY, "no memory for the trials of %s", path);
    for (int64_t trial = 0; trial < set->trials; trial++) TRY(read_trial(&a, r, trial));
done:
    free(a.raster);
    Mat_VarFree(a.array);
    return result;
}

status recording_read(const char *path, recording **out)
{
    status result = OK;
    mat_t *mat = NULL;
    recording *made = calloc(1, sizeof *made);
    CHECK(made != NULL, NO_MEMORY, "no memory for a recording");
    TRY(matlab_check(path));
    Mat_LogInitFunc("infosweep", say_nothing);
    mat = Mat_Open(path, MAT_ACC_RDONLY);
    CHECK(mat != NULL, BAD_INPUT, "%s: not a MATLAB file", path);
    TRY(read_array(path, mat, "train_trial", made, &made->train));
    TRY(read_array(path, mat, "test_trial", made, &made->test));
    *out = made;
    made = NULL;
done:
    if (mat) Mat_Close(mat);
    recording_free(made);
    return result;
}

#endif
