#include <string.h>

#include "data/image_set.h"
#include "data/kinds.h"

const data_kind *const data_kinds[] = {
    &gate_kind,
    &overlap_kind,
    &sessions_kind,
    &simulated_sessions_kind,
    &views_kind,
    &gaussian_pair_kind,
    &gaussian_images_kind,
    &rectangles_kind,
    &anti_pca_kind,
    &mi_task_kind,
    &covariance_kind,
    NULL,
};

const data_kind *data_kind_find(const char *name)
{
    for (int k = 0; data_kinds[k]; k++)
        if (strcmp(data_kinds[k]->name, name) == 0) return data_kinds[k];
    return NULL;
}

bool data_always_drawn(const settings *s)
{
    (void)s;
    return true;
}

bool data_never_drawn(const settings *s)
{
    (void)s;
    return false;
}

status data_no_table(const settings *s, table **out)
{
    (void)s;
    *out = NULL;
    return OK;
}

status data_no_files(const settings *s, status (*visit)(const char *path, void *context), void *context)
{
    (void)s, (void)visit, (void)context;
    return OK;
}

void data_close(void)
{
    gate_close();
    covariance_close();
    sessions_close();
    simulated_sessions_close();
    image_set_close();
}
