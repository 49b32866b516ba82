// Errors of elementary.h in float32 against the C library's double, over all numbers of float32 but for one in STRIDE, printed as JSON:
// exp and log in units in the last place, log in the larger of such a unit and 2^-24 besides. Usage: elementary32 STRIDE
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *arena;
#define WALRAS_FLOAT32
#include "../../../src/backends/wasm/kernels/all.c"

static float float_of(u32 bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static double ulps_off(float made, double truth, double least) {
  const float x = fabsf((float)truth);
  u32 bits;
  memcpy(&bits, &x, sizeof bits);
  const double ulp = (double)float_of(bits + 1) - x;
  return fabs(made - truth) / (ulp > least ? ulp : least);
}

/** All lanes must agree. */
static float same(vec x) {
  for (int k = 1; k < LANES; k++)
    if (memcmp(&x, (char *)&x + 4 * k, 4) != 0) abort();
  return x[0];
}

int main(int count, char **arguments) {
  const u32 stride = count > 1 ? (u32)atoi(arguments[1]) : 1;
  double exp_worst = 0, log_worst = 0, log_near_1 = 0;
  for (u32 bits = 0; bits < 0x7f800000u; bits += stride) {
    const float x = float_of(bits);
    if (x <= (float)MOST_EXPONENT)
      for (int side = -1; side <= 1; side += 2) exp_worst = fmax(exp_worst, ulps_off(same(vexp(all(side * x))), exp((double)(side * x)), 0));
    if (x < FLT_MIN) continue;
    log_worst = fmax(log_worst, ulps_off(same(vlog(all(x))), log((double)x), 0));
    if (x > 0.5f && x < 2) log_near_1 = fmax(log_near_1, fabs(same(vlog(all(x))) - log((double)x)));
  }
  printf("{\"exp\": %.6g, \"log\": %.6g, \"near1\": %.6g, \"below\": %g, \"above\": %g, \"nan\": \"%g\"}\n", exp_worst, log_worst, log_near_1,
         same(vexp(all(-88))), same(vexp(all(1e30))), same(vexp(all(NAN))));
  return 0;
}
