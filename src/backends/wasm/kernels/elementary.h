// exp and log of vectors, by tables of 128 entries (float64: exp to 1 ulp, log to 1.7 ulp and 2.3e-16 absolute near 1) or polynomials
// (float32).
#pragma once
#include "real.h"

#define TABLE 128

/** exp_bits[i] = bits(2^(i/128)) − i·2^45, and 1/c_i and log c_i for z near c_i. */
extern const u64 exp_bits[TABLE];
extern const double log_inverse[TABLE], log_value[TABLE];

#ifndef WALRAS_FLOAT32
#define LN2_128_HIGH 0x1.62e42fefa0000p-8
#define LN2_128_LOW 0x1.cf79abc9e3b3ap-47
#define LN2_HIGH 0x1.62e42fefa3800p-1
#define LN2_LOW 0x1.ef35793c76730p-45
/** From here an octave of arguments begins: 1 lies in the middle of an interval of the table. */
#define OCTAVE 0x3fe6900900000000ull

/** e^x for |x| ≤ MOST_EXPONENT. */
INLINE vec vexp_within(vec x) {
  const vec magic = all(0x1.8p52);
  const vec shifted = madd(x, all(128 / 0.6931471805599453), magic);
  const vbits k = (vbits)shifted;
  const vec whole = shifted - magic;
  const vec r = madd(whole, all(-LN2_128_LOW), madd(whole, all(-LN2_128_HIGH), x));
  const vbits scale_bits = (vbits){exp_bits[k[0] & 127], exp_bits[k[1] & 127]} + (k << 45);
  const vec scale = (vec)scale_bits;
  const vec r2 = r * r;
  const vec low = madd(r, all(1.0 / 6), all(0.5)), high = madd(r, all(1.0 / 120), all(1.0 / 24));
  const vec tail = madd(r2, madd(r2, high, low), r);
  return madd(scale, tail, scale);
}

/** log x for x > 0 and normal. */
INLINE vec vlog(vec x) {
  const vbits one = (vbits)all(1.0);
  const vbits octave = OCTAVE - (vbits){0};
  const vbits moved = (vbits)x - octave + one;
  const vbits k = moved >> 52;
  const vbits z = (vbits)x - ((moved & (0xfff0000000000000ull - (vbits){0})) - one);
  const u32 i = (u32)(moved[0] >> 45) & 127, j = (u32)(moved[1] >> 45) & 127;
  const vec whole = (vec)(k | (0x4330000000000000ull - (vbits){0})) - all(0x1p52 + 1023);
  const vec r = madd((vec)z, (vec){log_inverse[i], log_inverse[j]}, all(-1.0));
  const vec r2 = r * r;
  const vec first = madd(r, all(1.0 / 3), all(-0.5)), second = madd(r2, all(-1.0 / 6), madd(r, all(0.2), all(-0.25)));
  const vec tail = r2 * madd(r2, second, first);
  const vec high = madd(whole, all(LN2_HIGH), (vec){log_value[i], log_value[j]});
  return high + (r + madd(whole, all(LN2_LOW), tail));
}
#else
#define LN2_HIGH 0x1.62ep-1
#define LN2_LOW 0x1.0bfbe8p-15

/** e^x for |x| ≤ MOST_EXPONENT: 2^k e^r, |r| ≤ log(2)/2, Taylor's polynomial of degree 7. */
INLINE vec vexp_within(vec x) {
  const vec magic = all(0x1.8p23);
  const vec shifted = madd(x, all(1 / 0.6931471805599453), magic);
  const vec whole = shifted - magic;
  const vec r = madd(whole, all(-LN2_LOW), madd(whole, all(-LN2_HIGH), x));
  const vec scale = (vec)(((vbits)shifted << 23) + (vbits)all(1));
  const vec late = madd(r, madd(r, madd(r, all(1.0 / 5040), all(1.0 / 720)), all(1.0 / 120)), all(1.0 / 24));
  const vec tail = r * madd(r, madd(r, madd(r, late, all(1.0 / 6)), all(0.5)), all(1));
  return madd(scale, tail, scale);
}

/** log x for x > 0 and normal: x = 2^k z, z in [2/3, 4/3), by atanh: log z = 2 artanh(s), s = (z − 1)/(z + 1). */
INLINE vec vlog(vec x) {
  const vbits third = 0x3f2aaaab - (vbits){0};
  const vbits moved = (vbits)x - third;
  // k is signed, and small: its bits are shifted in one at the top.
  const vbits biased = (moved + (0x40000000u - (vbits){0})) >> 23;
  const vec whole = (vec)(biased | (0x4b000000u - (vbits){0})) - all(0x1p23 + 128);
  const vbits z_bits = (vbits)x - ((biased - (128u - (vbits){0})) << 23);
  const vec z = (vec)z_bits, d = z - all(1), s = d / (z + all(1)), s2 = s * s;
  // log z = d − s (d − 2 s² (1/3 + s²/5 + …)).
  const vec series = all(2.0) * s2 * madd(s2, madd(s2, madd(s2, all(1.0 / 9), all(1.0 / 7)), all(1.0 / 5)), all(1.0 / 3));
  const vec own = d - s * (d - series);
  return madd(whole, all(LN2_HIGH), madd(whole, all(LN2_LOW), own));
}
#endif

/** e^x: 0 below −MOST_EXPONENT, that of MOST_EXPONENT above it; NaN stays. */
INLINE vec vexp(vec x) {
  const vbits vanishes = (vbits)(x < all(-MOST_EXPONENT));
  return pick(vanishes, all(0), vexp_within(larger(smaller(x, all(MOST_EXPONENT)), all(-MOST_EXPONENT))));
}
