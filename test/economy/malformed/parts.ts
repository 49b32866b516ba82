import type { Json } from "../samples.js";

/** Where the changes of the tables are made. */
export const planner = (economy: Json) => economy.agents.planner.production;
export const coder = (economy: Json) => economy.agents.coder.production;
export const main = (economy: Json) => economy.orchestrators.main;
export const dag = (economy: Json) => economy.orchestrators.main.preferences.dag;
export const ann = (economy: Json) => economy.orchestrators.ann;
export const nodes = (economy: Json) => economy.orchestrators.ann.preferences.nodes;
