/* Figures drawn into a folder of their own, and what the files there hold. After check.h. */
#ifndef TESTS_REPORT_DRAWN_H
#define TESTS_REPORT_DRAWN_H

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/figures.h"

static char folder[] = "/tmp/infosweep-figures-XXXXXX";

static inline void folder_make(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
}

static inline void folder_remove(void)
{
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.') unlink(path);
    }
    if (d) closedir(d);
    CU_ASSERT_EQUAL(rmdir(folder), 0);
}

/* The text of a file in the folder; "" when there is none. The caller frees. */
static inline char *content(const char *name)
{
    enum { LARGEST = 1 << 20 };
    char path[1024], *text = calloc(1, LARGEST);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file && fread(text, 1, LARGEST - 1, file) == 0) text[0] = '\0';
    if (file) fclose(file);
    return text;
}

static inline bool holds(const char *name, const char *what)
{
    char *text = content(name);
    bool found = strstr(text, what) != NULL;
    if (!found) fprintf(stderr, "%s does not hold \"%s\":\n%s\n", name, what, text);
    free(text);
    return found;
}

static inline bool lacks(const char *name, const char *what)
{
    char *text = content(name);
    bool found = strstr(text, what) != NULL;
    free(text);
    return !found;
}

static inline bool is_png(const char *name)
{
    char *text = content(name);
    bool is = memcmp(text, "\x89PNG\r\n\x1a\n", 8) == 0;
    free(text);
    return is;
}

/* An SVG that was written to its end. */
static inline bool is_svg(const char *name)
{
    char *text = content(name);
    bool is = strstr(text, "<svg") && strstr(text, "</svg>");
    free(text);
    return is;
}

static inline char *drawn_view(view *v)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    CU_ASSERT_EQUAL(figures_draw(v, folder, to), OK);
    fclose(to);
    return text;
}

static inline bool gnuplot_is_there(void)
{
    for (const char *at = getenv("PATH"), *end; at && *at; at = *end ? end + 1 : end) {
        char path[1024];
        end = at + strcspn(at, ":");
        snprintf(path, sizeof path, "%.*s/gnuplot", (int)(end - at), at);
        if (access(path, X_OK) == 0) return true;
    }
    printf("skipped: no gnuplot\n");
    return false;
}

/* Does gnuplot draw it again by hand, and say nothing? */
static inline bool draws_in_silence(const char *name)
{
    char command[1024], said[256] = "";
    snprintf(command, sizeof command, "cd '%s' && rm -f '%s.png' && gnuplot '%s.gp' 2>&1", folder, name,
             name);
    FILE *from = popen(command, "r");
    if (from == NULL) return false;
    size_t bytes = fread(said, 1, sizeof said - 1, from);
    bool well = pclose(from) == 0 && bytes == 0;
    if (!well) fprintf(stderr, "%s: %s\n", name, said);
    return well;
}

#endif
