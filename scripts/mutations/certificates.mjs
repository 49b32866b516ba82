// Safeguards of the certificate.

const CERTIFICATES = ["test/safeguards/certificates.test.ts"];
const ITEMS = ["test/certificates/items.test.ts"];
const VERIFY = ["test/certificates/verify.test.ts"];

const verify = "src/certificates/verify.ts";
const worst = "src/certificates/worst.ts";
const uniqueness = "src/certificates/uniqueness.ts";

/** @type {readonly import("./safeguard.mjs").Safeguard[]} */
export const CERTIFICATE_SAFEGUARDS = [
  {
    name: "certificate/tolerance",
    why: "Numbers that are none, which no comparison holds for, would pass at any tolerance.",
    file: verify,
    find: "if (gap <= tolerance) return [];",
    replace: "if (!(gap > tolerance)) return [];",
    tests: CERTIFICATES,
  },
  {
    name: "certificate/unknown-utilization",
    why: "An item that cannot be computed would pass.",
    file: verify,
    find: "Math.abs(1 - (value ?? Number.NaN))",
    replace: "Math.abs(1 - (value ?? 1))",
    tests: CERTIFICATES,
  },
  ...["clearing", "walras"].map((item) => withoutItem(item, `${item}: ${item}(outcome),`)),
  withoutItem("profit_gap", "profit_gap: profitGap(outcome),"),
  withoutItem("membership_gap", "membership_gap: membershipGap(outcome),"),
  withoutItem("budget_gap", "budget_gap: budgetGap(outcome),"),
  withoutItem("expenditure_gap", "expenditure_gap: expenditureGap(outcome),"),
  {
    ...withoutItem("utilization", "utilization: utilization(outcome),"),
    replace: "utilization: { value: 1, place: {} },",
  },
  {
    name: "certificate/nan-is-worst",
    why: "A NaN would be hidden by any number that comes after it.",
    file: worst,
    find: "if (value <= this.value || Number.isNaN(this.value)) return;",
    replace: "if (!(value > this.value)) return;",
    tests: CERTIFICATES,
  },
  {
    name: "certificate/scale-of-nothing",
    why: "Where all prices are 0, and so every income, every gap would be none.",
    file: worst,
    find: "Number.isNaN(gap + scale) ? Number.NaN : Infinity",
    replace: "0",
    tests: VERIFY,
    only: "failures",
  },
  {
    name: "certificate/free-goods-wanted",
    why: "More wanted of a free good than there is would pass for cleared.",
    file: "src/certificates/clearing.ts",
    find: "prices[i] === 0 ? Math.max(0, z) : Math.abs(z)",
    replace: "prices[i] === 0 ? 0 : Math.abs(z)",
    tests: ITEMS,
    only: "clearing",
  },
  {
    name: "certificate/lives-off-free",
    why: "Somebody without income, who could have ever more of what is free, would seem to buy what is best.",
    file: "src/certificates/budget.ts",
    find: "M === 0 && livesOffFree(consumer, prices) ? Infinity : ",
    replace: "",
    tests: ITEMS,
    only: "budget and expenditure",
  },
  {
    name: "certificate/floors-covered",
    why: "Utilisation would be reported of an allocation that does not cover the floors.",
    file: "src/certificates/welfare.ts",
    find: "if (!(worst.value <= CHARGED_SHORTAGE)) return { value: null, place };",
    replace: "",
    tests: ITEMS,
    only: "utilisation",
  },
  {
    name: "certificate/error-needs-contraction",
    why: "An error would be estimated by a local constant at which nothing contracts.",
    file: uniqueness,
    find: "if (local === null || !(local < 1)) return unknown;",
    replace: "if (local === null) return unknown;",
    tests: VERIFY,
    only: "uniqueness and error",
  },
  {
    name: "certificate/no-bound-at-price-zero",
    why: "An error would be bounded where something wanted is free, which no equilibrium of the theorem has.",
    file: uniqueness,
    find: "rate !== null && rate > 0 && !someWantedIsFree(outcome)",
    replace: "rate !== null && rate > 0",
    tests: VERIFY,
    only: "uniqueness and error",
  },
];

/**
 * @param {string} item
 * @param {string} find
 * @returns {import("./safeguard.mjs").Safeguard}
 */
function withoutItem(item, find) {
  return {
    name: `certificate/${item}`,
    why: `The certificate would say that ${item} is well whatever it is.`,
    file: verify,
    find,
    replace: `${item}: { value: 0, place: {} },`,
    tests: CERTIFICATES,
  };
}
