#include <math.h>

#include "data/kinds.h"
#include "data/pair_samples.h"

typedef enum shown { SHOW_EMBEDDING, SHOW_LATENT } shown;
enum { LATENT = 2, EMBEDDED = 32 };

typedef struct fold_options {
    int show; /* enum shown */
    pair_options pair;
} fold_options;

#define FIELD(f) offsetof(fold_options, f)
#define AT(f)    offsetof(fold_options, pair.f)
static const option fold_option_table[] = {
    PAIR_INFORMATION_ROW(AT),
    { "show", OPTION_CHOICE, FIELD(show), "embedding", 0, 0, "",
      "embedding, 32 numbers; latent, the two that they are made of, of which only the first is informative",
      "embedding|latent", OPTION_LANE },
    PAIR_SIZE_ROWS(AT),
    { .name = NULL }
};

/* One pair of correlated numbers, and one of X and one of Y beside that know nothing. */
static status design(const fold_options *o, pair_design *out)
{
    return pair_design_of(&o->pair, LATENT, LATENT, 1, out);
}

static status fold_shape(const settings *s, data_shape *shape)
{
    status result = OK;
    const fold_options *o = s->block[SECTION_DATA];
    const int columns = o->show == SHOW_EMBEDDING ? EMBEDDED : LATENT;
    pair_design d;
    TRY(design(o, &d));
    *shape = pair_shape(&o->pair, columns, columns);
done:
    return result;
}

/* 2 CDF - 1: uniform in -1 to 1. */
static void show_latent(const void *how, int columns, const double *from, double *to)
{
    (void)how;
    for (int i = 0; i < columns; i++) to[i] = erf(from[i] * sqrt(0.5));
}

/* Planes x + j z, folded along their zero; the noise z is most of the variance, so principal components see little else. Numbers 0
 * and 1 are x and z themselves, so nothing is lost. */
static void fold(const void *how, int columns, const double *from, double *to)
{
    double latent[LATENT];
    show_latent(how, columns, from, latent);
    for (int j = 0; j < EMBEDDED; j++) {
        const double plane = latent[0] + j * latent[1];
        to[j] = fmax(plane, 0.1 * j * plane);
    }
    to[0] = latent[0];
    to[1] = latent[1];
}

static status fold_samples(const settings *s, samples **out)
{
    status result = OK;
    const fold_options *o = s->block[SECTION_DATA];
    const pair_map map = o->show == SHOW_EMBEDDING ? fold : show_latent;
    data_shape shape;
    pair_design d;
    TRY(design(o, &d));
    TRY(fold_shape(s, &shape));
    TRY(pair_shown(s, &o->pair, &d, &shape, map, o, out));
done:
    return result;
}

const data_kind anti_pca_kind = {
    .name = "anti_pca",
    .summary = "32 numbers folded from an informative and a noisy one, X (source 1) and Y (target), of known "
               "mutual information: hard for principal components",
    .source = "Butakov et al., ICLR 2024 (information bottleneck analysis by lossy compression), Figure 6, "
              "and their program",
    .section = { "data", fold_option_table, sizeof(fold_options) },
    .drawn = data_always_drawn,
    .shape = fold_shape,
    .make = pair_dataset,
    .table = data_no_table,
    .samples = fold_samples,
    .files = data_no_files,
};
