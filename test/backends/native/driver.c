// Performs recorded kernel calls (recorder.ts) natively, under AddressSanitizer and UndefinedBehaviorSanitizer, on the same data in
// the same places; all between arrays is poisoned. After each call the arrays must be those that WebAssembly left: exit status 1 says
// which are not. Usage: driver RECORDS
#include <math.h>
#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *arena;
#include "../../../src/backends/wasm/kernels/all.c"

/** Made from the kernels' prototypes by compiler.ts: `Kernel kernels[]`. */
typedef struct {
  const char *name;
  u32 arguments;
  int returns;
  double (*call)(const double *x);
} Kernel;
#include "kernels.inc"

#define PAGE 65536
#define MOST_ARGUMENTS 32

typedef struct { u32 offset, length; } Region;

static FILE *records;
static Region *regions;
static u32 region_count, bytes;
/** What WebAssembly has in its memory. */
static char *expected;
static u32 market, call;
static const char *kernel = "none";

static void say_where(void) { fprintf(stderr, "in kernel %s, call %u of market %u\n", kernel, call, market); }

static void fail(const char *why) {
  fprintf(stderr, "%s ", why);
  say_where();
  exit(1);
}

static void take(void *to, size_t size) {
  if (fread(to, 1, size, records) != size) fail("records end too early");
}
static u32 take_u32(void) {
  u32 x;
  take(&x, sizeof x);
  return x;
}

/** A market: the size of its memory, all zeros, and where arrays lie in it. */
static void begin_market(void) {
  market++;
  call = 0;
  if (arena) ASAN_UNPOISON_MEMORY_REGION(arena, bytes);
  free(arena);
  free(expected);
  free(regions);
  bytes = take_u32();
  region_count = take_u32();
  regions = malloc(region_count * sizeof *regions + 1);
  arena = aligned_alloc(PAGE, bytes);
  expected = calloc(bytes, 1);
  if (!regions || !arena || !expected) fail("out of memory");
  take(regions, region_count * sizeof *regions);
  memset(arena, 0, bytes);
  ASAN_POISON_MEMORY_REGION(arena, bytes);
  for (u32 r = 0; r < region_count; r++) ASAN_UNPOISON_MEMORY_REGION(arena + regions[r].offset, regions[r].length);
}

/** Bytes that changed, into what WebAssembly has, and into the arena too where JavaScript wrote them. */
static void take_changes(int both) {
  for (u32 left = take_u32(); left > 0; left--) {
    const u32 offset = take_u32(), length = take_u32();
    take(expected + offset, length);
    if (both) memcpy(arena + offset, expected + offset, length);
  }
}

static int differs(double a, double b) { return memcmp(&a, &b, sizeof a) != 0 && !(isnan(a) && isnan(b)); }

/** The same of up to two numbers of float32 in eight bytes. */
static int floats_differ(const char *made, const char *wanted, u32 size) {
#ifdef WALRAS_FLOAT32
  for (u32 i = 0; i + 4 <= size; i += 4) {
    float a, b;
    memcpy(&a, made + i, 4);
    memcpy(&b, wanted + i, 4);
    if (memcmp(&a, &b, 4) != 0 && !(isnan(a) && isnan(b))) return 1;
  }
  return size % 4 != 0;
#else
  (void)made, (void)wanted, (void)size;
  return 1;
#endif
}

/** Bit for bit, but for the bits of NaN, which WebAssembly leaves open. (No kernel writes integers, and bytes are 0 or 1: no NaN.) */
static void compare(void) {
  for (u32 r = 0; r < region_count; r++) {
    const Region region = regions[r];
    char *made = arena + region.offset, *wanted = expected + region.offset;
    if (memcmp(made, wanted, region.length) == 0) continue;
    for (u32 i = 0; i < region.length; i += 8) {
      const u32 size = region.length - i < 8 ? region.length - i : 8;
      double a = 0, b = 0;
      memcpy(&a, made + i, size);
      memcpy(&b, wanted + i, size);
      if (!differs(a, b) || !floats_differ(made + i, wanted + i, size)) continue;
      fprintf(stderr, "array %u, byte %u of %u: %.17g natively, %.17g by WebAssembly; ", r, i, region.length, a, b);
      fail("they differ");
    }
    memcpy(made, wanted, region.length);
  }
}

static void perform(void) {
  double x[MOST_ARGUMENTS], result;
  const u32 index = take_u32(), count = take_u32();
  if (index >= sizeof kernels / sizeof *kernels || count != kernels[index].arguments) fail("a call that no kernel takes");
  call++;
  kernel = kernels[index].name;
  take(x, count * sizeof *x);
  take(&result, sizeof result);
  take_changes(1);
  const double returned = kernels[index].call(x);
  take_changes(0);
  compare();
  if (!kernels[index].returns || !differs(returned, result)) return;
  fprintf(stderr, "returns %.17g natively, %.17g by WebAssembly; ", returned, result);
  fail("they differ");
}

int main(int count, char **arguments) {
  if (count != 2 || !(records = fopen(arguments[1], "rb"))) fail("no records");
  __sanitizer_set_death_callback(say_where);
  for (int kind = fgetc(records); kind != EOF; kind = fgetc(records)) {
    if (kind == 'M') begin_market();
    else perform();
  }
  return 0;
}
