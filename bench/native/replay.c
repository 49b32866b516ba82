// Performs the kernel calls of one evaluation natively on a copy of a market's memory (job.ts), over and over for a while, and prints as
// JSON how long it took and how far its f is from the one in the job. Usage: replay JOB SECONDS
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

char *arena;
#include "../../src/backends/wasm/kernels/all.c"

/** Made from the kernels' prototypes by compiler.ts: `Kernel kernels[]`. */
typedef struct {
  const char *name;
  u32 arguments;
  double (*call)(const double *x);
} Kernel;
#include "kernels.inc"

#define PAGE 65536
#define MOST_ARGUMENTS 32
#define WARM_UP 3
#define FEWEST 9
#define MOST 10000

typedef struct { u32 offset, length; } Region;
typedef struct {
  u32 kernel;
  double x[MOST_ARGUMENTS];
} Call;

static FILE *job;
static Call *calls;
static u32 call_count;

static void fail(const char *why) {
  fprintf(stderr, "%s\n", why);
  exit(1);
}
static void take(void *to, size_t size) {
  if (fread(to, 1, size, job) != size) fail("the job ends too early");
}
static u32 take_u32(void) {
  u32 x;
  take(&x, sizeof x);
  return x;
}
static void *room(size_t count, size_t size) {
  void *at = calloc(count, size);
  if (!at) fail("out of memory");
  return at;
}

/** The memory: all zeros but for some pieces. */
static void take_memory(void) {
  arena = room(take_u32(), PAGE);
  for (u32 left = take_u32(); left > 0; left--) {
    const u32 offset = take_u32(), length = take_u32();
    take(arena + offset, length);
  }
}

static void take_calls(void) {
  call_count = take_u32();
  calls = room(call_count, sizeof *calls);
  for (u32 i = 0; i < call_count; i++) {
    calls[i].kernel = take_u32();
    const u32 count = take_u32();
    if (calls[i].kernel >= sizeof kernels / sizeof *kernels || count != kernels[calls[i].kernel].arguments) fail("a call that no kernel takes");
    take(calls[i].x, count * sizeof(double));
  }
}

static void perform(void) {
  for (u32 i = 0; i < call_count; i++) kernels[calls[i].kernel].call(calls[i].x);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static int order(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** max |a − b|, NaN where there is one. */
static double apart(const real *a, const real *b, u32 length) {
  double most = 0;
  for (u32 i = 0; i < length; i++) {
    const double d = fabs((double)a[i] - (double)b[i]);
    if (!(d <= most)) most = d;
    if (isnan(d)) return d;
  }
  return most;
}

int main(int count, char **arguments) {
  if (count != 3 || !(job = fopen(arguments[1], "rb"))) fail("no job");
  const double seconds = atof(arguments[2]);
  take_memory();
  const u32 f = take_u32(), length = take_u32();
  real *wanted = room(length, sizeof *wanted);
  memcpy(wanted, REALS(f), length * sizeof *wanted);
  // What the kernels are to make is NaN until they do.
  for (u32 left = take_u32(); left > 0; left--) {
    const u32 offset = take_u32(), bytes = take_u32();
    memset(AT(offset), 0xff, bytes);
  }
  take_calls();
  for (int k = 0; k < WARM_UP; k++) perform();
  double *taken = room(MOST, sizeof *taken), total = 0;
  int runs = 0;
  while (runs < MOST && (runs < FEWEST || total < seconds)) {
    const double began = now();
    perform();
    taken[runs] = now() - began;
    total += taken[runs++];
  }
  const double most = apart(wanted, REALS(f), length);
  qsort(taken, runs, sizeof *taken, order);
  printf("{\"median\": %.9g, \"least\": %.9g, \"runs\": %d, \"same\": %s, \"apart\": ", taken[runs / 2], taken[0], runs,
         memcmp(wanted, REALS(f), length * sizeof *wanted) == 0 ? "true" : "false");
  printf(isnan(most) ? "null}\n" : "%.9g}\n", most);
  return 0;
}
