#include <string.h>

#include "nn/models.h"

const model_kind *const model_kinds[] = { &mlp_kind, &resnet18_kind, &cnn_kind, NULL };

const model_kind *model_kind_find(const char *name)
{
    for (const model_kind *const *k = model_kinds; *k; k++)
        if (strcmp((*k)->name, name) == 0) return *k;
    return NULL;
}

status model_needs_image(const char *model, image_size in)
{
    if (in.channels > 0 && in.height > 0 && in.width > 0) return OK;
    return failure(BAD_INPUT, "model %s needs images; this data has none", model);
}
