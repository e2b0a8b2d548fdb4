#include "progress.h"

#include <math.h>
#include <string.h>

#include "progress_live.h"
#include "terminal.h"
#include "words.h"

enum { WIDTH_MAX = 256, BAR_MIN = 6 };
#define TERMINAL_SECONDS    0.2 /* between two looks of the line: a person cannot read faster */
#define PLAIN_FIRST_SECONDS 10
#define PLAIN_SECONDS       30
#define PLAIN_PART          0.1

void progress_line_make(progress_line *l, FILE *to)
{
    *l = (progress_line){ .to = to, .terminal = terminal_of(to), .shown_state = LIVE_RUNNING };
}

static double part_of(const progress *p)
{
    return p->total > 0 ? (double)(p->tasks.done + p->tasks.failed) / (double)p->total : 1;
}

/* What a narrow terminal has no room for is left out, in this order. */
typedef enum detail {
    DETAIL_ALL,
    DETAIL_NO_REASON,
    DETAIL_NO_RATE,
    DETAIL_NO_SPEED,
    DETAIL_NO_NOTE,
    DETAIL_NO_SUSPECTS,
    DETAIL_NO_LIMIT,
    DETAIL_NO_COUNT_LEFT,
    DETAIL_LAST
} detail;

/* "draining", and why */
static const char *state_words(live_state s, detail d)
{
    bool reason = d < DETAIL_NO_REASON;
    switch (s) {
    case LIVE_DRAINING:
        return reason ? "draining as asked, " : "draining, ";
    case LIVE_OUT_OF_TIME:
        return reason ? "out of time, draining, " : "out of time, ";
    case LIVE_STOPPING:
        return reason ? "stopping on a signal, " : "stopping, ";
    default:
        return "";
    }
}

/* A run that drains ends when what runs has ended. */
static void print_seconds_left(const progress *p, live_state s, FILE *to)
{
    char duration[WORDS_MAX];
    if (s == LIVE_STOPPING || p->tasks.done + p->tasks.failed == p->total) return;
    if (s != LIVE_RUNNING)
        fprintf(to, ", ends in %s", duration_text(progress_running_seconds(p), duration));
    else if (!isnan(p->left_seconds))
        fprintf(to, ", %s left", duration_text(p->left_seconds, duration));
}

static void print_speed(double samples_per_second, FILE *to)
{
    if (samples_per_second > 0)
        fprintf(to, ", %.*f samples/s", samples_per_second < 9.95 ? 1 : 0, samples_per_second);
}

void progress_print_note(const task_note *n, FILE *to)
{
    if (n->epochs < 1) return;
    fprintf(to, "epoch %lld of %lld", (long long)n->epoch + 1, (long long)n->epochs);
    if (!isnan(n->loss)) fprintf(to, ", loss %.4g nats", n->loss);
    if (!isnan(n->bits)) fprintf(to, ", %.2f bits", fabs(n->bits) < 0.005 ? 0 : n->bits); /* not -0.00 */
    print_speed(n->samples_per_second, to);
    fputs(", ", to);
}

/* Of the tasks that tell how they get on, the one with the most before it. */
static task_note slowest_note(const progress *p)
{
    task_note slowest = { 0 };
    double most = -1;
    for (int i = 0; p->running && i < p->ranks; i++) {
        const running *r = &p->running[i];
        const task_note n = progress_note(r);
        if (n.epochs == 0 || !(r->left_seconds > most)) continue;
        most = r->left_seconds;
        slowest = n;
    }
    return slowest;
}

/* ", epoch 12/40, loss 1.402, 412 samples/s" */
static void print_slowest(const progress *p, detail d, FILE *to)
{
    const task_note n = slowest_note(p);
    if (n.epochs == 0 || d >= DETAIL_NO_NOTE) return;
    fprintf(to, ", epoch %lld/%lld", (long long)n.epoch + 1, (long long)n.epochs);
    if (!isnan(n.loss)) fprintf(to, ", loss %.4g", n.loss);
    if (d < DETAIL_NO_SPEED) print_speed(n.samples_per_second, to);
}

