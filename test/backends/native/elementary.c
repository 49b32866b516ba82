// Errors of elementary.h and what is made of it against the C library's long double, in units in the last place of the truth (in `long
// double`, so that halves are seen), printed as JSON. Usage: elementary COUNT
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *arena;
#include "../../../src/backends/wasm/kernels/all.c"

static double bits_to(u64 b) {
  double x;
  memcpy(&x, &b, sizeof x);
  return x;
}
static u64 bits_of(double x) {
  u64 b;
  memcpy(&b, &x, sizeof b);
  return b;
}

static u64 state = 0x9e3779b97f4a7c15ull;
static u64 next_bits(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}
static double between(double low, double high) { return low + (high - low) * ((double)(next_bits() >> 11) * 0x1p-53); }

/** Of one function over one range: largest errors in units in the last place, absolute, and in the larger of such a unit and 2e-16; where. */
typedef struct {
  double ulps, absolute, either, at;
} Worst;

static double ulp_of(long double truth) {
  const double x = fabs((double)truth);
  return x < DBL_MIN ? 0x1p-1074 : bits_to(bits_of(x) + 1) - x;
}

/** Both lanes must agree with one another, since rows may begin anywhere. */
static void judge(Worst *worst, vec made, double x, long double truth) {
  if (bits_of(made[0]) != bits_of(made[1])) abort();
  const long double error = fabsl((long double)made[0] - truth);
  const double ulp = ulp_of(truth), ulps = (double)(error / ulp), either = (double)(error / (ulp > 2e-16 ? ulp : 2e-16));
  if (!(ulps <= worst->ulps)) worst->ulps = ulps;
  if (!((double)error <= worst->absolute)) worst->absolute = (double)error;
  if (!(either <= worst->either)) {
    worst->either = either;
    worst->at = x;
  }
}

static void print(const char *name, Worst worst, const char *end) {
  printf("\"%s\": {\"ulps\": %.6g, \"absolute\": %.6g, \"either\": %.6g, \"at\": %.17g}%s\n", name, worst.ulps, worst.absolute,
         worst.either, worst.at, end);
}

static Worst exp_between(double low, double high, int count) {
  Worst worst = {0};
  for (int k = 0; k < count; k++) {
    const double x = k == 0 ? low : k == 1 ? high : between(low, high);
    judge(&worst, vexp(all(x)), x, expl((long double)x));
  }
  return worst;
}

/** x with random bits, so at every magnitude alike. */
static Worst log_between(double low, double high, int count) {
  Worst worst = {0};
  const u64 from = bits_of(low), size = bits_of(high) - from + 1;
  for (int k = 0; k < count; k++) {
    const double x = k == 0 ? low : k == 1 ? high : bits_to(from + next_bits() % size);
    judge(&worst, vlog(all(x)), x, logl((long double)x));
  }
  return worst;
}

static Worst expm1_between(double low, double high, int count) {
  Worst worst = {0};
  for (int k = 0; k < count; k++) {
    const double x = k == 0 ? low : k == 1 ? high : between(low, high);
    judge(&worst, vexpm1(all(x)), x, expm1l((long double)x));
  }
  return worst;
}
static Worst log1p_between(double low, double high, int count) {
  Worst worst = {0};
  for (int k = 0; k < count; k++) {
    const double x = k == 0 ? low : k == 1 ? high : between(low, high);
    judge(&worst, vlog1p(all(x)), x, log1pl((long double)x));
  }
  return worst;
}

/** Every argument between two entries of the tables, where an error of the choice of the entry would show. */
static Worst exp_at_borders(void) {
  Worst worst = {0};
  for (int k = -90000; k <= 90000; k++)
    for (int side = -1; side <= 1; side++) {
      const double x = (k + 0.5) * (0.6931471805599453 / 128) * (1 + side * 0x1p-52);
      judge(&worst, vexp(all(x)), x, expl((long double)x));
    }
  return worst;
}
static Worst log_at_borders(void) {
  Worst worst = {0};
  for (int octave = -1000; octave <= 1000; octave += 40)
    for (u64 i = 0; i < 2 * TABLE; i++)
      for (int side = -1; side <= 1; side++) {
        const double x = ldexp(bits_to((0x3ff0000000000000ull & ~((1ull << 45) - 1)) + (OCTAVE & ((1ull << 45) - 1)) + (i << 45) + side), octave);
        judge(&worst, vlog(all(x)), x, logl((long double)x));
      }
  return worst;
}

