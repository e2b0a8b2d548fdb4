/* Principal components of real images on all ranks: pca fit OUT SAMPLES COMPONENTS writes what it finds and prints time and memory;
 * pca compare A B says how far two such files are from each other. Run by pca.sh. */
#include "pca.h"

#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "schedule/gang_make.h"

enum { IMAGES = 4000, PIXELS = 3072 };

typedef struct images {
    unsigned char (*pixel)[1 + PIXELS]; /* a label before each */
} images;

static status read_images(void *context, int64_t first, int64_t count, double *to)
{
    const images *set = context;
    for (int64_t i = first; i < first + count; i++)
        for (int j = 0; j < PIXELS; j++) *to++ = set->pixel[i][1 + j] / 255.;
    return OK;
}

static bool load(images *set)
{
    char path[4096];
    const char *folder = getenv("INFOSWEEP_DATA");
    snprintf(path, sizeof path, "%s/images/cifar10_lossless4000.bin.gz", folder ? folder : "../shared/data");
    gzFile file = gzopen(path, "rb");
    if (file == NULL) return false;
    unsigned bytes = IMAGES * (1 + PIXELS);
    set->pixel = malloc(bytes);
    bool whole = set->pixel && gzread(file, set->pixel, bytes) == (int)bytes;
    gzclose(file);
    return whole;
}

/* MiB: the most that this process has had in memory. */
static double peak_memory(void)
{
    char line[256];
    long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1) break;
    if (file) fclose(file);
    return (double)kib / 1024;
}

static bool write_result(const char *path, const pca *p)
{
    FILE *file = fopen(path, "wb");
    size_t size = (size_t)p->components * PIXELS;
    bool written = file && fwrite(p->variance, sizeof(double), PIXELS, file) == PIXELS &&
                   fwrite(p->axes, sizeof(double), size, file) == size;
    return file && fclose(file) == 0 && written;
}

static int fit(const char *path, int64_t samples, int components)
{
    int rank, ranks;
    images set;
    gang *g = NULL;
    pca p;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    if (!load(&set) || gang_make(MPI_COMM_WORLD, 0, ranks, &g) != OK) return 1;
    sample_rows rows = { .count = samples, .features = PIXELS, .read = read_images, .context = &set };
    double before = peak_memory(), most, began = MPI_Wtime();
    status got = pca_fit(g, &rows, (pca_keep){ .components = components }, &p);
    if (got != OK) fprintf(stderr, "%s\n", failure_text());
    double seconds = MPI_Wtime() - began, own = peak_memory() - before;
    MPI_Reduce(&own, &most, 1, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
    bool fine = got == OK && (rank > 0 || write_result(path, &p));
    if (rank == 0) printf("%d %lld %.2f %.0f\n", ranks, (long long)samples, seconds, most);
    pca_free(&p);
    gang_free(g);
    free(set.pixel);
    return !fine;
}

/* ---- comparison ------------------------------------------------------------------------------------------ */

static double *read_result(const char *path, int *components)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) return NULL;
    size_t size = (size_t)ftell(file);
    double *x = malloc(size);
    rewind(file);
    bool whole = x && fread(x, 1, size, file) == size;
    fclose(file);
    *components = (int)(size / sizeof(double) / PIXELS) - 1;
    return whole ? x : NULL;
}

static double dot(const double *a, const double *b)
{
    double sum = 0;
    for (int j = 0; j < PIXELS; j++) sum += a[j] * b[j];
    return sum;
}

/* Prints the largest difference of eigenvalues over the largest eigenvalue, and of what is left of an axis of one when its
 * projection on the axes of the other is taken off. */
static int compare(const char *one, const char *other)
{
    int components, as_many;
    double *a = read_result(one, &components), *b = read_result(other, &as_many), values = 0, axes = 0;
    if (a == NULL || b == NULL || components != as_many) return 1;
    for (int j = 0; j < PIXELS; j++) values = fmax(values, fabs(a[j] - b[j]) / a[0]);
    for (int k = 1; k <= components; k++) {
        double left[PIXELS];
        memcpy(left, b + (ptrdiff_t)k * PIXELS, sizeof left);
        for (int l = 1; l <= components; l++) {
            double along = dot(a + (ptrdiff_t)l * PIXELS, b + (ptrdiff_t)k * PIXELS);
            for (int j = 0; j < PIXELS; j++) left[j] -= along * a[(ptrdiff_t)l * PIXELS + j];
        }
        axes = fmax(axes, sqrt(dot(left, left)));
    }
    printf("%.1e %.1e\n", values, axes);
    free(a);
    free(b);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "compare") == 0) return compare(argv[2], argv[3]);
    if (argc != 5) return 2;
    MPI_Init(&argc, &argv);
    int failed = fit(argv[2], atoll(argv[3]), atoi(argv[4]));
    MPI_Finalize();
    return failed;
}
