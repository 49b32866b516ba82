import type { EconomyDefinition } from "../../src/economy/build.js";
import { type Dice, loadDice, type Random, randomFrom, type Series, times } from "./hostile-dice.js";
import { HOSTILE_FAMILIES, type HostileAgent, hostileAgent } from "./hostile-sets.js";
import { dagOver, nestsOver, type Wants } from "./hostile-wants.js";

type Orchestrators = EconomyDefinition["orchestrators"];
type Bundle = Record<string, Series>;

/** An economy's parts that depend on its kind. */
interface Body {
  readonly commodities: readonly string[];
  readonly agents: Readonly<Record<string, HostileAgent>>;
  readonly orchestrators: Orchestrators;
}

const KINDS = { exchange, production, scarf, knife };

/**
 * A random economy that means no good: elasticities from 0 to 50, quantities over six decades, weights over twelve,
 * intensity zero at most instants, floors at the edge of income and beyond, supply that jumps, returns near 0 and 1,
 * goods and agents nobody wants, Scarf's cycles, markets that clear on a knife's edge. Some parts are mild, so that each
 * hostility also occurs nearly alone. Its name says what it is. Nearly all pass validation.
 */
export function hostileSpec(seed: number): EconomyDefinition {
  const random = randomFrom(seed);
  const kind = random.oneOf([
    ...Array<keyof typeof KINDS>(6).fill("exchange"),
    ...Array<keyof typeof KINDS>(11).fill("production"),
    ...(["scarf", "scarf", "knife"] as const),
  ]);
  const rule = random.oneOf(["midpoint", "gauss-legendre"] as const);
  const traits = {
    horizon: random.oneOf([1, 1, 24, 1e-3, 1e4]),
    nodes: random.chance(0.3) ? 1 : 2 + random.index(11),
    decades: random.chance(0.4),
    thin: random.chance(0.3),
    elasticities: random.oneOf(["mild", "hostile", "hostile", "extreme"] as const),
  };
  const { commodities, agents, orchestrators } = KINDS[kind](loadDice(random, traits), random);
  const { horizon, nodes, decades, thin, elasticities } = traits;
  const words = [kind, elasticities, decades && "decades", thin && "thin", `${nodes} ${rule}`];
  return {
    format: "walras/1",
    name: `hostile-${seed}: ${words.filter(Boolean).join(", ")}`,
    time: { horizon, nodes, rule },
    commodities: Object.fromEntries(commodities.map((name) => [name, {}])),
    agents: Object.fromEntries(
      Object.entries(agents).map(([name, agent]) => [name, { production: agent.production }]),
    ),
    orchestrators,
  };
}

/** Goods, endowments and nests; no agents. */
function exchange(dice: Dice): Body {
  const goods = ["g0", "g1", "g2", "g3", "g4"].slice(0, 2 + dice.index(4));
  const endowments = endow(goods, 1 + dice.index(4), dice);
  // A good nobody wants is owned like any other.
  const wanted = dice.chance(0.2) && goods.length > 2 ? goods.slice(1) : goods;
  return {
    commodities: goods,
    agents: {},
    orchestrators: households(endowments, () => nestsOver(wanted, dice), {}, dice, goods),
  };
}

/** Agents of all families on DAGs and in nests, shared commodities between them. */
function production(dice: Dice): Body {
  const shared = ["gpu", "ram", "net"].slice(0, dice.index(4));
  const names = Array.from({ length: 1 + dice.index(5) }, (_, a) => `a${a}`);
  const agents = names.map(
    (name) => [name, hostileAgent(dice.oneOf(HOSTILE_FAMILIES), shared, dice)] as const,
  );
  const workers = agents.map(([name, { own }]) => ({ name, metrics: own }));
  const own = workers.flatMap(({ name, metrics }) => metrics.map((m) => `${name}/${m}`));
  const usual = Object.fromEntries(
    agents.flatMap(([name, agent]) =>
      Object.entries(agent.usual).map(([m, series]) => [`${name}/${m}`, series]),
    ),
  );
  const count = 1 + dice.index(4);
  // An idle agent now and then: the last is in nobody's preferences.
  const active = workers.length > 1 && dice.chance(0.2) ? workers.slice(0, -1) : workers;
  const wants = (i: number): Wants =>
    (i === 0 && dice.chance(0.8)) || dice.chance(0.4)
      ? dagOver(active, shared, dice)
      : nestsOver([...own, ...shared], dice);
  const endowments = endow(shared, count, dice);
  // Some of what agents make is also owned from the start.
  for (const endowment of endowments) {
    if (dice.chance(0.2) && own.length > 0) endowment[dice.oneOf(own)] = dice.series(dice.level());
  }
  return {
    commodities: shared,
    agents: Object.fromEntries(agents),
    orchestrators: households(endowments, wants, usual, dice, own, names),
  };
}

