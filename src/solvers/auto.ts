import type { Status } from "../core/status.js";
import { additive } from "./additive.js";
import { anderson } from "./anderson.js";
import type { Iterate, Problem, Solver } from "./solver.js";
import { tatonnement } from "./tatonnement.js";

interface State<V> extends Iterate<V> {
  readonly member: number;
  readonly inner: Iterate<V>;
  /** Steps of the member so far. */
  readonly steps: number;
}

/** One attempt of the poly-algorithm: a solver at a fraction of λ, and why it is next. */
interface Member<V> {
  readonly solver: Solver<V>;
  readonly fraction: number;
  readonly because: string;
}

/** Of all steps, what one member may use. */
const PART = 1 / 4;

/**
 * The poly-algorithm, its rules in order. Anderson first: it is tâtonnement when it must be and far faster when it can be.
 * With a potential only rounding can stop it, and clipped tâtonnement, which combines no differences, suffers less from
 * that. Without one Anderson may wander: then more damping and a longer memory (near an equilibrium that tâtonnement orbits,
 * it is a secant method and does not orbit), then the plain processes, whose verdict (a cycle, a divergence) says something true
 * of the economy.
 */
export function auto<V>(): Solver<V, State<V>> {
  const first: Member<V> = { solver: anderson<V>() as Solver<V>, fraction: 1, because: "" };
  const descending: Member<V>[] = [
    first,
    { solver: tatonnement<V>() as Solver<V>, fraction: 1, because: "plain steps down the potential" },
  ];
  const wandering: Member<V>[] = [
    first,
    {
      solver: anderson<V>({ memory: 15 }) as Solver<V>,
      fraction: 0.2,
      because: "more damping, longer memory",
    },
    { solver: tatonnement<V>() as Solver<V>, fraction: 1, because: "the plain process" },
    { solver: additive<V>(), fraction: 0.5, because: "the additive process moves differently" },
  ];
  const membersFor = ({ market }: Problem<V>): Member<V>[] =>
    market.hints.potential ? descending : wandering;
  const scaled = (problem: Problem<V>, { fraction }: Member<V>): Problem<V> => ({
    ...problem,
    step: problem.step * fraction,
  });
  const begin = (problem: Problem<V>, index: number, at: Iterate<V>, note?: string): State<V> => {
    const member = membersFor(problem)[index];
    const inner = member.solver.init(scaled(problem, member), at);
    return { ...inner, member: index, inner, steps: 0, by: member.solver.name, note };
  };
  return {
    name: "auto",
    init: (problem, at, previous) => begin(problem, previous?.member ?? 0, at),
    async step(problem, state) {
      const member = membersFor(problem)[state.member];
      const inner = await member.solver.step(scaled(problem, member), state.inner);
      const steps = state.steps + 1;
      // Nobody but the last may use up the solve: one that wanders past its part makes room.
      const spent =
        steps > PART * (problem.maxSteps ?? Infinity) && state.member + 1 < membersFor(problem).length;
      return {
        ...inner,
        stuck: inner.stuck || spent,
        member: state.member,
        inner,
        steps,
        by: member.solver.name,
      };
    },
    recover(problem, state, best, verdict: Status) {
      const next = membersFor(problem)[state.member + 1];
      if (next === undefined) return null;
      return begin(problem, state.member + 1, best, `${verdict}: ${next.because}`);
    },
  };
}
