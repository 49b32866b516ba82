// One unit, so that everything is inlined into everything.
#include "tables.c"
#include "prices.c"
#undef STRETCH
#include "nests.c"
#include "residual.c"
#undef STRETCH
#include "tangent.c"
#include "wise.c"
#include "vectors.c"
#undef STRETCH
#include "falls.c"
#include "batch.c"
