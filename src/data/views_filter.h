/* Low and high frequencies of an image by a square mask on its two-dimensional Fourier transform.
 *
 * A mask of half-width m around frequency 0 of the shifted transform keeps the frequencies -m … m along rows and along columns:
 * (2m+1) x (2m+1) of them. Keeping them is a linear projection, on the columns and then on the rows, so no transform is needed:
 *   low = B_h^T (B_h x B_w^T) B_w,   high = x - low,
 * where the rows of B_n (2m+1, n) are an orthonormal basis of the sampled waves of frequencies 0 … m,
 *   1/sqrt(n), sqrt(2/n) cos(2 pi f i / n), sqrt(2/n) sin(2 pi f i / n), f = 1 … m.
 * With 2m+1 <= n a wave and its negative are both kept and none meets its own alias, so that these are orthonormal and the
 * inverse transform is real. Where the origin of the pixels lies makes no difference. */
#ifndef VIEWS_FILTER_H
#define VIEWS_FILTER_H

#include "data/views_layout.h"

typedef struct view_filter view_filter;

/* Of a height and a width of at least 2 * mask + 1. */
status view_filter_make(int height, int width, int mask, view_filter **out);
void view_filter_free(view_filter *f);

/* The low frequencies of a plane of pixels (height, width), 0 … 255, or what they leave, as real numbers or made integers by the
 * rule. The result (height, width) is valid until the next call. */
const double *view_filter_apply(view_filter *f, const uint8_t *plane, view_pass pass, quantise rule);

/* The value that stands for a filtered pixel. */
double view_quantised(double pixel, quantise rule);

#endif
