/* Fuzz targets: each feeds a reader one input and stops at what must never happen, whatever the input: a crash, a status
 * other than a refusal, a refusal without its one line, an object of HDF5 that is left open.
 *
 * Built plainly, a target is a test that replays its corpus (tests/fuzz/corpus/NAME, or the files it is given); built with
 * -DFUZZER and clang's -fsanitize=fuzzer it looks for more (make fuzz). */
#ifndef FUZZ_H
#define FUZZ_H

#include <dirent.h>
#include <hdf5.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/import.h"

extern const char fuzz_name[]; /* of the target and the folder of its corpus */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stops, so that the fuzzer or the test fails here. */
static inline void fuzz_require(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "fuzz target %s: %s\n", fuzz_name, what);
    abort();
}

/* ---- files in memory ----------------------------------------------------------------------------------- */

static char fuzz_folder[64];

static inline void fuzz_remove_folder(void)
{
    DIR *d = opendir(fuzz_folder);
    for (const struct dirent *e; d && (e = readdir(d));) {
        char path[sizeof fuzz_folder + sizeof e->d_name + 1];
        snprintf(path, sizeof path, "%s/%s", fuzz_folder, e->d_name);
        unlink(path);
    }
    if (d) closedir(d);
    rmdir(fuzz_folder);
}

/* Writes a file of this name into a folder of the target's own, in memory where the system has such. The path is valid
 * until the next call. */
static inline const char *fuzz_file(const char *name, const void *data, size_t size)
{
    static char path[sizeof fuzz_folder + 32];
    if (fuzz_folder[0] == '\0') {
        bool memory = access("/dev/shm", W_OK) == 0;
        snprintf(fuzz_folder, sizeof fuzz_folder, "%s/infosweep-fuzz-XXXXXX", memory ? "/dev/shm" : "/tmp");
        fuzz_require(mkdtemp(fuzz_folder) != NULL, "no folder for its files");
        atexit(fuzz_remove_folder);
    }
    snprintf(path, sizeof path, "%s/%s", fuzz_folder, name);
    FILE *to = fopen(path, "wb");
    bool written = to && fwrite(data, 1, size, to) == size;
    fuzz_require(to && fclose(to) == 0 && written, "its file cannot be written");
    return path;
}

/* ---- what must hold ------------------------------------------------------------------------------------ */

static inline void fuzz_check(status result)
{
    const char *text = failure_text();
    fuzz_require(result == OK || result == BAD_INPUT || result == NO_MEMORY, "neither read nor refused");
    fuzz_require(result == OK || text[0] != '\0', "a refusal says nothing");
    fuzz_require(result == OK || strchr(text, '\n') == NULL, "a refusal has more than one line");
    fuzz_require(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL) == 0, "an object of HDF5 is left open");
    failure_clear();
}

/* Reads the file as a session with this mapping. */
static inline void fuzz_read(const import_format *format, const char *path, const char *mapping)
{
    node map = { .kind = NODE_MAP };
    recordings *r = NULL;
    recorded_session *s = NULL;
    fuzz_require(node_parse(mapping, "mapping", true, &map) == OK, "its mapping cannot be parsed");
    fuzz_require(recordings_make(&r) == OK && recordings_add_session(r, "s", &s) == OK, "no session");
    free(r->target);
    r->target = strdup("target");
    status result = format->read(path, &map, s);
    if (result == OK) result = recordings_check(r, path);
    recordings_free(r);
    node_free(&map);
    fuzz_check(result);
}

/* What `describe` prints is YAML that names a session. */
static inline void fuzz_describe(const import_format *format, const char *path)
{
    char *text = NULL;
    size_t size;
    node map = { .kind = NODE_SCALAR };
    FILE *to = open_memstream(&text, &size);
    fuzz_require(to != NULL, "no memory");
    status result = format->describe(path, to);
    fclose(to);
    if (result == OK) {
        status parsed = node_parse(text, "described", true, &map);
        if (parsed != OK) fprintf(stderr, "%s\n%s", failure_text(), text);
        fuzz_require(parsed == OK && node_find(&map, "sessions"), "the example is no mapping");
    }
    node_free(&map);
    free(text);
    fuzz_check(result);
}

/* ---- replaying the corpus ------------------------------------------------------------------------------ */

#ifndef FUZZER
static inline void fuzz_replay_file(const char *path)
{
    enum { INPUT_MAX = 1 << 20 };
    static uint8_t data[INPUT_MAX];
    FILE *from = fopen(path, "rb");
    fuzz_require(from != NULL, "cannot open a file of the corpus");
    size_t size = fread(data, 1, sizeof data, from);
    fclose(from);
    LLVMFuzzerTestOneInput(data, size);
}

int main(int argc, char **argv)
{
    char folder[128];
    int replayed = argc - 1;
    for (int i = 1; i < argc; i++) fuzz_replay_file(argv[i]);
    if (argc > 1) return 0;
    snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", fuzz_name);
    DIR *d = opendir(folder);
    fuzz_require(d != NULL, "no corpus; run it from the project's folder");
    for (const struct dirent *e; (e = readdir(d));) {
        char path[sizeof folder + sizeof e->d_name + 1];
        if (e->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        fuzz_replay_file(path);
        replayed++;
    }
    closedir(d);
    printf("%s: %d inputs replayed\n", fuzz_name, replayed);
    return replayed > 0 ? 0 : 1;
}
#endif

#endif
