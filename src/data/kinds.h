/* What the data kinds share among themselves; registry.c lists them. */
#ifndef KINDS_H
#define KINDS_H

#include "data.h"

extern const data_kind gate_kind, overlap_kind, sessions_kind, simulated_sessions_kind, views_kind;
/* pairs of known information */
extern const data_kind gaussian_pair_kind, gaussian_images_kind, rectangles_kind, anti_pca_kind, mi_task_kind;
extern const data_kind covariance_kind;

/* Each frees what its kind keeps between tasks; image_set_close does for views. */
void gate_close(void);
void covariance_close(void);
void sessions_close(void);
void simulated_sessions_close(void);

#endif