/** As text, since JSON has no NaN and no infinities. */
static void value(const char *name, vec x, const char *end) { printf("\"%s\": \"%.17g\"%s\n", name, isnan(x[0]) ? NAN : x[0], end); }

int main(int count, char **arguments) {
  const int n = count > 1 ? atoi(arguments[1]) : 100000;
  printf("{\"mantissa\": %d,\n", LDBL_MANT_DIG);
  print("exp: within ±1", exp_between(-1, 1, n), ",");
  print("exp: -700 to 708", exp_between(-700, 708, n), ",");
  print("exp: -708 to -700", exp_between(-708, -700, n), ",");
  print("exp: within ±1e-12", exp_between(-1e-12, 1e-12, n), ",");
  print("exp: subnormal arguments", exp_between(-DBL_MIN, DBL_MIN, n / 10), ",");
  print("exp: between entries", exp_at_borders(), ",");
  print("log: normal numbers", log_between(DBL_MIN, DBL_MAX, n), ",");
  print("log: beside 1", log_between(1 - 0x1p-10, 1 + 0x1p-10, n), ",");
  print("log: from 0.5 to 2", log_between(0.5, 2, n), ",");
  print("log: 1 ± a few", log_between(1 - 0x1p-50, 1 + 0x1p-50, n / 10), ",");
  print("log: between entries", log_at_borders(), ",");
  print("expm1: within ±0.02", expm1_between(-0.02, 0.02, n), ",");
  print("expm1: within ±20", expm1_between(-20, 20, n), ",");
  print("log1p: within ±1e-3", log1p_between(-1e-3, 1e-3, n), ",");
  print("log1p: within ±1e-12", log1p_between(-1e-12, 1e-12, n), ",");
  print("log1p: -0.9 to 20", log1p_between(-0.9, 20, n), ",");
  value("exp 0", vexp(all(0)), ",");
  value("exp -0", vexp(all(-0.0)), ",");
  value("exp NaN", vexp(all(NAN)), ",");
  value("exp -NaN", vexp(-all(NAN)), ",");
  value("exp inf", vexp(all(INFINITY)), ",");
  value("exp -inf", vexp(all(-INFINITY)), ",");
  value("exp 708", vexp(all(708)), ",");
  value("exp -708", vexp(all(-708)), ",");
  value("exp 1e300", vexp(all(1e300)), ",");
  value("exp -1e300", vexp(all(-1e300)), ",");
  value("log 1", vlog(all(1)), ",");
  value("expm1 0", vexpm1(all(0)), ",");
  value("log1p 0", vlog1p(all(0)), ",");
  value("ratio 0/1", log_ratio(all(0), all(1)), ",");
  value("ratio 1/0", log_ratio(all(1), all(0)), ",");
  value("ratio inf/1", log_ratio(all(INFINITY), all(1)), ",");
  value("ratio 1/inf", log_ratio(all(1), all(INFINITY)), ",");
  value("ratio 0/0", log_ratio(all(0), all(0)), ",");
  value("ratio 2/2", log_ratio(all(2), all(2)), ",");
  value("ratio tiny/tiny", log_ratio(all(0x1p-1074), all(0x1p-1073)), ",");
  value("ratio tiny/huge", log_ratio(all(0x1p-1074), all(1e300)), ",");
  value("ratio NaN/1", log_ratio(all(NAN), all(1)), ",");
  value("ratio 1/NaN", log_ratio(all(1), all(NAN)), "}");
  return 0;
}
