/* The model kinds; model.c lists them. */
#ifndef MODELS_H
#define MODELS_H

#include "model.h"

extern const model_kind mlp_kind, resnet18_kind, cnn_kind;

/* The row of tensor_options, with which the table of every model of the tensor engine begins. */
#define MODEL_PRECISION_ROW                                                                               \
    {                                                                                                     \
        "precision", OPTION_CHOICE, offsetof(tensor_options, precision), "f32", 0, 0, "",                 \
            "numbers that layers compute with; bf16: half the bits, with single-precision sums, weights " \
            "and statistics, where the processor has it",                                                 \
            "f32|bf16", 0                                                                                 \
    }

/* Is there an image? BAD_INPUT otherwise. */
status model_needs_image(const char *model, image_size in);

#endif