/* 412/960 done, 2 failed, 546 left, 31.2/s, 17 s left, 2 suspects apart, limit in 12 min 5 s */
static void print_words(const progress *p, detail d, FILE *to)
{
    char duration[WORDS_MAX], rate[WORDS_MAX];
    live_state s = progress_state(p);
    int64_t finished = p->tasks.done + p->tasks.failed;
    fprintf(to, "%s%lld/%lld done", state_words(s, d), (long long)p->tasks.done, (long long)p->total);
    if (p->tasks.failed > 0) fprintf(to, ", %lld failed", (long long)p->tasks.failed);
    if (d < DETAIL_NO_COUNT_LEFT) fprintf(to, ", %lld left", (long long)(p->total - finished));
    if (d < DETAIL_NO_RATE && finished > 0 && p->elapsed_seconds > 0)
        fprintf(to, ", %s", rate_text((double)finished / p->elapsed_seconds, rate));
    if (d < DETAIL_LAST) print_seconds_left(p, s, to);
    print_slowest(p, d, to);
    if (d < DETAIL_NO_SUSPECTS && p->suspects > 0)
        fprintf(to, ", %lld %s apart", (long long)p->suspects, p->suspects == 1 ? "suspect" : "suspects");
    if (d < DETAIL_NO_LIMIT && p->limit_seconds > 0 && !isinf(p->limit_seconds))
        fprintf(to, ", limit in %s", duration_text(p->limit_seconds, duration));
}

/* As much as fits the width; of the least, its beginning. */
static void fit_words(const progress *p, int width, char words[WIDTH_MAX])
{
    for (int d = DETAIL_ALL; d <= DETAIL_LAST; d++) {
        FILE *to = fmemopen(words, WIDTH_MAX, "w");
        if (to == NULL) return;
        print_words(p, (detail)d, to);
        fclose(to);
        if ((int)strlen(words) <= width) return;
    }
}

void progress_bar(double part, int room, char text[BAR_MAX + 3])
{
    int full = (int)(part * room);
    memset(text, ' ', (size_t)room + 2);
    memset(text + 1, '=', (size_t)full);
    if (full < room) text[1 + full] = '>';
    text[0] = '[';
    text[room + 1] = ']';
    text[room + 2] = '\0';
}

void progress_text(const progress *p, int width, bool bar, char *text, size_t size)
{
    char words[WIDTH_MAX] = "";
    fit_words(p, width, words);
    int room = width - (int)strlen(words) - 3; /* brackets and a space */
    if (!bar || room < BAR_MIN) {
        snprintf(text, size, "%.*s", width > 0 ? width : 0, words);
        return;
    }
    char drawn[BAR_MAX + 3];
    progress_bar(part_of(p), room < BAR_MAX ? room : BAR_MAX, drawn);
    snprintf(text, size, "%s %s", drawn, words);
}

static void show_on_terminal(progress_line *l, const progress *p)
{
    char text[WIDTH_MAX];
    if (l->shown && p->elapsed_seconds - l->shown_seconds < TERMINAL_SECONDS) return;
    l->shown_seconds = p->elapsed_seconds;
    /* the last column stays free: some terminals wrap when it is written */
    int width = terminal_width(l->terminal) - 1;
    progress_text(p, width < WIDTH_MAX ? width : WIDTH_MAX - 1, true, text, sizeof text);
    fprintf(l->to, "\r%s\033[K", text);
    fflush(l->to);
    l->shown = true;
}

static void show_plain(progress_line *l, const progress *p)
{
    char text[WIDTH_MAX];
    double seconds = p->elapsed_seconds - l->shown_seconds, part = part_of(p) - l->shown_part;
    bool due = seconds >= PLAIN_SECONDS ||
               (seconds >= PLAIN_FIRST_SECONDS && (part >= PLAIN_PART || !l->shown)) ||
               progress_state(p) != l->shown_state;
    if (!due) return;
    l->shown_state = progress_state(p);
    l->shown_seconds = p->elapsed_seconds;
    l->shown_part = part_of(p);
    progress_text(p, WIDTH_MAX - 1, false, text, sizeof text);
    fprintf(l->to, "%s\n", text);
    l->shown = true;
}

void progress_line_show(progress_line *l, const progress *p)
{
    if (l->terminal >= 0)
        show_on_terminal(l, p);
    else
        show_plain(l, p);
}

void progress_line_clear(progress_line *l)
{
    if (l->terminal < 0 || !l->shown) return;
    fprintf(l->to, "\r\033[K");
    fflush(l->to);
    l->shown = false;
}

void progress_line_end(progress_line *l)
{
    progress_line_clear(l);
    terminal_close(l->terminal);
    l->terminal = -1;
}
