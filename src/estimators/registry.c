#include <string.h>

#include "estimator.h"

extern const estimator rine_estimator, exact_estimator, gaussian_estimator, mi_estimator, similarity_estimator, idle_estimator;

const estimator *const estimators[] = {
    &rine_estimator, &exact_estimator, &gaussian_estimator, &mi_estimator, &similarity_estimator, &idle_estimator, NULL,
};

const estimator *estimator_find(const char *name)
{
    for (int i = 0; estimators[i]; i++)
        if (strcmp(estimators[i]->name, name) == 0) return estimators[i];
    return NULL;
}

status estimator_accepts_all(const settings *s, const data_shape *shape)
{
    (void)s;
    (void)shape;
    return OK;
}