/** Scarf's cycle of three or four owners, each of whom wants its own good and the next in nearly fixed proportions. */
function scarf(dice: Dice, random: Random): Body {
  const n = 3 + random.index(2);
  const goods = Array.from({ length: n }, (_, k) => `g${k}`);
  const spread = random.oneOf([0, 0, 1e-3, 0.3]);
  const constant = random.chance(0.7);
  const weight = () => 1 + spread * random.between(-1, 1);
  const elasticity = random.oneOf([0, 0, 1e-3, 0.1, 0.4]);
  const orchestrators = goods.map((good, i) => {
    const wanted = { [good]: weight(), [goods[(i + 1) % n]]: weight() };
    return [
      `o${i}`,
      {
        endowment: { [good]: constant ? weight() : dice.series(weight()) },
        intertemporal_elasticity: dice.elasticity(),
        preferences: { root: "u", nodes: { u: { elasticity, inputs: wanted } } },
      },
    ] as const;
  });
  return { commodities: goods, agents: {}, orchestrators: Object.fromEntries(orchestrators) };
}

/** Complements owned in just the proportions in which they are wanted, or beside them by next to nothing. */
function knife(dice: Dice, random: Random): Body {
  const goods = ["g0", "g1", "g2"].slice(0, 2 + random.index(2));
  const inputs = Object.fromEntries(goods.map((good) => [good, random.between(0.5, 2)]));
  const off = () => 1 + random.oneOf([0, 0, 1e-12, -1e-9, 1e-6, 1e-3, 1]);
  const elasticity = random.oneOf([0, 0, 0, 1e-3]);
  const count = 1 + random.index(2);
  const orchestrators = Array.from({ length: count }, (_, i) => [
    `o${i}`,
    {
      endowment: Object.fromEntries(goods.map((good) => [good, inputs[good] * off()])),
      discount: dice.intensity(),
      intertemporal_elasticity: dice.elasticity(),
      preferences: { root: "u", nodes: { u: { elasticity, inputs } } },
    },
  ]);
  return { commodities: goods, agents: {}, orchestrators: Object.fromEntries(orchestrators) };
}

/** Every good is owned by somebody: by one, or in parts that differ by decades; and so does everybody own something. */
function endow(goods: readonly string[], owners: number, dice: Dice): Bundle[] {
  const endowments = Array.from({ length: owners }, (): Bundle => ({}));
  for (const good of goods) {
    if (dice.chance(0.6)) dice.oneOf(endowments)[good] = dice.series(dice.level());
    else for (const endowment of endowments) endowment[good] = dice.series(dice.level());
  }
  if (goods.length === 0) return endowments;
  for (const endowment of endowments) {
    if (Object.keys(endowment).length === 0) endowment[dice.oneOf(goods)] = dice.series(dice.level());
  }
  return endowments;
}

/** Orchestrators with these endowments; every agent belongs to one of them, or to all in equal parts. */
function households(
  endowments: readonly Bundle[],
  wants: (i: number) => Wants,
  usual: Readonly<Bundle>,
  dice: Dice,
  goods: readonly string[],
  agents: readonly string[] = [],
): Orchestrators {
  const count = endowments.length;
  const owners = agents.map(() => (dice.chance(0.5) ? dice.index(count) : null));
  return Object.fromEntries(
    endowments.map((endowment, i) => {
      const held = agents.flatMap((name, a) =>
        owners[a] === null ? [[name, 1 / count]] : owners[a] === i ? [[name, 1]] : [],
      );
      // Nobody is refused for owning nothing.
      if (Object.keys(endowment).length + held.length === 0)
        endowment[dice.oneOf(goods)] = dice.series(dice.level());
      return [
        `o${i}`,
        {
          ...(agents.length > 0 ? { shares: Object.fromEntries(held) } : {}),
          endowment,
          floors: floorsFor(endowment, endowments, usual, dice),
          discount: dice.intensity(),
          intertemporal_elasticity: dice.elasticity(),
          preferences: wants(i),
        },
      ];
    }),
  );
}

/** None, small ones, what is owned times 0.99, 1 or 1.01, as much of all there is of one good, or more than there is. */
function floorsFor(
  endowment: Readonly<Bundle>,
  endowments: readonly Bundle[],
  usual: Readonly<Bundle>,
  dice: Dice,
): Bundle {
  const everything: Bundle = { ...usual, ...Object.assign({}, ...endowments) };
  if (Object.keys(everything).length === 0 || !dice.chance(0.15)) return {};
  const good = dice.oneOf(Object.keys(everything));
  const factor = dice.oneOf([0.99, 1, 1.01]);
  const kind = dice.index(10);
  if (kind < 3) return { [good]: times(everything[good], 0.01) };
  if (kind < 6) return scaled(endowment, factor);
  if (kind < 9) return { [good]: times(everything[good], factor / endowments.length) };
  return { [good]: times(everything[good], 1000) };
}

function scaled(bundle: Readonly<Bundle>, factor: number): Bundle {
  return Object.fromEntries(Object.entries(bundle).map(([name, series]) => [name, times(series, factor)]));
}
