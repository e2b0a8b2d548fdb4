#include "words.h"

#include <math.h>
#include <stdio.h>

const char *duration_text(double seconds, char text[WORDS_MAX])
{
    if (!(seconds < 1e9)) return snprintf(text, WORDS_MAX, "?"), text;
    long long s = llround(fmax(seconds, 0)), minutes = s / 60, hours = minutes / 60;
    if (seconds < 0.995)
        snprintf(text, WORDS_MAX, "%.2f s", fmax(seconds, 0));
    else if (seconds < 9.95)
        snprintf(text, WORDS_MAX, "%.1f s", seconds);
    else if (s < 60)
        snprintf(text, WORDS_MAX, "%lld s", s);
    else if (minutes < 60)
        snprintf(text, WORDS_MAX, "%lld min %lld s", minutes, s % 60);
    else if (hours < 48)
        snprintf(text, WORDS_MAX, "%lld h %lld min", hours, minutes % 60);
    else
        snprintf(text, WORDS_MAX, "%lld d %lld h", hours / 24, hours % 24);
    return text;
}

const char *rate_text(double per_second, char text[WORDS_MAX])
{
    int decimals = per_second >= 99.95 ? 0 : per_second >= 9.995 ? 1 : per_second >= 0.9995 ? 2 : 3;
    snprintf(text, WORDS_MAX, "%.*f/s", decimals, per_second);
    return text;
}
