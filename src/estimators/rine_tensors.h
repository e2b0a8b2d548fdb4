/* Training of RINE's coupled networks in the tensor engine: one task, by a gang of ranks or one alone. It may take hours: it says
 * how it gets on, and keeps its state so that another run goes on from there. */
#ifndef RINE_TENSORS_H
#define RINE_TENSORS_H

#include "rine_lanes.h"

/* Collective over the gang. Trains the only task of the pack on `data`. The sink, of the gang's rank 0 alone, is told as by
 * rine_lanes_train. WORK_LEFT when a tick said stop. */
status rine_tensors_train(const task_pack *pack, const dataset *data, ticker *t, const rine_sink *sink);

#endif
