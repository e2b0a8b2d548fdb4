/* Principal components and log-determinants on a gang: the largest power of two of the ranks that the test is given; the others
 * stand by. On one rank the gang is NULL, and things are compared with themselves. */
#include "pca.h"

#include <mpi.h>

#include "check.h"
#include "log_determinant.h"
#include "numerics/drawn_rows.h"
#include "schedule/gang_make.h"

static gang *team;
static bool takes_part;

static const struct shape {
    int count, features, components;
} shape[] = { { 400, 150, 20 }, { 60, 300, 20 }, { 300, 130, 130 }, { 70, 90, 69 }, { 20, 20, 19 },
              { 9, 3, 3 },      { 3, 9, 2 },     { 2, 5, 1 },       { 9, 1, 1 },    { 1000, 2, 1 } };
enum { SHAPES = sizeof shape / sizeof shape[0] };

static status fit(gang *g, const double *x, struct shape s, pca *out)
{
    rows_in_memory memory = { .x = x, .features = s.features };
    sample_rows rows = sample_rows_of(&memory, s.count);
    return pca_fit(g, &rows, (pca_keep){ .components = s.components }, out);
}

static void a_gang_finds_the_components_that_one_rank_finds(void)
{
    for (int i = 0; i < SHAPES && takes_part; i++) {
        int n = shape[i].features;
        double *x = drawn_rows(shape[i].count, n, (uint64_t)i);
        pca one, all;
        CU_ASSERT_EQUAL_FATAL(fit(NULL, x, shape[i], &one), OK);
        CU_ASSERT_EQUAL_FATAL(fit(team, x, shape[i], &all), OK);
        CU_ASSERT_EQUAL(memcmp(one.mean, all.mean, (size_t)n * sizeof(double)), 0);
        const double rounding = 1e-10 * one.variance[0];
        for (int k = 0; k < n; k++) CHECK_NEAR(all.variance[k], one.variance[k], rounding);
        CHECK_NEAR(all.total_variance, one.total_variance, rounding);
        /* variances nearer to each other turn their axes by more: they are about 1e-4 of the largest apart */
        for (int k = 0; k < one.components * n; k++) CHECK_NEAR(all.axes[k], one.axes[k], 1e-8);
        pca_free(&one);
        pca_free(&all);
        free(x);
    }
}

static void the_same_ranks_find_the_same_bits_again(void)
{
    for (int i = 0; i < SHAPES && takes_part; i++) {
        int n = shape[i].features;
        double *x = drawn_rows(shape[i].count, n, (uint64_t)i);
        pca first, again;
        CU_ASSERT_EQUAL_FATAL(fit(team, x, shape[i], &first), OK);
        CU_ASSERT_EQUAL_FATAL(fit(team, x, shape[i], &again), OK);
        CU_ASSERT_EQUAL(memcmp(first.variance, again.variance, (size_t)n * sizeof(double)), 0);
        CU_ASSERT_EQUAL(memcmp(first.axes, again.axes, (size_t)(first.components * n) * sizeof(double)), 0);
        pca_free(&first);
        pca_free(&again);
        free(x);
    }
}

/* What rank 0 has must be what this rank has. */
static bool is_as_on_the_first_rank(const double *x, size_t count)
{
    double *theirs = malloc(count * sizeof *theirs);
    memcpy(theirs, x, count * sizeof *theirs);
    CU_ASSERT_EQUAL(gang_share(team, theirs, count * sizeof *theirs), OK);
    bool same = memcmp(theirs, x, count * sizeof *theirs) == 0;
    free(theirs);
    return same;
}

static void every_rank_has_the_same_result(void)
{
    for (int i = 0; i < SHAPES && takes_part; i++) {
        size_t n = (size_t)shape[i].features;
        double *x = drawn_rows(shape[i].count, shape[i].features, (uint64_t)i);
        pca p;
        CU_ASSERT_EQUAL_FATAL(fit(team, x, shape[i], &p), OK);
        CU_ASSERT(is_as_on_the_first_rank(p.variance, n));
        CU_ASSERT(is_as_on_the_first_rank(p.axes, n * (size_t)p.components));
        pca_free(&p);
        free(x);
    }
}

