/* The plan of a network for one number of rows: a list of steps, in the order in which they run, and the buffers between them.
 * Layers (layers.h) write it: first all forward, then all backward. A buffer lives from the first step that touches it to the
 * last, and buffers that never live at the same time share memory of the arena. Planning touches no memory of the network;
 * a plan becomes able to run when it is bound to addresses. */
#ifndef PLAN_H
#define PLAN_H

#include "graph.h"
#include "model.h"
#include "onednn.h"

/* Where numbers lie: in a buffer of the arena (`at` is its number), or in one of the network's own arrays (`at` is the first
 * float). */
typedef enum region {
    REGION_NONE,
    REGION_BUFFER,
    REGION_INPUT,      /* (rows, channels, height, width) */
    REGION_PARAMETERS, /* (graph_parameters) */
    REGION_GRADIENTS,  /* (graph_parameters) */
    REGION_RUNNING,    /* (graph_statistics) by which predictions normalise */
    REGION_MEASURED,   /* (graph_statistics) means and biased variances of the last forward pass */
    REGION_UNBIASED,   /* (graph_statistics) the same with unbiased variances */
    REGIONS
} region;
typedef struct place {
    region region;
    int64_t at;
} place;
typedef struct tensor {
    const onednn_layout *layout;
    place place;
} tensor;

/* The passes that a step takes part in, as bits. */
enum { IN_WEIGHTS = 1, IN_FORWARD = 2, IN_PREDICT = 4, IN_BACKWARD = 8 };

/* An operand and where it lies; a list of them ends with OPERAND_NONE. Operands that lie nowhere are left out. */
enum { USES_MAX = 12 };
typedef struct use {
    operand what;
    place place;
} use;
typedef use uses[USES_MAX];

/* A step is an operation of oneDNN, or else a function of ours over `size`, with the addresses of its uses in order. */
typedef struct step step;
struct step {
    int passes;
    onednn_operation *operation;
    status (*run)(const step *s);
    int64_t size[3];
    int count;
    uses use;
    void *data[USES_MAX];
};

typedef struct buffer {
    size_t bytes, offset;
    int first, last; /* step that touches it */
    int holders;     /* layers whose gradient it holds */
} buffer;

/* What a layer's forward planning leaves for its backward planning, and for the layers after it. */
typedef struct planned {
    tensor in;      /* its source as it reads it */
    tensor weights; /* as its forward operation reads them */
    tensor out;
    place workspace;
    onednn_operation *forward;
    int readers;        /* layers that take its output */
    bool wants;         /* are there parameters in it, or before it? */
    bool fused;         /* a norm that does its ReLU too, or that ReLU */
    place gradient;     /* of its output, while planning backward */
    int64_t parameters; /* where its own begin */
    int64_t statistics;
} planned;

typedef struct plan {
    network_graph graph;
    int rows;
    onednn_number number; /* what convolutions compute in */
    onednn *library;
    planned layer[GRAPH_LAYERS_MAX];
    int steps, steps_room;
    step *step;
    int buffers, buffers_room;
    buffer *buffer;
    tensor logits;          /* plain */
    tensor logits_gradient; /* plain */
    size_t arena;           /* bytes */
} plan;

status plan_make(const network_graph *g, int rows, tensor_precision p, plan **out);
void plan_free(plan *p);
/* base[REGION_BUFFER] is the arena, 64-byte aligned. */
status plan_bind(plan *p, char *const base[REGIONS]);

/* For layers. */

/* A buffer of its own; nowhere for 0 bytes. */
status plan_buffer(plan *p, size_t bytes, place *out);
/* It keeps its content from pass to pass. */
void plan_keep(plan *p, place b);
/* The operation, with the scratch room that it asks for; BROKEN when there is none (NULL). */
status plan_operation(plan *p, int passes, onednn_operation *o, const uses list);
status plan_function(plan *p, int passes, status (*run)(const step *s), const int64_t size[3],
                     const uses list);
/* (rows, channels, height, width) of a layer's output */
void plan_size(const plan *p, int layer, onednn_size size);
status plan_copy(plan *p, int passes, tensor from, tensor to);
/* `t` in that layout: itself where it has it already. */
status plan_convert(plan *p, int passes, tensor t, const onednn_layout *layout, tensor *out);
/* A new tensor of this layout. */
status plan_tensor(plan *p, const onednn_layout *layout, tensor *out);
/* May the output of `layer` be written over, by its only reader? */
bool plan_may_overwrite(const plan *p, int layer);

/* Gradients of outputs have the layouts of the outputs. Takes the complete gradient of a layer's output away from it. */
tensor plan_take_gradient(plan *p, int layer);
/* May this taken gradient be written over? */
bool plan_gradient_free(const plan *p, tensor gradient);
/* A part of the gradient of a layer's output, from one of its readers; added to those given before. */
status plan_give_gradient(plan *p, int layer, tensor part);

#endif
