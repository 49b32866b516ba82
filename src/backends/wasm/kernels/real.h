// Numbers and vectors of them: one source for float64 and, with -DWALRAS_FLOAT32, float32; WebAssembly SIMD, or any
// native target (the sanitizers' build) through clang's and gcc's vector extensions.
#pragma once

typedef unsigned char u8;
typedef int i32;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

/** Of single numbers and of sums, whatever the vectors are made of. */
typedef double wide;

#ifdef WALRAS_FLOAT32
typedef float real;
typedef u32 bits;
#define LANES 4
/** Beyond any number that means something. */
#define BEYOND 3e38
/** Sums over a row are made of sums over so many entries: rounding grows with their number, not the row's. */
#define SUMMED 128
/** e^x is a number, and not 0, for |x| up to this; and so are its products with anything moderate up to that. */
#define MOST_EXPONENT 87.0
#define SAFE_EXPONENT 86.0
/** Between these quotients and their logarithms need no care. */
#define SMALL 1e-18
#define LARGE 1e18
/** The least and the most whose logarithm is taken. */
#define LEAST_NUMBER 1e-37
#define MOST_NUMBER 1e37
#else
typedef double real;
typedef u64 bits;
#define LANES 2
#define BEYOND 1e300
#define SUMMED 256
#define MOST_EXPONENT 708.0
#define SAFE_EXPONENT 700.0
#define SMALL 1e-150
#define LARGE 1e150
#define LEAST_NUMBER 1e-306
#define MOST_NUMBER 1e306
#endif

typedef real vec __attribute__((vector_size(16)));
typedef bits vbits __attribute__((vector_size(16)));
typedef real loose __attribute__((vector_size(16), aligned(sizeof(real)), may_alias));

// Everything lives in one arena and is addressed by byte offsets, 32 bits wide here and there.
#ifdef __wasm__
#define AT(offset) ((char *)(unsigned long)(offset))
#define EXPORT(name) __attribute__((export_name(#name), visibility("default"))) name
#else
extern char *arena;
#define AT(offset) (arena + (offset))
#define EXPORT(name) name
#endif
#define REALS(offset) ((real *)AT(offset))
#define WIDES(offset) ((wide *)AT(offset))
#define INTS(offset) ((i32 *)AT(offset))
#define BYTES(offset) ((u8 *)AT(offset))

#define INLINE static inline __attribute__((always_inline))

/** All lanes x. (A loop over lanes compiles to byte stores.) */
INLINE vec all(wide x) { return (real)x - (vec){0}; }

/** `lanes` is LANES, or 1 for what is left at the end of a row: then lane 0 counts and the others repeat it. */
INLINE vec load(const real *at, int lanes) {
  if (lanes == LANES) return *(const loose *)at;
  return all(*at);
}
INLINE void store(real *at, vec x, int lanes) {
  if (lanes == LANES) *(loose *)at = x;
  else *at = x[0];
}

/** a b + c, rounded once where the machine can and the build may. */
#if defined(__wasm_relaxed_simd__) && !defined(WALRAS_FLOAT32)
INLINE vec madd(vec a, vec b, vec c) { return __builtin_wasm_relaxed_madd_f64x2(a, b, c); }
#elif defined(__wasm_relaxed_simd__)
INLINE vec madd(vec a, vec b, vec c) { return __builtin_wasm_relaxed_madd_f32x4(a, b, c); }
#else
INLINE vec madd(vec a, vec b, vec c) { return a * b + c; }
#endif

/** where ? a : b, lane by lane; `where` comes from a comparison. */
INLINE vec pick(vbits where, vec a, vec b) { return (vec)(((vbits)a & where) | ((vbits)b & ~where)); }
/** The larger and the smaller; NaN in the first argument stays. */
#if defined(__wasm__) && !defined(WALRAS_FLOAT32)
INLINE vec larger(vec a, vec b) { return __builtin_wasm_pmax_f64x2(a, b); }
INLINE vec smaller(vec a, vec b) { return __builtin_wasm_pmin_f64x2(a, b); }
#elif defined(__wasm__)
INLINE vec larger(vec a, vec b) { return __builtin_wasm_pmax_f32x4(a, b); }
INLINE vec smaller(vec a, vec b) { return __builtin_wasm_pmin_f32x4(a, b); }
#else
INLINE vec larger(vec a, vec b) { return pick((vbits)(a < b), b, a); }
INLINE vec smaller(vec a, vec b) { return pick((vbits)(b < a), b, a); }
#endif
INLINE vec absolute(vec x) { return (vec)((vbits)x & ~(vbits)all((real)-0.0)); }

INLINE wide total(vec x, int lanes) {
  wide sum = x[0];
  if (lanes == LANES)
    for (int k = 1; k < LANES; k++) sum += x[k];
  return sum;
}
INLINE real highest(vec x) {
  real high = x[0];
  for (int k = 1; k < LANES; k++) high = x[k] > high ? x[k] : high;
  return high;
}
INLINE real lowest(vec x) { return -highest(-x); }

/** Runs a body over a row: whole vectors first, then single numbers; `n` and `lanes` are its to use. */
#define ALONG(from, to, ...)                                                         \
  do {                                                                               \
    i32 n = (from);                                                                  \
    for (; n + LANES <= (to); n += LANES) { enum { lanes = LANES }; __VA_ARGS__ }    \
    for (; n < (to); n++) { enum { lanes = 1 }; __VA_ARGS__ }                        \
  } while (0)
/** Adds to a vector of sums only what counts of the last lanes. */
INLINE vec counted(vec x, int lanes) {
  if (lanes == LANES) return x;
  vec only = {x[0]};
  return only;
}