static void parts_of_a_gang_work_beside_each_other(void)
{
    if (!takes_part || gang_ranks(team) < 4) return;
    gang *half;
    CU_ASSERT_EQUAL_FATAL(gang_part(team, gang_rank(team) / 2 * 2, 2, &half), OK);
    for (int i = gang_rank(team) / 2; i < SHAPES; i++) { /* not the same at the same time */
        double *x = drawn_rows(shape[i].count, shape[i].features, (uint64_t)i);
        pca one, both;
        CU_ASSERT_EQUAL_FATAL(fit(NULL, x, shape[i], &one), OK);
        CU_ASSERT_EQUAL_FATAL(fit(half, x, shape[i], &both), OK);
        CHECK_NEAR(both.variance[0], one.variance[0], 1e-10 * one.variance[0]);
        pca_free(&one);
        pca_free(&both);
        free(x);
    }
    gang_free(half);
}

/* ---- failures -------------------------------------------------------------------------------------------- */

typedef struct weak_reader {
    rows_in_memory memory;
    int64_t reads_left;
} weak_reader;

static status read_some(void *context, int64_t first, int64_t count, double *to)
{
    weak_reader *w = context;
    if (w->reads_left-- == 0) return failure(IO_FAILED, "the file ends early");
    memcpy(to, w->memory.x + first * w->memory.features, (size_t)(count * w->memory.features) * sizeof *to);
    return OK;
}

/* Each rank in turn cannot read on, at each of its reads; at last it reads everything. */
static void one_rank_that_cannot_read_fails_all_with_its_words(void)
{
    const struct shape some[] = { { 300, 12, 3 }, { 20, 30, 3 } };
    for (int i = 0; i < 2 && takes_part; i++) {
        double *x = drawn_rows(some[i].count, some[i].features, 4);
        for (int failing = 0; failing < gang_ranks(team); failing++) {
            int64_t reads = 0;
            for (status got = IO_FAILED; got != OK && reads < 20; reads++) {
                bool fails = gang_rank(team) == failing;
                weak_reader reader = { .memory = { .x = x, .features = some[i].features },
                                       .reads_left = fails ? reads : -1 };
                sample_rows rows = { .count = some[i].count,
                                     .features = some[i].features,
                                     .read = read_some,
                                     .context = &reader };
                pca p;
                got = pca_fit(team, &rows, (pca_keep){ .components = 3 }, &p);
                if (got != OK) {
                    CU_ASSERT_EQUAL(got, IO_FAILED);
                    CU_ASSERT_STRING_EQUAL(failure_text(), "the file ends early");
                }
                CU_ASSERT_EQUAL(got == OK, p.axes != NULL);
                pca_free(&p);
                failure_clear();
            }
            CU_ASSERT(reads > 2 && reads < 20);
        }
        free(x);
    }
}

static void ranks_agree_on_the_worst_that_any_of_them_has(void)
{
    for (int bad = 0; bad < gang_ranks(team) && takes_part; bad++) {
        status mine = OK;
        if (gang_rank(team) == bad) mine = failure(NO_MEMORY, "rank %d is full", bad);
        if (gang_rank(team) == 0 && bad > 0) mine = failure(BAD_INPUT, "a word is wrong");
        char wanted[32];
        snprintf(wanted, sizeof wanted, "rank %d is full", bad);
        CU_ASSERT_EQUAL(gang_agree(team, mine), NO_MEMORY);
        CU_ASSERT_STRING_EQUAL(failure_text(), wanted);
        failure_clear();
        CU_ASSERT_EQUAL(gang_agree(team, OK), OK);
        CU_ASSERT_STRING_EQUAL(failure_text(), "");
        /* of two that have it, the first rank's words */
        if (gang_rank(team) >= bad) mine = failure(IO_FAILED, "rank %d cannot read", gang_rank(team));
        snprintf(wanted, sizeof wanted, "rank %d cannot read", bad);
        CU_ASSERT_EQUAL(gang_agree(team, gang_rank(team) >= bad ? mine : OK), IO_FAILED);
        CU_ASSERT_STRING_EQUAL(failure_text(), wanted);
        failure_clear();
    }
}

static void all_ranks_refuse_in_the_same_words(void)
{
    if (!takes_part) return;
    double *x = drawn_rows(100, 70, 6);
    for (int r = 0; r < 100; r++) x[r * 70 + 40] = 2 * x[r * 70 + 3];
    pca p;
    CU_ASSERT_EQUAL(fit(team, x, (struct shape){ 100, 70, 70 }, &p), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "vary in 69 dimensions only"));
    CU_ASSERT_EQUAL(fit(team, x, (struct shape){ 30, 70, 30 }, &p), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "1 to 29 are right"));
    x[50] = NAN;
    CU_ASSERT_EQUAL(fit(team, x, (struct shape){ 100, 70, 3 }, &p), BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "sample 1, feature 51"));
    failure_clear();
    free(x);
}

