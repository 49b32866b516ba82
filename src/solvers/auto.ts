import type { Status } from "../core/status.js";
import { anderson } from "./anderson.js";
import { homotopy } from "./homotopy.js";
import { newtonKrylov } from "./newton-krylov.js";
import { evaluate, type Iterate, type Problem, type Solver } from "./solver.js";
import { tatonnement } from "./tatonnement.js";

interface State<V> extends Iterate<V> {
  readonly member: number;
  readonly inner: Iterate<V>;
  /** Steps of the member so far, and those since ‖f‖ last halved. */
  readonly steps: number;
  readonly idle: number;
  /** ‖f‖ when it last halved. */
  readonly mark: number;
  /** Where the solve began. */
  readonly start: V;
}

/** One attempt of the poly-algorithm, and why it is next. */
interface Member<V> {
  readonly solver: Solver<V>;
  readonly because: string;
  /** Steps within which ‖f‖ must halve; without one, as long as the loop's patience lasts. */
  readonly leash?: number;
}

/** Of all steps, what one member may use. */
const PART = 1 / 4;
/** Numbers that histories and Krylov spaces may hold together (512 MiB in float64), and how many vectors at most and at least. */
const MEMORY = 2 ** 26;
const MOST_VECTORS = 60;
const LEAST_VECTORS = 10;
/** Steps within which ‖f‖ must halve: many cheap ones of Anderson's, few dear ones of Newton's. */
const LEASH = 25;
const NEWTON_LEASH = 12;
const PATH_LEASH = 200;
const PLAIN_LEASH = 500;
/** Clearing below which an iterate without a potential is taken to be on its way to an equilibrium, not astray. */
const NEAR = 1e-2;

/**
 * The poly-algorithm, its rules in order.
 *
 * With a potential (one orchestrator, or several that demand as one): every step can be judged, so the cheapest goes first.
 * 1. Anderson on the nest-wise step: one evaluation a step, and on a DAG a condition number that does not depend on the size.
 * 2. Newton–Krylov, where differences of far iterates mislead Anderson: it looks at derivatives instead.
 * 3. Clipped tâtonnement with backtracking: slow, but down the potential it cannot fail where demand is continuous.
 *
 * Without one nothing says that a small step helps, and processes may orbit.
 * 1. Anderson on the nest-wise step, on a leash: still the cheapest where it works, and it shows soon where it does not.
 * 2. Newton–Krylov: fast from where ‖f‖ can be brought down.
 * 3. Homotopy: from any start, for generic economies.
 * 4. Anderson on tâtonnement, which also follows f where derivatives jump.
 * 5. Tâtonnement, whose verdict (a cycle, a divergence) says something true of the economy.
 */
export function auto<V>(): Solver<V, State<V>> {
  const begin = (problem: Problem<V>, index: number, at: Iterate<V>, start: V, note?: string): State<V> => {
    const { solver } = membersFor(problem)[index];
    const inner = solver.init(problem, at);
    const fresh = { member: index, steps: 0, idle: 0, mark: at.readout.norm, start };
    return { ...inner, ...fresh, inner, by: solver.name, note };
  };
  return {
    name: "auto",
    init(problem, at, previous) {
      if (previous === undefined) {
        const start = problem.market.create();
        problem.market.copy(at.q, start);
        return begin(problem, 0, at, start);
      }
      const { solver } = membersFor(problem)[previous.member];
      const inner = solver.init(problem, at, previous.inner);
      const { member, steps, idle, mark, start } = previous;
      return { ...inner, member, inner, steps, idle, mark, start, by: solver.name };
    },
    async step(problem, state) {
      const members = membersFor(problem);
      const { member } = state;
      const { solver, leash = Infinity } = members[member];
      const inner = await solver.step(problem, state.inner);
      const halved = inner.readout.norm <= state.mark / 2;
      const [steps, idle] = [state.steps + 1, halved ? 0 : state.idle + 1];
      const mark = halved ? inner.readout.norm : state.mark;
      // Nobody but the last may use up the solve: one that wanders past its part makes room.
      const spent = steps > PART * (problem.maxSteps ?? Infinity) && member + 1 < members.length;
      const stuck = inner.stuck || spent || idle > leash;
      const by = inner.by ?? solver.name;
      return { ...inner, stuck, member, inner, steps, idle, mark, start: state.start, by };
    },
    async recover(problem, { member, start }, best, verdict: Status) {
      const next = membersFor(problem)[member + 1];
      if (next === undefined) return null;
      const at = await placeToGoOnFrom(problem, start, best);
      return begin(problem, member + 1, at, start, `${verdict}: ${next.because}`);
    },
  };
}

/** The best iterate where it means something: down a potential, or near an equilibrium; otherwise the start, nothing frozen. */
async function placeToGoOnFrom<V>({ market }: Problem<V>, start: V, best: Iterate<V>): Promise<Iterate<V>> {
  if (market.hints.potential || best.readout.clearing < NEAR) return best;
  market.thaw();
  return evaluate(market, start);
}

function membersFor<V>({ market }: Problem<V>): Member<V>[] {
  const vectors = Math.floor(MEMORY / market.hints.size);
  const krylov = Math.max(LEAST_VECTORS, Math.min(MOST_VECTORS, vectors));
  const memory = krylov / 2;
  const accelerated = { solver: anderson<V>({ memory }) as Solver<V>, because: "" };
  const newton = {
    solver: newtonKrylov<V>({ krylov }) as Solver<V>,
    because: "systems of derivatives",
    leash: NEWTON_LEASH,
  };
  const plain = { solver: tatonnement<V>() as Solver<V> };
  if (market.hints.potential) {
    return [accelerated, newton, { ...plain, because: "plain steps down the potential" }];
  }
  return [
    { ...accelerated, leash: LEASH },
    newton,
    {
      solver: homotopy<V>() as Solver<V>,
      because: "a path from an economy whose equilibrium is known",
      leash: PATH_LEASH,
    },
    {
      solver: anderson<V>({ process: "tatonnement", memory }) as Solver<V>,
      because: "steps that need no derivatives",
      leash: PLAIN_LEASH,
    },
    { ...plain, because: "the plain process" },
  ];
}