/* ---- log-determinants ------------------------------------------------------------------------------------ */

typedef struct square {
    int n;
    const double *a;
} square;

static status read_column(void *context, int column, double *to)
{
    const square *s = context;
    for (int i = 0; i < s->n; i++) to[i] = s->a[(ptrdiff_t)i * s->n + column];
    return OK;
}

static status of_matrix(gang *g, int n, const double *a, double *nats)
{
    square s = { .n = n, .a = a };
    covariance_reader reader = { .n = n, .read = read_column, .context = &s };
    return log_determinants(g, &reader, nats);
}

static void a_gang_finds_the_log_determinants_that_one_rank_finds(void)
{
    enum { MOST = 200 };
    const int size[] = { 1, 2, 3, 17, 64, 65, 129, MOST };
    double one[MOST], all[MOST], of_rows[MOST];
    for (int i = 0; i < 8 && takes_part; i++) {
        int n = size[i];
        double *x = drawn_rows(3 * n + 1, n, (uint64_t)i), *c = plain_covariance(x, 3 * n + 1, n),
               largest = 1;
        rows_in_memory memory = { .x = x, .features = n };
        sample_rows rows = sample_rows_of(&memory, 3 * n + 1);
        CU_ASSERT_EQUAL_FATAL(of_matrix(NULL, n, c, one), OK);
        CU_ASSERT_EQUAL_FATAL(of_matrix(team, n, c, all), OK);
        CU_ASSERT_EQUAL_FATAL(log_determinants_of_rows(team, &rows, of_rows), OK);
        for (int k = 0; k < n; k++) largest = fmax(largest, fabs(one[k]));
        for (int k = 0; k < n; k++) {
            CHECK_NEAR(all[k], one[k], 1e-12 * largest);
            CHECK_NEAR(of_rows[k], one[k], 1e-10 * largest); /* a covariance summed in another order */
        }
        if (team) CU_ASSERT(is_as_on_the_first_rank(all, (size_t)n));
        free(x);
        free(c);
    }
}

static void the_first_leading_block_that_is_not_positive_definite_is_named_by_all(void)
{
    enum { N = 150 };
    double nats[N];
    const int bad[] = { 0, 1, 63, 64, 100, N - 1 };
    double *x = drawn_rows(400, N, 8);
    for (int i = 0; i < 6 && takes_part; i++) {
        char wanted[40];
        double *c = plain_covariance(x, 400, N);
        if (i % 2)
            for (int j = 0; j < N; j++)
                c[j * N + bad[i]] = c[bad[i] * N + j] = j == bad[i] ? c[0] : c[j * N]; /* the first again */
        else
            c[bad[i] * N + bad[i]] *= i == 0 ? 0 : -1;
        snprintf(wanted, sizeof wanted, "leading block of %d column", bad[i] + 1);
        CU_ASSERT_EQUAL(of_matrix(team, N, c, nats), BAD_INPUT);
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), wanted));
        failure_clear();
        free(c);
    }
    free(x);
}

static const check_test tests[] = {
    TEST(a_gang_finds_the_components_that_one_rank_finds),
    TEST(the_same_ranks_find_the_same_bits_again),
    TEST(every_rank_has_the_same_result),
    TEST(parts_of_a_gang_work_beside_each_other),
    TEST(one_rank_that_cannot_read_fails_all_with_its_words),
    TEST(ranks_agree_on_the_worst_that_any_of_them_has),
    TEST(all_ranks_refuse_in_the_same_words),
    TEST(a_gang_finds_the_log_determinants_that_one_rank_finds),
    TEST(the_first_leading_block_that_is_not_positive_definite_is_named_by_all),
};

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    int rank, ranks, count = 1;
    MPI_Comm comm;
    MPI_Comm_dup(MPI_COMM_WORLD, &comm);
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &ranks);
    while (count * 2 <= ranks) count *= 2;
    takes_part = rank < count;
    if (takes_part && gang_make(comm, 0, count, &team) != OK) return 2;
    int failed = check_run("pca on a gang", tests, sizeof tests / sizeof tests[0], argc, argv);
    MPI_Barrier(comm);
    gang_free(team);
    MPI_Comm_free(&comm);
    MPI_Finalize();
    return failed;
}
